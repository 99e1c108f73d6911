//! The schema as Terraform receives it.

use super::*;

#[test]
fn the_struct_becomes_the_schema() {
    let block = Thing::block();
    let size = block.attributes.iter().find(|attribute| attribute.name == "size").expect("declared");
    assert_eq!(size.full_description(), "How large it is.\n\nIn meters. A whole number from 1 to 9. Default: `3`.");
    let rendered = render::schema(&block, 0).block.expect("a block");
    let modes: Vec<_> = rendered
        .attributes
        .iter()
        .map(|a| (a.name.as_str(), a.required, a.optional, a.computed, a.write_only))
        .collect();
    assert_eq!(
        modes,
        [
            ("id", false, false, true, false),
            ("place", false, true, true, false),
            ("size", false, true, true, false),
            ("revision", false, false, true, false),
            ("key", false, true, false, true),
            ("key_version", false, true, true, false),
            ("tags", false, true, false, false),
        ]
    );
    assert_eq!(rendered.attributes.first().map(|a| a.r#type.as_slice()), Some(br#""string""#.as_slice()));
    assert_eq!(rendered.block_types.first().map(|block| block.type_name.as_str()), Some("timeouts"));
}

#[test]
fn the_timeouts_block_has_the_defaults_of_the_resource() {
    let service =
        Service::new(TestProvider { unknown_argument: None, calls: Arc::default() }, CancellationToken::new());
    let schema = service.schema().resource_schemas.remove("test_thing").and_then(|schema| schema.block);
    let timeouts = schema.and_then(|mut block| block.block_types.remove(0).block).expect("a block");
    let defaults: Vec<_> = timeouts
        .attributes
        .iter()
        .map(|attribute| {
            (attribute.name.as_str(), attribute.description.rsplit(" Default: ").next().unwrap_or_default())
        })
        .collect();
    assert_eq!(defaults, [("create", "`1m`."), ("read", "`1m 30s`."), ("update", "`3s`."), ("delete", "`4s`.")]);
}
