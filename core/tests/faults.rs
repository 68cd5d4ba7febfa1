//! The reason inside of an error, which the vectors do not hold: they know its code only.

#![allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]

mod support;

use support::{API_KEY, API_SECRET, SESSION_ID, jwt, project, t1};
use tokmint::limits::{
    MAX_API_SECRET_BYTES, MAX_LIFETIME, MAX_NONCE, MAX_REST_LIFETIME, MAX_SESSION_ID_LENGTH,
    MAX_TIME,
};
use tokmint::{
    Error, ErrorCode, ExpireTimeFault, OpenTok, RestTokenOptions, Role, SecretFault, SessionId,
    SessionIdFault, StartFault, Token, TokenFault, TokenFormat, TokenOptions, VerifyOptions,
};

const NOW: i64 = 1_700_000_000;

#[test]
fn a_secret_of_another_kind_is_told_from_white_space() {
    let fault = |secret: &str| match OpenTok::new(API_KEY, secret) {
        Err(Error::InvalidApiSecret { fault }) => Some(fault),
        other => {
            other.unwrap();
            None
        }
    };
    let too_long = "s".repeat(MAX_API_SECRET_BYTES + 1);
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
        (&too_long, SecretFault::TooLong),
    ] {
        assert_eq!(fault(secret), Some(expected), "{secret:?}");
    }
    for odd in [
        "short", "a=b", "<", "{}x", "it's", "secretary", "none of it", "mysecret=", "topsecret:42",
        "this is my secret: 42", "c2VjcmV0secret9Q==", "secret://foo", "ssh-secret", "a\u{30fc}b",
    ] {
        assert_eq!(fault(odd), None, "{odd:?}");
    }
    assert_eq!(fault(&too_long[1..]), None);
    assert_eq!(fault("white space within"), None);
    // One half of each sign of another kind.
    for secret in ["ssh-keygen", "of AAAA", "{braces", "a \" within", "eyJwithoutdots", "a.dot"] {
        assert_eq!(fault(secret), None, "{secret}");
    }
}

