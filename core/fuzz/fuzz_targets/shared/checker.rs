//! A slow, plain checker of tokens, written from docs/tokens.md, which shares no code with core:
//! its verdict and what it reads must be those of verify.

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use hmac::{Hmac, KeyInit, Mac};
use tokmint::limits::{DEFAULT_LIFETIME, MAX_JSON_DEPTH, MAX_LIFETIME, MAX_TOKEN_BYTES};

use super::json::{self, Kind, Value};

pub enum Issuer<'a> {
    /// API key and API secret.
    Project(&'a str, &'a [u8]),
    /// ID in lower case, and the public key in PKCS #1.
    Application(&'a str, &'a [u8]),
}

pub struct Expected<'a> {
    pub issuer: Issuer<'a>,
    pub session_id: Option<&'a str>,
    pub now: i64,
    pub leeway: i64,
}

#[derive(Debug, PartialEq)]
pub struct Claims {
    pub format: &'static str,
    pub issuer: String,
    pub session_id: String,
    pub role: String,
    pub create_time: i64,
    pub expire_time: i64,
    pub data: String,
    pub classes: Vec<String>,
    pub nonce: String,
}

/// The last two symbols of the alphabets; the others are in both.
const STANDARD: [u8; 2] = *b"+/";
const URL_SAFE: [u8; 2] = *b"-_";

/// What a token says; `None` if it must be refused.
pub fn check(token: &[u8], expected: &Expected<'_>) -> Option<Claims> {
    if token.len() > MAX_TOKEN_BYTES {
        return None;
    }
    let (claims, not_before) = match token.strip_prefix(b"T1==") {
        Some(body) => (check_t1(body, expected)?, None),
        None => check_jwt(token, expected)?,
    };
    let owner = match expected.issuer {
        Issuer::Project(api_key, _) => api_key,
        Issuer::Application(id, _) => id,
    };
    let times = [claims.create_time, claims.expire_time, expected.now, expected.leeway];
    let [created, expires, now, leeway] = times.map(i128::from);
    let is_valid = claims.issuer == owner
        && owner_of_session(&claims.session_id)?.to_ascii_lowercase() == owner
        && expected.session_id.is_none_or(|id| id == claims.session_id)
        && expires - created <= i128::from(MAX_LIFETIME)
        && expires > now - leeway
        && created <= now + leeway.max(60)
        && not_before.is_none_or(|start| i128::from(start) <= now + leeway);
    is_valid.then_some(claims)
}

/// The field at index 1 of a session ID.
pub fn owner_of_session(id: &str) -> Option<String> {
    let body = id.strip_prefix("1_").or_else(|| id.strip_prefix("2_"))?;
    if id.len() > 255 {
        return None;
    }
    let fields = String::from_utf8(base64(body.as_bytes(), URL_SAFE)?).ok()?;
    fields.split('~').nth(1).filter(|owner| !owner.is_empty()).map(str::to_owned)
}

