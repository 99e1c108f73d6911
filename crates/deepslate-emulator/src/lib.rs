//! A local Deepslate API in memory, for demos and for tests. It can misbehave on demand.
//!
//! It serves the calls that `openapi.yaml` describes, documented ones and those by convention, and checks its input as
//! the API documents. It is never released.
//!
//! # Layout
//! - `server`: connections, the table of calls, authorization
//! - `calls`: the calls, a file for each kind of object; `paging`: the page that a list returns
//! - `state`: the configuration and the objects that calls use
//! - `store`: all objects, in a `table` for each kind; `objects`: one object
//! - `request` and `envelope`: the input and the output of a call
//! - `config`: the behavior of an emulator; `fault` and `chaos`: faults on demand and at random; `log`: the requests
//! - `main.rs`: the command line
//!
//! Each module imports only modules further down.

mod calls;
mod chaos;
mod config;
mod envelope;
mod fault;
mod log;
mod objects;
mod paging;
mod request;
mod server;
mod state;
mod store;
mod table;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;
use uuid::Uuid;

pub use crate::chaos::Chaos;
use crate::chaos::Fates;
pub use crate::config::{Config, Operation};
pub use crate::fault::{Effect, Fault};
pub use crate::log::Request;
pub use crate::objects::{Credentials, Entity, PhoneNumber};
use crate::server::Server;

