//! One attribute of the schema and its rules.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use redaction::{Length, Secrets};

use super::attribute_type::{Comparison, refused};
use super::mismatch::Mismatch;
use super::rule::{self, Check};
use crate::cty::{Type, Value};

/// The longest number that a message shows, in characters.
const LONGEST_SHOWN: usize = 80;

/// One attribute. Each word of `#[attribute(…)]` is one of its methods.
///
/// The words have the names of HashiCorp's `terraform-plugin-framework`, and the same meaning.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "the protocol's own flags, which combine freely")]
pub struct Attribute {
    pub(crate) name: &'static str,
    pub(crate) description: Cow<'static, str>,
    pub(crate) ty: Type,
    pub(crate) required: bool,
    pub(crate) optional: bool,
    pub(crate) computed: bool,
    pub(crate) sensitive: bool,
    pub(crate) write_only: bool,
    pub(crate) use_state_for_unknown: bool,
    pub(crate) requires_replace: bool,
    pub(crate) identity: bool,
    pub(crate) default: Option<Value>,
    /// The attribute that counts the changes of a write-only attribute.
    pub(crate) version: Option<&'static str>,
    /// The attribute that excludes this one: exactly one of the two has a value.
    pub(crate) exactly_one_of: Option<&'static str>,
    /// The attribute that must have a value if this one has.
    pub(crate) also_requires: Option<&'static str>,
    /// Why the attribute should no longer be used, and what to use instead.
    pub(crate) deprecated: Option<&'static str>,
    pub(crate) rules: Rules,
    pub(super) checks: Vec<Check>,
}

/// What the Rust type of an attribute's values knows of them, as functions over Terraform's values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// [`AttributeType::check`](super::attribute_type::AttributeType::check).
    pub(crate) check: fn(&Value) -> Vec<Mismatch>,
    /// [`AttributeType::compare`](super::attribute_type::AttributeType::compare).
    pub(crate) compare: fn(Comparison, &Value, &Value) -> bool,
    /// [`AttributeType::shows`](super::attribute_type::AttributeType::shows).
    pub(crate) shows: fn(&str) -> bool,
    /// [`AttributeType::is_json`](super::attribute_type::AttributeType::is_json).
    pub(crate) is_json: bool,
}

/// Makes attributes, and sets their mode and rules.
impl Attribute {
    pub(super) fn new(name: &'static str, description: Cow<'static, str>, ty: Type, rules: Rules) -> Self {
        Self {
            name,
            description,
            ty,
            required: false,
            optional: false,
            computed: false,
            sensitive: false,
            write_only: false,
            use_state_for_unknown: false,
            requires_replace: false,
            identity: false,
            default: None,
            version: None,
            exactly_one_of: None,
            also_requires: None,
            deprecated: None,
            rules,
            checks: Vec::new(),
        }
    }

    /// An attribute of any type, without the rules of a Rust type, for a schema that is made at run time.
    pub fn of_type(name: &'static str, description: impl Into<Cow<'static, str>>, ty: Type) -> Self {
        let rules =
            Rules { check: |_| Vec::new(), compare: |_, one, other| one == other, shows: |_| false, is_json: false };
        Self::new(name, description.into(), ty, rules)
    }

    /// The user must set a value.
    #[must_use]
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// The user can set a value.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// The provider sets the value unless the user does.
    #[must_use]
    pub fn computed(self) -> Self {
        Self { computed: true, ..self }
    }

    /// Terraform hides the value in its output.
    #[must_use]
    pub fn sensitive(self) -> Self {
        Self { sensitive: true, ..self }
    }

    /// The value is in the configuration only, never in a plan or a state.
    ///
    /// `version` names the number attribute that shows a change of the value. The user can count it up. Otherwise the SDK
    /// counts it up when the value differs from a hash that it keeps in private data.
    #[must_use]
    pub fn write_only(self, version: &'static str) -> Self {
        Self { write_only: true, version: Some(version), ..self }
    }

    /// Exactly one of this attribute and the other must have a value. Mark one of the two.
    #[must_use]
    pub fn exactly_one_of(self, other: &'static str) -> Self {
        Self { exactly_one_of: Some(other), ..self }
    }

    /// If this attribute has a value, the other must have one too.
    #[must_use]
    pub fn also_requires(self, other: &'static str) -> Self {
        Self { also_requires: Some(other), ..self }
    }

    /// A computed attribute keeps its value when other attributes change. Otherwise its value is unknown until apply.
    #[must_use]
    pub fn use_state_for_unknown(self) -> Self {
        Self { use_state_for_unknown: true, ..self }
    }

    /// Changing the value replaces the object.
    #[must_use]
    pub fn requires_replace(self) -> Self {
        Self { requires_replace: true, ..self }
    }

    /// The value is part of the resource identity, which names the object as long as it exists.
    #[must_use]
    pub fn identity(self) -> Self {
        Self { identity: true, ..self }
    }

