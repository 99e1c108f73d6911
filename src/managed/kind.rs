//! The definition of a kind of object.

use std::time::Duration;

use deepslate::{Error, Kind, Operation};
use tfplugin::{
    Attr, Attribute, DefaultTimeouts, Diagnostic, Diagnostics, ForeignText, Length, Result, Schema, Secrets,
};
use uuid::Uuid;

use crate::attributes::Id;
use crate::messages::Terms;
use crate::parent::Parent;

/// How long operations may take unless `timeouts` says otherwise.
pub(super) const TIMEOUTS: DefaultTimeouts = DefaultTimeouts {
    create: Duration::from_secs(5 * 60),
    read: READ_TIMEOUT,
    update: Duration::from_secs(5 * 60),
    delete: Duration::from_secs(5 * 60),
};

/// How long data sources and list resources may take.
pub(crate) const READ_TIMEOUT: Duration = Duration::from_secs(2 * 60);

/// The description of the `timeouts` block of a data source.
pub(super) const TIMEOUTS_DESCRIPTION: &str = "Timeout for reads, including retries and waits.";

/// A kind of object that Terraform manages: the struct has the attributes of its resource.
pub(crate) trait Managed: Schema + Clone + Default + Send + Sync + 'static {
    /// The name of the resource, the list resource and the data source for one object.
    const TYPE_NAME: &'static str;
    /// One object, as messages name it.
    const ONE: &'static str;
    /// Several objects; the same word if it is a plural already.
    const MANY: &'static str;
    /// The data source for several objects: its name, and the attribute that holds them.
    const PLURAL: (&'static str, &'static str);
    /// The attributes by which data sources and list resources select objects.
    const FILTERS: &'static [Filter];
    /// Whether there are a list resource and a data source for several objects.
    const LISTED: bool = true;
    /// Whether there is a data source for one object.
    const LOOKUP: bool;
    /// The parent of the objects.
    type Parent: Parent;
    /// The kind of the API's client.
    type Api: Kind<Parent = <Self::Parent as Parent>::Ref>;

    /// The attributes that name other objects of the organization, without its parent.
    const REFERENCES: &'static [&'static str] = &[];

    /// The attribute `id`.
    fn id(&mut self) -> &mut Attr<Uuid>;

    /// The attributes of the parent.
    fn parent(&mut self) -> &mut Self::Parent;

    /// The known values of the object, for the client.
    fn to_api(&self) -> Self::Api;

    /// The attributes as the API returned them. Null if it did not.
    fn with_api(self, found: Self::Api) -> Self;

    /// The name by which users recognize the object, safe to show.
    fn display_name(found: &Self::Api, secrets: &Secrets) -> String;

    // === Where a kind may differ ===

    /// Checks a configuration beyond the rules of its attributes. Values can still be unknown.
    fn validate(&self) -> Diagnostics {
        Diagnostics::default()
    }

    /// The values of [`REFERENCES`](Self::REFERENCES).
    fn references(&self) -> Vec<&Attr<Id>> {
        Vec::new()
    }

    /// The names of the references that have a value which is not a UUID.
    fn not_uuids(&self) -> Vec<&'static str> {
        let named = Self::REFERENCES.iter().zip(self.references());
        named.filter(|(_, id)| id.get().is_some_and(|id| id.uuid().is_none())).map(|(name, _)| *name).collect()
    }

    /// Whether a create or update with these attributes can be sent.
    ///
    /// # Errors
    /// A value that the request needs is missing.
    fn check_request(&self) -> Result<()> {
        Ok(())
    }

    /// Warnings of a planned update of the object that has this state.
    fn warnings(&self) -> Diagnostics {
        Diagnostics::default()
    }

    /// The state after an update whose answer was `found`. `self` is the plan.
    fn updated(self, found: Self::Api) -> Self {
        self.with_api(found)
    }

    /// The state of an object that may have become `other` by a write whose outcome is unknown: without what differs
    /// and no read returns.
    fn without_unread(self, _other: &Self) -> Self {
        self
    }

    /// The warning that objects with the same match key existed before this one was created. Only for kinds that are
    /// [distinct](Kind::DISTINCT).
    fn duplicated(_parent: <Self::Api as Kind>::Parent, ids: &[Uuid]) -> Diagnostic {
        Diagnostic::warning(format!("Duplicate {}", Self::ONE), format!("Objects with the same values: {ids:?}"))
    }

    /// The known objects that depend on this one, as the end of a message. `None` if there are none. A failed list is
    /// an error.
    fn dependants(
        _client: &deepslate::Client,
        _operation: &Operation,
        _parent: <Self::Api as Kind>::Parent,
        _id: Uuid,
        _secrets: &Secrets,
    ) -> impl Future<Output = std::result::Result<Option<String>, Error>> + Send {
        std::future::ready(Ok(None))
    }

    /// A sentence that names what [`dependants`](Self::dependants) looks for and what it cannot find.
    const DEPENDANTS: &'static str = "The provider cannot list what depends on the object.";

    /// The kind as messages name it.
    const TERMS: Terms = Terms {
        one: Self::ONE,
        many: Self::MANY,
        parents: Self::Parent::NAMES,
        attributes: Self::Parent::ATTRIBUTES,
        hint: Self::Parent::HINT,
        references: Self::REFERENCES,
        documented: Self::Api::DOCUMENTED,
    };
}

/// A text of the API by which users recognize an object, fit to be shown.
pub(crate) fn shown(text: Option<&ForeignText>, secrets: &Secrets) -> String {
    text.map(|text| secrets.show(text, Length::Name).to_string()).unwrap_or_default()
}

/// An attribute of a resource by which data sources and list resources select objects.
pub(crate) struct Filter {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its description where it selects several objects.
    pub(crate) description: &'static str,
    /// Whether it accepts spellings that the resource refuses.
    pub(crate) any_spelling: bool,
}

impl Filter {
    /// The argument that selects objects, made from the resource's attribute.
    pub(super) fn argument(&self, attribute: &Attribute) -> Attribute {
        let argument = attribute.clone().argument().describe(self.description);
        if self.any_spelling { argument.unchecked() } else { argument }
    }
}
