//! `#[derive(Schema)]`: one struct that is both a Terraform schema and the values of one object.
//!
//! ```ignore
//! /// A virtual machine.
//! #[derive(Schema)]
//! struct Machine {
//!     /// Size of the memory in GiB.
//!     #[attribute(required, between(1..=1024))]
//!     memory: Attr<i32>,
//!     #[flatten]
//!     location: Location,
//!     /// Time limit of each operation.
//!     #[block]
//!     timeouts: Attr<Timeouts>,
//! }
//! ```
//!
//! - Doc comments become the descriptions that users read, in Markdown. Lines are joined by blanks. Paragraphs stay apart,
//!   and so do the items of a list, which begin with `- `, `* ` or a number such as `1. `.
//! - `#[attribute(…)]` makes a field an attribute. Each word inside is a method of `tfplugin::Attribute`: `required` calls
//!   `.required()`, `between(1..=1024)` calls `.between(1..=1024)`, and `default = 10` calls `.default(10)`. So the derive
//!   itself knows no rule.
//! - `#[block]` makes a field a nested block: `Attr<Part>` one that may occur once, `Attr<Vec<Part>>` a list of blocks. Words
//!   are methods of `tfplugin::NestedBlock`: `#[block(min = 1, max = 3)]`.
//! - `#[flatten]` adds the attributes and blocks of another struct, whose type implements `Schema`, to this one.
//! - A field `r#type` makes an attribute `type`.

mod description;
mod schema;

use proc_macro::TokenStream;
use syn::{DeriveInput, Error, parse_macro_input};

/// Derives `Schema` for a struct whose fields are attributes, blocks and flattened structs. See the crate's documentation.
#[proc_macro_derive(Schema, attributes(attribute, block, flatten))]
pub fn derive_schema(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    schema::implementation(&input).unwrap_or_else(Error::into_compile_error).into()
}
