//! Any text as a session ID, as it is or behind the start of an ID and encoded as one: it is taken
//! if and only if the slow reader finds an owner in it, for calls that need one as well.

#![no_main]

#[path = "shared/mod.rs"]
mod shared;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;
use shared::checker::{base64_url, owner_of_session};
use shared::{API_KEY, NOW, PROJECT};
use tokmint::{SessionId, TokenOptions};

fuzz_target!(|input: &[u8]| {
    let Some((form, rest)) = input.split_first() else {
        return;
    };
    let encoded = |start: &[u8]| URL_SAFE_NO_PAD.encode([start, rest].concat());
    let id = match form % 4 {
        0 => String::from_utf8_lossy(rest).into_owned(),
        1 => format!("1_{}", encoded(b"")),
        2 => format!("1_{}", encoded(b"1~123456~")),
        _ => format!("2_{}", encoded(b"2~123456")),
    };
    let owner = owner_of_session(&id);
    let session = SessionId::parse(&id).ok();
    assert_eq!(session.as_ref().map(|session| session.owner()), owner.as_deref());
    let is_own = owner.as_deref() == Some(API_KEY);
    if let Some(session) = session {
        assert_eq!(session.as_str(), id);
        assert_eq!(Some(session.decoded().into_bytes()), base64_url(&id.as_bytes()[2..]));
        assert_eq!(session.belongs_to(API_KEY), is_own);
    }
    assert_eq!(PROJECT.session(&id).is_ok(), is_own);
    let options = TokenOptions::new().create_time(NOW);
    assert_eq!(PROJECT.generate_token(&id, &options).is_ok(), is_own);
});
