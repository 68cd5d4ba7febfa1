//! One reading of a token for an inspection: everything that can be shown, and every fault.

use super::finding::Finding;
use super::inspection::{Field, SignatureState};
use super::secret;
use crate::claims::PartialClaims;
use crate::credentials::{Credentials, Issuer};
use crate::error::{Error, TokenFault};
use crate::faults::Faults;
use crate::format::{Envelope, base64, json, open, read_claims, t1};
use crate::keys::{Algorithm, Key};
use crate::limits::{MAX_BYTES_FOR_CHANGED_SECRETS, MAX_INSPECTED_FIELDS, MAX_TOKEN_BYTES};
use crate::token_format::TokenFormat;
use crate::verify::{Expected, check_claims, check_issuer};

const NOTHING_ENDS: &str = "faults that are collected end no reading";

/// The credentials of those whose tokens are inspected, and their key.
pub(crate) type Inspector<'a> = (&'a Credentials, &'a Key);

/// A token as far as it can be read.
#[derive(Default)]
pub(super) struct Reading<'a> {
    /// The bytes that were read.
    pub(super) token: &'a [u8],
    pub(super) format: Option<TokenFormat>,
    pub(super) algorithm: Option<Algorithm>,
    /// Bytes of a whole signature: those of the key, or the fewest of the algorithm.
    signature_length: usize,
    pub(super) signature: SignatureState,
    /// What was done to the API secret before it signed the token, if that is why the signature is
    /// invalid.
    pub(super) mangled_secret: Option<Finding>,
    pub(super) header: Vec<Field>,
    pub(super) fields: Vec<Field>,
    pub(super) has_more_fields: bool,
    pub(super) claims: PartialClaims<'static>,
    pub(super) faults: Vec<Error>,
}

