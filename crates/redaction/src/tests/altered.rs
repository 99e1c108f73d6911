//! Secrets that something on the way has changed a little, and texts that are not secrets.

use super::{WITHHELD, is_withheld, secrets, shown};
use crate::Length;
use crate::forms::forms;

const UNCHECKED: &str = "(not shown, because it could not be checked for secrets)";

#[test]
fn withholds_a_secret_with_an_altered_character() {
    for spelling in [
        "abcdÃ©fghij",
        "abcdÃƒÂ©fghij",
        "abcd\u{fffd}fghij",
        "abcd?fghij",
        "abcdfghij",
        "abcd=C3=A9fghij",
        "abcd=E9fghij",
        "abcd=\r\n=C3=A9fghij",
        "abcd#C3#A9fghij",
        "abcd<C3><A9>fghij",
        "abcd<E9>fghij",
        "abcd<U+00E9>fghij",
        "ABCD?FGHIJ",
    ] {
        is_withheld(spelling, "abcdéfghij");
    }
    // Fewer letters and digits than count.
    assert_eq!(shown("abcd?fgh", &["abcdéfghijkl"]), "abcd?fgh");
    assert_eq!(shown("abcd?efg", &["abcd-efg"]), "abcd?efg", "seven of seven");
}

#[test]
fn withholds_a_secret_with_other_separators() {
    for (secret, spellings) in [
        (
            "abcd-efgh-ijkl",
            &[
                "abcdefghijkl",
                "ABCD EFGH IJKL",
                "abcd_efgh_i",
                "a b c d e f g h",
                r#"["a","b","c","d","e","f","g","h"]"#,
            ][..],
        ),
        ("hunter2zebra", &["hunter2-zebra", "hunt er2z ebra", "hun...ter2zeb"]),
        ("8d1f63b2-4c0e-8a52-0d2f-7f1d9a3b6c55", &["8d1f63b24c0e8a520d2f7f1d9a3b6c55", "63b24c0e8a520d2f"]),
        ("8d1f63b24c0e8a520d2f7f1d9a3b6c55", &["8d1f63b2-4c0e-8a52-0d2f-7f1d9a3b6c55"]),
        ("12345678", &["12,345,678", "12 345 678", "12.345.678"]),
        ("it's-a'horse-9", &[r#"'it'"'"'s-a'"'"'horse-9'"#, r"'it'\''s-a'\''horse-9'"]),
        ("top&bottom%left$right", &["top^&bottom%%left$$right"]),
    ] {
        for spelling in spellings {
            is_withheld(spelling, secret);
        }
    }
}

#[test]
fn withholds_the_mojibake_of_short_secrets() {
    for (secret, spellings) in [
        ("päßwörd", &["pÃ¤ÃŸwÃ¶rd", "pÃ¤Ã\u{9f}wÃ¶rd", "pÃƒÂ¤ÃƒÅ¸wÃƒÂ¶rd", "pA\u{303}¤A\u{303}ŸwA\u{303}¶rd"][..]),
        ("пароль", &["Ð¿Ð°Ñ€Ð¾Ð»ÑŒ", "Ð¿Ð°Ñ\u{80}Ð¾Ð»Ñ\u{8c}"]),
        ("5€", &["5â‚¬", "5=E2=82=AC", "5<E2><82><AC>", "5#E2#82#AC"]),
    ] {
        for spelling in spellings {
            is_withheld(spelling, secret);
        }
    }
    assert_eq!(shown("Café Ã déjà vu", &["päßwörd", "5€"]), "Café Ã déjà vu");
}

#[test]
fn withholds_lists_of_numbers() {
    let secret = "Grüß-1";
    for spelling in [
        "[71 114 195 188 195 159 45 49]",
        "[71, 114, 195, 188, 195, 159, 45, 49]",
        "b[71,114,195,188,195,159,45,49]",
        "[71, 114, -61, -68, -61, -97, 45, 49]",
        "[\n  71,\n  114,\n  195,\n  188,\n  195,\n  159,\n  45,\n  49\n]",
        r#"{"type":"Buffer","data":[71,114,195,188,195,159,45,49]}"#,
        "7:71 114 195 188 195 159 45 49",
        "500 [71 114 252 223 45 49]",
        "1 2 3 71 114 195 188 195 159 45 49 46",
    ] {
        is_withheld(spelling, secret);
    }
    is_withheld("(112, 105, 110, 52)", "pin4");
    assert_eq!(shown("between 1, 10, 100 and 65535", &["pin4"]), "between 1, 10, 100 and 65535");
}

#[test]
fn shows_the_beginning_of_long_texts_in_any_language() {
    let japanese = "<p>パスワードは %E3%81%82 短すぎます &amp; 無効です</p>".repeat(200);
    let start: String = japanese.chars().take(500).collect();
    assert_eq!(shown(&japanese, &["hunter2-Zebra"]), format!("{start}…"));
    // Only the beginning of this can be checked.
    let text = format!("{} {}", "server down ".repeat(100), "%2525&amp;amp;\\\\\\\\''''+\"\"``".repeat(100));
    let start: String = text.chars().take(500).collect();
    assert!(forms(&text).is_none());
    assert_eq!(shown(&text, &["hunter2-Zebra"]), format!("{start}…"));
    assert_eq!(shown(&text, &["server down"]), WITHHELD);
    assert_eq!(shown(&text[1100..], &["hunter2-Zebra"]), UNCHECKED);
}

#[test]
fn does_not_show_what_was_not_searched() {
    for blank in [" ", "\n", "\u{200b}"] {
        let text = format!("down{}hunter2-Zebra", blank.repeat(5000));
        assert_eq!(shown(&text, &["hunter2-Zebra"]), "down…");
        let name = secrets(&["hunter2-Zebra"]).show(&text.as_str().into(), Length::Name);
        assert_eq!(name.as_line(), "down…");
    }
}

#[test]
fn an_ordinary_word_is_no_part_of_a_secret() {
    for (text, secret) in [
        ("The password is too weak", "Password123!"),
        ("The passwords are too weak", "My-Passwords-2024"),
        ("Invalid credentials for this organization", "organization-credentials-7781"),
        ("contact deepslate support", "support2024"),
        ("the user%6Eame is missing", "username:4711"),
    ] {
        assert!(shown(text, &[secret]) == text, "{text}");
        for whole in [secret.to_owned(), format!("{text}: {secret}"), secret.to_uppercase()] {
            is_withheld(&whole, secret);
        }
    }
    // More than the word, too little that is hidden, or the whole secret.
    for (text, secret) in [
        ("bad Password1", "Password123!"),
        ("bad password 123", "Password123!"),
        ("The password is too weak", "password1"),
        ("The password is too weak", "password"),
        ("The password is too weak", "password!!!"),
        ("passphrase", "Passphrase-1"),
    ] {
        is_withheld(text, secret);
    }
}

#[test]
fn the_forms_of_a_text_are_few() {
    for text in ["%25&amp;\\\\u005cQUFB+''", "&#38;&apos;%26''", "=3D#23<3C>%3D", "Ãƒ", "1 2 3 4 ", "MTIz", "\\"] {
        for length in [20, 1000, 4096] {
            let text: String = text.chars().cycle().take(length).collect();
            let characters = forms(&text).map(|forms| forms.iter().map(|form| form.chars().count()).sum::<usize>());
            assert!(characters <= Some((length * 32).max(1 << 15)), "{characters:?} of {length} in {text:.20}");
        }
    }
    let nothing = "&".repeat(4096);
    assert_eq!(forms(&nothing).map(|forms| forms.len()), Some(2), "only the text and no last pieces");
}
