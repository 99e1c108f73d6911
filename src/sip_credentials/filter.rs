//! Which of an organization's SIP credentials are asked for.

use futures_util::Stream;

use crate::hostname::Hostname;
use deepslate::{Budget, Deepslate, Error, Organization, SipCredentials, SipCredentialsSummary};
use tfplugin::{Attr, AttributeType};

/// All credentials, or those with this hostname, this user name, or both.
pub(super) struct Filter {
    hostname: Option<String>,
    username: Option<String>,
}

impl Filter {
    pub(super) fn new(hostname: &Attr<Hostname>, username: &Attr<String>) -> Self {
        Self {
            hostname: hostname.get().map(|hostname| hostname.as_str().to_owned()),
            username: username.get().cloned(),
        }
    }

    /// The credentials of the organization that pass, as they come.
    pub(super) fn find<'a>(
        &'a self,
        deepslate: &'a Deepslate,
        budget: &'a Budget,
        organization: Organization,
    ) -> impl Stream<Item = Result<SipCredentials, Error>> + Send + 'a {
        deepslate.list_sip_credentials(budget, organization, |found| self.may_pass(found))
    }

    /// Whether the credentials pass, as far as a summary of them tells.
    fn may_pass(&self, found: &SipCredentialsSummary) -> bool {
        let same_hostname =
            |one: &String, other: &String| Hostname::from(one.clone()).same(&Hostname::from(other.clone()));
        let username = self.username.as_ref().zip(found.username.as_ref());
        let hostname = self.hostname.as_ref().zip(found.hostname.as_ref());
        username.is_none_or(|(wanted, found)| wanted == found)
            && hostname.is_none_or(|(wanted, found)| same_hostname(wanted, found))
    }
}

/// The name that users see.
pub(super) fn display_name(found: &SipCredentials) -> String {
    format!("{}@{}:{}", found.username, found.hostname, found.port)
}
