//! A block of the schema: its attributes and nested blocks.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::attribute::Attribute;
use super::timeouts::TIMEOUTS;
use crate::cty::Type;

/// The schema of a resource, a data source, a list resource, a provider or a nested block.
#[derive(Clone, Debug)]
pub struct Block {
    pub(crate) description: Cow<'static, str>,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) blocks: Vec<NestedBlock>,
}

/// A block inside a block.
#[derive(Clone, Debug)]
pub struct NestedBlock {
    pub(crate) name: &'static str,
    pub(crate) description: Cow<'static, str>,
    pub(crate) block: Block,
    pub(crate) nesting: Nesting,
}

/// How often a nested block may occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nesting {
    /// Once, or not at all.
    Single,
    /// As a list, with at least `min` elements, and at most `max` unless that is 0.
    List { min: i64, max: i64 },
}

/// An attribute or a nested block, for [`Block::with`].
#[derive(Debug)]
pub enum Member {
    /// An attribute.
    Attribute(Attribute),
    /// A nested block.
    Block(NestedBlock),
}

// === impl Block ===

impl Block {
    /// A block without members. The description is Markdown.
    pub fn new(description: impl Into<Cow<'static, str>>) -> Self {
        Self { description: description.into(), attributes: Vec::new(), blocks: Vec::new() }
    }

    /// Adds an attribute or a nested block.
    #[must_use]
    pub fn with(mut self, member: impl Into<Member>) -> Self {
        match member.into() {
            Member::Attribute(attribute) => self.attributes.push(attribute),
            Member::Block(block) => self.blocks.push(block),
        }
        self
    }

    /// Adds all attributes and nested blocks of another block.
    #[must_use]
    pub fn flatten(mut self, other: Self) -> Self {
        self.attributes.extend(other.attributes);
        self.blocks.extend(other.blocks);
        self
    }

    /// The type of an object with these attributes and blocks.
    pub fn ty(&self) -> Type {
        let attributes = self.attributes.iter().map(|attribute| (attribute.name, attribute.ty.clone()));
        let blocks = self.blocks.iter().map(|nested| (nested.name, nested.ty()));
        Type::Object(attributes.chain(blocks).map(|(name, ty)| (name.to_owned(), ty)).collect())
    }

    /// Returns the nested block with this name.
    pub(crate) fn nested(&self, name: &str) -> Option<&NestedBlock> {
        self.blocks.iter().find(|nested| nested.name == name)
    }

    /// The nested blocks that are part of the object: all but `timeouts`, which configures the provider.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &NestedBlock> {
        self.blocks.iter().filter(|nested| nested.name != TIMEOUTS)
    }

    /// Returns the attribute with this name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The attributes in the order in which they were added.
    pub fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter()
    }

    /// The names of all attributes and nested blocks.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.attributes.iter().map(|attribute| attribute.name).chain(self.blocks.iter().map(|nested| nested.name))
    }

    /// The type of the resource identity, an object of the attributes marked `identity`.
    pub(crate) fn identity_type(&self) -> Type {
        let attributes = self.identity().map(|attribute| (attribute.name.to_owned(), attribute.ty.clone()));
        Type::Object(attributes.collect::<BTreeMap<_, _>>())
    }

    /// Returns the attribute that excludes the one with this name: exactly one of the two has a value.
    pub(crate) fn other_of(&self, name: &str) -> Option<&'static str> {
        self.attributes.iter().find_map(|attribute| match attribute.exactly_one_of {
            Some(other) if attribute.name == name => Some(other),
            Some(other) if other == name => Some(attribute.name),
            _ => None,
        })
    }

    /// The write-only attributes, each with the name of its version: the attribute that counts its changes.
    pub(crate) fn counted(&self) -> impl Iterator<Item = (&Attribute, &'static str)> {
        self.attributes.iter().filter_map(|attribute| Some((attribute, attribute.version?)))
    }

    /// Returns the write-only attribute of this version.
    pub(crate) fn counted_by(&self, version: &str) -> Option<&Attribute> {
        self.counted().find(|(_, counter)| *counter == version).map(|(attribute, _)| attribute)
    }

    /// The attributes marked `identity`.
    pub(crate) fn identity(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().filter(|attribute| attribute.identity)
    }
}

// === impl NestedBlock ===

impl NestedBlock {
    /// A list of blocks has at least this many.
    #[must_use]
    pub fn min(self, least: u32) -> Self {
        let max = if let Nesting::List { max, .. } = self.nesting { max } else { 0 };
        Self { nesting: Nesting::List { min: least.into(), max }, ..self }
    }

    /// A list of blocks has at most this many.
    #[must_use]
    pub fn max(self, most: u32) -> Self {
        let min = if let Nesting::List { min, .. } = self.nesting { min } else { 0 };
        Self { nesting: Nesting::List { min, max: most.into() }, ..self }
    }

    fn ty(&self) -> Type {
        match self.nesting {
            Nesting::Single => self.block.ty(),
            Nesting::List { .. } => Type::List(Box::new(self.block.ty())),
        }
    }
}

// === impl Member ===

impl From<Attribute> for Member {
    fn from(attribute: Attribute) -> Self {
        Self::Attribute(attribute)
    }
}

impl From<NestedBlock> for Member {
    fn from(block: NestedBlock) -> Self {
        Self::Block(block)
    }
}