#[test]
fn a_session_id_says_its_owner_or_what_is_wrong_with_it() {
    let session = SessionId::parse(SESSION_ID).unwrap();
    assert_eq!((session.as_str(), session.owner()), (SESSION_ID, API_KEY));
    assert_eq!(session.decoded(), "1~123456~~Sat Mar 15 14:42:23 PDT 2014~0.49013025~");
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
    assert_eq!(fault(&format!("'{SESSION_ID}")), SessionIdFault::Prefix);
    assert_eq!(fault(&format!("{SESSION_ID}'")), SessionIdFault::Base64);
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

#[test]
fn an_expiry_of_a_token_for_rest_calls_says_how_far_it_is_off() {
    let fault = |expires_in| {
        let options = RestTokenOptions::new().create_time(NOW).expires_in(expires_in);
        match project().generate_rest_token(&options) {
            Err(Error::InvalidExpireTime { fault }) => Some(fault),
            other => {
                other.unwrap();
                None
            }
        }
    };
    assert_eq!(fault(0), Some(ExpireTimeFault::NotInFuture { by: 0 }));
    assert_eq!(fault(-5), Some(ExpireTimeFault::NotInFuture { by: 5 }));
    assert_eq!(fault(1), None);
    assert_eq!(fault(MAX_REST_LIFETIME), None);
    let lifetime = MAX_REST_LIFETIME + 1;
    assert_eq!(fault(lifetime), Some(ExpireTimeFault::TooFarForRest { lifetime }));
}

/// Signs a payload whose other claims are fine, and verifies it.
fn verify_times(
    iat: &str,
    exp: &str,
    nbf: &str,
    options: &VerifyOptions<'_>,
) -> Result<Token, Error> {
    let payload = format!(
        r#"{{"session_id":"{SESSION_ID}","role":"publisher","iat":{iat},"exp":{exp},"nbf":{nbf},"scope":"session.connect","iss":"{API_KEY}","ist":"project"}}"#
    );
    let token = jwt(br#"{"alg":"HS256"}"#, payload.as_bytes(), API_SECRET);
    project().verify_token(token, options)
}

/// A token is never valid before its time, and never after it: `nbf` is rounded up, `exp` down.
/// `iat`, which is forgiven a minute, is rounded down.
#[test]
fn fractions_of_a_second_are_rounded_to_the_strict_side() {
    let verify = |iat: &str, exp: &str, nbf: &str| {
        verify_times(iat, exp, nbf, &VerifyOptions::new().now(NOW))
    };
    let (now, expiry, soon) = (format!("{NOW}"), format!("{}", NOW + 9), format!("{NOW}.5"));
    assert_eq!(
        verify(&now, &expiry, &soon),
        Err(Error::TokenNotYetValid { fault: StartFault::NotBefore { ahead: 1 } })
    );
    assert_eq!(verify(&now, &soon, "0"), Err(Error::TokenExpired { by: 0 }));
    let verified = verify(&now, &format!("{}.5", NOW + 9), "0.5");
    assert_eq!(verified.unwrap().expire_time(), NOW + 9);
    let (last, late) = (NOW + 60, NOW + 70);
    let verified = verify(&format!("{last}.999"), &format!("{late}"), "0");
    assert_eq!(verified.unwrap().create_time(), last);
    assert_eq!(
        verify(&format!("{}.0", last + 1), &format!("{late}"), "0"),
        Err(Error::TokenNotYetValid { fault: StartFault::CreateTime { ahead: 61 } })
    );
}

/// Beyond it some integers are no double of their own, and readers differ in what they read.
#[test]
fn a_time_is_read_up_to_the_largest_exact_integer() {
    const LARGEST: i64 = (1 << 53) - 1;
    let (now, soon, first) = (format!("{NOW}"), format!("{}", NOW + 9), LARGEST - 9);
    let malformed = |fault: TokenFault| Err(Error::MalformedToken { fault });
    let not_before =
        |ahead| Err(Error::TokenNotYetValid { fault: StartFault::NotBefore { ahead } });
    for (point, is_integer) in [("", true), (".0", false)] {
        let largest = format!("{LARGEST}{point}");
        let at_end = VerifyOptions::new().now(LARGEST - 1);
        let verified = verify_times(&format!("{first}{point}"), &largest, "0", &at_end).unwrap();
        assert_eq!((verified.create_time(), verified.expire_time()), (first, LARGEST));
        let at_now = VerifyOptions::new().now(NOW);
        assert_eq!(verify_times(&now, &soon, &largest, &at_now), not_before(LARGEST - NOW));

        for beyond in [LARGEST + 1, LARGEST + 2, 1 << 60, i64::MAX] {
            // A double is what its digits are rounded to.
            let beyond = format!("{beyond}{point}");
            for beyond in [&beyond, &format!("-{beyond}")] {
                let verify = |iat: &str, exp: &str, nbf: &str| verify_times(iat, exp, nbf, &at_now);
                assert_eq!(verify(beyond, &soon, "0"), malformed(TokenFault::CreateTime));
                assert_eq!(verify(&now, beyond, "0"), malformed(TokenFault::ExpireTime));
                assert_eq!(verify(&now, &soon, beyond), malformed(TokenFault::NotBefore));
            }
        }
        let negative = if is_integer { "-1" } else { "-1.0" };
        assert_eq!(verify_times(negative, &soon, "0", &at_now), malformed(TokenFault::CreateTime));
    }
    // The first time of all is one.
    assert_eq!(verify_times("0", "1", "0", &VerifyOptions::new().now(0)).unwrap().create_time(), 0);
}

/// Leeway forgives a `nbf` in the future, by no more than itself.
#[test]
fn leeway_counts_back_from_nbf() {
    let verify = |not_before: i64, leeway: i64| {
        let (iat, exp) = (format!("{NOW}"), format!("{}", NOW + 9));
        let options = VerifyOptions::new().now(NOW).leeway(leeway);
        verify_times(&iat, &exp, &format!("{not_before}"), &options)
    };
    assert!(verify(NOW + 10, 10).is_ok());
    assert_eq!(
        verify(NOW + 11, 10),
        Err(Error::TokenNotYetValid { fault: StartFault::NotBefore { ahead: 11 } })
    );
    assert!(verify(NOW - 10, 10).is_ok());
}

#[test]
fn a_malformed_token_says_what_to_do() {
    let said = |token: String| {
        let error = project().verify_token(token, &VerifyOptions::new().now(NOW)).unwrap_err();
        assert_eq!(error.code(), ErrorCode::MalformedToken);
        error.to_string().rsplit_once("; ").unwrap().1.to_owned()
    };
    let whole = "pass it whole and unchanged, as it was generated";
    let payload = |members: &str| jwt(br#"{"alg":"HS256"}"#, members.as_bytes(), API_SECRET);
    let good = payload("{}");
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let (header, encoded) = signed.split_once('.').unwrap();
    for token in [
        header.to_owned(),
        format!("*.{encoded}.{signature}"),
        jwt(b"[]", b"{}", API_SECRET),
        format!("{signed}.*"),
        "T1==*".to_owned(),
        "T1==AAAA".to_owned(),
    ] {
        assert_eq!(said(token.clone()), whole, "{token}");
    }
    // Its signature is that of what it says, so that it was issued like this.
    let unencoded = {
        use hmac::{KeyInit, Mac};
        let signed = format!("{header}.*");
        let mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(API_SECRET.as_bytes()).unwrap();
        let mac = mac.chain_update(&signed).finalize().into_bytes();
        let encoded = jwt(b"", &mac, API_SECRET);
        format!("{signed}.{}", encoded.split('.').nth(1).unwrap())
    };
    assert_eq!(said(unencoded), whole);
    let issued = "correct it where the token is issued";
    assert_eq!(said(payload("[]")), issued);
    assert_eq!(said(t1(API_KEY, b"role", API_SECRET)), issued);
    assert_eq!(said(payload("{}")), "generate a client token for the session");
}

#[test]
fn credentials_say_whose_they_are() {
    let opentok = project();
    assert_eq!((opentok.api_key(), opentok.application_id()), (Some(API_KEY), None));
    assert_eq!(format!("{opentok:?}"), format!("OpenTok {{ api_key: \"{API_KEY}\", .. }}"));

    let id = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
    let key = include_str!("../../tests/vectors/public_key.pem");
    let opentok = OpenTok::verifier(&id.to_uppercase(), key).unwrap();
    assert_eq!((opentok.api_key(), opentok.application_id()), (None, Some(id)));
    assert_eq!(format!("{opentok:?}"), format!("OpenTok {{ application_id: \"{id}\", .. }}"));
}

/// The length for which a caller makes room holds every nonce, and no more.
#[test]
fn a_buffer_that_is_too_short_is_told_the_length_that_suffices() {
    let opentok = project();
    for &format in TokenFormat::ALL {
        let options = TokenOptions::new().role(Role::Moderator).token_format(format);
        let options = options.create_time(NOW).nonce(MAX_NONCE);
        let token = opentok.generate_token(SESSION_ID, &options).unwrap();
        let mut buffer = vec![b'?'; token.len() + 1];
        let refused = opentok.generate_token_into(SESSION_ID, &options, &mut buffer[..9]);
        let Err(Error::BufferTooShort { length }) = refused else { panic!("{refused:?}") };
        // Sixteen digits more in base64.
        assert!((token.len() + 20..=token.len() + 24).contains(&length), "{length}");
        assert!(buffer.iter().all(|&byte| byte == b'?'));
        let written = opentok.generate_token_into(SESSION_ID, &options, &mut buffer);
        assert_eq!(written, Ok(token.len()));
        assert_eq!(buffer, format!("{token}?").into_bytes());
    }
}

#[test]
fn tokens_without_a_nonce_differ() {
    let opentok = project();
    let options = TokenOptions::new().create_time(NOW);
    let nonce = |_| {
        let token = opentok.generate_token(SESSION_ID, &options).unwrap();
        let verified = opentok.verify_token(token, &VerifyOptions::new().now(NOW)).unwrap();
        verified.nonce().parse::<i64>().unwrap()
    };
    let nonces: std::collections::BTreeSet<i64> = (0..100).map(nonce).collect();
    assert_eq!(nonces.len(), 100);
    assert!(
        (0..=MAX_NONCE).contains(nonces.first().unwrap()) && *nonces.last().unwrap() <= MAX_NONCE
    );
}
