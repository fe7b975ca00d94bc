"""Programs that the checks of assignment 7 compare answers with.

Packed, so that nobody reads the answers by accident; `course_utils.checks.sealing` says how.
"""

from course_utils.checks import Sealed

PROGRAMS = Sealed(
    "c-oa#!EWO?488j+h@29PCrz-2E;{W1d)O&@$qsfG=%E-mibKaj70Hm~ruq9NEm?Nj%rqMmNTra}Bl-BG$z<|a3lI2;wv"
    "-OxH!u|l=j2ZBQG2+C+NiA~1F>%uIuJV{wevS{s8NGA;Jj&a5PAy-adf=1m(GFo^DO%=%4ghy)U+$E3x`7CcHSIw@|I-"
    "{(t$;V!r}G{_?niLRLI-f_&NMhd9)y)tcBiT4h@B)zyZTewq7?!UmFdd_fVSFIxJc*m7A9}md{-b+!*uhu7-r%l_Sd%u"
    "Lw>hH5R_rQt#I5c{Z6$vaGUZ50w?Amqt?-`^H!g-{MA=J*>VxtRDXT6Yii=M)>JO>S{8}vTTb~xU$5?yQwnHp<}>aqAm"
    "&gUg~0t%8S`e2K1rB{t-ti0~MdrJy@f6aFD*HGEf0@)B3Ixy0844;jyQzI5BeKHV6uyPMa#}d=9=P^VtlH?F^T2dj|@2"
    "G@J2qxmW}k{ITd;t6{PZ25WG&Y1I}sNTuhH48&;U)(WUwy|vU+-R?JNUBFb)S?o=~Aw(I%6W%vi2`RNj<wPBu!#mJo6A"
    "CzkuMBjAbc{9}Gr}4HLEA7;cFZ~2N~}`dMmUDfFqBlRvlc|((`xoV{k)XD#c44QG)p~D=$N)Vhb?jCgF-Q$1!G7K5zsk"
    "A$>tQ&7|bGoi7qQ@d89Q_u=LYlI`H>izKkLW9{E6J={@Qjq6`(PK|;Qm|IWYEa#xe3r)j3GYuFs=YuQPMCe<)@AbG^l&"
    ")t*?(4Rl!YB5LR8g3yCB`Vj~H$s=L*dXDtk$D^BBC_OoUJ!Bd?L?xlJJkt<b`bmnY#vSy0nR`rC^br(_dLGR9_ioP47w"
    "n<!RK>0cR*%d2p2Y{tOKwj{(lhCkJRHlz(IOHfY1e{!-o^#>%ifN<{*4o|4O&=Sckh*Q5vt8u;%Xp<RgcQGLR&V`eIwU"
    "Kfb_@X_M+0@Gu2<OHp|e{Lrd1bqQ_Dqwig6KM}3_8?C!QUDe4h(0EYdBwaCluV6?FLMuE?qG+a_S03}3@hl4K@0PO@g}"
    "abr{pW3J1TMICt7OV_K6UIW0H0{evmq8A5F?B+{Xcf4a2Cb$m_AQq-|p*2<cy_x_Ltpt_m?(39{M32`y1Er6>dzSxLp@"
    "P;h}Nlr;Z@H_XS^VEItudn)9UcJX9CqgHNzLgHa=Oq7WJnmm#FL3_VmpC>0>_eA6@GfP|4XzaKxLNQLMD<gh1!=*5b1I"
    "*T~9`j?a5&9xHy%~rsOK<}t?6Ztrn6As=d&ckn7U!>5N<?qEaDF+wrNH{6&Fqu55ed_#fVgnf8YtmiFqD2odRJ!2Xuh6"
    "Ewn9i(WL3Lw;(ltmD*C{|LT58Mp@IH+VjhE~x#;3h_oi6gE(#zQ(Ni0SmPXdqQ<KKU+?nwil#`BPmn3unAMt&y!AK8C_"
    "I_e("
)
