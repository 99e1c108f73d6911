//! Schemas as the protocol carries them.

use crate::author::attribute::Attribute;
use crate::author::block::{Block, NestedBlock, Nesting};
use crate::proto::tfplugin5::schema::nested_block::NestingMode;
use crate::proto::tfplugin5::{self, StringKind, resource_identity_schema::IdentityAttribute};

/// The schema of a resource, data source or provider. Only that of a resource has another version than 0.
pub(super) fn schema(block: &Block, version: i64) -> tfplugin5::Schema {
    tfplugin5::Schema { version, block: Some(render_block(block, &block.description)) }
}

/// The schema of a resource's identity.
pub(super) fn identity_schema(block: &Block) -> tfplugin5::ResourceIdentitySchema {
    let attributes = block.identity().map(|attribute| IdentityAttribute {
        name: attribute.name.to_owned(),
        r#type: attribute.ty.to_json().into_bytes(),
        // An attribute that the configuration can omit has a default, so the identity can omit it too.
        required_for_import: !attribute.optional,
        optional_for_import: attribute.optional,
        description: attribute.description.to_string(),
    });
    tfplugin5::ResourceIdentitySchema { version: 0, identity_attributes: attributes.collect() }
}

fn render_block(block: &Block, description: &str) -> tfplugin5::schema::Block {
    tfplugin5::schema::Block {
        version: 0,
        attributes: block.attributes.iter().map(attribute).collect(),
        block_types: block.blocks.iter().map(nested_block).collect(),
        description: description.to_owned(),
        description_kind: StringKind::Markdown.into(),
        deprecated: false,
        deprecation_message: String::new(),
    }
}

fn nested_block(nested: &NestedBlock) -> tfplugin5::schema::NestedBlock {
    let (nesting, min_items, max_items) = match nested.nesting {
        Nesting::Single => (NestingMode::Single, 0, 0),
        Nesting::List { min, max } => (NestingMode::List, min, max),
    };
    tfplugin5::schema::NestedBlock {
        type_name: nested.name.to_owned(),
        block: Some(render_block(&nested.block, &nested.description)),
        nesting: nesting.into(),
        min_items,
        max_items,
    }
}

fn attribute(attribute: &Attribute) -> tfplugin5::schema::Attribute {
    tfplugin5::schema::Attribute {
        name: attribute.name.to_owned(),
        r#type: attribute.ty.to_json().into_bytes(),
        description: attribute.full_description(),
        description_kind: StringKind::Markdown.into(),
        required: attribute.required,
        optional: attribute.optional,
        computed: attribute.computed,
        sensitive: attribute.sensitive,
        write_only: attribute.write_only,
        deprecated: attribute.deprecated.is_some(),
        deprecation_message: attribute.deprecated.unwrap_or_default().to_owned(),
    }
}
