//! Lists, sets and maps as types of attributes. The elements of a collection that users set can be null or unknown while
//! the collection is known, so their type is `Attr<_>`.

use std::collections::BTreeMap;

use super::attribute_type::{AttributeType, Comparison};
use super::mismatch::Mismatch;
use crate::cty::{Step, Type, Value};

impl<T: AttributeType> AttributeType for Vec<T> {
    fn ty() -> Type {
        Type::List(Box::new(T::ty()))
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        let Value::List(elements) = value else { return Err(Mismatch::expected("a list")) };
        let elements = elements.into_iter().zip(0..);
        elements
            .map(|(element, index)| T::from_value(element).map_err(|found| found.within(Step::Index(index))))
            .collect()
    }

    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(T::into_value).collect())
    }

    fn shows(text: &str) -> bool {
        T::shows(text)
    }

    fn check(&self) -> Vec<Mismatch> {
        let elements = self.iter().zip(0..);
        elements
            .flat_map(|(element, index)| element.check().into_iter().map(move |found| found.within(Step::Index(index))))
            .collect()
    }

    fn compare(by: Comparison, one: &Value, other: &Value) -> bool {
        match (one, other) {
            (Value::List(one), Value::List(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| T::compare(by, one, other))
            }
            (one, other) => one == other,
        }
    }
}

/// The distinct elements of a set, in no order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Set<T>(pub Vec<T>);

impl<T: AttributeType> AttributeType for Set<T> {
    fn ty() -> Type {
        Type::Set(Box::new(T::ty()))
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        let Value::List(elements) = value else { return Err(Mismatch::expected("a set")) };
        // A path cannot name an element of a set.
        elements.into_iter().map(T::from_value).collect::<Result<_, _>>().map(Self)
    }

    fn into_value(self) -> Value {
        self.0.into_value()
    }

    fn shows(text: &str) -> bool {
        T::shows(text)
    }

    fn check(&self) -> Vec<Mismatch> {
        self.0.iter().flat_map(T::check).collect()
    }

    fn compare(by: Comparison, one: &Value, other: &Value) -> bool {
        let (Value::List(one), Value::List(other)) = (one, other) else { return one == other };
        let mut rest: Vec<_> = other.iter().collect();
        one.len() == other.len()
            && one.iter().all(|element| {
                let place = rest.iter().position(|other| T::compare(by, element, other));
                place.map(|place| rest.swap_remove(place)).is_some()
            })
    }
}

impl<T: AttributeType> AttributeType for BTreeMap<String, T> {
    fn ty() -> Type {
        Type::Map(Box::new(T::ty()))
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        let Value::Map(elements) = value else { return Err(Mismatch::expected("a map")) };
        let read = |(key, element): (String, Value)| match T::from_value(element) {
            Ok(element) => Ok((key, element)),
            Err(found) => Err(found.within(Step::Key(key))),
        };
        elements.into_iter().map(read).collect()
    }

    fn into_value(self) -> Value {
        Value::Map(self.into_iter().map(|(key, element)| (key, element.into_value())).collect())
    }

    fn shows(text: &str) -> bool {
        T::shows(text)
    }

    fn check(&self) -> Vec<Mismatch> {
        let elements = self.iter();
        elements
            .flat_map(|(key, element)| {
                element.check().into_iter().map(move |found| found.within(Step::Key(key.clone())))
            })
            .collect()
    }

