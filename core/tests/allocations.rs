//! A token is the only allocation that it takes, and into a caller's buffer it takes none.

#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

mod support;

use std::hint::black_box;

use support::{SESSION_ID, project};
use tokmint::limits::{MAX_DATA_UNITS, MAX_LAYOUT_CLASS_LIST_UNITS};
use tokmint::{Batch, TokenFormat, TokenOptions};

#[test]
fn a_token_is_the_only_allocation() {
    let opentok = project();
    let class = "漢".repeat(MAX_LAYOUT_CLASS_LIST_UNITS);
    let largest = "\0".repeat(MAX_DATA_UNITS);
    let mut buffer = vec![0; 40_000];
    for token_format in TokenFormat::ALL {
        for (data, class) in [("name=Johnny", "focus"), (&largest, &class)] {
            let classes = [class];
            let options = TokenOptions::new()
                .data(data)
                .initial_layout_class_list(&classes)
                .token_format(*token_format);
            let generate = || {
                drop(black_box(opentok.generate_token(SESSION_ID, &options).unwrap()));
            };
            // The first call sets up the nonces and the base64 engine.
            generate();
            assert_eq!(allocation_counter::measure(generate).count_total, 1);

            let into = || {
                let length = opentok.generate_token_into(SESSION_ID, &options, &mut buffer);
                black_box(length.unwrap());
            };
            assert_eq!(allocation_counter::measure(into).count_total, 0);

            let session = opentok.session(SESSION_ID).unwrap();
            let of_session = || drop(black_box(session.generate_token(&options).unwrap()));
            assert_eq!(allocation_counter::measure(of_session).count_total, 1);
            let mut batch = Batch::new(&session);
            let mut of_batch = || {
                let length = batch.generate_token_into(&options, &mut buffer);
                black_box(length.unwrap());
            };
            // The second one prepares what they have in common.
            of_batch();
            of_batch();
            assert_eq!(allocation_counter::measure(of_batch).count_total, 0);
        }
    }
}
