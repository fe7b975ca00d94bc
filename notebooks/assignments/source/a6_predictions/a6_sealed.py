"""Programs that the checks of assignment 6 compare answers with.

Packed, so that nobody reads the answers by accident; `course_utils.checks.sealing` says how.
"""

from course_utils.checks import Sealed

PROGRAMS = Sealed(
    "c-o~_-*4MC5PsKRaq}K(4XPVAX|tuxfTAmkVp|i$E&5;t4lSJ{E;Q+qR2(D7|Gqm?lBN7=hUGyaP2S!2eRn)^Fc^F*g$"
    "LoBJl9Lq9$rIfRN+8qw?<3<&xO>^AHcelc?m0-`^usNZ+Lu>(Z-@)TbL_a5Ej9g2<O&Rt5K31i~Ir$keV#S>zPBLuo$g"
    "2S#2d9SX3w+7H`OqrVFW%f7Zs2;N8Nb1p#>}^f_j*B6lEt#C4FIovk*$G#Z{SAvcwEIIFx=Zj_gpUj!dGH|D~<*m86)9"
    "PP~U1;JTaEQpdc+MS(^lEGk*B!7PT{Ko_iVK`VC=gF<LnEOEnaW3`kUn-rW^@L}TCVwAIzRZq4z5nv{<ijL`Fn#~myUF"
    "AOyL`2i!FVT0eugh3Q50-l8i!k9nI}{$Ckuqato11Qcyjdhn2e|6m%C*Ca-ToH(r1^ayFA+C(cT_?LWEa5ef1lCUXS_1"
    "7W+Kf=PmpDr%93&xB!voxbkjD$yix47jvnkm*_IMkh;h~rw0kpAIUNi8$wF8LWx;hLm1c6mm$+quPP6Q+-blov0Nz}v5"
    ";&j7n}kz;vy2H6US20`4o%|OJjI@2nzLZlk%viUyROw7D*iqi^19E3|wg{RlppnF4z~x9&<%r_pEOqSCn<o)pAay906I"
    "gcBEyGE~D%qyd_0Mi;9voJ#9!aV0M+lPc8bIkWgya@kYBE9}C(+QxYt|NbjT93*J&K#U+zvV|Idq4i1rK^{->}o3?@?&"
    "p;iSY6Eq;bDDN@@{;9lwl&JvrFsuCibW@TEBze(8c~xQ?f}<a>zl@HTLVIGx|%34N0k8`Ox4PEcbQs7)GW+dwZ6zL#+^"
    "_?Vbj}|QQt7^O&_l(ZhZZc$zqXT*FIZb6p^c~nLUT`O{B^}qixn?8flJJcpTo!`CVBqg{r8<4Oy2AoVRJqH&6`gJQ#;S"
    "aT<%M<F`kTL0m^fH(W6f)fZE*NyEaLWn?%W^w7@T&{a$3kuv8LeutgW&UpO)VvC}ne%A>{p}76Ts?ZSH@qL-&P2FZ-G;"
    ")~hXBj*j{bQsa2GjJWb=%QeKU{vgF1>Dp(ogD5y5F0qv(rr$6^N?d*QM&d6rFq~5_NN43+=IZpf_(D^GA6ZFWk`Ce7Me"
    "|e$=V?il)n#W4A52?tqr>(_w5LX;1gV!#nrd9kSfeVnIir^1Spj!p@%iPMXWI%W}GP7n@?!5*b6k|4!}ci2UKza4D|tE"
    "YSg>KpP(MU<)GzXs)@a!o#;54REtn^q9796>YCMW!6Z1XzLp;GyGl&#WhEMczGeM^IMT4QD-dY@bOfJ@P`axdY~K3fyz"
    "@Z=73hX2)I&|0Vg&s4u10hH;hM;8}GK~<1X+YOQytfUeJ|v5M%rT_vfdkL+EDw$n!HtchoG1^%QpWvS4cbLJBsle0(=D"
    "-@;JwP?-nMz@F<@C0^2rYYu^M;S3miD>?s#<D=wO#>w!6d<r9arP33W3P){X&N$I^9T6M;DZa1bPkgza(-C*uC?J-+9#"
    "pw?s2?x1-VtPr`efO(a|(Y@ckR<rshL^K2=4MJtRn?73h%^vy`&SxiCW+q*8IA7C{vGvYI<0bd^<V%{E=VE_mx|=RWR$"
    "qKTZAxGmtBY"
)
