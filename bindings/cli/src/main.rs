//! `tokmint`, the program: the command line, and the self-test of this binary.

mod self_test;

use std::env;
use std::process::ExitCode;

use self_test::Report;

fn main() -> ExitCode {
    let status = tokmint_cli::run(env::args_os().skip(1));
    ExitCode::from(status.unwrap_or_else(self_test))
}

/// Names each vector that fails on standard error; how many pass is the result.
fn self_test() -> u8 {
    let Report { count, failures } = self_test::run(&self_test::vectors());
    for failure in &failures {
        tokmint_cli::complain(&format!("FAILED {failure}\n"));
    }
    let text = format!(
        "tokmint {} on {} {}: {} of {count} vectors passed\n",
        env!("CARGO_PKG_VERSION"),
        env::consts::OS,
        env::consts::ARCH,
        count - failures.len(),
    );
    let status = if failures.is_empty() { 0 } else { tokmint_cli::REFUSED };
    tokmint_cli::write(text.as_bytes(), status)
}