    fn compare(by: Comparison, one: &Value, other: &Value) -> bool {
        match (one, other) {
            (Value::Map(one), Value::Map(other)) => {
                one.len() == other.len()
                    && one.iter().all(|(key, one)| other.get(key).is_some_and(|other| T::compare(by, one, other)))
            }
            (one, other) => one == other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::author::attr::Attr;
    use crate::author::attribute::Attribute;

    /// A word in lower case. The service ignores case.
    #[derive(Debug, PartialEq)]
    struct Word(String);

    impl AttributeType for Word {
        fn ty() -> Type {
            Type::String
        }

        fn from_value(value: Value) -> Result<Self, Mismatch> {
            String::from_value(value).map(Self)
        }

        fn into_value(self) -> Value {
            self.0.into()
        }

        fn check(&self) -> Vec<Mismatch> {
            if self.0.contains(' ') { vec![Mismatch::expected("one word")] } else { Vec::new() }
        }

        fn same(&self, other: &Self) -> bool {
            self.0.eq_ignore_ascii_case(&other.0)
        }
    }

    fn list(elements: &[Value]) -> Value {
        Value::List(elements.to_vec())
    }

    fn map(elements: &[(&str, Value)]) -> Value {
        Value::Map(elements.iter().map(|(key, element)| ((*key).to_owned(), element.clone())).collect())
    }

    fn refusals(attribute: &Attribute, value: &Value) -> Vec<String> {
        let found = attribute.check(value).into_iter();
        found.map(|mismatch| format!("{}: {}", mismatch.path, mismatch.expected)).collect()
    }

    #[test]
    fn a_collection_that_users_write_may_hold_unknown_and_null_elements() {
        let elements = list(&["a".into(), Value::Unknown, Value::Null]);
        let members = map(&[("k", "a".into()), ("u", Value::Unknown), ("n", Value::Null)]);
        for (attribute, value) in [
            (Attr::<Vec<Attr<Word>>>::attribute("words", ""), &elements),
            (Attr::<Set<Attr<Word>>>::attribute("words", ""), &elements),
            (Attr::<BTreeMap<String, Attr<Word>>>::attribute("words", ""), &members),
        ] {
            assert_eq!(refusals(&attribute, value), [""; 0]);
        }
        let read = Vec::<Attr<Word>>::from_value(elements.clone()).expect("a list");
        assert_eq!(read, [Attr::Known(Word("a".to_owned())), Attr::Unknown, Attr::Null]);
        assert_eq!(read.into_value(), elements);
        assert_eq!(Set::<Attr<Word>>::from_value(elements.clone()).expect("a set").into_value(), elements);
        let read = BTreeMap::<String, Attr<Word>>::from_value(members.clone()).expect("a map");
        assert!(read["u"] == Attr::Unknown && read["n"].is_null());
        assert_eq!(read.into_value(), members);
    }

    #[test]
    fn each_element_is_checked_by_its_type() {
        let value = list(&["a".into(), "b c".into(), "d e".into()]);
        for attribute in [Attr::<Vec<Word>>::attribute("words", ""), Attr::<Vec<Attr<Word>>>::attribute("words", "")] {
            assert_eq!(refusals(&attribute, &value), ["[1]: one word", "[2]: one word"]);
        }
        let set = Attr::<Set<Attr<Word>>>::attribute("words", "");
        assert_eq!(refusals(&set, &value), [": one word", ": one word"]);
        let members = Attr::<BTreeMap<String, Attr<Word>>>::attribute("words", "");
        assert_eq!(refusals(&members, &map(&[("a", "b".into()), ("c", "d e".into())])), [r#"["c"]: one word"#]);
    }

    #[test]
    fn each_element_is_checked_by_the_rules_of_the_attribute() {
        let ports = Attr::<Vec<Attr<u16>>>::attribute("ports", "").between(1..=9);
        let range = "a whole number from 1 to 9";
        assert_eq!(
            refusals(&ports, &list(&[1.into(), Value::Unknown, 10.into(), Value::Null])),
            [format!("[2]: {range}"), format!("[3]: {range}")]
        );
        let kinds = Attr::<BTreeMap<String, Attr<String>>>::attribute("kinds", "").one_of(&["A", "B"]);
        let value = map(&[("a", "A".into()), ("c", "C".into()), ("n", Value::Null), ("u", Value::Unknown)]);
        assert_eq!(refusals(&kinds, &value), [r#"["c"]: one of `A`, `B`"#, r#"["n"]: one of `A`, `B`"#]);
        let names = Attr::<Set<Attr<String>>>::attribute("names", "").length_at_least(1).length_at_most(2);
        assert_eq!(
            refusals(&names, &list(&["".into(), "é".into(), "abc".into(), Value::Null])),
            [": a string that is not empty", ": a string of at most 2 characters", ": a string that is not empty"]
        );
    }

    #[test]
    fn an_element_that_is_unknown_does_not_fit_a_list_of_known_elements() {
        let attribute = Attr::<Vec<Word>>::attribute("words", "");
        assert_eq!(refusals(&attribute, &list(&["a".into(), Value::Unknown])), ["[1]: a string"]);
    }

    #[test]
    fn collections_are_compared_element_by_element() {
        let words = Attr::<Vec<Attr<Word>>>::attribute("words", "");
        let set = Attr::<Set<Attr<Word>>>::attribute("words", "");
        let members = Attr::<BTreeMap<String, Attr<Word>>>::attribute("words", "");
        let (a, upper, b) = (|| Value::from("a"), || Value::from("A"), || Value::from("b"));
        for (attribute, one, other, same) in [
            (&words, list(&[a(), Value::Null]), list(&[upper(), Value::Null]), true),
            (&words, list(&[a(), b()]), list(&[b(), a()]), false),
            (&words, list(&[a()]), list(&[a(), a()]), false),
            (&words, list(&[a()]), list(&[Value::Null]), false),
            (&set, list(&[a(), b()]), list(&[b(), upper()]), true),
            (&set, list(&[a(), b()]), list(&[b(), b()]), false),
            (&members, map(&[("k", a())]), map(&[("k", upper())]), true),
            (&members, map(&[("k", a())]), map(&[("j", a())]), false),
            (&members, map(&[("k", a())]), map(&[]), false),
        ] {
            assert_eq!(attribute.same(&one, &other), same, "{one:?} {other:?}");
        }
    }
}
