//! Phone numbers, each under the SIP credentials that calls to it come in over.
//!
//! POST and PUT are documented. GET, DELETE and the list follow the API's pattern only: a server without them answers
//! so that [`Failure::lacks_call`](super::Failure::lacks_call) says it.

use std::pin::pin;
use std::sync::Arc;

use futures_util::{Stream, TryStreamExt};
use serde::Serialize;
use uuid::Uuid;

use super::Deepslate;
use super::budget::Budget;
use super::create::Created;
use super::envelope::{Fields, Object};
use super::error::{Error, ErrorKind, Malformed};
use super::ledger::Likeness;
use super::list::Summary;
use super::objects::Content;
use super::organizations::Organization;
use super::reads::Reads;

/// A phone number, as the API returns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SipPhoneNumber {
    /// Its id.
    pub id: Uuid,
    /// The number, as the server spells it.
    pub phone_number: String,
    /// Whether it is the fallback, where the server says so.
    pub fallback: Option<bool>,
}

/// A phone number as an item of a list, which may lack all but the id.
#[derive(Debug, Clone, PartialEq, Eq)]
struct SipPhoneNumberSummary {
    id: Uuid,
    phone_number: Option<String>,
    fallback: Option<bool>,
}

/// A phone number to be created, or to replace another as a whole.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SipPhoneNumberRequest {
    /// Digits, behind `+` or `00` where the number is international.
    pub phone_number: String,
    /// Whether it is the fallback; what the server makes of nothing is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback: Option<bool>,
}

/// The SIP credentials that phone numbers are under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// The organization of the credentials.
    pub organization: Organization,
    /// The id of the credentials.
    pub sip_credentials_id: Uuid,
}

/// The number in the one spelling that all its spellings share: international ones with `+`, and nothing between the
/// digits.
#[must_use]
pub fn canonical_number(number: &str) -> String {
    let digits: String = number.chars().filter(|letter| !" \u{a0}-/.()".contains(*letter)).collect();
    match digits.strip_prefix("00") {
        Some(rest) => format!("+{rest}"),
        None => digits,
    }
}

impl Deepslate {
    /// Creates a phone number.
    ///
    /// Where it is not known whether that succeeded, one under the same credentials is looked for that was not there
    /// before and has the same number, however spelled. One is adopted and replaced as a whole; several are in the
    /// error's [`candidates`](super::Failure::candidates).
    pub async fn create_sip_phone_number(
        &self,
        budget: &Budget,
        account: Account,
        request: &SipPhoneNumberRequest,
    ) -> Result<Created<SipPhoneNumber>, Error> {
        let likeness = likeness(Some(&request.phone_number));
        self.create::<SipPhoneNumberSummary>(budget, collection(account), &content(request), &likeness).await
    }

    /// Reads a phone number: from the list, where the server has no GET.
    ///
    /// No documentation promises the GET, so a server without it could answer 404 in Deepslate's own envelope. That a
    /// number is gone the list has to confirm, where there is one.
    pub async fn get_sip_phone_number(
        &self,
        budget: &Budget,
        account: Account,
        id: Uuid,
    ) -> Result<SipPhoneNumber, Error> {
        let mut error = match self.get(budget, &collection(account), id).await {
            Err(error) if error.lacks_call() || error.kind == ErrorKind::NotFound => error,
            outcome => return outcome,
        };
        match self.find_sip_phone_number(budget, account, id).await {
            // It is there, also where the list does not tell what number it is.
            Ok(Some(found)) => found.without_rest().ok_or(error),
            Ok(None) => {
                error.kind = ErrorKind::NotFound;
                Err(error)
            }
            Err(of_list) if of_list.lacks_call() => Err(error),
            Err(of_list) => Err(of_list),
        }
    }

    /// Reads a phone number that was `known` to be so when it was last read. See
    /// [`refresh_sip_credentials`](Self::refresh_sip_credentials).
    pub async fn refresh_sip_phone_number(
        &self,
        budget: &Budget,
        account: Account,
        known: &SipPhoneNumber,
    ) -> Result<SipPhoneNumber, Error> {
        match self.confirmed::<SipPhoneNumberSummary>(budget, &collection(account), known.id, known).await {
            Some(confirmed) => Ok(confirmed),
            None => self.get_sip_phone_number(budget, account, known.id).await,
        }
    }

