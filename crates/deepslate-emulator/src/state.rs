//! The state that calls use: the configuration and the objects.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::config::Config;
use crate::objects::Organizations;
use crate::store::Store;

/// The API behind the calls.
pub(crate) struct Api {
    pub(crate) config: Config,
    store: Mutex<Store>,
}

impl Api {
    pub(crate) fn new(config: Config) -> Self {
        let store = Mutex::new(Store::new(Organizations::new(&config.organizations)));
        Self { config, store }
    }

    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        lock(&self.store)
    }
}

/// Locks a mutex. A panic of a test's closure while it holds the lock does not matter to others.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
