//! The reason inside of an error, which the vectors do not hold: they know its code only.

#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

mod support;

use support::{API_KEY, API_SECRET, SESSION_ID, jwt, project};
use tokmint::limits::{MAX_LIFETIME, MAX_SESSION_ID_LENGTH, MAX_TIME};
use tokmint::{
    Error, ExpireTimeFault, OpenTok, SecretFault, SessionId, SessionIdFault, StartFault,
    TokenOptions, VerifyOptions,
};

const NOW: i64 = 1_700_000_000;

#[test]
fn a_secret_of_another_kind_is_told_from_white_space() {
    let fault = |secret| match OpenTok::new(API_KEY, secret) {
        Err(Error::InvalidApiSecret { fault }) => Some(fault),
        other => {
            other.unwrap();
            None
        }
    };
    assert_eq!(fault(""), Some(SecretFault::Empty));
    assert_eq!(fault("a\0b"), Some(SecretFault::Nul));
    for secret in ["secret\n", " secret", "secret\u{a0}", "\u{feff}secret"] {
        assert_eq!(fault(secret), Some(SecretFault::OuterWhitespace), "{secret:?}");
    }
    for secret in [
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n",
        "key: -----BEGIN PUBLIC KEY-----",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA",
        "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY",
        "{\"kty\":\"oct\",\"k\":\"AA\"}",
    ] {
        assert_eq!(fault(secret), Some(SecretFault::OtherKind), "{secret:?}");
    }
    // Half of what an SSH key has is none.
    for secret in ["ssh-is-not-a-key", "half AAAA of a key"] {
        assert_eq!(fault(secret), None, "{secret:?}");
    }
    for (secret, expected) in [
        ("\"quoted\"", SecretFault::Quoted),
        ("API_SECRET=1", SecretFault::Assignment),
        ("undefined", SecretFault::Placeholder),
        ("<secret>", SecretFault::Placeholder),
        ("a\nb", SecretFault::Unprintable),
        ("a\u{200b}b", SecretFault::Unprintable),
        (API_KEY, SecretFault::ApiKey),
    ] {
        assert_eq!(fault(secret), Some(expected), "{secret:?}");
    }
    for odd in [
        "short", "a=b", "<", "{}x", "it's", "secretary", "none of it", "mysecret=", "topsecret:42",
        "this is my secret: 42", "c2VjcmV0secret9Q==", "secret://foo", "ssh-secret", "a\u{30fc}b",
    ] {
        assert_eq!(fault(odd), None, "{odd:?}");
    }
    assert_eq!(fault("white space within"), None);
}

#[test]
fn a_session_id_says_its_owner_or_what_is_wrong_with_it() {
    let session = SessionId::parse(SESSION_ID).unwrap();
    assert_eq!((session.as_str(), session.owner()), (SESSION_ID, API_KEY));
    assert!(session.belongs_to(API_KEY) && !session.belongs_to("12345"));

    let of_application = "1_MX4yOWY3NjBmOC03Y2UxLTQ2YzktYWRlMy1mMmRlZGVlNGVkNWZ-fjE3MjY0NjI1ODg2NDd-MTF4TGExYmJoelBlR1FHbVhzbWd4STBrfn5-";
    let session = SessionId::parse(of_application).unwrap();
    assert_eq!(session.owner(), "29f760f8-7ce1-46c9-ade3-f2dedee4ed5f");
    assert!(session.belongs_to("29F760F8-7CE1-46C9-ADE3-F2DEDEE4ED5F"));

    let fault = |text: &str| match SessionId::parse(text).unwrap_err() {
        Error::InvalidSessionId { fault } => fault,
        other => panic!("{other:?}"),
    };
    let length = MAX_SESSION_ID_LENGTH + 1;
    assert_eq!(fault(&"1".repeat(length)), SessionIdFault::TooLong { length });
    assert_eq!(fault(&"1".repeat(length - 1)), SessionIdFault::Prefix);
    assert_eq!(fault("1"), SessionIdFault::Prefix);
    assert_eq!(fault("1_*"), SessionIdFault::Base64);
    assert_eq!(fault("undefined"), SessionIdFault::Placeholder);
    assert_eq!(fault(&format!("{SESSION_ID}\n")), SessionIdFault::OuterWhitespace);
    assert_eq!(fault(&format!("'{SESSION_ID}'")), SessionIdFault::Quoted);
    // The base64 of `1~2~xyz~~`, without its last character.
    assert_eq!(fault("1_MX4yfnh5en5"), SessionIdFault::MissingHyphen);
    assert_eq!(fault("1_"), SessionIdFault::Owner);
    // `1~`, `1~~x` and 0xff.
    assert_eq!(fault("1_MX4"), SessionIdFault::Owner);
    assert_eq!(fault("1_MX5-eA"), SessionIdFault::Owner);
    assert_eq!(fault("1__w"), SessionIdFault::Owner);
}

