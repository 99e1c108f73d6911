//! Suggestions for misspelled names.

/// The minimum similarity of a suggested name: Jaro-Winkler, from 0 to 1.
const NEAR: f64 = 0.75;

/// The similarity of two names, from 0 to 1. Case, separators and zeros before a number do not count.
pub(crate) fn similarity(one: &str, other: &str) -> f64 {
    let plain = |name: &str| {
        let name: String =
            name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        name.trim_start_matches('0').to_owned()
    };
    let (one, other) = (plain(one), plain(other));
    let contains = !one.is_empty() && !other.is_empty() && (one.contains(&other) || other.contains(&one));
    if contains { 1.0 } else { strsim::jaro_winkler(&one, &other) }
}

/// The names that are similar enough to suggest, the most similar first.
pub(crate) fn nearest<T>(all: &[T], similarity: impl Fn(&T) -> f64) -> Vec<&T> {
    let mut near: Vec<_> = all.iter().map(|one| (similarity(one), one)).collect();
    near.retain(|(similarity, _)| *similarity >= NEAR);
    near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    near.into_iter().map(|(_, one)| one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn similar_names_are_near() {
        for (wanted, near) in [
            ("+49 (30) 123 45 67", "+49301234567"),
            ("0301234567", "+49301234567"),
            ("+49301234568", "+49301234567"),
            ("acme gmbh", "Acme GmbH"),
            ("ACME", "Acme GmbH"),
            ("Amce", "Acme"),
        ] {
            assert!(similarity(wanted, near) >= NEAR, "{wanted}, {near}: {}", similarity(wanted, near));
        }
        for (wanted, far) in [("Acme", "Globex"), ("110", "+49301234567"), ("", "Acme"), ("000", "Acme")] {
            assert!(similarity(wanted, far) < NEAR, "{wanted}, {far}: {}", similarity(wanted, far));
        }
    }

    #[test]
    fn the_nearest_is_the_first() {
        let all = ["Acne", "Globex", "Acme"];
        assert_eq!(nearest(&all, |name| similarity("acme", name)), [&"Acme", &"Acne"]);
    }
}
