//! The plugin's command line.

fn main() {}
