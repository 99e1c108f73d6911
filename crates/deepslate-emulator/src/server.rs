//! The server: its connections, the table of calls, authorization, and the faults that a call meets.

use std::error::Error;
use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{Request, Response};
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use axum::routing::{delete, get, post, put};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;

use crate::calls::entities::Kind;
use crate::calls::{credentials, organizations, phone_numbers};
use crate::chaos::{Fate, Fates};
use crate::config::{Config, Operation};
use crate::envelope::Failure;
use crate::fault::Faults;
use crate::log::{self, Log};
use crate::objects::{AGENT, ASSISTANT, STRATEGY};
use crate::state::{Api, lock};

/// Everything that the connections and the owner of an emulator share.
pub(crate) struct Server {
    pub(crate) api: Arc<Api>,
    faults: Mutex<Faults>,
    chaos: Mutex<Option<Fates>>,
    log: Mutex<Log>,
    pub(crate) request_count: AtomicU64,
    pub(crate) under_way: UnderWay,
}

/// Counts the requests that are in progress.
#[derive(Default)]
pub(crate) struct UnderWay {
    now: AtomicUsize,
    most: AtomicUsize,
}

/// A request may be as large as this, in bytes; the connection of a larger one is closed.
const BODY_LIMIT: usize = 1 << 20;

/// All paths begin so; the others go on from here.
const ORGANIZATIONS: &str = "/api/v1/vendors/{vendorId}/organizations";
const CREDENTIALS: &str = "/{organizationId}/sip/credentials";
const ONE_CREDENTIALS: &str = "/{organizationId}/sip/credentials/{sipCredentialsId}";
const PHONE_NUMBERS: &str = "/{organizationId}/sip/credentials/{sipCredentialsId}/phone-numbers";
const ONE_PHONE_NUMBER: &str = "/{organizationId}/sip/credentials/{sipCredentialsId}/phone-numbers/{phoneNumberId}";

/// The kinds of objects that are JSON to the API.
const ENTITIES: [Kind; 3] = [
    Kind {
        shape: &ASSISTANT,
        table: |store| &mut store.assistants,
        operations: [
            Operation::CreateAssistant,
            Operation::ListAssistants,
            Operation::GetAssistant,
            Operation::UpdateAssistant,
            Operation::DeleteAssistant,
        ],
        paths: ["/{organizationId}/assistants", "/{organizationId}/assistants/{assistantId}"],
    },
    Kind {
        shape: &AGENT,
        table: |store| &mut store.agents,
        operations: [
            Operation::CreateAgent,
            Operation::ListAgents,
            Operation::GetAgent,
            Operation::UpdateAgent,
            Operation::DeleteAgent,
        ],
        paths: ["/{organizationId}/agents", "/{organizationId}/agents/{agentId}"],
    },
    Kind {
        shape: &STRATEGY,
        table: |store| &mut store.strategies,
        operations: [
            Operation::CreateLlmGenerationStrategy,
            Operation::ListLlmGenerationStrategies,
            Operation::GetLlmGenerationStrategy,
            Operation::UpdateLlmGenerationStrategy,
            Operation::DeleteLlmGenerationStrategy,
        ],
        paths: [
            "/{organizationId}/llm-generation-strategies",
            "/{organizationId}/llm-generation-strategies/{strategyId}",
        ],
    },
];

