/// Returns the text in Unicode's normal form C, in which cty compares strings and keys.
pub(super) fn normalized(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;

    if unicode_normalization::is_nfc(text) {
        return text.to_owned();
    }
    // The form can be three times as long. A buffer that grows would leave a part of the text behind, which is not wiped.
    let mut normalized = String::with_capacity(3 * text.len());
    normalized.extend(text.nfc());
    normalized
}
