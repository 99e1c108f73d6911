//! SIP phone numbers, each under the SIP credentials over which its calls arrive.

use redaction::ForeignText;
use serde::{Deserialize, Serialize};

use super::kind::{Ancestor, Field, Form, Kind, Verb};
use super::sip_credentials::{SipCredentials, SipCredentialsRef};

/// A SIP phone number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SipPhoneNumber {
    /// Digits, after `+` or `00` if the number is international. The API returns its own spelling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<ForeignText>,
    /// Whether it is the fallback number. We found no documentation of the API's default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback: Option<bool>,
}

impl Kind for SipPhoneNumber {
    type Parent = SipCredentialsRef;
    // The fallback does not match objects: an adopted object is updated to the wanted value.
    const FIELDS: &'static [Field] =
        &[Field::required("phoneNumber", Form::PhoneNumber).matched(), Field::optional("fallback", Form::Boolean)];
    const DOCUMENTED: &'static [Verb] = &[Verb::Create, Verb::Update];
    const DISTINCT: bool = true;

    fn path(credentials: SipCredentialsRef) -> String {
        format!("{}/phone-numbers", credentials.path())
    }

    fn ancestors(SipCredentialsRef { organization, id }: SipCredentialsRef) -> Vec<Ancestor> {
        let mut ancestors = vec![Ancestor::new::<SipCredentials>(organization, id)];
        ancestors.extend(SipCredentials::ancestors(organization));
        ancestors
    }
}
