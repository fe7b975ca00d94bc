"""Programs that the checks of assignment 5 compare answers with.

Packed, so that nobody reads the answers by accident; `course_utils.checks.sealing` says how.
"""

from course_utils.checks import Sealed

PROGRAMS = Sealed(
    "c-oa#O^@R?488kTu)eG_a59-L_L6Q2^s;-~7Hxq&1VN(MbS&7GQc2!4Q}n-=lx)ZO=*(;oAhAr5k9_2l;yC_V3J3T%no"
    "L@R_n-?9*2=wVP&xPjrLJ>J2BJCCXhH0SRMsuvSjwyfqmQ&^5E^YAh+0;df>1f2G1}N!6#XW$3UiRkX%HVa7DbKu>~Km"
    "u57L6c8imFDCvYV_7P3ZOR@%+rm%^a|0a+>3o_rt39Y_~&ETZl9aB`(qFl`{yt+BXioviIFD>19Q58P>8*~fEI_R*4Mh"
    "K~fNK;c@0cDtQLaU4fcVRQq95t)-(S&+>^8wa1dg(!-0EC}32wapGq@=eq&P8Jc+hxY#=PLvk9k}&&R=qn)Da%CHxBh|"
    "^uXPj|3-X_@}*HowsgToXEb3FlVIDtE_6Dns4MXiOKbkX@^kdjgGNz@jj(Sq374k>(G!qa>{_Z)>aST14Cp+;6e)6#4{"
    "f0~>VK2js#+w%3MUDiXI9hBQ#D3ytab3avIi4KOyGCVk&^sJ@ae<@TcH0X@Xu7L@52uGvU9*)wLgpoQ+9a`txT=i{z2F"
    "dNbgx>!ZH|Mamv;-Qd%&=PbEHeHdxxh85ggyCczn}Lsin>ll-cV#^@2MaYekO1p!!4)rc4$?wrEcpSc1X46{hW+DYL3%"
    "rnnm`I27hORK!+WAt_QiAuO~wboMB!z_zgh65ZZ@U_{|;2-mnA9GSXuJKV(ziholPpn^I^+J%gkrh8O7#O?>D=*b!m#c"
    "wA=&Db&dq@lE9u{DSN7j7D211#1K3(x4yg3+F?()0SZf=S(L1_;}{`CQK1;>BS{O<7o()`>g*tcgYl<{=E;N8p1zu`0B"
    "Ob)oY=jUJ4zCC?HUf#F?gU#W;l++pLy33KidmeYXw!#-aPIjDEEF-B<~}5aHciAB@i1%q6svf@U>2Px5E^4gK8Ow(*Tl"
    "e>;2IKa;2%$#cm=uBlm!ZdEST{#t#=N78F~A|~)KD0{LCZ6ru>IQwUL7{N)wa*A&Gr=e-+<tUfkD8G#Rua*zU4r;&W9<"
    "mE)(=jwc`as(9y#NCX-vck~NY84?hvwzW1s}f^;=%ewZSs-I+f3BLkc8f$^djA0_uvnm@GyZ#NG`W2WQvBhkZ5q$r`Rg"
    "Kb6iy7`YiCNmNdD+)=Oo7Z@H%79;KtvAe|hwb2tE|w^i=2`O;v1eOv`!{3|RiF9WPQ)bw)6XH{JX-<`Pg>+_Y1u1v<dA"
    "s27R=h&(reHM}Mmlcw4QVDB74{YLd>@0rpGPk~9i|#;_NAOGMEuNOOXm)vjwORDJ3?944>vT9vSL}2kr!SF_`_jGPJRf"
    "ROjncj*@5OpgR*P!gMJ=St?M6C_b@7Ja-rPrL{SVth$*%ycyoZOEajZu`M12$|yBWIfbu3O)XfKq6FJNjkpZ*SJ`OZzW"
    "Ujh8Ta*qYRgT_~KxAAp;1FSvq!?3hvn&{ren&Mpqs)p9&(oko<G8$cXJ#e!xVA>72f1FHiDDMjT_4i-DeCDnn)0<w`I2"
    "~uUj{XA!qdMa"
)
