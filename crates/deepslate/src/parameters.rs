//! Which parameters the lists of a server accept. Uses no other module.
//!
//! The default order of a list is by a field that not all kinds have, so pages may skip or repeat objects. So lists are
//! asked for by ID, a hundred objects at once. A server that refuses this is asked with less, once for each kind.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many objects a request asks for. A server may return fewer.
const PAGE_SIZE: u32 = 100;

/// The parameters of a list request, without the page number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Parameters {
    /// `size` and `sort`.
    #[default]
    All,
    /// `size`.
    Size,
    None,
}

/// The parameters that a client knows to work, by the last segment of the list's path, which is the kind.
#[derive(Default)]
pub(crate) struct Accepted(Mutex<HashMap<Box<str>, Parameters>>);

impl Parameters {
    /// The query for a page.
    pub(crate) fn query(self, page: u64) -> String {
        match self {
            Parameters::All => format!("page={page}&size={PAGE_SIZE}&sort=id,asc"),
            Parameters::Size => format!("page={page}&size={PAGE_SIZE}"),
            Parameters::None => format!("page={page}"),
        }
    }

    /// What to ask for if the server refuses these.
    pub(crate) fn fewer(self) -> Option<Parameters> {
        match self {
            Parameters::All => Some(Parameters::Size),
            Parameters::Size => Some(Parameters::None),
            Parameters::None => None,
        }
    }
}

impl Accepted {
    /// The parameters for the list with this path.
    pub(crate) fn of(&self, path: &str) -> Parameters {
        self.known().get(kind(path)).copied().unwrap_or_default()
    }

    /// Remembers that the server accepted these.
    pub(crate) fn remember(&self, path: &str, parameters: Parameters) {
        self.known().insert(kind(path).into(), parameters);
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Box<str>, Parameters>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn kind(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}
