//! Messages for users: what is foreign in them, and how they are finished.
//!
//! Terraform and OpenTofu wrap the lines of a message, and without colors nothing is before a wrapped line. So a foreign text
//! could start a line of its own, such as `Apply complete!`. They do not wrap lines that start with a blank.
//!
//! The marks are the isolates of Unicode, which it has for embedded texts. No foreign text has them, since they cannot be
//! printed, and no finished message has them.

use crate::Secrets;
use crate::foreign::is_unprintable;

/// Before a foreign text.
const FOREIGN: char = '\u{2068}';
/// Before a value of the configuration.
const VALUE: char = '\u{2066}';
/// After either.
const END: char = '\u{2069}';
/// What a message shows instead of a value that is a secret.
const WITHHELD: &str = "a sensitive value";

/// Marks a value of the configuration that a message shows. If it has a secret, [`Secrets::finish`] replaces it.
#[must_use]
pub fn marked(value: &str) -> String {
    let value: String = value.chars().filter(|c| !is_unprintable(*c)).collect();
    format!("{VALUE}{value}{END}")
}

/// Removes the marks, for texts that are no messages.
#[must_use]
pub fn unmarked(text: &str) -> String {
    text.replace([FOREIGN, VALUE, END], "")
}

pub(crate) fn as_foreign(text: &str) -> String {
    format!("{FOREIGN}{text}{END}")
}

impl Secrets {
    /// Finishes a message before a user gets it. A line with foreign text is indented. A value that has a secret is replaced,
    /// also one without a mark if it has digits: our own words have none.
    #[must_use]
    pub fn finish(&self, message: &str) -> String {
        message.split('\n').map(|line| self.finish_line(line)).collect::<Vec<_>>().join("\n")
    }

    fn finish_line(&self, line: &str) -> String {
        let is_bare = line.contains(FOREIGN) && !line.starts_with(' ');
        let mut finished = if is_bare { "  ".to_owned() } else { String::new() };
        let mut rest = line;
        while let Some((own, marked)) = rest.split_once([FOREIGN, VALUE]) {
            let (text, after) = marked.split_once(END).unwrap_or((marked, ""));
            let is_value = rest[own.len()..].starts_with(VALUE);
            finished.push_str(&self.finish_own(own));
            finished.push_str(if is_value && self.are_whole_in(text) { WITHHELD } else { text });
            rest = after;
        }
        finished + &self.finish_own(rest)
    }

    fn finish_own(&self, text: &str) -> String {
        let is_between = |c: char| c.is_whitespace() || matches!(c, '`' | '"');
        let mut finished = String::new();
        for part in text.split_inclusive(is_between) {
            let word = part.trim_end_matches(is_between);
            let may_be_secret = word.contains(|c: char| c.is_ascii_digit());
            let is_secret = may_be_secret && self.are_whole_in(word.trim_end_matches(['.', ',', ';', ':']));
            finished.push_str(if is_secret { WITHHELD } else { word });
            finished.push_str(&part[word.len()..]);
        }
        finished
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Length;

    fn finished(message: &str, secrets: &[&str]) -> String {
        let all = Secrets::default();
        for secret in secrets {
            all.remember(secret);
        }
        all.finish(message)
    }

    #[test]
    fn a_line_with_foreign_text_is_indented_and_has_plain_blanks() {
        let secrets = Secrets::default();
        for blank in [
            "\u{a0}",
            "\u{2007}",
            "\u{202f}",
            "\u{3000}",
            "\u{2800}",
            "\u{3164}",
            "\u{ffa0}",
            "\u{115f}",
            " \u{200b} ",
            "\r\n",
        ] {
            let shown = secrets.show(&format!("Globex{blank}Error:{blank}{blank}disk").into(), Length::Name);
            assert_eq!(secrets.finish(&format!("Near:\n- {shown} (1)\nEnd")), "Near:\n  - Globex Error: disk (1)\nEnd");
            let quoted = format!("No {}. Check it.", shown.quoted());
            assert_eq!(secrets.finish(&quoted), "  No \"Globex Error: disk\". Check it.");
        }
        assert_eq!(secrets.finish("Own text, `a` 10"), "Own text, `a` 10");
    }

    #[test]
    fn a_value_that_is_a_secret_is_replaced() {
        for (message, secret, expected) in [
            (format!("or spaces: `{}`", marked("zebra-quartz")), "zebra-quartz\n", "or spaces: `a sensitive value`"),
            (format!("as in `+{}`", marked("48392015771")), "4839 2015 771", "as in `+a sensitive value`"),
            (format!("write `{}`", marked("https://h/zebra-quartz")), "Zebra-Quartz", "write `a sensitive value`"),
            (format!("write `{}`", marked("https://h/zebra%2Dquartz")), "zebra-quartz", "write `a sensitive value`"),
            (format!("write `{}`", marked("sip.example.com")), "zebra-quartz", "write `sip.example.com`"),
            ("got 48392015, and more".to_owned(), "48392015", "got a sensitive value and more"),
            ("got \"zebra-7781\".".to_owned(), "zebra-7781", "got \"a sensitive value\"."),
            ("Planned 4839".to_owned(), "4839", "Planned a sensitive value"),
            // Our own words say nothing of a secret, and a hole in them would.
            ("The configuration of `password`".to_owned(), "configuration", "The configuration of `password`"),
            ("Tried 10 times".to_owned(), "10", "Tried 10 times"),
        ] {
            assert_eq!(finished(&message, &[secret]), expected, "{secret}");
        }
    }

    #[test]
    fn a_message_without_marks_is_as_it_was() {
        assert_eq!(unmarked(&format!("a {} {}", marked("b"), as_foreign("c"))), "a b c");
        assert_eq!(marked("a\u{2069}b"), marked("ab"));
    }

    #[test]
    fn a_possible_secret_is_withheld_in_texts_of_the_server_only() {
        let secrets = Secrets::default();
        secrets.remember_possible("+49301234567");
        assert_eq!(secrets.show(&"no +49301234567".into(), Length::Name).as_line(), "a sensitive value");
        assert!(!secrets.contains("+49301234567") && !secrets.are_whole_in("+49301234567"));
    }

    #[test]
    fn a_secret_is_found_whatever_blanks_are_between_its_parts() {
        let secrets = Secrets::default();
        secrets.remember("abc def ghi");
        assert_eq!(secrets.show(&"abc  def\u{a0}\u{3000}ghi".into(), Length::Name).as_line(), "a sensitive value");
    }
}
