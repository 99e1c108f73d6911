//! Files with the results of this test, so that reviewers see each change.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::{env, fs};

/// Compares a file with its expected text. `UPDATE_FAULTS` writes the file instead.
#[track_caller]
pub(super) fn assert_holds(name: &str, found: &str) {
    // CLIs finish at the same time.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let stored = fs::read_to_string(&file).unwrap_or_default();
    if stored == found {
        return;
    }
    if env::var_os("UPDATE_FAULTS").is_some() {
        fs::write(&file, found).expect("the file can be written");
        return;
    }
    let lines = stored.lines().chain([""]).zip(found.lines().chain([""]));
    let (number, difference) = lines.enumerate().find(|(_, (stored, found))| stored != found).unwrap_or_default();
    panic!(
        "{name} is out of date. The first difference (stored, found) is in line {}: {difference:#?}\n\
         If you intended the change, run `make faults` and commit the file",
        number + 1
    );
}