    /// The value if the user sets none. Terraform calls such an attribute optional and computed.
    #[must_use]
    pub fn default(self, value: impl Into<Value>) -> Self {
        Self { optional: true, computed: true, default: Some(value.into()), ..self }
    }

    /// A number must be whole and within these bounds.
    #[must_use]
    pub fn between<T: Copy + Into<i64>>(self, range: RangeInclusive<T>) -> Self {
        self.checked(Check::Between((*range.start()).into()..=(*range.end()).into()))
    }

    /// A string must have at least this many characters.
    #[must_use]
    pub fn length_at_least(self, length: usize) -> Self {
        self.checked(Check::LengthAtLeast(length))
    }

    /// A string must have at most this many characters.
    #[must_use]
    pub fn length_at_most(self, length: usize) -> Self {
        self.checked(Check::LengthAtMost(length))
    }

    /// A string must be one of these.
    #[must_use]
    pub fn one_of(self, members: &'static [&'static str]) -> Self {
        self.checked(Check::OneOf(members))
    }

    /// A string that is none of these causes a warning: the service may know more than this version of the provider.
    #[must_use]
    pub fn usually_one_of(self, members: &'static [&'static str]) -> Self {
        self.checked(Check::UsuallyOneOf(members))
    }

    /// The attribute should no longer be used. The message says what to use instead, and is shown as a warning wherever the
    /// attribute is set.
    #[must_use]
    pub fn deprecated(self, message: &'static str) -> Self {
        Self { deprecated: Some(message), ..self }
    }

    /// A string must not have control characters, such as the line break at the end of a file.
    #[must_use]
    pub fn printable(self) -> Self {
        self.checked(Check::Printable)
    }

    fn checked(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }
}

/// Makes an attribute of another block from this one, for a data source whose schema follows from that of a resource.
impl Attribute {
    /// The attribute as a computed one. It keeps its type, its description and `sensitive`, and loses all rules for
    /// configurations.
    #[must_use]
    pub fn exported(self) -> Self {
        self.plain().computed().unchecked()
    }

    /// The attribute without checks of its value.
    #[must_use]
    pub fn unchecked(self) -> Self {
        let rules = Rules { check: |_| Vec::new(), ..self.rules };
        Self { checks: Vec::new(), rules, ..self }
    }

    /// The attribute as an optional one. It keeps its type, its description, `sensitive` and the checks of its value.
    #[must_use]
    pub fn argument(self) -> Self {
        self.plain().optional()
    }

    /// The attribute as an optional and computed one: users can search by it. It keeps what [`argument`](Self::argument)
    /// keeps.
    #[must_use]
    pub fn lookup(self) -> Self {
        self.plain().optional().computed()
    }

    /// Replaces the description, which is Markdown.
    #[must_use]
    pub fn describe(self, description: impl Into<Cow<'static, str>>) -> Self {
        Self { description: description.into(), ..self }
    }

    /// The attribute without a mode, and without rules that concern other attributes or changes.
    fn plain(self) -> Self {
        Self {
            sensitive: self.sensitive,
            checks: self.checks,
            deprecated: self.deprecated,
            ..Self::new(self.name, self.description, self.ty, self.rules)
        }
    }
}

impl Attribute {
    /// The name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The description, in Markdown, without the rules that the SDK adds to it for users.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Terraform's type.
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// Whether Terraform hides the value.
    pub fn is_sensitive(&self) -> bool {
        self.sensitive
    }

    /// Whether the value is in the configuration only.
    pub fn is_write_only(&self) -> bool {
        self.write_only
    }

