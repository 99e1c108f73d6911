//! From a struct to its implementation of `Schema`.

use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Error, Expr, Field, Fields, Result, Token};

use crate::description::description;

/// What one field contributes to the three functions of `Schema`.
struct Member {
    /// The method of `Block` that adds it.
    add: Tokens,
    /// The expression that takes its value out of `object`.
    take: Tokens,
    /// The statement that puts its value into `object`.
    put: Tokens,
}

/// The implementation of `Schema` for a struct.
pub(crate) fn implementation(input: &DeriveInput) -> Result<Tokens> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new(input.ident.span(), "`Schema` can be derived for a struct only"));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new(input.ident.span(), "`Schema` needs a struct whose fields have names"));
    };
    let name = &input.ident;
    let (parameters, arguments, conditions) = input.generics.split_for_impl();
    let description = description(&input.attrs);
    let idents = fields.named.iter().map(|field| &field.ident);
    let members = fields.named.iter().map(member).collect::<Result<Vec<_>>>()?;
    let adds = members.iter().map(|member| &member.add);
    let takes = members.iter().map(|member| &member.take);
    let puts = members.iter().map(|member| &member.put);
    Ok(quote! {
        impl #parameters ::tfplugin::Schema for #name #arguments #conditions {
            fn block() -> ::tfplugin::Block {
                ::tfplugin::Block::new(#description)#(#adds)*
            }

            fn take_from(
                object: &mut ::tfplugin::Object,
            ) -> ::std::result::Result<Self, ::tfplugin::Mismatch> {
                ::std::result::Result::Ok(Self { #(#idents: #takes,)* })
            }

            fn put_into(self, object: &mut ::tfplugin::Object) {
                #(#puts)*
            }
        }
    })
}

fn member(field: &Field) -> Result<Member> {
    let mut markers = field.attrs.iter().filter(|attr| {
        let path = attr.path();
        path.is_ident("attribute") || path.is_ident("block") || path.is_ident("flatten")
    });
    let marker = markers
        .next()
        .ok_or_else(|| Error::new(field.span(), "a field needs `#[attribute(…)]`, `#[block]` or `#[flatten]`"))?;
    if let Some(second) = markers.next() {
        return Err(Error::new(
            second.span(),
            "a field has only one of `#[attribute(…)]`, `#[block]` and `#[flatten]`",
        ));
    }
    let (ident, ty) = (&field.ident, &field.ty);
    let name = ident.as_ref().map(|ident| ident.unraw().to_string());
    let description = description(&field.attrs);
    if marker.path().is_ident("flatten") {
        marker.meta.require_path_only()?;
        return Ok(Member {
            add: quote!(.flatten(<#ty as ::tfplugin::Schema>::block())),
            take: quote!(::tfplugin::Schema::take_from(object)?),
            put: quote!(::tfplugin::Schema::put_into(self.#ident, object);),
        });
    }
    let member = if marker.path().is_ident("block") {
        let calls = if marker.meta.require_path_only().is_ok() { Vec::new() } else { method_calls(marker)? };
        quote!(<#ty>::block(#name, #description)#(#calls)*)
    } else {
        let calls = method_calls(marker)?;
        quote!(<#ty>::attribute(#name, #description)#(#calls)*)
    };
    Ok(Member {
        add: quote!(.with(#member)),
        take: quote!(object.take(#name)?),
        put: quote!(object.put(#name, self.#ident);),
    })
}

fn method_calls(marker: &Attribute) -> Result<Vec<Tokens>> {
    let words = marker.parse_args_with(Punctuated::<Expr, Token![,]>::parse_terminated)?;
    words.iter().map(method_call).collect()
}

/// One word of `#[attribute(…)]` as a method call.
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

#[cfg(test)]
mod tests {
    use syn::parse_str;

    use super::*;

    fn implemented(item: &str) -> Result<String> {
        implementation(&parse_str(item).expect("an item")).map(|tokens| tokens.to_string().replace(' ', ""))
    }

    #[track_caller]
    fn assert_has(implementation: &str, parts: &[&str]) {
        for part in parts {
            assert!(implementation.contains(&part.replace(' ', "")), "{part} is not in {implementation}");
        }
    }

    #[test]
    fn words_become_method_calls() {
        let item = "struct A { #[attribute(required, between(1..=9), default = 3)] size: Attr<i32> }";
        let call = r#".with(<Attr<i32>>::attribute("size", "").required().between(1..=9).default(3))"#;
        assert_has(&implemented(item).expect("it is right"), &[call]);
    }

    #[test]
    fn a_block_can_have_words() {
        for (marker, calls) in [("block", ""), ("block(min = 1, max = 2)", ".min(1).max(2)")] {
            let item = format!("struct A {{ #[{marker}] part: Attr<Vec<Part>> }}");
            let call = format!(r#".with(<Attr<Vec<Part>>>::block("part", ""){calls})"#);
            assert_has(&implemented(&item).expect("it is right"), &[&call]);
        }
    }

    #[test]
    fn a_raw_name_loses_its_prefix() {
        let implementation =
            implemented("struct A { #[attribute(optional)] r#type: Attr<String> }").expect("it is right");
        assert_has(
            &implementation,
            &[
                r#"attribute("type", "")"#,
                r#"Self { r#type: object.take("type")?, }"#,
                r#"object.put("type", self.r#type);"#,
            ],
        );
    }

    #[test]
    fn a_flattened_struct_uses_the_same_object() {
        let implementation = implemented("struct A { #[flatten] place: Place }").expect("it is right");
        assert_has(
            &implementation,
            &[
                ".flatten(<Place as ::tfplugin::Schema>::block())",
                "Self { place: ::tfplugin::Schema::take_from(object)?, }",
                "::tfplugin::Schema::put_into(self.place, object);",
            ],
        );
    }

    #[test]
    fn a_generic_struct_keeps_its_parameters() {
        let item = "struct A<T> where T: Schema { #[flatten] rest: T }";
        assert_has(&implemented(item).expect("it is right"), &["impl<T> ::tfplugin::Schema for A<T> where T: Schema"]);
    }

    #[test]
    fn mistakes_have_clear_messages() {
        let one = "a field needs `#[attribute(…)]`, `#[block]` or `#[flatten]`";
        let word = "expected `word`, `word(arguments)` or `word = argument`";
        for (item, message) in [
            ("enum A { B }", "`Schema` can be derived for a struct only"),
            ("struct A(Attr<i32>);", "`Schema` needs a struct whose fields have names"),
            ("struct A;", "`Schema` needs a struct whose fields have names"),
            ("struct A { b: Attr<i32> }", one),
            ("struct A { #[doc = \"b\"] b: Attr<i32> }", one),
            (
                "struct A { #[attribute(optional)] #[block] b: Attr<i32> }",
                "a field has only one of `#[attribute(…)]`, `#[block]` and `#[flatten]`",
            ),
            ("struct A { #[attribute(1)] b: Attr<i32> }", word),
            ("struct A { #[attribute(required | optional)] b: Attr<i32> }", word),
            (
                "struct A { #[attribute] b: Attr<i32> }",
                "expected attribute arguments in parentheses: #[attribute(...)]",
            ),
            ("struct A { #[block(1)] b: Attr<B> }", word),
            ("struct A { #[flatten(b)] b: B }", "unexpected token in attribute"),
        ] {
            assert_eq!(implemented(item).map_err(|error| error.to_string()), Err(message.to_owned()), "{item}");
        }
    }
}
