//! Arbitrary options of a new token, whether they are within the limits of docs/tokens.md, and what
//! must hold of the token that they give.

use arbitrary::Arbitrary;
use tokmint::limits::{
    DEFAULT_LIFETIME, MAX_DATA_UNITS, MAX_LAYOUT_CLASS_LIST_UNITS, MAX_LIFETIME, MAX_NONCE,
    MAX_TIME,
};
use tokmint::{Batch, InspectOptions, Role, TokenFormat, TokenOptions, VerifyOptions};

use super::Signer;
use super::checker::{base64_t1, form, parts_of_t1};

/// No token is longer: each of 2,000 units of text takes at most 9 bytes of T1 data, plus the rest.
const MAX_LENGTH: usize = 34_000;

#[derive(Arbitrary, Debug)]
enum Number {
    Within(u64),
    Any(i64),
}

impl Number {
    /// A number, more often than not from 0 to this limit.
    fn up_to(&self, limit: i64) -> i64 {
        match self {
            Number::Within(number) => (number % limit.unsigned_abs()) as i64,
            Number::Any(number) => *number,
        }
    }
}

#[derive(Arbitrary, Debug)]
struct Text<'a>(&'a str, u8);

impl Text<'_> {
    fn repeated(&self) -> String {
        self.0.repeat(1 + usize::from(self.1 / 8))
    }
}

#[derive(Arbitrary, Debug)]
pub struct Options<'a> {
    role: Option<u8>,
    create_time: Number,
    expire_time: Option<Number>,
    expires_in: Option<Number>,
    is_expiry_given_twice: bool,
    data: Text<'a>,
    classes: Vec<Text<'a>>,
    are_classes_cleaned: bool,
    is_t1: bool,
    nonce: Option<Number>,
    jti: Option<&'a str>,
    id: u128,
}

