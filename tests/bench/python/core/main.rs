//! Core's figure in the run of another language's benchmark. Each line of the input is a number of
//! calls of `Session::generate_token`; the nanoseconds that they took are printed.
//!
//! A process of its own, so that nothing crosses a boundary while it measures.

use std::error::Error;
use std::hint::black_box;
use std::io;
use std::time::Instant;

use tokmint::{OpenTok, Role, TokenOptions};

fn main() -> Result<(), Box<dyn Error>> {
    let opentok = OpenTok::new("123456", "1234567890abcdef1234567890abcdef1234567890")?;
    let session_id = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
    let session = opentok.session(session_id)?;
    let options = TokenOptions::new().role(Role::Moderator).data("name=Johnny&level=4");
    for line in io::stdin().lines() {
        let calls: u32 = line?.parse()?;
        let start = Instant::now();
        for _ in 0..calls {
            black_box(session.generate_token(black_box(&options))?);
        }
        println!("{}", start.elapsed().as_nanos());
    }
    Ok(())
}
