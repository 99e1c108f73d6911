//! Figures of runs, and their medians.

use std::collections::BTreeMap;

/// What one run gave. Each name ends in its unit, if it has one.
pub(crate) type Figures = BTreeMap<String, f64>;

/// The median of each figure.
pub(crate) fn medians(runs: &[Figures]) -> Figures {
    let names = runs.iter().flat_map(BTreeMap::keys);
    names.map(|name| (name.clone(), median(runs.iter().filter_map(|run| run.get(name).copied())))).collect()
}

/// The value in the middle, or halfway between the two that are. Not a number of no values.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let sorted = sorted(values);
    let upper = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        length if length % 2 == 1 => sorted[upper],
        _ => f64::midpoint(sorted[upper - 1], sorted[upper]),
    }
}

/// The value that `percent` of all values do not exceed. Not a number of no values.
pub(crate) fn percentile(values: &[f64], percent: usize) -> f64 {
    let sorted = sorted(values.iter().copied());
    let place = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(place).copied().unwrap_or(f64::NAN)
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// A whole number as a figure, exact up to 2^53.
#[expect(clippy::cast_precision_loss, reason = "no count, size or time here comes near 2^53")]
pub(crate) fn figure(number: impl TryInto<u64>) -> f64 {
    number.try_into().map_or(f64::NAN, |number| number as f64)
}
