"""Programs that the checks of assignment 2 compare answers with.

Packed, so that nobody reads the answers by accident; `course_utils.checks.sealing` says how.
"""

from course_utils.checks import Sealed

PROGRAMS = Sealed(
    "c-pO1!EWP5487|sSRD!(u$9<Fdr0F2dfMA=(H`~?1U4m6)<B~fVP>?B5#--XO15HojU-sq2g4e3$jA2{sW^_mRTzMt$m"
    "Plt{ElEtK=0MgG-Lv-pt8E~9Dz-%$ph|C86WN-ch>s_$2i*_=76SvJsvy+3yty~R7j)fZ_H~dKp8&8)y5NQDpHBxS1PY"
    "Sd2pl&Jr#dKsQ9r|n&jBnkiuVOAO{F}g=R-{XgM7x9zfhh+iiOYl{K(vAh(_KwCRG<KFur2>pll%*4F;!wIhGyIWngkh"
    "GQt~t*iZZn?`XQN0Dk;>jIdrX%EZ-m^O-{f=VW3<J7JSn_P1$@=5D#hMCeTDDrdAn349gy9oHhsXnXk1lAC|#vO!NLT="
    "jGeJbT7)=}u3fl0at)28U8<3y85j=5*2Dvw7@nCH}nccJ`?2PT_EW>WXgnjP#_sF-YmfEkl*UH>rL>*Y5mxks3)grxr="
    "pGm>g6smz=*037?=Y-P`UtvoR%SX6>E2;>GmeN|WkytqP48*D&${)KqBP`xdE^onCw$lY<#CFlj2Wf<fW<q+-`<_|Xj2"
    "wGRTHaeYiYZVU>u9KD=1{}>S_da41f58vbuuL%KCR()2EW3^@%<W>vnxH|#2#8gGqxm=f!ltdmIEZg%e~BbwgPHlhPV}"
    "S7$~{G*)<71DZif7W6YTOWVpRxEbs}IwD|2c;tW+8b18V{uNUD^tTF8d3*HA^D}(;rr@Tx5*u4xJK&avK<>;EhRRe$Gl"
    "Elo<iC}@4>zJ*%l!v&d7uL)d@HJvE=m?(8OCK6XKVW5e5+MIF1aDzGRJ?8oPIQUvn(Mk)EO9RLaX3bOkI(l|U(xl1s)t"
    "^`oNU&^!=bJWBl1{Up1;ABP&(VN?80g-BE2F#1M<N=#QNS|@td*G-yRU17^;wW)l}vK+)mch7hYw@t<xv?(E5{<4e>Hz"
    ";u~c;-=7%djBG<~cj$O18-KYAOKmYE3+|X>KHBjtl~T!Uc7&PnD`mqo{vOhRH4VT<Kq7%0ND5fJ1#b1T=y-&v*mUiC=*"
    "CfFIQ^{1j17=kOUe2Fa3^bH1h-el@Rs~Ia~JP8IT{QW<h8@;_%@Frzqk87dI!q8ahS0;JD6^_2A{_5cE;$pf4+YC%xmP"
    "~B>H?Lcz){UG5QZxU+6^"
)