#[test]
fn an_expiry_says_how_far_it_is_off() {
    let fault = |expire_time, expires_in| {
        let options =
            TokenOptions::new().create_time(NOW).expire_time(expire_time).expires_in(expires_in);
        match project().generate_token(SESSION_ID, &options).unwrap_err() {
            Error::InvalidExpireTime { fault } => fault,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(fault(Some(NOW), None), ExpireTimeFault::NotInFuture { by: 0 });
    assert_eq!(fault(Some(NOW - 5), None), ExpireTimeFault::NotInFuture { by: 5 });
    assert_eq!(fault(None, Some(-5)), ExpireTimeFault::NotInFuture { by: 5 });
    let lifetime = MAX_LIFETIME + 1;
    assert_eq!(fault(Some(NOW + lifetime), None), ExpireTimeFault::TooFar { lifetime });
    assert_eq!(fault(None, Some(lifetime)), ExpireTimeFault::TooFar { lifetime });
    assert_eq!(fault(Some(MAX_TIME), None), ExpireTimeFault::TooFar { lifetime: MAX_TIME - NOW });
    assert_eq!(fault(Some(MAX_TIME + 1), None), ExpireTimeFault::Milliseconds);
    assert_eq!(fault(Some(NOW + 1), Some(1)), ExpireTimeFault::GivenTwice);
}

/// A token is never valid before its time, and never after it: `nbf` is rounded up, `exp` down.
#[test]
fn fractions_of_a_second_are_rounded_to_the_strict_side() {
    let verify = |expiry: &str, not_before: &str| {
        let payload = format!(
            r#"{{"session_id":"{SESSION_ID}","role":"publisher","iat":{NOW},"exp":{expiry},"nbf":{not_before},"scope":"session.connect","iss":"{API_KEY}","ist":"project"}}"#
        );
        let token = jwt(br#"{"alg":"HS256"}"#, payload.as_bytes(), API_SECRET);
        let options = VerifyOptions::new().now(NOW);
        project().verify_token(token, &options)
    };
    let (expiry, soon) = (format!("{}", NOW + 9), format!("{NOW}.5"));
    assert_eq!(
        verify(&expiry, &soon),
        Err(Error::TokenNotYetValid { fault: StartFault::NotBefore { ahead: 1 } })
    );
    assert_eq!(verify(&soon, "0"), Err(Error::TokenExpired { by: 0 }));
    assert_eq!(verify(&format!("{}.5", NOW + 9), "0.5").unwrap().expire_time(), NOW + 9);
}

/// Leeway forgives a `nbf` in the future, by no more than itself.
#[test]
fn leeway_counts_back_from_nbf() {
    let verify = |not_before: i64, leeway: i64| {
        let payload = format!(
            r#"{{"session_id":"{SESSION_ID}","role":"publisher","iat":{NOW},"exp":{},"nbf":{not_before},"scope":"session.connect","iss":"{API_KEY}","ist":"project"}}"#,
            NOW + 9
        );
        let token = jwt(br#"{"alg":"HS256"}"#, payload.as_bytes(), API_SECRET);
        let options = VerifyOptions::new().now(NOW).leeway(leeway);
        project().verify_token(token, &options)
    };
    assert!(verify(NOW + 10, 10).is_ok());
    assert_eq!(
        verify(NOW + 11, 10),
        Err(Error::TokenNotYetValid { fault: StartFault::NotBefore { ahead: 11 } })
    );
    assert!(verify(NOW - 10, 10).is_ok());
}
