//! The start of a plugin, and its memory at rest.

use std::io::{Cursor, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{fs, thread};

use serde_json::json;
use testkit::plugin::{self, Identity, MESSAGE_LIMIT, Plugin};
use tonic::Code;
use tonic::codegen::http::uri::PathAndQuery;
use tonic_prost::ProstCodec;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::Result;
use crate::figures::{Figures, figure, medians};
use crate::instructions;
use crate::processes::{memory, page_faults, processor_time};
use crate::report::{Report, Table};
use crate::settings::Settings;

/// A plugin that has answered settles before its memory is looked at.
const SETTLES: Duration = Duration::from_millis(500);

pub(crate) fn measure(settings: &Settings, report: &mut Report) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let identity = Arc::new(Identity::generate());
    let plugins: Vec<_> = settings
        .subjects
        .iter()
        .filter_map(|subject| Some((subject.name.as_str(), subject.binary.as_deref()?)))
        .collect();
    let mut runs = vec![Vec::new(); plugins.len()];
    for _ in 0..settings.starts {
        for (&(_, binary), runs) in plugins.iter().zip(&mut runs) {
            runs.push(runtime.block_on(start(binary, &identity))?);
        }
    }

    let mut table = Table::new(
        format!("Start, {} runs each", settings.starts),
        ["plugin"],
        ["handshake", "schema", "processor time", "page faults", "at rest", "of it anonymous", "size", "zip"],
    );
    for (&(name, binary), runs) in plugins.iter().zip(runs) {
        let median = medians(&runs);
        let (size, zipped) = sizes(binary)?;
        table.row([
            name.to_owned(),
            format!("{:.2} ms", median["handshake_ms"]),
            format!("{:.2} ms", median["schema_ms"]),
            format!("{:.2} ms", median["processor_ms"]),
            format!("{:.0}", median["page_faults"]),
            format!("{:.1} MiB", median["resident_kib"] / 1024.0),
            format!("{:.1} MiB", median["anonymous_kib"] / 1024.0),
            format!("{:.1} MB", size / 1e6),
            format!("{:.1} MB", zipped / 1e6),
        ]);
        report.add("start", json!({"subject": name, "size": size, "zipped": zipped, "median": median, "runs": runs}));
    }
    report.print(&table)?;
    match plugins.first() {
        Some((name, binary)) => runtime.block_on(instructions::measure(name, binary, &identity, report)),
        None => Ok(()),
    }
}

/// One start, from before the process to the answer of the schema.
async fn start(binary: &Path, identity: &Arc<Identity>) -> Result<Figures> {
    // Plugins of other providers leave their sockets there.
    let folder = tempfile::tempdir()?;
    let mut command = plugin::command(binary);
    command.env("PLUGIN_CLIENT_CERT", identity.pem()).env("TMPDIR", folder.path());

    let started = Instant::now();
    let plugin = Plugin::start(command, Some(Arc::clone(identity))).await;
    let method = match plugin.handshake.protocol.as_str() {
        "5" => "/tfplugin5.Provider/GetSchema",
        _ => "/tfplugin6.Provider/GetProviderSchema",
    };
    let mut client = tonic::client::Grpc::new(plugin.lenient_channel().await).max_decoding_message_size(MESSAGE_LIMIT);
    client.ready().await?;
    // The empty message takes any answer.
    let answer =
        client.unary(tonic::Request::new(()), PathAndQuery::from_static(method), ProstCodec::<(), ()>::default());
    match answer.await {
        // A plugin that does nothing has no schema.
        Ok(_) => {}
        Err(status) if status.code() == Code::Unimplemented => {}
        Err(status) => return Err(status.into()),
    }
    let schema = started.elapsed();

    let process = plugin.pid();
    let faults = page_faults(process);
    thread::sleep(SETTLES);
    let milliseconds = |duration: Duration| duration.as_secs_f64() * 1e3;
    let figures = [
        ("handshake_ms", milliseconds(plugin.handshake_time)),
        ("schema_ms", milliseconds(schema)),
        ("processor_ms", milliseconds(processor_time(process))),
        ("page_faults", figure(faults)),
        ("resident_kib", memory(process, "VmRSS").map_or(f64::NAN, figure)),
        ("anonymous_kib", memory(process, "RssAnon").map_or(f64::NAN, figure)),
    ];
    Ok(figures.map(|(name, value)| (name.to_owned(), value)).into())
}

/// The size of a binary, and of a zip of it, in bytes.
fn sizes(binary: &Path) -> Result<(f64, f64)> {
    let bytes = fs::read(binary)?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).compression_level(Some(9));
    zip.start_file("provider", options)?;
    zip.write_all(&bytes)?;
    Ok((figure(bytes.len()), figure(zip.finish()?.into_inner().len())))
}
