//! A command that is still running.

use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};

use crate::output::Output;

/// A command that is still running. It is killed when dropped.
pub struct Running {
    command: String,
    child: Option<Child>,
}

impl Running {
    /// Starts the command as the leader of a process group, as a shell does. The plugin belongs to the group.
    pub(crate) fn start(description: String, mut command: Command) -> Self {
        let child = command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        Self { command: description, child: Some(child.expect("the command starts")) }
    }

    /// Sends SIGINT to Terraform and to the plugin, as Ctrl-C in a terminal does.
    pub fn interrupt(&self) {
        let group = self.child.as_ref().expect("the command runs").id();
        let status = Command::new("sh").arg("-c").arg(format!("kill -s INT -- -{group}")).status();
        assert!(status.expect("`sh` starts").success(), "the process group {group} cannot be signalled");
    }

    /// Returns the plugins that Terraform has started and that are running.
    pub fn plugins(&self) -> Vec<u32> {
        self.started().1
    }

    /// Kills Terraform alone, with `kill -9`.
    pub fn kill(mut self) {
        let (terraform, _) = self.started();
        self.end();
        terraform.into_iter().for_each(kill);
    }

    /// Returns Terraform's processes without the first, and its plugins. Only Terraform 1.0 has a second process, which starts the plugins.
    fn started(&self) -> (Vec<u32>, Vec<u32>) {
        let first = self.child.as_ref().expect("the command runs").id();
        let all = processes(&["-A"]);
        let running: Vec<(u32, u32)> = all
            .lines()
            .filter_map(|line| {
                let mut fields = line.split_whitespace();
                let (process, parent) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
                fields.next().is_some_and(runs).then_some((process, parent))
            })
            .collect();
        let children = |of: u32| running.iter().filter(move |(_, parent)| *parent == of).map(|(process, _)| *process);
        let (terraform, mut plugins): (Vec<_>, Vec<_>) =
            children(first).partition(|&child| children(child).next().is_some());
        plugins.extend(terraform.iter().flat_map(|&process| children(process)));
        (terraform, plugins)
    }

    /// Waits for the end of the command.
    pub fn wait(mut self) -> Output {
        let child = self.child.take().expect("the command runs");
        Output::new(self.command.clone(), &child.wait_with_output().expect("the command's output can be read"))
    }

    fn end(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// Returns whether a process is running.
pub fn is_alive(process: u32) -> bool {
    processes(&["-p", &process.to_string()]).split_whitespace().nth(2).is_some_and(runs)
}

/// Kills a process with `kill -9`. The process may have ended already.
pub fn kill(process: u32) {
    Command::new("kill").args(["-s", "KILL", &process.to_string()]).output().expect("`kill` starts");
}

/// A line each: the process, its parent, and its state.
fn processes(which: &[&str]) -> String {
    let output = Command::new("ps").args(["-o", "pid=,ppid=,stat="]).args(which).output().expect("`ps` starts");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Whether a process in this state runs. One that has ended and that nobody has waited for does not.
fn runs(state: &str) -> bool {
    !state.starts_with('Z')
}