    /// The name of the attribute that counts the changes of a write-only attribute.
    pub fn version(&self) -> Option<&'static str> {
        self.version
    }

    /// Whether two values are equal, or mean the same to the service.
    pub fn same(&self, one: &Value, other: &Value) -> bool {
        (self.rules.compare)(Comparison::Meaning, one, other)
    }

    /// Whether the value is part of the resource identity.
    pub fn is_identity(&self) -> bool {
        self.identity
    }

    /// Checks a value of the configuration that is known and not null against all rules.
    pub(crate) fn check(&self, value: &Value) -> Vec<Mismatch> {
        let refusals = rule::refusals(&self.checks, &self.ty, value);
        if refusals.iter().any(|mismatch| !mismatch.is_warning) {
            return refusals;
        }
        let mut found = (self.rules.check)(value);
        found.extend(refusals);
        found
    }

    /// The description as users read it: with the bounds, the default and whether a change replaces the object.
    pub(crate) fn full_description(&self) -> String {
        let mut text = self.description.to_string();
        for rule in self.checks.iter().filter_map(Check::description) {
            text.push_str(&format!(" {rule}"));
        }
        match &self.default {
            Some(Value::Number(number)) => text.push_str(&format!(" Default: `{number}`.")),
            Some(Value::String(default)) => text.push_str(&format!(" Default: `{}`.", default.as_str())),
            Some(Value::Bool(default)) => text.push_str(&format!(" Default: `{default}`.")),
            _ => {}
        }
        if self.requires_replace {
            text.push_str(" Changing it replaces the object.");
        }
        text
    }

    /// A value as a message may show it: never a secret, and not at any length.
    pub(crate) fn show(&self, value: &Value, secrets: &Secrets) -> String {
        match value {
            Value::Null => "no value".to_owned(),
            _ if self.sensitive => "a sensitive value".to_owned(),
            Value::String(text) => secrets.show(&text.as_str().into(), Length::Name).quoted(),
            Value::Number(number) => {
                let text = number.to_string();
                if secrets.are_whole_in(&text) {
                    return "a sensitive value".to_owned();
                }
                match text.get(..LONGEST_SHOWN) {
                    Some(beginning) => format!("{beginning}… ({} characters)", text.len()),
                    None => text,
                }
            }
            Value::Bool(value) => value.to_string(),
            _ => "another value".to_owned(),
        }
    }

    /// A refused value as a message may show it. The value may be an unknown secret that was put here by mistake.
    pub(crate) fn show_refused(&self, value: &Value, secrets: &Secrets) -> String {
        match value {
            Value::String(text) if !self.sensitive => refused(text, self.rules.shows, secrets),
            value => self.show(value, secrets),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::author::attr::Attr;

    /// An attribute with a rule of each kind.
    fn attribute() -> Attribute {
        let attribute = Attr::<u16>::attribute("port", "The port.").required().sensitive().identity().between(1..=9);
        let attribute = attribute.requires_replace().use_state_for_unknown().write_only("version").default(3);
        attribute.exactly_one_of("socket").also_requires("host")
    }

    #[test]
    fn an_attribute_of_another_block_keeps_what_describes_its_value() {
        for (made, optional, computed, checked) in [
            (attribute().exported(), false, true, false),
            (attribute().argument(), true, false, true),
            (attribute().lookup(), true, true, true),
        ] {
            assert_eq!((made.optional, made.computed, made.required), (optional, computed, false));
            assert_eq!(!made.check(&10.into()).is_empty(), checked);
            assert_eq!(!made.check(&"a".into()).is_empty(), checked, "the rules of the type");
            assert!(made.is_sensitive() && !made.is_identity() && !made.is_write_only());
            assert!(!made.requires_replace && !made.use_state_for_unknown && made.default.is_none());
            assert!(made.exactly_one_of.is_none() && made.also_requires.is_none() && made.version.is_none());
            assert_eq!((made.name(), made.description(), made.ty()), ("port", "The port.", &Type::Number));
        }
        assert_eq!(attribute().exported().full_description(), "The port.");
        assert_eq!(attribute().describe("Other.").argument().full_description(), "Other. A whole number from 1 to 9.");
    }

    #[test]
    fn an_exported_value_keeps_its_comparison() {
        let id = Attr::<Uuid>::attribute("id", "").exported();
        let text = Uuid::nil().to_string().replace('0', "a");
        assert!(id.same(&text.as_str().into(), &text.to_uppercase().into()));
    }

    #[test]
    fn an_attribute_of_any_type_has_no_rules() {
        let any = Attribute::of_type("any", "Anything.".to_owned(), Type::Dynamic).optional();
        assert!(any.check(&Value::List(vec![Value::Unknown])).is_empty());
        assert!(any.same(&"a".into(), &"a".into()) && !any.same(&"a".into(), &"A".into()));
    }

    #[test]
    fn each_rule_has_its_message() {
        let number = Attr::<i64>::attribute("number", "").between(-1_i32..=1);
        let text = |length| Attr::<String>::attribute("text", "").length_at_least(length);
        let printable = Attr::<String>::attribute("text", "").printable();
        let range = Some("a whole number from -1 to 1");
        let line = Some(
            "a string without line breaks and other control characters (if the value comes from a file, use \
             `trimspace(file(…))`)",
        );
        for (attribute, value, expected) in [
            (&number, Value::from(-1), None),
            (&number, 2.into(), range),
            (&number, Value::Number("0.5".parse().expect("a number")), range),
            (&text(1), "a".into(), None),
            (&text(1), "".into(), Some("a string that is not empty")),
            (&text(2), "é".into(), Some("a string of at least 2 characters")),
            (&text(2), "éé".into(), None),
            (&printable, "jürgen 日本 🙂".into(), None),
            (&printable, "a\r\n".into(), line),
            (&printable, "a\u{85}b".into(), line),
        ] {
            let refused = attribute.check(&value).pop().map(|mismatch| mismatch.expected.into_owned());
            assert_eq!(refused.as_deref(), expected, "{} {value:?}", attribute.name);
        }
    }
}
