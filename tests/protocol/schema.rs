//! The schema in the repository, so that reviewers see each change of it.
//!
//! It is rendered here from the plugin's response, as `terraform providers schema -json` of Terraform 1.14 and later
//! prints it, with sorted keys: no older version prints all of it, and a test must have the same result on every
//! machine. The acceptance tests hold it against what each binary prints.

use std::path::Path;
use std::{env, fs};

use serde_json::{Map, Value, json};
use testkit::plugin::within;
use tfplugin::proto::tfplugin5::schema::{Attribute, Block, NestedBlock, nested_block::NestingMode};
use tfplugin::proto::tfplugin5::{
    ResourceIdentitySchema, Schema, StringKind, get_resource_identity_schemas,
    resource_identity_schema::IdentityAttribute,
};

use crate::start_core;

const ADDRESS: &str = "registry.terraform.io/deepslate-labs/deepslate";

#[tokio::test]
async fn the_schema_in_the_repository_is_the_providers() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schema.json");
    let schema = serde_json::to_string_pretty(&rendered().await).unwrap() + "\n";
    if env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&file, &schema).unwrap();
    }
    let stored = fs::read_to_string(&file).unwrap_or_default();
    let difference = stored.lines().zip(schema.lines()).find(|(stored, new)| stored != new);
    assert!(
        stored == schema,
        "tests/schema.json is not the provider's schema; the first difference (stored, new): {difference:#?}\n\
         Is that meant? Then run `make schema`, and commit what it changes"
    );
}

async fn rendered() -> Value {
    let mut core = start_core().await;
    let identities = core.client.get_resource_identity_schemas(get_resource_identity_schemas::Request {});
    let identities = within(identities).await.unwrap().into_inner().identity_schemas;
    let told = &core.schema;
    let provider = json!({
        "provider": schema(told.provider.as_ref().unwrap()),
        "resource_schemas": each(&told.resource_schemas, schema),
        "data_source_schemas": each(&told.data_source_schemas, schema),
        "list_resource_schemas": each(&told.list_resource_schemas, schema),
        "resource_identity_schemas": each(&identities, identity),
    });
    json!({ "format_version": "1.0", "provider_schemas": { ADDRESS: provider } })
}

fn each<'a, T: 'a>(all: impl IntoIterator<Item = (&'a String, &'a T)>, render: impl Fn(&T) -> Value) -> Value {
    all.into_iter().map(|(name, one)| (name.clone(), render(one))).collect::<Map<_, _>>().into()
}

fn schema(schema: &Schema) -> Value {
    json!({ "version": schema.version, "block": block(schema.block.as_ref().unwrap()) })
}

fn block(block: &Block) -> Value {
    let attributes: Map<_, _> = block.attributes.iter().map(|one| (one.name.clone(), attribute(one))).collect();
    let blocks: Map<_, _> = block.block_types.iter().map(|one| (one.type_name.clone(), nested(one))).collect();
    without_defaults(json!({
        "attributes": attributes,
        "block_types": blocks,
        "description": block.description,
        "description_kind": kind(block.description_kind()),
        "deprecated": block.deprecated,
    }))
}

fn attribute(attribute: &Attribute) -> Value {
    without_defaults(json!({
        "type": serde_json::from_slice::<Value>(&attribute.r#type).unwrap(),
        "description": attribute.description,
        "description_kind": kind(attribute.description_kind()),
        "required": attribute.required,
        "optional": attribute.optional,
        "computed": attribute.computed,
        "sensitive": attribute.sensitive,
        "write_only": attribute.write_only,
        "deprecated": attribute.deprecated,
    }))
}

fn nested(nested: &NestedBlock) -> Value {
    let mode = match nested.nesting() {
        NestingMode::Single => "single",
        NestingMode::List => "list",
        other => panic!("{other:?} is not known here"),
    };
    without_defaults(json!({
        "nesting_mode": mode,
        "block": block(nested.block.as_ref().unwrap()),
        "min_items": nested.min_items,
        "max_items": nested.max_items,
    }))
}

fn identity(schema: &ResourceIdentitySchema) -> Value {
    let part = |part: &IdentityAttribute| {
        without_defaults(json!({
            "type": serde_json::from_slice::<Value>(&part.r#type).unwrap(),
            "description": part.description,
            "required_for_import": part.required_for_import,
            "optional_for_import": part.optional_for_import,
        }))
    };
    let parts: Map<_, _> = schema.identity_attributes.iter().map(|one| (one.name.clone(), part(one))).collect();
    json!({ "version": schema.version, "attributes": parts })
}

fn kind(kind: StringKind) -> &'static str {
    match kind {
        StringKind::Plain => "plain",
        StringKind::Markdown => "markdown",
    }
}

/// Terraform leaves out what is false, zero or empty.
fn without_defaults(mut object: Value) -> Value {
    if let Some(members) = object.as_object_mut() {
        members.retain(|_, value| ![json!(false), json!(0), json!(""), json!({})].contains(value));
    }
    object
}
