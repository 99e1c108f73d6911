//! Rules for the value of an attribute, in addition to those of its type.

use std::ops::RangeInclusive;

use super::mismatch::Mismatch;
use crate::cty::{Step, Type, Value};

/// A rule for a known value. In a list, set or map it applies to each element, which then must not be null.
#[derive(Clone, Debug)]
pub(super) enum Check {
    Between(RangeInclusive<i64>),
    LengthAtLeast(usize),
    LengthAtMost(usize),
    OneOf(&'static [&'static str]),
    UsuallyOneOf(&'static [&'static str]),
    Printable,
}

/// Returns what breaks the rules: of each part of the value the first rule that it breaks.
pub(super) fn refusals(checks: &[Check], ty: &Type, value: &Value) -> Vec<Mismatch> {
    if checks.is_empty() {
        return Vec::new();
    }
    match (ty, value) {
        (Type::List(ty), Value::List(elements)) => {
            let elements = elements.iter().zip(0..);
            let found = elements.map(|(element, index)| (Step::Index(index), refusals(checks, ty, element)));
            found.flat_map(|(step, found)| found.into_iter().map(move |found| found.within(step.clone()))).collect()
        }
        // A path cannot name an element of a set.
        (Type::Set(ty), Value::List(elements)) => {
            elements.iter().flat_map(|element| refusals(checks, ty, element)).collect()
        }
        (Type::Map(ty), Value::Map(elements)) => {
            let found = elements.iter().map(|(key, element)| (Step::Key(key.clone()), refusals(checks, ty, element)));
            found.flat_map(|(step, found)| found.into_iter().map(move |found| found.within(step.clone()))).collect()
        }
        (_, value) => checks.iter().find_map(|check| check.refusal(value)).into_iter().collect(),
    }
}

impl Check {
    fn refusal(&self, value: &Value) -> Option<Mismatch> {
        match (self, value) {
            (_, Value::Unknown) | (Self::Printable, Value::Null) => None,
            (Self::Between(range), Value::Number(number)) if number.as_i64().is_some_and(|it| range.contains(&it)) => {
                None
            }
            (Self::Between(range), Value::Number(_) | Value::Null) => {
                Some(Mismatch::expected(format!("a whole number from {} to {}", range.start(), range.end())))
            }
            (Self::OneOf(members), Value::Null) => Some(Mismatch::expected(one_of(members))),
            (Self::LengthAtLeast(1), Value::Null) => Some(Mismatch::expected("a string that is not empty")),
            (_, Value::Null) => Some(Mismatch::expected("a string")),
            (check, Value::String(text)) => check.refusal_of_text(text),
            _ => None,
        }
    }

    fn refusal_of_text(&self, text: &str) -> Option<Mismatch> {
        let length = || text.chars().count();
        match self {
            Self::LengthAtLeast(1) if text.is_empty() => Some(Mismatch::expected("a string that is not empty")),
            Self::LengthAtLeast(least) if length() < *least => {
                Some(Mismatch::expected(format!("a string of at least {least} characters")))
            }
            Self::LengthAtMost(most) if length() > *most => {
                Some(Mismatch::expected(format!("a string of at most {most} characters")))
            }
            Self::OneOf(members) if !members.contains(&text) => Some(Mismatch::expected(one_of(members))),
            Self::UsuallyOneOf(members) if !members.contains(&text) => Some(Mismatch::warn(one_of(members))),
            Self::Printable if text.chars().any(char::is_control) => Some(Mismatch::expected(
                "a string without line breaks and other control characters (if the value comes from a file, use \
                 `trimspace(file(…))`)",
            )),
            _ => None,
        }
    }

    /// The rule as users read it in the description of the attribute, if it is not in the author's own words.
    pub(super) fn description(&self) -> Option<String> {
        match self {
            Self::Between(range) => Some(format!("A whole number from {} to {}.", range.start(), range.end())),
            Self::OneOf(members) => Some(format!("Allowed values: {}.", quoted(members))),
            Self::UsuallyOneOf(members) => {
                Some(format!("Known values: {}. Another value causes a warning.", quoted(members)))
            }
            Self::LengthAtMost(most) => Some(format!("At most {most} characters.")),
            Self::LengthAtLeast(_) | Self::Printable => None,
        }
    }

    /// What is wrong with the rule on values of this type, if anything.
    pub(super) fn mistake(&self, ty: &Type) -> Option<&'static str> {
        let leaf = match ty {
            Type::List(element) | Type::Set(element) | Type::Map(element) => element,
            ty => ty,
        };
        let text = *leaf == Type::String;
        let (fits, mistake) = match self {
            Self::Between(range) if range.is_empty() => (false, "`between` allows no value"),
            Self::Between(_) => (*leaf == Type::Number, "`between` has an effect on numbers only"),
            Self::LengthAtLeast(_) => (text, "`length_at_least` has an effect on strings only"),
            Self::LengthAtMost(_) => (text, "`length_at_most` has an effect on strings only"),
            Self::OneOf(members) | Self::UsuallyOneOf(members) if members.is_empty() => {
                (false, "`one_of` or `usually_one_of` names no value")
            }
            Self::OneOf(_) => (text, "`one_of` has an effect on strings only"),
            Self::UsuallyOneOf(_) => (text, "`usually_one_of` has an effect on strings only"),
            Self::Printable => (text, "`printable` has an effect on strings only"),
        };
        (!fits).then_some(mistake)
    }
}

fn one_of(members: &[&str]) -> String {
    format!("one of {}", quoted(members))
}

fn quoted(members: &[&str]) -> String {
    members.iter().map(|member| format!("`{member}`")).collect::<Vec<_>>().join(", ")
}
