//! `#[derive(Schema)]`: one struct that is both a Terraform schema and the values of one object.
//!
//! ```ignore
//! /// Credentials that Deepslate uses at a SIP provider.
//! #[derive(Schema)]
//! struct SipCredentials {
//!     /// Port of the SIP server.
//!     #[attribute(required, range(1..=65535))]
//!     port: Attr<u16>,
//!     /// How long an operation may take.
//!     #[block]
//!     timeouts: Attr<Timeouts>,
//! }
//! ```
//!
//! Doc comments become the descriptions that users read, in Markdown. Each word inside `#[attribute(…)]` is a method
//! of the framework's `Attribute`: `required` calls `.required()`, `range(1..=65535)` calls `.range(1..=65535)`, and
//! `default = 10` calls `.default(10)`. So the derive knows no rule itself.

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Data, DeriveInput, Error, Expr, ExprLit, Field, Fields, Lit, Meta, Result, Token, parse_macro_input,
};

/// Derives `Schema` for a struct whose fields are attributes and blocks. See the crate's documentation.
#[proc_macro_derive(Schema, attributes(attribute, block))]
pub fn derive_schema(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    model(&input).unwrap_or_else(Error::into_compile_error).into()
}

fn model(input: &DeriveInput) -> Result<Tokens> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(input, "a model is a struct"));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new_spanned(input, "a model's fields have names"));
    };
    let name = &input.ident;
    let description = description(&input.attrs);
    let members = fields.named.iter().map(member).collect::<Result<Vec<_>>>()?;
    let idents: Vec<_> = fields.named.iter().filter_map(|field| field.ident.as_ref()).collect();
    let names: Vec<_> = idents.iter().map(ToString::to_string).collect();
    Ok(quote! {
        impl ::tfplugin::Schema for #name {
            fn block() -> ::tfplugin::Block {
                ::tfplugin::Block::new(#description)#(.with(#members))*
            }

            fn from_object(
                mut object: ::tfplugin::Object,
            ) -> ::std::result::Result<Self, ::tfplugin::Mismatch> {
                ::std::result::Result::Ok(Self { #(#idents: object.take(#names)?,)* })
            }

            fn into_object(self) -> ::tfplugin::Object {
                let mut object = ::tfplugin::Object::default();
                #(object.put(#names, self.#idents);)*
                object
            }
        }
    })
}

/// The expression that describes one field in the schema.
fn member(field: &Field) -> Result<Tokens> {
    let name = field.ident.as_ref().map(ToString::to_string);
    let ty = &field.ty;
    let description = description(&field.attrs);
    for attr in &field.attrs {
        if attr.path().is_ident("block") {
            return Ok(quote!(<#ty>::block(#name, #description)));
        }
        if attr.path().is_ident("attribute") {
            let calls = attr
                .parse_args_with(Punctuated::<Expr, Token![,]>::parse_terminated)?
                .iter()
                .map(method_call)
                .collect::<Result<Vec<_>>>()?;
            return Ok(quote!(<#ty>::attribute(#name, #description)#(#calls)*));
        }
    }
    Err(Error::new_spanned(field, "a model's field is marked `#[attribute(…)]` or `#[block]`"))
}

/// One word of `#[attribute(…)]` as a method call: `word`, `word(arguments)` or `word = argument`.
fn method_call(word: &Expr) -> Result<Tokens> {
    match word {
        Expr::Path(path) => Ok(quote!(.#path())),
        Expr::Call(call) => {
            let (method, arguments) = (&call.func, &call.args);
            Ok(quote!(.#method(#arguments)))
        }
        Expr::Assign(assign) => {
            let (method, argument) = (&assign.left, &assign.right);
            Ok(quote!(.#method(#argument)))
        }
        other => Err(Error::new_spanned(other, "expected `word`, `word(arguments)` or `word = argument`")),
    }
}

/// The doc comment as one text: lines joined by spaces, paragraphs kept apart.
fn description(attrs: &[Attribute]) -> Tokens {
    let mut text = String::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("doc")) {
        let Meta::NameValue(doc) = &attr.meta else { continue };
        let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &doc.value else { continue };
        let line = line.value();
        match line.trim() {
            "" => text.push_str("\n\n"),
            line if text.is_empty() || text.ends_with('\n') => text.push_str(line),
            line => {
                text.push(' ');
                text.push_str(line);
            }
        }
    }
    text.trim().to_token_stream()
}
