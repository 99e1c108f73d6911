//! Who decided an outcome, and what a create may conclude from it: a table without I/O.
//!
//! | outcome | decided by | a create |
//! |---|---|---|
//! | 429 in the envelope | Deepslate's: not accepted | is sent again |
//! | no connection; 521, 523, 525, 526, 530 outside the envelope | nobody's: the origin was never reached | is sent again |
//! | other 3xx and 4xx, 501, and 2xx with `success: false`, in the envelope | Deepslate's: refused | made nothing |
//! | other 5xx in the envelope | Deepslate's: failed | is searched for, then sent again |
//! | 502, 503 outside the envelope | a gateway's: failed | is searched for, then sent again |
//! | 3xx, 4xx and 501 outside the envelope | a gateway's: refused | is searched for, then believed |
//! | 303, every other answer, and no answer, also after an answer to an earlier attempt | open | is searched for, and not sent again |
//!
//! GET, PUT and DELETE may be repeated, so [`is_passing`] decides for them: whatever a proxy, a load balancer or a CDN
//! says in passing is tried again.

use crate::error::{ErrorDetails, ErrorKind, Malformed, NEVER_REACHED};

/// What a create may conclude from a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// The server certainly did nothing, and accepts the same request later.
    NotAccepted,
    /// Deepslate refused the request, so it made nothing.
    Refused,
    /// Deepslate, or a gateway before it, failed.
    Failed,
    /// A gateway refused the request, perhaps after Deepslate did the work.
    RefusedByGateway,
    /// The request may still be in progress, or it is done.
    Open,
}

/// Returns what a create may conclude from this outcome.
pub(crate) fn word(failed: &ErrorDetails) -> Word {
    if failed.earlier_outcome_unknown {
        return Word::Open;
    }
    let Some(status) = failed.status else {
        return match failed.kind {
            // It could not even be built.
            ErrorKind::Setup | ErrorKind::NoCertificates => Word::Refused,
            _ if failed.kind.is_unreached() || failed.attempts == 0 => Word::NotAccepted,
            _ => Word::Open,
        };
    };
    match (failed.own, status) {
        (true, 429) => Word::NotAccepted,
        (true, 200..=299) if failed.kind == Malformed::NotSuccessful.into() => Word::Refused,
        (_, ..=299 | 303 | 600..) => Word::Open,
        (true, 300..=499 | 501) => Word::Refused,
        (true, _) | (false, 502 | 503) => Word::Failed,
        (false, 300..=499 | 501) => Word::RefusedByGateway,
        (false, status) if NEVER_REACHED.contains(&status) => Word::NotAccepted,
        (false, _) => Word::Open,
    }
}

/// Whether the same request may succeed a moment later, if it may be repeated at all.
pub(crate) fn is_passing(failed: &ErrorDetails) -> bool {
    match (&failed.kind, failed.status) {
        (ErrorKind::ConnectionLost | ErrorKind::TimedOut | ErrorKind::Throttled, _)
        | (ErrorKind::UnexpectedStatus, Some(408 | 425)) => true,
        (ErrorKind::Unavailable, Some(status)) => matches!(status, 502..=504 | 520..=527 | 529 | 530 | 598 | 599),
        (ErrorKind::Tls | ErrorKind::AuthorityAsServer | ErrorKind::ProxyUnauthorized, _) => false,
        (kind, _) => kind.is_unreached(),
    }
}

