"""Programs that the checks of assignment 1 compare answers with.

Packed, so that nobody reads the answers by accident; `course_utils.checks.sealing` says how.
"""

from course_utils.checks import Sealed

PROGRAMS = Sealed(
    "c-oCsQE%He5PsLMxM?p^Cp&iYG;bad3_~$s=z?ZI9|S|8sI$eGB0Z9d?f&{5DN1qTcBo-UG<m%H?z`{KX_|g+nFBnb;l"
    "d)^)}Xh*tQ9-ep>nW<R?Ehc1?vtHEwCLE%DNS}7Qys>YpV@7fwlmq8t8;I$Qq$`cAg~njPJ1lp_~S`tSmB#&HQjK;MfY"
    "@g0NsvBD2{1LN4j&R!H>QO1nASZ5<k5z+0wvSiphYfp7zgRr2_FIJ;IWn03H)Z!A{56VlFki+mq^V6FAu-n^t_Z!B4Iy"
    "dgMUFP-3$4j&)qNt&if^7~(R4-bDlz#7Vwr3Iw5fADmZ+~58ADePy90+x9J{{7y+m;Sv;lBB^cI40#evs@d`h()edQyq"
    "!3wPao0FbGGh;RV0JB3~syABz4#JR>|4W*eBa{o$aE^A+)AyVf8=K#O+n!TM{#yqIhW9-;EzO+m}KU&Y5J*!yCI(1cqQ"
    "@RU<+;EOm+h(ns>&>6wq`XAF{1UN-2pFnIcGaK&afRZF6Ht^FLmeZAptb7Xl!Sd>i?#wRFeuO&<^%<z@&5E$!!i=6vFN"
    "?+e{XEzhbiGky{-x2qYBE~=oDVtryrTcHG=?b>WA<*3XZwbAPjH|Xj>5I!XDfCsT1SF3^rSna?@p^7;J-bSHrNa#48pe"
    ">w3_M?;YB%>9Xn;lYdE_l#gMa64SWUJyNotUz6ro->7fUV1<ZIpDT{HA2N&7CNZ^5;shg;ciJqhJ2&Wtd)6mmu?BNNb>"
    "bn|^CCx}--RRcWR#@NTOmUoKk$IZ}Tu&bISn6^(9E3&JB&sYr&EbbN+`b4W(vcD<Qav-HoSU9J6`nilYTN2wHc*p6fHW"
    "xIn+<`|F%VPd>;mJ7;8B~)pjrY)EK=tKt8I45;a5`QVzCJ1o;<Z9#A|est`{65MK!u3BF&lL$yeJiURC;|RygX6l;f_-"
    "bZ@Ysmh!spG$j|6ON^*tBdRrS`SJzny_M9c;>$sk=P`7+QR!_JL|TOyS4bS&qkRc54wyJvXw7^rh9cnw*slY5g`-?-Mk"
    "q0zib-PT3WM}x87NSYX`EicG|;Q?nFc@2bQ;*-AAC6l4_7KGc@<Lp1_f~#lTtLzfI%WG+#UYZCWeO55P3Q<Vg9!!<!o>"
    "}&Dt=FhF%Gk`uyqdk01Q3{#v<;*US}fbJ-;S0l+PJE&"
)
