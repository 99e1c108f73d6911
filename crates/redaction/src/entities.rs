//! The names of characters in HTML: those of HTML 4, and those of ASCII's signs.

/// The names of Latin-1, from U+00A0 on.
const LATIN_1: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 \
    sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring \
    AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash \
    Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml \
    igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn \
    yuml";

/// The names of Greek capital letters, from U+0391 on. Those of small letters differ in case only.
const GREEK: &str = "Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho - Sigma Tau \
    Upsilon Phi Chi Psi Omega";

/// Other names, each followed by its character.
const OTHERS: &str = "quot \" amp & apos ' lt < gt > excl ! num # dollar $ percnt % lpar ( rpar ) ast * midast * plus + \
    comma , period . sol / colon : semi ; equals = quest ? commat @ lsqb [ lbrack [ bsol \\ rsqb ] rbrack ] Hat ^ lowbar _ \
    UnderBar _ grave ` lcub { lbrace { verbar | vert | VerticalLine | rcub } rbrace } OElig Œ oelig œ Scaron Š scaron š \
    Yuml Ÿ fnof ƒ circ ˆ tilde ˜ thetasym ϑ upsih ϒ piv ϖ sigmaf ς ndash – mdash — lsquo ‘ rsquo ’ sbquo ‚ ldquo “ rdquo ” \
    bdquo „ dagger † Dagger ‡ bull • hellip … permil ‰ prime ′ Prime ″ lsaquo ‹ rsaquo › oline ‾ frasl ⁄ euro € image ℑ \
    weierp ℘ real ℜ trade ™ alefsym ℵ larr ← uarr ↑ rarr → darr ↓ harr ↔ crarr ↵ lArr ⇐ uArr ⇑ rArr ⇒ dArr ⇓ hArr ⇔ \
    forall ∀ part ∂ exist ∃ empty ∅ nabla ∇ isin ∈ notin ∉ ni ∋ prod ∏ sum ∑ minus − lowast ∗ radic √ prop ∝ infin ∞ \
    ang ∠ and ∧ or ∨ cap ∩ cup ∪ int ∫ there4 ∴ sim ∼ cong ≅ asymp ≈ ne ≠ equiv ≡ le ≤ ge ≥ sub ⊂ sup ⊃ nsub ⊄ sube ⊆ \
    supe ⊇ oplus ⊕ otimes ⊗ perp ⊥ sdot ⋅ lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ lang ⟨ rang ⟩ loz ◊ spades ♠ clubs ♣ hearts ♥ \
    diams ♦";

/// The character of this name, perhaps in another case: a comparison ignores the case of letters.
pub(crate) fn character(name: &str) -> Option<char> {
    match name {
        "Tab" => Some('\t'),
        "NewLine" => Some('\n'),
        _ => find(|one| one == name).or_else(|| find(|one| one.eq_ignore_ascii_case(name))),
    }
}

fn find(is_meant: impl Fn(&str) -> bool) -> Option<char> {
    let series = [(LATIN_1, 0xA0), (GREEK, 0x391)];
    let in_series = series.into_iter().find_map(|(names, first)| {
        names.split(' ').zip(first..).find(|(one, _)| is_meant(one)).and_then(|(_, code)| char::from_u32(code))
    });
    let mut others = OTHERS.split(' ');
    let other = || loop {
        let (one, character) = (others.next()?, others.next()?);
        if is_meant(one) {
            return character.chars().next();
        }
    };
    in_series.or_else(other)
}
