//! All forms of a text: the result of each sequence of decoders. Bounded in number and size.

use std::collections::HashSet;

use crate::decode;
use crate::foreign::is_blank;

/// The most forms of a text, and their most bytes.
const MOST_FORMS: usize = 256;
const MOST_BYTES: usize = 256 << 10;
/// How often the decoders of binary encodings apply on the way to a form. Almost any text is such an encoding of something.
const MOST_BINARY: usize = 2;
/// Shorter pieces of what a binary encoding yields are noise, unless they are all that it yields.
const SHORTEST_PIECE: usize = 4;

type Decode = fn(&str) -> String;

const ESCAPES: [Decode; 7] = [
    decode::percent,
    decode::form,
    decode::entities,
    decode::backslashes,
    decode::doubled_quotes,
    decode::doubled_double_quotes,
    decode::doubled_backticks,
];

/// Returns the text and all that it may encode, or `None` if that is too much.
pub(crate) fn forms(text: &str) -> Option<Vec<String>> {
    let (mut seen, mut pieces) = (HashSet::from([text.to_owned()]), HashSet::new());
    let (mut forms, mut bytes, mut next) = (vec![(text.to_owned(), 0)], text.len(), 0);
    while let Some((form, binary)) = forms.get(next) {
        let mut decoded: Vec<_> = ESCAPES.iter().map(|decode| (decode(form), *binary)).collect();
        if *binary < MOST_BINARY {
            let new = binary_runs(form).into_iter().map(|runs| new_pieces(&runs, &mut pieces));
            decoded.extend(new.map(|new| (new, binary + 1)));
        }
        for (form, binary) in decoded {
            if !form.is_empty() && seen.insert(form.clone()) {
                bytes += form.len();
                forms.push((form, binary));
            }
        }
        if forms.len() > MOST_FORMS || bytes > MOST_BYTES {
            return None;
        }
        next += 1;
    }
    Some(forms.into_iter().map(|(form, _)| form).collect())
}

/// What each of the binary encodings yields.
fn binary_runs(form: &str) -> Vec<Vec<Vec<u8>>> {
    // Encoders break long lines.
    let joined: String = form.chars().filter(|c| !is_blank(*c)).collect();
    // Text before the digits may look like a part of them, so each of the ways to group the digits is tried.
    let base64 = (0..4).map(|skipped| decode::base64(&joined, skipped));
    let hex = (0..2).map(|skipped| decode::hex(&joined, skipped));
    base64.chain(hex).chain([decode::base64(form, 0), decode::hex(form, 0)]).collect()
}

/// The text in these runs of bytes, without the known pieces.
fn new_pieces(runs: &[Vec<u8>], known: &mut HashSet<String>) -> String {
    let mut new = String::new();
    for run in runs {
        let run = String::from_utf8_lossy(run);
        for piece in run.split(char::REPLACEMENT_CHARACTER) {
            let is_text = piece.len() == run.len() || piece.chars().nth(SHORTEST_PIECE - 1).is_some();
            if is_text && !piece.is_empty() && known.insert(piece.to_owned()) {
                new.push_str(piece);
                new.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }
    new
}
