//! Plots the time of apply, plan and destroy together over the number of objects, both on logarithmic scales.

use std::fs;
use std::time::Duration;

use serde_json::Value;

use crate::Result;
use crate::settings::Settings;

/// A panel's room for lines, and what is around it, in pixels.
const WIDTH: f64 = 340.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 72.0;
const TOP: f64 = 56.0;
const RIGHT: f64 = 28.0;
/// With the legend.
const BOTTOM: f64 = 84.0;

/// Of axes and texts. It can be read on white and on black, as can the colours of lines.
const GREY: &str = "#7d8590";
const COLOURS: [&str; 6] = [GREY, "#2f81f7", "#c69026", "#e5534b", "#3fa652", "#a371f7"];

/// One subject, and its points: the number of objects and seconds.
struct Line {
    name: String,
    points: Vec<(f64, f64)>,
}

/// Where values lie on an axis.
struct Scale {
    least: f64,
    most: f64,
    from: f64,
    to: f64,
}

/// Writes a panel for each command line, at the first latency and the first parallelism of those that were measured.
pub(crate) fn write(settings: &Settings, measured: &[Value]) -> Result<()> {
    let latency = settings.latencies.first().map_or(0, Duration::as_millis);
    let parallelism = settings.parallelism.first().copied().unwrap_or_default();
    let case = format!("{latency} ms a request, -parallelism={parallelism}");
    let mut panels = String::new();
    for (number, cli) in (0_u32..).zip(&settings.clis) {
        let shown = measured.iter().filter(|case| {
            case["cli"] == cli.version
                && case["latency_ms"].as_u64().map(u128::from) == Some(latency)
                && case["parallelism"].as_u64().and_then(|number| number.try_into().ok()) == Some(parallelism)
        });
        let left = f64::from(number) * (LEFT + WIDTH + RIGHT);
        panels +=
            &format!("<g transform=\"translate({left} 0)\">\n{}</g>\n", panel(&cli.version, &case, &lines(shown)));
    }
    let width = (LEFT + WIDTH + RIGHT) * settings.clis.iter().map(|_| 1.0).sum::<f64>();
    let height = TOP + HEIGHT + BOTTOM;
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"12\" fill=\"{GREY}\">\n{panels}</svg>\n"
    );
    if let Some(folder) = settings.plot.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(&settings.plot, svg)?)
}

fn lines<'a>(measured: impl Iterator<Item = &'a Value>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for case in measured {
        let name = case["subject"].as_str().unwrap_or_default();
        let steps = ["apply_s", "plan_s", "destroy_s"].map(|step| case["median"][step].as_f64().unwrap_or_default());
        let point = (case["count"].as_f64().unwrap_or_default(), steps.iter().sum());
        match lines.iter_mut().find(|line| line.name == name) {
            Some(line) => line.points.push(point),
            None => lines.push(Line { name: name.to_owned(), points: vec![point] }),
        }
    }
    lines
}

fn panel(title: &str, case: &str, lines: &[Line]) -> String {
    let points = || lines.iter().flat_map(|line| &line.points);
    let across = Scale::around(points().map(|point| point.0), LEFT, LEFT + WIDTH);
    let upwards = Scale::around(points().map(|point| point.1), TOP + HEIGHT, TOP);
    let mut svg = format!(
        "<text x=\"{LEFT}\" y=\"20\" font-size=\"14\" font-weight=\"bold\">{title}</text>\n\
         <text x=\"{LEFT}\" y=\"38\">{case}</text>\n\
         <rect x=\"{LEFT}\" y=\"{TOP}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"none\" stroke=\"{GREY}\"/>\n"
    );
    for tick in across.ticks() {
        let (x, bottom, below) = (across.place(tick), TOP + HEIGHT, TOP + HEIGHT + 16.0);
        svg += &format!(
            "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{TOP}\" y2=\"{bottom}\" stroke=\"{GREY}\" opacity=\"0.3\"/>\n"
        );
        svg += &format!("<text x=\"{x:.1}\" y=\"{below}\" text-anchor=\"middle\">{tick}</text>\n");
    }
    for tick in upwards.ticks() {
        let (y, right, before) = (upwards.place(tick), LEFT + WIDTH, LEFT - 6.0);
        svg += &format!(
            "<line x1=\"{LEFT}\" x2=\"{right}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"{GREY}\" opacity=\"0.3\"/>\n"
        );
        svg += &format!("<text x=\"{before}\" y=\"{:.1}\" text-anchor=\"end\">{tick} s</text>\n", y + 4.0);
    }
    let (middle, below) = (LEFT + WIDTH / 2.0, TOP + HEIGHT + 32.0);
    svg += &format!("<text x=\"{middle}\" y=\"{below}\" text-anchor=\"middle\">objects</text>\n");
    let middle = TOP + HEIGHT / 2.0;
    svg += &format!(
        "<text transform=\"translate(16 {middle}) rotate(-90)\" text-anchor=\"middle\">apply + plan + destroy</text>\n"
    );

    for ((line, colour), place) in lines.iter().zip(COLOURS.iter().cycle()).zip(0_u32..) {
        let at = |&(count, seconds): &(f64, f64)| (across.place(count), upwards.place(seconds));
        let path: Vec<_> = line.points.iter().map(at).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        svg += &format!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n",
            path.join(" ")
        );
        for (x, y) in line.points.iter().map(at) {
            svg += &format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"/>\n");
        }
        // Three to a row.
        let (x, y) = (LEFT + f64::from(place % 3) * WIDTH / 3.0, TOP + HEIGHT + 54.0 + f64::from(place / 3) * 18.0);
        svg += &format!("<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"{colour}\"/>\n", x + 4.0, y - 4.0);
        svg += &format!("<text x=\"{:.1}\" y=\"{y:.1}\">{}</text>\n", x + 14.0, escaped(&line.name));
    }
    svg
}

/// A text as XML has it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

impl Scale {
    /// A logarithmic scale with room for all values, from one place to another.
    fn around(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let (least, most) =
            values.fold((f64::MAX, f64::MIN_POSITIVE), |(least, most), value| (least.min(value), most.max(value)));
        Self { least: least.min(most) / 1.5, most: most * 1.5, from, to }
    }

    fn place(&self, value: f64) -> f64 {
        self.from + (self.to - self.from) * (value / self.least).ln() / (self.most / self.least).ln()
    }

    /// The powers of ten on it.
    fn ticks(&self) -> impl Iterator<Item = f64> {
        let powers = [0.001, 0.01, 0.1, 1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6];
        powers.into_iter().filter(|power| (self.least..=self.most).contains(power))
    }
}