/// A running emulator, on a thread of its own. Dropped, it closes its port and all connections.
pub struct Emulator {
    server: Arc<Server>,
    address: SocketAddr,
    /// Both are taken at the drop only.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Emulator {
    /// Starts to serve; requests may come as soon as this returns.
    ///
    /// Fails where the address is not a loopback address or cannot be listened on.
    pub fn start(config: Config) -> io::Result<Self> {
        if !config.listen.ip().is_loopback() {
            let message =
                format!("`{}` is not a loopback address, but this API is only for this machine", config.listen);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let listener = TcpListener::bind(config.listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener)?
        };
        let server = Arc::new(Server::new(config));
        let serving = server::run(Arc::clone(&server), listener);
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new().name("emulator".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = serving => {}
                    _ = stopped => {}
                }
            });
        })?;
        Ok(Self { server, address, stop: Some(stop), thread: Some(thread) })
    }

    /// The base URL: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// All SIP credentials, oldest first.
    #[must_use]
    pub fn credentials(&self) -> Vec<Credentials> {
        self.server.api.store().credentials.all().into_iter().cloned().collect()
    }

    /// Adds SIP credentials behind the clients' backs, or replaces those with the same id.
    pub fn insert(&self, credentials: Credentials) {
        self.server.api.store().credentials.insert(credentials);
    }

    /// Changes SIP credentials behind the clients' backs; false where there are none of this id.
    ///
    /// `change` must not call the emulator.
    pub fn change(&self, id: Uuid, change: impl FnOnce(&mut Credentials)) -> bool {
        self.server.api.store().credentials.change(id, change)
    }

    /// Takes SIP credentials and their phone numbers away behind the clients' backs; false where there are none of
    /// this id.
    #[expect(clippy::must_use_candidate, reason = "who knows that it is there need not ask")]
    pub fn remove(&self, id: Uuid) -> bool {
        self.server.api.store().remove_credentials(id)
    }

    /// All phone numbers, oldest first.
    #[must_use]
    pub fn phone_numbers(&self) -> Vec<PhoneNumber> {
        self.server.api.store().phone_numbers.all().into_iter().cloned().collect()
    }

    /// Adds a phone number behind the clients' backs, or replaces the one with the same id.
    pub fn insert_phone_number(&self, number: PhoneNumber) {
        self.server.api.store().phone_numbers.insert(number);
    }

    /// Changes a phone number behind the clients' backs; false where there is none of this id.
    ///
    /// `change` must not call the emulator.
    pub fn change_phone_number(&self, id: Uuid, change: impl FnOnce(&mut PhoneNumber)) -> bool {
        self.server.api.store().phone_numbers.change(id, change)
    }

    /// Takes a phone number away behind the clients' backs; false where there is none of this id.
    #[expect(clippy::must_use_candidate, reason = "who knows that it is there need not ask")]
    pub fn remove_phone_number(&self, id: Uuid) -> bool {
        self.server.api.store().phone_numbers.remove(id)
    }

    /// All assistants, oldest first.
    #[must_use]
    pub fn assistants(&self) -> Vec<Entity> {
        self.server.api.store().assistants.all().into_iter().cloned().collect()
    }

    /// Changes an assistant behind the clients' backs; false where there is none of this id.
    ///
    /// `change` must not call the emulator.
    pub fn change_assistant(&self, id: Uuid, change: impl FnOnce(&mut Entity)) -> bool {
        self.server.api.store().assistants.change(id, change)
    }

    /// Takes an assistant away behind the clients' backs; false where there is none of this id.
    #[expect(clippy::must_use_candidate, reason = "who knows that it is there need not ask")]
    pub fn remove_assistant(&self, id: Uuid) -> bool {
        self.server.api.store().assistants.remove(id)
    }

    /// All agents, oldest first.
    #[must_use]
    pub fn agents(&self) -> Vec<Entity> {
        self.server.api.store().agents.all().into_iter().cloned().collect()
    }

    /// Changes an agent behind the clients' backs; false where there is none of this id.
    ///
    /// `change` must not call the emulator.
    pub fn change_agent(&self, id: Uuid, change: impl FnOnce(&mut Entity)) -> bool {
        self.server.api.store().agents.change(id, change)
    }

    /// Takes an agent away behind the clients' backs; false where there is none of this id.
    #[expect(clippy::must_use_candidate, reason = "who knows that it is there need not ask")]
    pub fn remove_agent(&self, id: Uuid) -> bool {
        self.server.api.store().agents.remove(id)
    }

    /// All LLM generation strategies, oldest first.
    #[must_use]
    pub fn strategies(&self) -> Vec<Entity> {
        self.server.api.store().strategies.all().into_iter().cloned().collect()
    }

    /// Changes a strategy behind the clients' backs; false where there is none of this id.
    ///
    /// `change` must not call the emulator.
    pub fn change_strategy(&self, id: Uuid, change: impl FnOnce(&mut Entity)) -> bool {
        self.server.api.store().strategies.change(id, change)
    }

    /// Takes a strategy away behind the clients' backs; false where there is none of this id.
    #[expect(clippy::must_use_candidate, reason = "who knows that it is there need not ask")]
    pub fn remove_strategy(&self, id: Uuid) -> bool {
        self.server.api.store().strategies.remove(id)
    }

    /// How many requests have come so far, remembered or not.
    #[must_use]
    pub fn request_count(&self) -> u64 {
        self.server.request_count.load(Ordering::Relaxed)
    }

    /// The most requests that have been in progress at the same time so far. A request is in progress from its arrival
    /// until its answer starts.
    #[must_use]
    pub fn most_requests_at_once(&self) -> usize {
        self.server.under_way.most()
    }

    /// The requests so far, in order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.server.log().requests()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.server.log().clear();
    }

    /// Makes calls from now on meet a fault. A call that fits several meets the oldest that is not used up.
    pub fn fault(&self, fault: Fault) {
        self.server.faults().add(fault);
    }

    /// Ends all faults. Calls that already met a fault are not affected.
    pub fn clear_faults(&self) {
        self.server.faults().clear();
    }

    /// Makes calls from now on meet random faults, unless they meet one that was asked for; `None` ends that.
    pub fn chaos(&self, chaos: Option<Chaos>) {
        self.server.api.set_list_lag(chaos.as_ref().map(|chaos| chaos.list_lag));
        *self.server.chaos() = chaos.map(Fates::new);
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // Both fail only if the thread panicked.
        let _ = self.stop.take().map(|stop| stop.send(()));
        let _ = self.thread.take().map(JoinHandle::join);
    }
}