impl<'a> Reading<'a> {
    pub(super) fn of(
        token: &'a [u8],
        expected: &Expected<'_>,
        inspector: Option<Inspector<'_>>,
    ) -> Reading<'a> {
        let mut buffer = Vec::new();
        let mut faults = Faults::all();
        let is_t1 = token.starts_with(t1::PREFIX.as_bytes());
        let format = if is_t1 { TokenFormat::T1 } else { TokenFormat::Jwt };
        let envelope = open(token, expected.issuer, &mut buffer, &mut faults).expect(NOTHING_ENDS);
        // Of a token that is too long nothing is read, here and later.
        let is_too_long = token.len() > MAX_TOKEN_BYTES;
        let mut reading = Reading {
            token: if is_too_long { &[] } else { token },
            format: Some(format).filter(|_| envelope.is_some() || is_t1 && !is_too_long),
            algorithm: envelope.as_ref().and_then(|envelope| envelope.signed.algorithm()),
            ..Reading::default()
        };
        let algorithm = reading.algorithm.unwrap_or(Algorithm::Hs256);
        reading.signature_length = match inspector {
            Some((_, key)) if key.algorithm(format) == algorithm => key.signature_length(format),
            _ => *algorithm.signature_lengths().start(),
        };
        if let Some(envelope) = envelope {
            let issuer = envelope.api_key.map(Issuer::Project);
            check_issuer(issuer, expected, &mut faults).expect(NOTHING_ENDS);
            reading.check_signature(&envelope, inspector, &mut faults);
            let payload = envelope.signed.unverified_payload();
            reading.show(format, envelope.header, payload.bytes);
            reading.claims = read_claims(payload, &mut faults).expect(NOTHING_ENDS).into_owned();
        }
        check_claims(&reading.claims, expected, &mut faults).expect(NOTHING_ENDS);
        reading.faults = faults.into_found();
        reading
    }

    fn check_signature(
        &mut self,
        envelope: &Envelope<'_>,
        inspector: Option<Inspector<'_>>,
        faults: &mut Faults,
    ) {
        let signed = &envelope.signed;
        let Some(algorithm) = signed.algorithm() else {
            return;
        };
        let is_valid = |key: &Key| signed.verify(key).is_ok();
        let is_comparable = signed.has_full_length();
        match inspector {
            // A token of the other kind has a finding of its own.
            Some((_, key)) if key.algorithm(self.format.unwrap_or_default()) != algorithm => return,
            Some((_, key)) if is_valid(key) => {
                self.signature = SignatureState::Valid;
                return;
            }
            Some((credentials, _)) if is_comparable => {
                self.signature = SignatureState::Invalid;
                if self.token.len() <= MAX_BYTES_FOR_CHANGED_SECRETS
                    && let Credentials::Project(api_key, secret) = credentials
                {
                    let (api_key, secret) = (api_key.as_str(), secret.as_str());
                    self.mangled_secret = secret::find_mangled(api_key, secret, is_valid);
                }
            }
            // A JWT that ends with its second dot has no signature that could be another one.
            Some(_) if !self.token.ends_with(b".") => self.signature = SignatureState::Invalid,
            None if is_comparable => return,
            _ => {}
        }
        faults.refuse(Error::InvalidSignature).expect(NOTHING_ENDS);
    }

    fn show(&mut self, format: TokenFormat, header: &[u8], payload: &[u8]) {
        /// One more than are shown, to know whether there are more.
        const LIMIT: usize = MAX_INSPECTED_FIELDS + 1;
        (self.header, self.fields) = match format {
            TokenFormat::Jwt => {
                let members = |json| json::members(json, LIMIT).into_iter().map(field).collect();
                (members(header), members(payload))
            }
            TokenFormat::T1 => {
                let (header, payload) =
                    (String::from_utf8_lossy(header), String::from_utf8_lossy(payload));
                // The signature is not shown.
                let head = t1::fields(&header, LIMIT).filter(|(name, _)| *name != "sig");
                (head.map(field).collect(), t1::fields(&payload, LIMIT).map(field).collect())
            }
        };
        for fields in [&mut self.header, &mut self.fields] {
            self.has_more_fields |= fields.len() > MAX_INSPECTED_FIELDS;
            fields.truncate(MAX_INSPECTED_FIELDS);
        }
    }

    /// The value of the first field with this name.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        value_of(&self.fields, name)
    }

    /// The value of the first claim with this name, in a JWT and unless it is null.
    pub(super) fn claim(&self, name: &str) -> Option<&str> {
        self.field(name).filter(|&value| self.format == Some(TokenFormat::Jwt) && value != "null")
    }

    pub(super) fn has_fault(&self, fault: TokenFault) -> bool {
        self.faults.contains(&fault.into())
    }

    /// Reads a T1 token again without its last field: if the end of the token is missing, what is
    /// left of that field would be read as all of it. Does nothing if only padding is missing, or
    /// for a token that no SDK wrote.
    pub(super) fn leave_out_last_field(
        &mut self,
        expected: &Expected<'_>,
        inspector: Option<Inspector<'_>>,
    ) {
        if self.signature == SignatureState::Valid || self.has_more_fields {
            return;
        }
        let body = self.token.strip_prefix(t1::PREFIX.as_bytes());
        let Some(token) = body.and_then(|body| t1::without_last_field(&base64::decode_start(body)))
        else {
            return;
        };
        let shorter = Reading::of(&token, expected, inspector);
        (self.claims, self.faults) = (shorter.claims, shorter.faults);
        // The missing part may hold the expiry.
        if self.claims.is_default_expiry {
            self.claims.expire_time = None;
            self.faults.retain(|fault| !matches!(fault, Error::TokenExpired { .. }));
        }
    }

    /// Whether the end of the token is missing. Its faults say that something is.
    pub(super) fn is_truncated(&self) -> bool {
        let Some(body) = self.token.strip_prefix(t1::PREFIX.as_bytes()) else {
            return self.is_truncated_jwt();
        };
        let symbols = base64::without_padding(body);
        let is_cut = match body.len() % 4 {
            0 => false,
            3 => true,
            _ => symbols.len() == body.len(),
        };
        let lacks_a_field = self.has_fault(TokenFault::MissingSessionId)
            || self.has_fault(TokenFault::MissingCreateTime)
            || self.has_fault(TokenFault::MissingRole);
        let is_base64 =
            symbols.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte));
        let is_start = self.has_fault(TokenFault::T1Base64) && is_cut
            || self.has_fault(TokenFault::T1Head)
                && t1::is_start_of_head(&base64::decode_start(body))
            || lacks_a_field && self.signature != SignatureState::Valid && !body.ends_with(b"=");
        is_base64 && is_start
    }

    fn is_truncated_jwt(&self) -> bool {
        let length = self.signature_length;
        let signature = self.token.rsplit(|&byte| byte == b'.').next();
        let is_short =
            signature.is_some_and(|signature| signature.len() < base64::encoded_length_url(length));
        is_short
            && (self.has_fault(TokenFault::SignatureBase64)
                || self.faults.contains(&Error::InvalidSignature))
    }

    /// Whether the outer form is at fault, which copying and sending a token can cause.
    pub(super) fn is_misspelled(&self) -> bool {
        use TokenFault::{HeaderBase64, PayloadBase64, Shape, SignatureBase64, T1Base64};
        [Shape, HeaderBase64, PayloadBase64, SignatureBase64, T1Base64]
            .into_iter()
            .any(|fault| self.has_fault(fault))
    }

    /// Whether a complete token has a malformed field.
    pub(super) fn has_malformed_field(&self) -> bool {
        use TokenFault::{DuplicateName, NotBefore, SessionId, T1Field};
        [DuplicateName, NotBefore, SessionId, T1Field]
            .into_iter()
            .any(|fault| self.has_fault(fault))
    }
}

/// The value of the first field with this name.
pub(super) fn value_of<'f>(fields: &'f [Field], name: &str) -> Option<&'f str> {
    let field = fields.iter().find(|field| field.name == name)?;
    Some(&field.value)
}

fn field<'f>((name, value): (impl Into<std::borrow::Cow<'f, str>>, &str)) -> Field {
    Field { name: name.into().into_owned(), value: value.to_owned() }
}
