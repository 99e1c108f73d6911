//! Warnings of operations, whether these succeed or fail.

use super::*;
use crate::author::data_source::DataSource;
use crate::author::timeouts::ReadTimeout;
use crate::proto::tfplugin5::read_data_source;

/// A data source.
#[derive(Schema)]
pub(super) struct Forecast {
    /// Where.
    #[attribute(required)]
    pub(super) place: Attr<String>,
    /// Who knows it.
    #[attribute(optional, computed)]
    station: Attr<String>,
    /// Time limit of reading.
    #[block]
    timeouts: Attr<ReadTimeout>,
}

/// A configuration of the data source.
pub(super) fn forecast(place: &str, station: Value, timeout: Value) -> Value {
    let timeouts = object(&[("read", timeout)]);
    object(&[("place", place.into()), ("station", station), ("timeouts", timeouts)])
}

impl Fixture {
    pub(super) async fn read_data(&self, config: &Value) -> read_data_source::Response {
        let config = Some(encoded(config, &Forecast::block().ty()));
        let request = read_data_source::Request { type_name: "test_weather".to_owned(), config, ..Default::default() };
        self.service.read_data_source(Request::new(request)).await.expect("no status").into_inner()
    }
}

/// The data source, which always warns.
pub(super) struct Weather;

impl DataSource for Weather {
    type Client = World;
    type Model = Forecast;
    const TYPE_NAME: &'static str = "test_weather";
    const READ_TIMEOUT: Duration = Duration::from_secs(9);

    async fn read(&self, call: &Call<'_, World>, config: Forecast) -> Result<Forecast> {
        call.warn(Diagnostic::warning("Storm", "ahead"));
        match config.place.known()?.as_str() {
            "refused" => Err(Diagnostic::error("Refused", "by the service").into()),
            place => Ok(Forecast { place: place.to_lowercase().into(), station: "north".to_owned().into(), ..config }),
        }
    }
}

#[tokio::test]
async fn a_data_source_shows_its_warnings() {
    let fixture = Fixture::new().await;
    for (place, expected) in [("here", &["Storm"][..]), ("refused", &["Storm", "Refused"])] {
        let answer = fixture.read_data(&forecast(place, Value::Null, Value::Null)).await;
        assert_eq!(summaries(&answer.diagnostics), expected, "{place}");
        assert_eq!(answer.state.is_some(), place == "here");
    }
}

#[tokio::test]
async fn a_data_source_returns_what_is_configured_as_it_is_written() {
    let fixture = Fixture::new().await;
    for (station, read) in [(Value::Null, "north"), ("South".into(), "South")] {
        let config = forecast("HERE", station, "90s".into());
        let state = fixture.read_data(&config).await.state.expect("a state");
        let state = msgpack::decode(&state.msgpack, &Forecast::block().ty()).expect("fits the type");
        assert_eq!(state, with(config, "station", read.into()));
    }
}

#[tokio::test]
async fn an_import_shows_the_warnings_of_its_read() {
    for (place, expected) in
        [("odd", &["Odd"][..]), ("odd and refused", &["Odd", "Refused"]), ("odd and gone", &["Odd", NOT_FOUND])]
    {
        let fixture = Fixture::with(place.into(), None).await;
        let request = import_resource_state::Request { type_name: name(), id: "7".to_owned(), ..Default::default() };
        let answer =
            fixture.service.import_resource_state(Request::new(request)).await.expect("no status").into_inner();
        assert_eq!(summaries(&answer.diagnostics), expected, "{place}");
        assert_eq!(answer.imported_resources.len(), usize::from(place == "odd"));
    }
}

const NOT_FOUND: &str = "Could not import test_thing: not found";

#[tokio::test]
async fn a_refresh_and_a_delete_show_their_warnings() {
    let fixture = Fixture::new().await;
    for (place, expected) in [("odd", &["Odd"][..]), ("odd and refused", &["Odd", "Refused"])] {
        assert_eq!(summaries(&fixture.read(&existing(place)).await.diagnostics), expected, "{place}");
    }
    let deleted = fixture.apply(&existing("odd"), &Value::Null, &Value::Null).await;
    assert_eq!(summaries(&deleted.diagnostics), ["Odd"]);
}
