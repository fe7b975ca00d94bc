"""Programs that the checks of assignment 3 compare answers with.

Packed, so that nobody reads the answers by accident; `course_utils.checks.sealing` says how.
"""

from course_utils.checks import Sealed

PROGRAMS = Sealed(
    "c-pmAO^@3)5WVYH3<MOA0NLvxJ#9AydMI*f(xNGlgJIaTG`0v!q(D;Dx<USXXGqGDoFWS(Xbv0k>&?8!nMbE-`mq)c@E"
    "J`hEy9nWPav$7XVs!|@EU5}RF*b~wrkLWI18z)d!+dR1az`=y+LU8-)IXEs)9jWEjSIWv=*dWC&?e8ykG@V(X4pAw<sE"
    "{*4?#$p_XM0(t^PTg~jS8a5W82vO%6!+O6T2lS4zX%37#17SItK0f$r`lf$9Ax>_q(wNUEbSlstcHg;XsSYGU!!%1~!E"
    "Iev`u@4hJ`(Wuri4T-kC!evghr>Ea(=<tb`~CgfUqAc>Z{XEtvq_Sq!V{$_sw{Hm?9pKUm;n8wGw;L&XOfVRu12t;r9Z"
    "Xk=m1R(Ecd~mJiu9!YH-p9P>>E?BT8IzbVjUEo@+-@WaVl~qd_%>&WrhIyV>Rbgh3iA*ls<1X7o^yB2C|_+y@EYbPr%y"
    "$;>0?JHJMor-cwY-$m96g+c4GPFv}uRs~r3&y4t6qT#uY8yLxtqZE!w^K}Lwt`2|AT1|9g@~u=^E1qYuHhG8#D|nU1j6"
    "_*t=j?P9CTLaZK}~sm5Z9nLg&K^e8W<!=$(c#j_0HG28f$yXL=TqrmP|Pc4)R1OT=_zkIK|C)R{^dkfIJ5(AcXDC!_Wy"
    "TxqwCj^S5Z4Y=+`5=njE9i0_uxa`+iGi_0OX$Zn=sdWhK^sLXWVRB+@nWLPH1heBie8Z*9a$3@k*M>IC@4h=xexBlxsv"
    "LA<)Fmt0R)HS<hwNQyR6GQ4c`p-I3z>@4J%h86tIXs1STgD2B`3V0(Kc+o#kEH0+4T$6m9+4H`kHD4j6?G=3g`MRnS(f"
    "@LN@F!q*<~pgR2u7Q7JFF@9-;uIdE@luGTEPBWww5b?>D;4ggj$*N)Mkn$Ir`)9mtVKk`u>I5$UrhdK)cz>pk_`Xk^Ur"
    "h4y);$F?4~F|@%BsinfaS3Zu8+Ei%1-@d%Z-t-t_-zFN-9xDMeb9)>&ZAYWxs$F?D1&m&HTZ}Ha8c9bN3=u|y8I0)cUK"
    "ri0>IIn^bT-%wJz?zU<bNbIc~*s#VasO2bF7i3Kjwc@=&Q=iB+2227<#w86N8t0HoJuwM|zho`=c-~87_IMCCl>94|hS"
    "$?=DL~=3#XEZN&W%PQ#bm;#HfO!8A*N^ZQ>iymyZ=5Zl={Y~68pZ`g?#<|$_DYv0dCz^9nLxBN}=#r@or3eFa#r2F6dB"
    "G}W<q-l@$gMHLA43^6J-&f(?L{jKP21E8jamJq+@hoTAck@N>V9Pi5uK8Ds=&M<HO8VoU<Rtti%sZl(l|-@Rv`hX4d$?"
    "Lh"
)