/// Answers connections for ever.
pub(crate) async fn run(server: Arc<Server>, listener: TcpListener) {
    let routes = routes(&server.api);
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Too many open files, mostly: others have to close theirs first.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        // Without it, a response waits for the acknowledgement of the previous one. If setting it fails, responses are
        // only slower.
        let _ = stream.set_nodelay(true);
        let (server, routes) = (Arc::clone(&server), routes.clone());
        let service = service_fn(move |request| {
            // A task of its own: what has arrived is done, also when its client does not wait for the answer.
            let answer = tokio::spawn(Arc::clone(&server).answer(routes.clone(), request));
            async { answer.await? }
        });
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

impl Server {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            api: Arc::new(Api::new(config)),
            faults: Mutex::default(),
            chaos: Mutex::default(),
            log: Mutex::default(),
            request_count: AtomicU64::default(),
            under_way: UnderWay::default(),
        }
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    /// `None` if nothing goes wrong at random.
    pub(crate) fn chaos(&self) -> MutexGuard<'_, Option<Fates>> {
        lock(&self.chaos)
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        lock(&self.log)
    }

    /// Answers a request; at an error the connection is closed without an answer.
    async fn answer(
        self: Arc<Self>,
        routes: Router,
        request: Request<Incoming>,
    ) -> Result<Response<Body>, Box<dyn Error + Send + Sync>> {
        let (parts, body) = request.into_parts();
        let body = to_bytes(Body::new(body), BODY_LIMIT).await?;
        let request = Request::from_parts(parts, body);
        self.request_count.fetch_add(1, Ordering::Relaxed);
        let _under_way = self.under_way.enter();
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let number = self.api.config.log_requests.then(|| self.log().add(record(&request)));
        let fate = self.chaos().as_mut().map_or_else(Fate::default, Fates::next);
        let target = request.uri().path_and_query().map_or(path.as_str(), |target| target.as_str());
        let effect = self.faults().meet(method.as_str(), target).or(fate.effect);

        // A sleep of no time at all would still last until the timer's next millisecond.
        let delay = self.api.config.latency + fate.delay;
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        let routes = TowerToHyperService::new(routes);
        let work = async {
            let Ok(answer) = routes.call(request.map(Body::from)).await;
            let (parts, body) = answer.into_parts();
            // It is in memory already.
            let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
            if let Some(number) = number {
                self.log().complete(number, |request| request.answer = body.clone());
            }
            Response::from_parts(parts, Body::from(body))
        };
        let answer = match effect {
            Some(effect) => effect.apply(work).await,
            None => Some(work.await),
        };

        let status = answer.as_ref().map(|answer| answer.status().as_u16());
        if let Some(number) = number {
            self.log().complete(number, |request| request.status = status);
        }
        if self.api.config.print_requests {
            let status = status.map_or("closed".to_owned(), |status| status.to_string());
            // If standard error is closed, nobody reads the log.
            let _ = writeln!(io::stderr(), "{method} {path} {status}");
        }
        answer.ok_or_else(|| io::Error::from(io::ErrorKind::ConnectionAborted).into())
    }
}

impl UnderWay {
    /// Counts a request until the guard is dropped.
    fn enter(&self) -> impl Drop + '_ {
        struct Guard<'a>(&'a AtomicUsize);
        impl Drop for Guard<'_> {
            fn drop(&mut self) {
                self.0.fetch_sub(1, Ordering::Relaxed);
            }
        }
        self.most.fetch_max(self.now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
        Guard(&self.now)
    }

    pub(crate) fn most(&self) -> usize {
        self.most.load(Ordering::Relaxed)
    }
}

fn routes(api: &Arc<Api>) -> Router {
    let calls = [
        (Operation::ListOrganizations, "/", get(organizations::list)),
        (Operation::CreateSipCredentials, CREDENTIALS, post(credentials::create)),
        (Operation::ListSipCredentials, CREDENTIALS, get(credentials::list)),
        (Operation::GetSipCredentials, ONE_CREDENTIALS, get(credentials::get)),
        (Operation::UpdateSipCredentials, ONE_CREDENTIALS, put(credentials::update)),
        (Operation::DeleteSipCredentials, ONE_CREDENTIALS, delete(credentials::delete)),
        (Operation::CreatePhoneNumber, PHONE_NUMBERS, post(phone_numbers::create)),
        (Operation::ListPhoneNumbers, PHONE_NUMBERS, get(phone_numbers::list)),
        (Operation::GetPhoneNumber, ONE_PHONE_NUMBER, get(phone_numbers::get)),
        (Operation::UpdatePhoneNumber, ONE_PHONE_NUMBER, put(phone_numbers::update)),
        (Operation::DeletePhoneNumber, ONE_PHONE_NUMBER, delete(phone_numbers::delete)),
    ];
    let calls = calls.into_iter().chain(ENTITIES.into_iter().flat_map(Kind::calls));
    let wraps = api.config.wraps_unknown_routes;
    let routes = calls
        .filter(|(operation, ..)| !api.config.without.contains(operation))
        .fold(Router::new(), |router, (_, path, handler)| router.route(path, handler))
        .method_not_allowed_fallback(async move || if wraps { unknown_route() } else { Failure::MethodNotAllowed })
        .route_layer(middleware::from_fn_with_state(Arc::clone(api), authorize))
        .with_state(Arc::clone(api));
    let routes = Router::new().nest(ORGANIZATIONS, routes);
    if wraps { routes.fallback(async || unknown_route()) } else { routes }
}

fn unknown_route() -> Failure {
    Failure::NotFound("no such route".to_owned())
}

async fn authorize(State(api): State<Arc<Api>>, request: Request<Body>, next: Next) -> Response<Body> {
    let token = request.headers().get(AUTHORIZATION).and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    if token == Some(api.config.api_key.as_bytes()) {
        next.run(request).await
    } else {
        Failure::Unauthorized.into_response()
    }
}

fn record(request: &Request<Bytes>) -> log::Request {
    let header = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    log::Request {
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        query: request.uri().query().unwrap_or_default().to_owned(),
        headers: request.headers().iter().map(|(name, value)| (name.to_string(), header(value.as_bytes()))).collect(),
        body: serde_json::from_slice(request.body()).ok(),
        status: None,
        answer: Bytes::new(),
    }
}