/// Symbol by symbol, without padding.
pub fn base64(encoded: &[u8], alphabet: [u8; 2]) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0, 0_u32);
    for symbol in encoded {
        let value = match *symbol {
            b'A'..=b'Z' => symbol - b'A',
            b'a'..=b'z' => symbol - b'a' + 26,
            b'0'..=b'9' => symbol - b'0' + 52,
            symbol if symbol == alphabet[0] => 62,
            symbol if symbol == alphabet[1] => 63,
            _ => return None,
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    // What is left of the last symbol is zero, and less than a symbol.
    (held == 0 && bits < 6).then_some(bytes)
}

pub fn base64_url(encoded: &[u8]) -> Option<Vec<u8>> {
    base64(encoded, URL_SAFE)
}

/// The standard alphabet with padding, or wholly the other one.
pub fn base64_t1(encoded: &[u8]) -> Option<Vec<u8>> {
    let end = encoded.len() - encoded.iter().rev().take_while(|&&symbol| symbol == b'=').count();
    let padding = encoded.len() - end;
    if !encoded.len().is_multiple_of(4) || padding > 2 {
        return None;
    }
    let symbols = &encoded[..end];
    base64(symbols, STANDARD).or_else(|| base64(symbols, URL_SAFE))
}

/// The parts of a T1 token: head and data. Where the head ends is where its first colon is.
pub fn parts_of_t1(raw: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = raw.iter().position(|&byte| byte == b':')?;
    Some((&raw[..colon], &raw[colon + 1..]))
}

fn check_t1(body: &[u8], expected: &Expected<'_>) -> Option<Claims> {
    let Issuer::Project(api_key, secret) = expected.issuer else {
        return None;
    };
    let raw = base64_t1(body)?;
    let (head, data) = parts_of_t1(&raw)?;
    let mut fields = Vec::new();
    for field in head.split(|&byte| byte == b'&') {
        let mut parts = field.splitn(2, |&byte| byte == b'=');
        let (name, value) = (parts.next()?, parts.next().unwrap_or_default());
        let decoded = percent_decoded(name, false).unwrap_or_else(|| lenient(name));
        if decoded == b"partner_id" || decoded == b"sig" {
            // Another spelling is refused, and so is a second one.
            if decoded != name || fields.iter().any(|(known, _)| *known == name) {
                return None;
            }
            fields.push((name, value));
        }
    }
    let field = |name: &[u8]| fields.iter().find(|(known, _)| *known == name);
    let partner_id = field(b"partner_id")?.1;
    let signature = field(b"sig")?.1;
    let mac = Hmac::<sha1::Sha1>::new_from_slice(secret).unwrap().chain_update(data).finalize();
    let hex: String = mac.into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    if partner_id != api_key.as_bytes() || !signature.eq_ignore_ascii_case(hex.as_bytes()) {
        return None;
    }
    let fields = form(data)?;
    let field = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, v)| &**v);
    let create_time = plain_digits(field("create_time")?)?;
    let expire_time = match field("expire_time") {
        Some(time) => plain_digits(time)?,
        None => create_time.saturating_add(DEFAULT_LIFETIME),
    };
    Some(Claims {
        format: "t1",
        issuer: api_key.to_owned(),
        session_id: field("session_id")?.to_owned(),
        role: role(field("role")?)?,
        create_time,
        expire_time,
        data: field("connection_data").unwrap_or_default().to_owned(),
        classes: words(field("initial_layout_class_list").unwrap_or_default()),
        nonce: field("nonce").unwrap_or_default().to_owned(),
    })
}

/// The fields of form-encoded data, no name of them twice.
pub fn form(data: &[u8]) -> Option<Vec<(String, String)>> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for field in data.split(|&byte| byte == b'&') {
        let equals = field.iter().position(|&byte| byte == b'=')?;
        let text = |encoded| String::from_utf8(percent_decoded(encoded, true)?).ok();
        fields.push((text(&field[..equals])?, text(&field[equals + 1..])?));
    }
    let mut names: Vec<_> = fields.iter().map(|(name, _)| name).collect();
    names.sort();
    names.windows(2).all(|pair| pair[0] != pair[1]).then_some(fields)
}

/// `None` if a percent sign is not followed by two digits.
fn percent_decoded(encoded: &[u8], is_form: bool) -> Option<Vec<u8>> {
    let (mut decoded, mut at) = (Vec::new(), 0);
    while at < encoded.len() {
        decoded.push(match encoded[at] {
            b'%' => {
                let digits = str::from_utf8(encoded.get(at + 1..at + 3)?).ok()?;
                if digits.starts_with('+') {
                    return None;
                }
                at += 2;
                u8::from_str_radix(digits, 16).ok()?
            }
            b'+' if is_form => b' ',
            byte => byte,
        });
        at += 1;
    }
    Some(decoded)
}

/// With the percent signs that are not followed by two digits as they are.
fn lenient(encoded: &[u8]) -> Vec<u8> {
    let (mut decoded, mut at) = (Vec::new(), 0);
    while at < encoded.len() {
        let escape = encoded.get(at..at + 3).and_then(|escape| percent_decoded(escape, false));
        match escape.filter(|_| encoded[at] == b'%') {
            Some(byte) => {
                decoded.extend(byte);
                at += 3;
            }
            None => {
                decoded.push(encoded[at]);
                at += 1;
            }
        }
    }
    decoded
}

fn plain_digits(time: &str) -> Option<i64> {
    let is_plain =
        time.bytes().all(|digit| digit.is_ascii_digit()) && (time == "0" || !time.starts_with('0'));
    time.parse().ok().filter(|_| is_plain)
}