/// Whether a refused create may be sent again, once it is certain that it made nothing.
pub(crate) fn is_passing_refusal(failed: &ErrorDetails) -> bool {
    matches!(failed.status, Some(408 | 425 | 429))
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::super::classify::kind_of;
    use super::*;

    fn failure(kind: ErrorKind, status: Option<u16>, own: bool) -> Box<ErrorDetails> {
        let details = ErrorDetails::new(kind, Method::POST, String::new(), String::new());
        Box::new(ErrorDetails { status, own, attempts: 1, ..*details })
    }

    fn answer(status: u16, own: bool) -> Box<ErrorDetails> {
        let code = http::StatusCode::from_u16(status).expect("a status");
        failure(kind_of(code, own), Some(status), own)
    }

    #[test]
    fn each_row_of_the_table() {
        use Word::{Failed, NotAccepted, Open, Refused, RefusedByGateway};
        for (status, own, foreign) in [
            (300, Refused, RefusedByGateway),
            (302, Refused, RefusedByGateway),
            (303, Open, Open),
            (307, Refused, RefusedByGateway),
            (400, Refused, RefusedByGateway),
            (401, Refused, RefusedByGateway),
            (403, Refused, RefusedByGateway),
            (404, Refused, RefusedByGateway),
            (405, Refused, RefusedByGateway),
            (408, Refused, RefusedByGateway),
            (409, Refused, RefusedByGateway),
            (413, Refused, RefusedByGateway),
            (418, Refused, RefusedByGateway),
            (422, Refused, RefusedByGateway),
            (425, Refused, RefusedByGateway),
            (429, NotAccepted, RefusedByGateway),
            (451, Refused, RefusedByGateway),
            (499, Refused, RefusedByGateway),
            (500, Failed, Open),
            (501, Refused, RefusedByGateway),
            (502, Failed, Failed),
            (503, Failed, Failed),
            (504, Failed, Open),
            (505, Failed, Open),
            (520, Failed, Open),
            (521, Failed, NotAccepted),
            (522, Failed, Open),
            (523, Failed, NotAccepted),
            (524, Failed, Open),
            (525, Failed, NotAccepted),
            (526, Failed, NotAccepted),
            (527, Failed, Open),
            (529, Failed, Open),
            (530, Failed, NotAccepted),
            (598, Failed, Open),
            (600, Open, Open),
            (999, Open, Open),
        ] {
            assert_eq!(word(&answer(status, true)), own, "{status} in the envelope");
            assert_eq!(word(&answer(status, false)), foreign, "{status} outside the envelope");
        }
    }

    #[test]
    fn an_outcome_without_an_answer_or_with_a_success() {
        for (kind, expected) in [
            (ErrorKind::ConnectionRefused, Word::NotAccepted),
            (ErrorKind::NameNotFound, Word::NotAccepted),
            (ErrorKind::Tls, Word::NotAccepted),
            (ErrorKind::AuthorityAsServer, Word::NotAccepted),
            (ErrorKind::ProxyRefused, Word::NotAccepted),
            (ErrorKind::ProxyUnauthorized, Word::NotAccepted),
            (ErrorKind::NoCertificates, Word::Refused),
            (ErrorKind::Connect, Word::NotAccepted),
            (ErrorKind::ConnectionLost, Word::Open),
            (ErrorKind::TimedOut, Word::Open),
            (ErrorKind::Stopped, Word::Open),
            (ErrorKind::Setup, Word::Refused),
        ] {
            assert_eq!(word(&failure(kind.clone(), None, false)), expected, "{kind:?}");
        }
        for status in [200, 201, 202, 204] {
            let malformed = |reason: Malformed, own| word(&failure(reason.into(), Some(status), own));
            assert_eq!(malformed(Malformed::NotSuccessful, true), Word::Refused);
            assert_eq!(malformed(Malformed::NoData, true), Word::Open);
            assert_eq!(malformed(Malformed::NotJson, false), Word::Open);
            assert_eq!(word(&failure(ErrorKind::ConnectionLost, Some(status), false)), Word::Open);
        }
    }

    #[test]
    fn what_passes() {
        for (status, own, foreign) in [
            (302, false, false),
            (400, false, false),
            (403, false, false),
            (404, false, false),
            (405, false, false),
            (408, true, true),
            (409, false, false),
            (425, true, true),
            (429, true, true),
            (500, false, false),
            (501, false, false),
            (502, true, true),
            (503, true, true),
            (504, true, true),
            (505, false, false),
            (520, true, true),
            (521, true, true),
            (522, true, true),
            (523, true, true),
            (524, true, true),
            (525, true, true),
            (526, true, true),
            (527, true, true),
            (528, false, false),
            (529, true, true),
            (530, true, true),
            (598, true, true),
            (600, false, false),
        ] {
            assert_eq!(is_passing(&answer(status, true)), own, "{status} in the envelope");
            assert_eq!(is_passing(&answer(status, false)), foreign, "{status} outside the envelope");
        }
        for (kind, passing) in [
            (ErrorKind::ConnectionRefused, true),
            (ErrorKind::NameNotFound, true),
            (ErrorKind::Connect, true),
            (ErrorKind::ConnectionLost, true),
            (ErrorKind::TimedOut, true),
            (ErrorKind::ProxyRefused, true),
            (ErrorKind::ProxyUnauthorized, false),
            (ErrorKind::Tls, false),
            (ErrorKind::AuthorityAsServer, false),
            (ErrorKind::NoCertificates, false),
            (ErrorKind::Setup, false),
            (ErrorKind::Stopped, false),
        ] {
            assert_eq!(is_passing(&failure(kind.clone(), None, false)), passing, "{kind:?}");
        }
    }
}
