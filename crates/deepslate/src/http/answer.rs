//! An answer with a status of success.

use super::envelope::Envelope;
use super::request::ErrorContext;
use crate::error::{Error, ErrorDetails, Malformed};

/// An answer with a status of success. Its content may still not be usable.
pub(crate) struct Answer<'a> {
    pub(super) envelope: Result<Envelope, Malformed>,
    /// The details of the error to return if the content is not usable.
    pub(super) details: Box<ErrorDetails>,
    pub(super) context: ErrorContext<'a>,
}

impl Answer<'_> {
    /// Reads the content.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Envelope) -> Result<T, Malformed>) -> Result<T, Error> {
        let content = self.envelope.as_ref().map_err(Malformed::clone).and_then(read);
        content.map_err(|reason| {
            let mut details = ErrorDetails { kind: reason.into(), ..(*self.details).clone() };
            if let Ok(envelope) = &self.envelope {
                details.message = envelope.message.as_ref().map(|message| self.context.show(message));
                details.trace_id = envelope.trace_id.as_ref().map(|trace_id| self.context.show(trace_id));
            }
            Error::new(details)
        })
    }
}
