//! Plots values over the number of objects, both on logarithmic scales.

use std::fs;
use std::path::Path;

use crate::Result;

/// A panel's room for lines, and what is around it, in pixels.
const WIDTH: f64 = 340.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 72.0;
const TOP: f64 = 56.0;
const RIGHT: f64 = 28.0;
/// With the legend.
const BOTTOM: f64 = 138.0;

/// Of axes and texts. It can be read on white and on black, as can the colours of lines.
const GREY: &str = "#7d8590";
const COLOURS: [&str; 9] =
    [GREY, "#2f81f7", "#c69026", "#e5534b", "#3fa652", "#a371f7", "#db61a2", "#39c5cf", "#8b6a2b"];

/// One plot of several lines over the number of objects.
pub(crate) struct Panel {
    pub(crate) title: String,
    pub(crate) subtitle: String,
    /// What the lines show, and its unit.
    pub(crate) shown: &'static str,
    pub(crate) unit: &'static str,
    lines: Vec<Line>,
}

/// A line with its points: the number of objects and the value there.
struct Line {
    name: String,
    points: Vec<(f64, f64)>,
}

impl Panel {
    pub(crate) fn new(title: &str, subtitle: &str, shown: &'static str, unit: &'static str) -> Self {
        Self { title: title.to_owned(), subtitle: subtitle.to_owned(), shown, unit, lines: Vec::new() }
    }

    /// Adds a point to the line with this name.
    pub(crate) fn point(&mut self, name: &str, objects: f64, value: f64) {
        match self.lines.iter_mut().find(|line| line.name == name) {
            Some(line) => line.points.push((objects, value)),
            None => self.lines.push(Line { name: name.to_owned(), points: vec![(objects, value)] }),
        }
    }
}

/// Where values lie on an axis.
struct Scale {
    least: f64,
    most: f64,
    from: f64,
    to: f64,
}

/// Writes the panels that have a line, side by side.
pub(crate) fn write(path: &Path, panels: &[Panel]) -> Result<()> {
    let (mut drawn, mut width) = (String::new(), 0.0);
    for panel in panels.iter().filter(|panel| !panel.lines.is_empty()) {
        drawn += &format!("<g transform=\"translate({width} 0)\">\n{}</g>\n", draw(panel));
        width += LEFT + WIDTH + RIGHT;
    }
    let height = TOP + HEIGHT + BOTTOM;
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"12\" fill=\"{GREY}\">\n{drawn}</svg>\n"
    );
    Ok(fs::write(path, svg)?)
}

fn draw(Panel { title, subtitle, shown, unit, lines }: &Panel) -> String {
    let points = || lines.iter().flat_map(|line| &line.points);
    let across = Scale::around(points().map(|point| point.0), LEFT, LEFT + WIDTH);
    let upwards = Scale::around(points().map(|point| point.1), TOP + HEIGHT, TOP);
    let mut svg = format!(
        "<text x=\"{LEFT}\" y=\"20\" font-size=\"14\" font-weight=\"bold\">{title}</text>\n\
         <text x=\"{LEFT}\" y=\"38\">{subtitle}</text>\n\
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
        svg += &format!("<text x=\"{before}\" y=\"{:.1}\" text-anchor=\"end\">{tick} {unit}</text>\n", y + 4.0);
    }
    let (middle, below) = (LEFT + WIDTH / 2.0, TOP + HEIGHT + 32.0);
    svg += &format!("<text x=\"{middle}\" y=\"{below}\" text-anchor=\"middle\">objects</text>\n");
    let middle = TOP + HEIGHT / 2.0;
    svg += &format!("<text transform=\"translate(16 {middle}) rotate(-90)\" text-anchor=\"middle\">{shown}</text>\n");

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
        // Two to a row.
        let (x, y) = (LEFT + f64::from(place % 2) * WIDTH / 2.0, TOP + HEIGHT + 54.0 + f64::from(place / 2) * 18.0);
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
