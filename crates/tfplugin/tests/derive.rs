//! `#[derive(Schema)]` on real structs, as the author of a provider uses it.

use std::collections::BTreeMap;

use tfplugin::cty::{Type, Value};
use tfplugin::{Attr, Attribute, AttributeType, ReadTimeout, Schema};

/// A machine.
#[derive(Debug, Default, PartialEq, Schema)]
struct Machine {
    /// Its ID.
    #[attribute(computed, identity)]
    id: Attr<String>,
    #[flatten]
    location: Location,
    /// The type of the machine:
    /// - `small`: for tests,
    ///   and for nothing else
    /// - `large`
    ///
    /// It cannot be
    /// changed.
    #[attribute(required)]
    r#type: Attr<String>,
    /// Its disks.
    #[attribute(computed)]
    disks: Attr<Vec<Disk>>,
    #[flatten]
    rest: Rest<Label>,
}

/// Where something is. This text is for the reader of the code.
#[derive(Debug, Default, PartialEq, Schema)]
struct Location {
    /// The region.
    #[attribute(optional)]
    region: Attr<String>,
    #[flatten]
    building: Building,
}

/// A building.
#[derive(Debug, Default, PartialEq, Schema)]
struct Building {
    /// The floor.
    #[attribute(optional)]
    floor: Attr<i64>,
    /// Where in the building.
    #[block]
    room: Attr<Room>,
}

/// A room.
#[derive(Debug, Default, PartialEq, Schema)]
struct Room {
    /// Its number.
    #[attribute(required)]
    number: Attr<i64>,
}

/// A disk.
#[derive(Debug, Default, PartialEq, Schema)]
struct Disk {
    /// Its size.
    #[attribute(computed)]
    size: Attr<i64>,
}

/// A label.
#[derive(Debug, Default, PartialEq, Schema)]
struct Label {
    /// The label.
    #[attribute(optional, sensitive)]
    label: Attr<String>,
}

/// Something else.
#[derive(Debug, Default, PartialEq, Schema)]
struct Rest<T: Schema> {
    #[flatten]
    rest: T,
}

fn object<const N: usize>(values: [(&str, Value); N]) -> Value {
    Value::Map(BTreeMap::from(values.map(|(name, value)| (name.to_owned(), value))))
}

fn machine() -> (Machine, Value) {
    let machine = Machine {
        id: "1".to_owned().into(),
        location: Location {
            region: Attr::Unknown,
            building: Building { floor: 2.into(), room: Room { number: 12.into() }.into() },
        },
        r#type: "small".to_owned().into(),
        disks: vec![Disk { size: 100.into() }].into(),
        rest: Rest { rest: Label { label: Attr::Null } },
    };
    let value = object([
        ("id", "1".into()),
        ("region", Value::Unknown),
        ("floor", 2.into()),
        ("room", object([("number", 12.into())])),
        ("type", "small".into()),
        ("disks", Value::List(vec![object([("size", 100.into())])])),
        ("label", Value::Null),
    ]);
    (machine, value)
}

#[test]
fn a_flattened_struct_adds_its_attributes_and_blocks() {
    let disk = Type::Object(BTreeMap::from([("size".to_owned(), Type::Number)]));
    let room = Type::Object(BTreeMap::from([("number".to_owned(), Type::Number)]));
    let expected = [
        ("id", Type::String),
        ("region", Type::String),
        ("floor", Type::Number),
        ("room", room),
        ("type", Type::String),
        ("disks", Type::List(disk.into())),
        ("label", Type::String),
    ];
    assert_eq!(Machine::block().ty(), Type::Object(expected.map(|(name, ty)| (name.to_owned(), ty)).into()));
    let names: Vec<_> = Machine::block().attributes().map(Attribute::name).collect();
    assert_eq!(names, ["id", "region", "floor", "type", "disks", "label"]);
}

#[test]
fn values_are_read_and_written_by_name() {
    let (machine, value) = machine();
    assert_eq!(Machine::from_value(value.clone()).expect("it fits"), machine);
    assert_eq!(machine.into_value(), value);
    assert_eq!(Machine::from_value(object([])).expect("missing values are null"), Machine::default());
}

#[test]
fn a_value_that_does_not_fit_is_reported_with_its_path() {
    let (_, value) = machine();
    let Value::Map(mut values) = value else { panic!("no object") };
    values.insert("disks".to_owned(), Value::List(vec![object([("size", "large".into())])]));
    let mismatch = Machine::from_value(Value::Map(values)).expect_err("a text is not a number");
    assert_eq!(mismatch.path.to_string(), "disks[0].size");
}

#[test]
fn a_doc_comment_becomes_the_description() {
    let block = Machine::block();
    let attribute = block.attribute("type").expect("declared");
    let expected =
        "The type of the machine:\n- `small`: for tests, and for nothing else\n- `large`\n\nIt cannot be changed.";
    assert_eq!(attribute.description(), expected);
}

#[test]
fn words_set_the_rules() {
    let block = Machine::block();
    let is = |name| {
        let attribute = block.attribute(name).expect("declared");
        (attribute.is_identity(), attribute.is_sensitive(), attribute.is_write_only())
    };
    assert_eq!(is("id"), (true, false, false));
    assert_eq!(is("label"), (false, true, false));
    assert!(block.attribute("room").is_none(), "a block is no attribute");
    assert!(ReadTimeout::block().attribute("read").is_some());
}
