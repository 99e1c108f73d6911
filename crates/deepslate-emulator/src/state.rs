//! The state that calls use: the configuration and the objects.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::config::Config;
use crate::objects::Organizations;
use crate::store::Store;

/// The API behind the calls.
pub(crate) struct Api {
    pub(crate) config: Config,
    store: Mutex<Store>,
    /// How long lists lag behind at the moment.
    list_lag: Mutex<Duration>,
}

impl Api {
    pub(crate) fn new(config: Config) -> Self {
        let store = Mutex::new(Store::new(Organizations::new(&config.organizations)));
        Self { list_lag: Mutex::new(config.list_lag), config, store }
    }

    pub(crate) fn list_lag(&self) -> Duration {
        *lock(&self.list_lag)
    }

    /// Changes how long lists lag behind; `None`: as at the start.
    pub(crate) fn set_list_lag(&self, lag: Option<Duration>) {
        *lock(&self.list_lag) = lag.unwrap_or(self.config.list_lag);
    }

    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        lock(&self.store)
    }
}

/// Locks a mutex. A panic of a test's closure while it holds the lock does not matter to others.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