/// Generates a token in every way there is.
pub fn assert_generated_as_asked(signer: Signer, options: &Options<'_>) {
    let opentok = signer.opentok();
    let is_application = opentok.application_id().is_some();
    let roles = [Role::Subscriber, Role::Publisher, Role::PublisherOnly, Role::Moderator];
    let role = options.role.map(|role| roles[usize::from(role) % roles.len()]);
    let create_time = options.create_time.up_to(MAX_TIME);
    let mut expire_time = options.expire_time.as_ref().map(|time| match time {
        Number::Within(lifetime) => create_time
            .saturating_add(1)
            .saturating_add((lifetime % MAX_LIFETIME.unsigned_abs()) as i64),
        Number::Any(time) => *time,
    });
    let expires_in = options.expires_in.as_ref().map(|time| time.up_to(MAX_LIFETIME));
    if !options.is_expiry_given_twice && expires_in.is_some() {
        expire_time = None;
    }
    let data = options.data.repeated();
    let classes: Vec<String> = options.classes.iter().map(Text::repeated).collect();
    let classes = classes.iter().map(|class| match options.are_classes_cleaned {
        true => class.replace(|c: char| c.is_whitespace() || c.is_control(), "_"),
        false => class.clone(),
    });
    let classes: Vec<String> =
        classes.filter(|class| !class.is_empty() || !options.are_classes_cleaned).collect();
    let list: Vec<&str> = classes.iter().map(String::as_str).collect();
    // Options of the other kind are asked for now and then.
    let is_t1 = options.is_t1 && (!is_application || options.id.is_multiple_of(16));
    let nonce = options.nonce.as_ref().map(|nonce| nonce.up_to(MAX_NONCE));
    let nonce = nonce.filter(|_| !is_application || options.id.is_multiple_of(16));
    let hex = format!("{:032x}", options.id);
    let uuid = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-");
    let jti = match options.jti {
        Some(jti) if options.id.is_multiple_of(16) => Some(jti),
        _ => is_application.then_some(&*uuid),
    };

    let given = TokenOptions::new()
        .role(role)
        .create_time(create_time)
        .expire_time(expire_time)
        .expires_in(expires_in)
        .data(&data)
        .initial_layout_class_list(&list)
        .token_format(if is_t1 { TokenFormat::T1 } else { TokenFormat::Jwt })
        .nonce(nonce)
        .jti(jti);
    let lifetime = match (expire_time, expires_in) {
        (Some(time), None) => i128::from(time) - i128::from(create_time),
        (None, lifetime) => lifetime.unwrap_or(DEFAULT_LIFETIME).into(),
        (Some(_), Some(_)) => 0,
    };
    let units = |text: &str| text.chars().map(char::len_utf16).sum::<usize>();
    let is_visible = |class: &&str| {
        !class.is_empty() && class.chars().all(|c| !c.is_whitespace() && !c.is_control())
    };
    let is_uuid = |id: &str| {
        id.len() == 36
            && id.char_indices().all(|(at, c)| match at {
                8 | 13 | 18 | 23 => c == '-',
                _ => matches!(c, '0'..='9' | 'a'..='f'),
            })
    };
    let is_within_limits = (0..=MAX_TIME).contains(&create_time)
        && expire_time.is_none_or(|time| time <= MAX_TIME)
        && (1..=i128::from(MAX_LIFETIME)).contains(&lifetime)
        && units(&data) <= MAX_DATA_UNITS
        && list.iter().all(is_visible)
        && units(&list.join(" ")) <= MAX_LAYOUT_CLASS_LIST_UNITS
        && match is_application {
            true => !is_t1 && nonce.is_none() && jti.is_none_or(is_uuid),
            false => jti.is_none() && nonce.is_none_or(|nonce| (0..=MAX_NONCE).contains(&nonce)),
        };

    let session_id = signer.session_id();
    let generated = opentok.generate_token(session_id, &given);
    assert_eq!(generated.is_ok(), is_within_limits, "{generated:?}");
    let session = opentok.session(session_id).unwrap();
    let mut batch = Batch::new(&session);
    let mut buffer = vec![0; MAX_LENGTH];
    let Ok(token) = generated else {
        let error = generated.unwrap_err();
        assert_eq!(session.generate_token(&given), Err(error));
        assert_eq!(batch.generate_token(&given), Err(error));
        assert_eq!(session.generate_token_into(&given, &mut buffer), Err(error));
        return;
    };
    assert!(token.len() <= MAX_LENGTH);
    if nonce.is_some() || is_application {
        assert_eq!(session.generate_token(&given).unwrap(), token);
        let length = opentok.generate_token_into(session_id, &given, &mut buffer).unwrap();
        assert_eq!(buffer[..length], *token.as_bytes());
        // A batch writes its first, its second and its other tokens in ways of their own.
        for _ in 0..if is_application { 1 } else { 3 } {
            assert_eq!(batch.generate_token(&given).unwrap(), token);
        }
    }

    let verified = opentok
        .verify_token(&token, &VerifyOptions::new().now(create_time).session_id(session_id))
        .unwrap();
    assert_eq!(verified.format(), if is_t1 { TokenFormat::T1 } else { TokenFormat::Jwt });
    assert_eq!(
        (verified.api_key(), verified.application_id()),
        (opentok.api_key(), opentok.application_id())
    );
    assert_eq!(verified.session_id(), session_id);
    assert_eq!(verified.role(), role.unwrap_or_default());
    assert_eq!(verified.create_time(), create_time);
    assert_eq!(i128::from(verified.expire_time()), i128::from(create_time) + lifetime);
    assert_eq!(verified.data(), data);
    assert!(verified.initial_layout_class_list().eq(list));
    match jti {
        Some(jti) => assert_eq!(verified.nonce(), jti),
        None => assert!(nonce.is_none_or(|nonce| verified.nonce() == nonce.to_string())),
    }
    let inspection = opentok.inspect_token(&token, &InspectOptions::new().now(create_time));
    assert!(!inspection.is_refused());
    assert_eq!(inspection.token.as_ref(), Some(&*verified));

    if let Some(body) = token.strip_prefix("T1==") {
        let raw = base64_t1(body.as_bytes()).unwrap();
        let (_, fields) = parts_of_t1(&raw).unwrap();
        let fields = form(fields).expect("each name once");
        let mut names: Vec<&str> = fields.iter().map(|(name, _)| &**name).collect();
        if names.last() == Some(&"connection_data") {
            names.pop();
            assert!(!data.is_empty());
        }
        assert_eq!(
            names,
            [
                "session_id", "create_time", "expire_time", "role", "nonce",
                "initial_layout_class_list",
            ]
        );
    }
}
