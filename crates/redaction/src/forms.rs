//! All forms of a text: the result of each sequence of decoders. Bounded in number and size.

use std::collections::HashSet;

use crate::binary;
use crate::decode::{self, Bytes};

/// The most forms of a text.
const MOST_FORMS: usize = 256;
/// The most characters of all forms together: this many times those of the text, but not fewer or more than these.
const MOST_TIMES: usize = 32;
const MOST_CHARACTERS: std::ops::RangeInclusive<usize> = 1 << 15..=1 << 17;
/// Almost any text is a binary encoding of something. After this many of them on the way to a form, only longer runs of digits
/// are decoded, which noise does not have.
const OF_ANY_LENGTH: usize = 2;
const SHORTEST_DIGITS: usize = 8;
/// Shorter pieces of what a binary encoding yields are noise, unless they are all that it yields.
const SHORTEST_PIECE: usize = 4;
/// The same for bytes that are not UTF-8.
const SHORTEST_OTHER_PIECE: usize = 6;

/// Separates pieces, and replaces bytes that are not text.
const REPLACEMENT: &str = "\u{fffd}";

type Decode = fn(&str) -> String;

const ESCAPES: [Decode; 13] = [
    |text| decode::percent(text, Bytes::Utf8),
    |text| decode::percent(text, Bytes::Windows1252),
    decode::form,
    decode::entities,
    |text| decode::backslashes(text, Bytes::Utf8),
    |text| decode::backslashes(text, Bytes::Windows1252),
    decode::doubled_quotes,
    decode::doubled_double_quotes,
    decode::doubled_backticks,
    decode::quoted_printable,
    decode::number_signs,
    decode::angle_brackets,
    decode::mojibake,
];

/// Returns the text and all that it may encode, or `None` if that is too much.
pub(crate) fn forms(text: &str) -> Option<Vec<String>> {
    let mut seen = HashSet::from([text.to_owned()]);
    let mut pieces = Pieces::default();
    let mut characters = text.chars().count();
    let most = (characters * MOST_TIMES).clamp(*MOST_CHARACTERS.start(), *MOST_CHARACTERS.end());
    let (mut forms, mut next) = (vec![(text.to_owned(), 0)], 0);
    while let Some((form, binary)) = forms.get(next) {
        let mut decoded: Vec<_> = ESCAPES.iter().map(|decode| (decode(form), *binary)).collect();
        let shortest = if *binary < OF_ANY_LENGTH { 1 } else { SHORTEST_DIGITS };
        decoded.push((pieces.new_in(binary::runs(form, shortest)), binary + 1));
        for (form, binary) in decoded {
            if !form.is_empty() && seen.insert(form.clone()) {
                characters += form.chars().count();
                forms.push((form, binary));
            }
        }
        if forms.len() > MOST_FORMS || characters + pieces.last.chars().count() > most {
            return None;
        }
        next += 1;
    }
    Some(forms.into_iter().map(|(form, _)| form).chain([pieces.last]).collect())
}

/// The pieces of text that binary encodings have yielded.
#[derive(Default)]
struct Pieces {
    known: HashSet<String>,
    /// Those that are not decoded again, since they are in Windows-1252 amid bytes that are no text.
    last: String,
}

impl Pieces {
    /// The text in these runs of bytes, without the known pieces.
    fn new_in(&mut self, runs: Vec<Vec<u8>>) -> String {
        let mut new = String::new();
        for run in runs {
            self.add(&String::from_utf8_lossy(&run), SHORTEST_PIECE, &mut new);
            for text in binary::utf_16(&run) {
                self.add(&text, SHORTEST_OTHER_PIECE, &mut new);
            }
            if !run.is_ascii() {
                let text: String = run.iter().map(|byte| binary::windows_1252(*byte)).collect();
                let text = text.replace(char::is_control, REPLACEMENT);
                if text.contains(REPLACEMENT) {
                    let mut last = std::mem::take(&mut self.last);
                    self.add(&text, SHORTEST_OTHER_PIECE, &mut last);
                    self.last = last;
                } else {
                    self.add(&text, 1, &mut new);
                }
            }
        }
        new
    }

    /// Adds each piece that is new, and either all of the text or not too short.
    fn add(&mut self, text: &str, shortest: usize, to: &mut String) {
        for piece in text.split(REPLACEMENT) {
            let is_text = piece.len() == text.len() || piece.chars().nth(shortest - 1).is_some();
            if is_text && !piece.is_empty() && self.known.insert(piece.to_owned()) {
                to.push_str(piece);
                to.push_str(REPLACEMENT);
            }
        }
    }
}