    /// Lists the phone numbers under SIP credentials, in the server's order. See
    /// [`list_sip_credentials`](Self::list_sip_credentials).
    pub fn list_sip_phone_numbers<'a>(
        &'a self,
        budget: &'a Budget,
        account: Account,
    ) -> impl Stream<Item = Result<SipPhoneNumber, Error>> + Send + 'a {
        self.list(budget, collection(account), |_: &SipPhoneNumberSummary| true)
    }

    /// Replaces a phone number. The server may answer with what it is now, or with nothing.
    pub async fn update_sip_phone_number(
        &self,
        budget: &Budget,
        account: Account,
        id: Uuid,
        request: &SipPhoneNumberRequest,
    ) -> Result<Option<SipPhoneNumber>, Error> {
        self.update(budget, &collection(account), id, &content(request)).await
    }

    /// Deletes a phone number.
    ///
    /// An attempt after a broken connection may meet [`ErrorKind::NotFound`]: it is gone.
    pub async fn delete_sip_phone_number(&self, budget: &Budget, account: Account, id: Uuid) -> Result<(), Error> {
        self.delete(budget, &collection(account), id).await
    }

    /// What the list has of the phone number with this id.
    async fn find_sip_phone_number(
        &self,
        budget: &Budget,
        account: Account,
        id: Uuid,
    ) -> Result<Option<SipPhoneNumberSummary>, Error> {
        let mut pages = pin!(self.pages::<SipPhoneNumberSummary>(budget, Arc::from(collection(account))));
        while let Some(items) = pages.try_next().await? {
            if let Some((_, found)) = items.into_iter().find(|(item, _)| *item == id) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

impl Object for SipPhoneNumber {
    fn read(fields: Fields<'_>) -> Result<SipPhoneNumber, Malformed> {
        Ok(SipPhoneNumber {
            id: fields.id()?,
            phone_number: fields.get("phoneNumber")?,
            fallback: fields.get("fallback")?,
        })
    }
}

impl Object for SipPhoneNumberSummary {
    fn read(fields: Fields<'_>) -> Result<SipPhoneNumberSummary, Malformed> {
        Ok(SipPhoneNumberSummary {
            id: fields.id()?,
            phone_number: fields.get("phoneNumber")?,
            fallback: fields.get("fallback")?,
        })
    }
}

impl Summary for SipPhoneNumberSummary {
    type Whole = SipPhoneNumber;
    const DISTINCT: bool = true;

    fn reads(client: &Deepslate) -> &Reads<SipPhoneNumber> {
        &client.reads_of_sip_phone_numbers
    }

    fn canonical(whole: &SipPhoneNumber) -> SipPhoneNumber {
        SipPhoneNumber { phone_number: canonical_number(&whole.phone_number), ..whole.clone() }
    }

    fn id(&self) -> Uuid {
        self.id
    }

    fn likeness(&self) -> Likeness {
        likeness(self.phone_number.as_deref())
    }

    fn whole(self) -> Option<SipPhoneNumber> {
        Some(SipPhoneNumber { id: self.id, phone_number: self.phone_number?, fallback: Some(self.fallback?) })
    }

    fn without_rest(self) -> Option<SipPhoneNumber> {
        Some(SipPhoneNumber { id: self.id, phone_number: self.phone_number?, fallback: self.fallback })
    }
}

impl From<SipPhoneNumber> for SipPhoneNumberSummary {
    fn from(whole: SipPhoneNumber) -> SipPhoneNumberSummary {
        SipPhoneNumberSummary { id: whole.id, phone_number: Some(whole.phone_number), fallback: whole.fallback }
    }
}

/// Nothing but the number: whether it is the fallback is set anew where an object is adopted.
fn likeness(number: Option<&str>) -> Likeness {
    vec![number.map(canonical_number)]
}

fn content(request: &SipPhoneNumberRequest) -> Content<'_, &SipPhoneNumberRequest> {
    Content { json: request, secret: None }
}

fn collection(account: Account) -> String {
    format!("{}/sip/credentials/{}/phone-numbers", account.organization.path(), account.sip_credentials_id)
}
