"""Programs that the checks of assignment 7 compare answers with.

Packed, so that nobody reads the answers by accident; `course_utils.checks.sealing` says how.
"""

from course_utils.checks import Sealed

PROGRAMS = Sealed(
    "c-obgO>f&c5Qgvi6$71OM0ITRP#~=f>|r;^#arwykV8?(v^25^Q=~vrQT^|CM%0%RH*tjkHWkkBnVENnj^p^L6dv#=+D"
    "tlxk6;QA&dGzWP<!|UrBS(~4Wg<QIuHjTwe$DTmZ-rSaNg7j2%SSKPLAJH(m9ZR8AabjcElW{rnll#>QE@mm-Q(jYnhc"
    "G9avN-9Oj?Fm$WRTLVm4{U&0@SM+*Y7Qs@IFP?I}y92oAS-L5|Q(rEZlL1r53Fm1e4Zkd&s9XlVmH|FT>rhwd?qn#Pv5"
    "l$gBroPcqA9lNC6vuHCJ#PPc+&=#ICv2clM);dp>LOl5QIsPkCd;t)?nW8s&@qsgs53&Vq)u~GUM%h-pog6OD^3(9C6~"
    "f!t<eW)r7tN=3Q*UL?=r22%r5zOwv+{flM$y`kn{1h8zr4jz&Esgu>fPcjcfR_0foBXw&3M@wF(&gSoDq65bwf<9k|jo"
    "Du+E%YS|@&7>!&y0cE3eOEuF?wMXj$Q$c63HGxC$GPx(-7pz1|X;%qJ!zS<wTI@pt7x0xqXQXr5aLkOg2ZE+%P&Q21+g"
    "5DHyv;bK$}q~9tcyEHp6A&d{`Kor4m-}1*;20zpio#-!TJ*0sFimT#XKu!7!7)$OGM+IbEG-UD!}w6TPk@kYw6NGdg`^"
    "le0yXP?n}=Lsy@DyHIj_EHG?V~1bY%UDVi0|F2ETm1VtuX_s-)_dPhTI)OwH7Ir$Q7K7?~8GV@GaSevX2U}^uo71GaI@"
    "G{^upWZ>}oYLXb3Gj6iLQm5QpOtSlf70h+GiH=D`W)8$IYB<LtG<`Uxj^&RHZ){E!$Cgdl*hosBbHw&O3#QNN_8PGp=?"
    "QSyMbY_C9vxLX6v!Vdk;gWBZ&vC@Y4h$0b9RWFV4FEf^^OjGLz5nyrd?+VBW39t*9KH8+O6LEp<UO`Qih54|A^H6VB+)"
    "qBzc#@qKRFef;R<VCA9o*WCpV*VeN?^j)P5H<IBi%$QWo%k(A+_k$xlbpp}duRQuIPGP_rTX>v;+%H%0!7Z#WFlwYqq("
    "WnR9U<N2bWwv)Dj;#|(ly#5G4f0tI!h=TF!Te!;UEGr%pr>DBJo)2H=DR?StY7{E?_30SJJuf^*Emt?0g8E``R=<9bI1"
    "+zZXXu3Y@ePaZ=c!Be_F|(D`=-Z-DvSm+ndxtr+m>pTD;c)HdJe5=v&pN?!B-i2eu1jZ1("
)
