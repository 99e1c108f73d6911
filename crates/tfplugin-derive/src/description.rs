//! Doc comments as descriptions.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The doc comment as one text in Markdown.
///
/// Lines are joined by blanks, since a description may be shown where a line break counts. Paragraphs stay apart, and each
/// item of a list begins a line.
pub(crate) fn description(attrs: &[Attribute]) -> String {
    let mut text = String::new();
    for line in attrs.iter().filter_map(doc_line) {
        // The blank between `///` and the text.
        let line = line.strip_prefix(' ').unwrap_or(&line).trim_end();
        if line.is_empty() {
            text.push_str("\n\n");
        } else if is_list_item(line) {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            // The indentation makes the item part of another one.
            text.push_str(line);
        } else {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push(' ');
            }
            text.push_str(line.trim_start());
        }
    }
    text.trim().to_owned()
}

fn doc_line(attr: &Attribute) -> Option<String> {
    match &attr.meta {
        Meta::NameValue(doc) if doc.path.is_ident("doc") => match &doc.value {
            Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) => Some(line.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the line begins with `- `, `* ` or a number such as `1. `.
fn is_list_item(line: &str) -> bool {
    let line = line.trim_start();
    let behind_number = line.trim_start_matches(|character: char| character.is_ascii_digit());
    line.starts_with("- ")
        || line.starts_with("* ")
        || (behind_number.len() < line.len() && behind_number.starts_with(". "))
}

#[cfg(test)]
mod tests {
    use syn::{DeriveInput, parse_str};

    use super::*;

    /// The description of a struct whose doc comment has these lines.
    fn described(lines: &[&str]) -> String {
        let mut item = "struct A;".to_owned();
        for line in lines.iter().rev() {
            item.insert_str(0, &format!("///{line}\n"));
        }
        let item: DeriveInput = parse_str(&item).expect("a struct");
        description(&item.attrs)
    }

    #[test]
    fn lines_are_joined_and_paragraphs_stay_apart() {
        assert_eq!(described(&[" A thing", " of a size.", "", " In meters. "]), "A thing of a size.\n\nIn meters.");
        assert_eq!(described(&[]), "");
    }

    #[test]
    fn items_of_a_list_keep_their_lines() {
        let lines =
            [" One of:", " - `a`: the first,", "   and the best", " - `b`", "   * inside `b`", "", " Else nothing."];
        let expected = "One of:\n- `a`: the first, and the best\n- `b`\n  * inside `b`\n\nElse nothing.";
        assert_eq!(described(&lines), expected);
        assert_eq!(described(&[" 1. First", " 2. Second", " 10. Last"]), "1. First\n2. Second\n10. Last");
    }

    #[test]
    fn a_line_that_only_looks_like_an_item_is_joined() {
        assert_eq!(described(&[" At least", " 1.5 or", " -1 or", " *all*."]), "At least 1.5 or -1 or *all*.");
    }

    #[test]
    fn other_attributes_are_no_description() {
        let item: DeriveInput = parse_str("#[doc(hidden)] #[derive(Clone)] /** Text */ struct A;").expect("a struct");
        assert_eq!(description(&item.attrs), "Text");
    }
}