fn role(name: &str) -> Option<String> {
    ["subscriber", "publisher", "publisheronly", "moderator"]
        .contains(&name)
        .then(|| name.to_owned())
}

fn words(joined: &str) -> Vec<String> {
    joined.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn check_jwt(token: &[u8], expected: &Expected<'_>) -> Option<(Claims, Option<i64>)> {
    let parts: Vec<_> = token.split(|&byte| byte == b'.').collect();
    let [header, payload, signature] = parts[..] else {
        return None;
    };
    let signed = &token[..header.len() + 1 + payload.len()];
    let [header, payload, signature] =
        [header, payload, signature].map(|part| base64(part, URL_SAFE));
    let (header, payload, signature) = (header?, payload?, signature?);

    let header = object(&header)?;
    let member = |name: &str| header.members()?.iter().find(|(known, _)| known == name);
    let algorithm = match expected.issuer {
        Issuer::Project(..) => "HS256",
        Issuer::Application(..) => "RS256",
    };
    let is_plain = ["crit", "b64", "zip"].iter().all(|name| member(name).is_none());
    if member("alg")?.1.string()? != algorithm || !is_plain {
        return None;
    }
    let is_signed = match expected.issuer {
        Issuer::Project(_, secret) => {
            let mac = Hmac::<sha2::Sha256>::new_from_slice(secret).unwrap().chain_update(signed);
            *mac.finalize().into_bytes() == *signature
        }
        Issuer::Application(_, key) => {
            let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key);
            key.verify(signed, &signature).is_ok()
        }
    };
    if !is_signed {
        return None;
    }

    let payload = object(&payload)?;
    let claim = |name: &str| {
        let (_, value) = payload.members()?.iter().find(|(known, _)| known == name)?;
        (value.text != "null").then_some(value)
    };
    let string = |name: &str| claim(name)?.string();
    let (issuer, nonce, default_role) = match expected.issuer {
        Issuer::Project(..) => {
            if string("ist")? != "project" {
                return None;
            }
            (string("iss")?.to_owned(), claim("nonce"), None)
        }
        Issuer::Application(..) => {
            if claim("sub").is_some() && string("sub")? != "video" {
                return None;
            }
            (string("application_id")?.to_ascii_lowercase(), claim("jti"), Some("publisher"))
        }
    };
    if string("scope")? != "session.connect" {
        return None;
    }
    let role = match claim("role") {
        Some(name) => role(name.string()?)?,
        None => default_role?.to_owned(),
    };
    let not_before = match claim("nbf") {
        Some(time) => Some(seconds(time, f64::ceil)?),
        None => None,
    };
    let classes = match claim("initial_layout_class_list") {
        None => Vec::new(),
        Some(Value { kind: Kind::Array(classes), .. }) => {
            let class = |class: &Value<'_>| class.string().map(str::to_owned);
            classes.iter().map(class).collect::<Option<_>>()?
        }
        Some(joined) => words(joined.string()?),
    };
    let claims = Claims {
        format: "jwt",
        issuer,
        session_id: string("session_id")?.to_owned(),
        role,
        create_time: seconds(claim("iat")?, f64::floor)?,
        expire_time: seconds(claim("exp")?, f64::floor)?,
        data: claim("connection_data").map_or(Some(""), Value::string)?.to_owned(),
        classes,
        nonce: match nonce {
            None => String::new(),
            Some(number) if number.is_number() => number.text.to_owned(),
            Some(nonce) => nonce.string()?.to_owned(),
        },
    };
    Some((claims, not_before))
}

fn object(json: &[u8]) -> Option<Value<'_>> {
    json::read(json, MAX_JSON_DEPTH)
        .filter(|value| value.members().is_some() && value.has_unique_names())
}

/// A time from 0 to the largest integer that every reader of JSON keeps.
fn seconds(time: &Value<'_>, round: fn(f64) -> f64) -> Option<i64> {
    if !time.is_number() {
        return None;
    }
    let is_integer = !time.text.contains(['.', 'e', 'E']);
    let seconds = match time.text.parse::<i128>() {
        Ok(seconds) if is_integer => seconds,
        // An integer that even i128 does not hold is one that a double holds too.
        _ => round(time.text.parse().ok()?) as i128,
    };
    (0..1 << 53).contains(&seconds).then(|| i64::try_from(seconds).ok())?
}
