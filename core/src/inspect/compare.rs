//! Comparing two inspected tokens, to check that a migration loses nothing: from T1 to JWT, from a
//! project to an application, from one SDK to another.
//!
//! Claims are compared by what they mean, since each format spells them in its own way; all other
//! fields as they are written; findings by their codes. Only the time that a token is valid counts,
//! since no two are issued at the same moment. Left out: the signature, which always differs, and
//! the header, which says nothing that the issuer and format do not.

use super::comparison::{ComparedItem, ComparedPart, Comparison, Impact, Relation};
use super::finding::{Finding, FindingCode, Severity};
use super::inspection::{Inspection, rfc_3339};
use super::reader::value_of;
use crate::claims::Claims;
use crate::format::json;
use crate::role::Role;
use crate::token_format::TokenFormat;

/// An impact and its reason.
type Verdict = (Impact, Option<String>);

impl Inspection {
    /// Compares this old token with a new one that shall replace it.
    ///
    /// Both inspections should be of the same moment, so that only the tokens differ. To compare
    /// two tokens no credentials are needed, and those of one issuer refuse the token of another:
    /// inspect each with its own or both with none.
    ///
    /// ```
    /// use tokmint::{Impact, InspectOptions, OpenTok, Role, TokenFormat, TokenOptions};
    ///
    /// let opentok = OpenTok::new("123456", "1234567890abcdef1234567890abcdef1234567890")?;
    /// let session_id = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
    /// let options = TokenOptions::new().role(Role::Moderator).token_format(TokenFormat::T1);
    /// let old = opentok.generate_token(session_id, &options)?;
    /// let new = opentok.generate_token(session_id, &TokenOptions::new())?;
    ///
    /// let options = InspectOptions::new();
    /// let [old, new] = [old, new].map(|token| opentok.inspect_token(token, &options));
    /// let comparison = old.compare(&new);
    /// assert!(!comparison.is_equivalent());
    /// assert_eq!(comparison.items[0].name, "role");
    /// assert_eq!(comparison.items[0].impact, Impact::Lost);
    /// # Ok::<(), tokmint::Error>(())
    /// ```
    #[must_use]
    pub fn compare(&self, new: &Inspection) -> Comparison {
        let mut items = claims(self, new);
        items.extend(fields(self, new));
        items.extend(findings(&self.findings, &new.findings));
        let of_impact =
            |impact: &Impact| items.extract_if(.., |item| item.impact == *impact).collect();
        let items: Vec<Vec<ComparedItem>> = Impact::ALL.iter().map(of_impact).collect();
        let is_whole = |inspection: &Inspection| {
            inspection.token.is_some() && !inspection.has_finding(FindingCode::ManyFields)
        };
        Comparison { items: items.concat(), is_complete: is_whole(self) && is_whole(new) }
    }

    fn has_finding(&self, code: FindingCode) -> bool {
        self.findings.iter().any(|finding| finding.code == code)
    }

    /// Seconds from the issue to the expiry.
    fn lifetime(&self) -> Option<i64> {
        self.expire_time?.checked_sub(self.create_time?)
    }

    /// Whether a field is one of the claims, which are compared on their own.
    fn is_claim(&self, name: &str) -> bool {
        let is_application =
            self.token.as_ref().is_some_and(|claims| claims.application_id().is_some());
        match name {
            "session_id" | "role" | "connection_data" | "initial_layout_class_list" => true,
            "create_time" | "expire_time" => self.format == Some(TokenFormat::T1),
            "iat" | "exp" | "nbf" => self.format != Some(TokenFormat::T1),
            "application_id" | "jti" => is_application,
            "nonce" => !is_application,
            "iss" => !is_application && self.format != Some(TokenFormat::T1),
            _ => false,
        }
    }
}

/// Makes the item of a claim, if a token has it. A difference has the given verdict.
fn item(
    part: ComparedPart,
    name: &str,
    [old, new]: [Option<String>; 2],
    of_difference: impl FnOnce() -> Verdict,
) -> Option<ComparedItem> {
    let relation = match (&old, &new) {
        (None, None) => return None,
        (Some(_), None) => Relation::OnlyOld,
        (None, Some(_)) => Relation::OnlyNew,
        (old, new) if old == new => Relation::Same,
        _ => Relation::Differs,
    };
    let (impact, message) = match relation {
        Relation::Same => (Impact::None, None),
        _ => of_difference(),
    };
    Some(ComparedItem { part, name: name.to_owned(), old, new, relation, impact, message })
}

fn verdict(impact: Impact, message: &str) -> Verdict {
    (impact, Some(message.to_owned()))
}

/// What tokens of all formats say: the times, and all else if both tokens can be read.
fn claims(old: &Inspection, new: &Inspection) -> Vec<ComparedItem> {
    use Impact::{Changed, Expected, Lost};
    let tokens = [old, new];
    let both = old.token.as_ref().zip(new.token.as_ref());
    let strings = |read: fn(&Claims) -> Option<&str>| {
        let read = |claims| read(claims).filter(|string| !string.is_empty()).map(str::to_owned);
        both.map(|(old, new)| [read(old), read(new)]).unwrap_or_default()
    };
    let times = |read: fn(&Inspection) -> Option<i64>| {
        let shown = |time| rfc_3339(time).unwrap_or_else(|| time.to_string());
        tokens.map(|token| read(token).map(shown))
    };
    let issuers = [strings(Claims::api_key), strings(Claims::application_id)];
    let is_other_kind = issuers.iter().any(|[old, new]| old.is_some() != new.is_some());
    let is_other_issuer = issuers.iter().any(|[old, new]| old != new);
    let of_issuer = || {
        if is_other_kind {
            verdict(Expected, "a project issued one token and an application the other")
        } else {
            verdict(Changed, "the new token has another issuer, whose sessions are others")
        }
    };
    let of_session = || {
        if is_other_issuer {
            verdict(Expected, "each project and application has sessions of its own")
        } else {
            verdict(Lost, "the new token does not admit to the session of the old one")
        }
    };
    let [api_keys, application_ids] = issuers;
    let data = strings(|claims| Some(claims.data()));
    let of_data = || match &data {
        [None, _] => verdict(Changed, "everybody in the session can now read this data"),
        [_, None] => verdict(Lost, "the connection data is lost"),
        _ => verdict(Lost, "other connection data replaces that of the old token"),
    };
    let classes_of = |claims: &'_ Claims| -> Vec<String> {
        claims.initial_layout_class_list().map(str::to_owned).collect()
    };
    let classes = both.map(|(old, new)| [old, new].map(classes_of)).unwrap_or_default();
    let shown_classes = classes.each_ref().map(|classes| {
        let json = serde_json::to_string(classes).expect("strings always have a JSON form");
        Some(json).filter(|_| !classes.is_empty())
    });
    let claim = |name, values, of_difference: &dyn Fn() -> Verdict| {
        item(ComparedPart::Claim, name, values, of_difference)
    };
    [
        claim("format", tokens.map(|token| Some(token.format?.to_string())), &|| {
            verdict(Expected, "both formats say the same in their own way")
        }),
        claim("api_key", api_keys, &of_issuer),
        claim("application_id", application_ids, &of_issuer),
        claim("session_id", strings(|claims| Some(claims.session_id())), &of_session),
        claim("role", strings(|claims| Some(claims.role().name())), &|| {
            of_roles(both.map(|(old, new)| [old.role(), new.role()]).unwrap_or_default())
        }),
        claim("created_at", times(|token| token.create_time), &|| {
            verdict(Expected, "no two tokens are issued at the same moment")
        }),
        claim("expires_at", times(|token| token.expire_time), &|| {
            verdict(Expected, "it follows from the time of issue; the lifetime counts")
        }),
        claim("lifetime", tokens.map(|token| Some(format!("{} s", token.lifetime()?))), &|| {
            of_lifetimes(old, new)
        }),
        claim("not_before", times(|token| token.not_before), &|| of_starts(old, new)),
        claim("data", data.clone(), &of_data),
        claim("initial_layout_class_list", shown_classes, &|| of_classes(&classes)),
        claim("nonce", strings(|claims| Some(claims.nonce())), &|| {
            verdict(Expected, "it tells tokens apart, so each has its own")
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What a role gives the right to.
fn rights(role: Role) -> &'static [&'static str] {
    match role {
        Role::Subscriber => &["subscribe"],
        Role::Publisher => &["publish", "subscribe"],
        Role::PublisherOnly => &["publish"],
        Role::Moderator => &["publish", "subscribe", "mute or disconnect others"],
    }
}

fn of_roles(roles: [Role; 2]) -> Verdict {
    let [old, new] = roles.map(rights);
    let missing = |from: &[&'static str], of: &[&'static str]| {
        let missing: Vec<_> = of.iter().filter(|right| !from.contains(right)).copied().collect();
        Some(missing.join(" and ")).filter(|missing| !missing.is_empty())
    };
    let (lost, gained) = (missing(new, old), missing(old, new));
    let impact = if lost.is_some() { Impact::Lost } else { Impact::Changed };
    let lost = lost.map(|rights| format!("the holder may no longer {rights}"));
    let gained = gained.map(|rights| format!("the holder may now also {rights}"));
    let sentences: Vec<String> = [lost, gained].into_iter().flatten().collect();
    (impact, Some(sentences.join("; ")))
}

fn of_lifetimes(old: &Inspection, new: &Inspection) -> Verdict {
    let difference = new.lifetime().zip(old.lifetime()).map(|(new, old)| new.saturating_sub(old));
    match difference {
        // Both were issued to end at one moment, and one of them later.
        _ if old.expire_time == new.expire_time => {
            verdict(Impact::Expected, "both tokens expire at the same moment")
        }
        Some(more @ 1..) => (Impact::Changed, Some(format!("the token is valid {more} s longer"))),
        Some(less) => {
            (Impact::Lost, Some(format!("the token is valid {} s less", less.unsigned_abs())))
        }
        None => verdict(Impact::Lost, "one of the tokens does not say how long it is valid"),
    }
}

fn of_starts(old: &Inspection, new: &Inspection) -> Verdict {
    let wait = |token: &Inspection| {
        let seconds = token.not_before.zip(token.create_time);
        seconds.map_or(0, |(start, issue)| start.saturating_sub(issue).max(0))
    };
    match (wait(old), wait(new)) {
        (old, new) if old == new => {
            verdict(Impact::Expected, "both tokens are valid as soon after their issue")
        }
        (old, new) if old < new => {
            let more = new.saturating_sub(old);
            (Impact::Lost, Some(format!("the token is not valid until {more} s later")))
        }
        _ => verdict(Impact::Changed, "the token is valid sooner after its issue"),
    }
}

fn of_classes([old, new]: &[Vec<String>; 2]) -> Verdict {
    let has_all =
        |of: &[String], classes: &[String]| classes.iter().all(|class| of.contains(class));
    match (has_all(new, old), has_all(old, new)) {
        (false, _) => verdict(Impact::Lost, "the new token lacks a layout class"),
        (true, false) => verdict(Impact::Changed, "the new token adds a layout class"),
        (true, true) => verdict(Impact::Expected, "the classes are the same in another order"),
    }
}

/// All fields but the claims, first those of the old token. A null means that there is no field.
fn fields(old: &Inspection, new: &Inspection) -> Vec<ComparedItem> {
    let value = |token: &Inspection, name: &str| {
        let value = value_of(&token.fields, name).filter(|_| !token.is_claim(name))?;
        match token.format {
            Some(TokenFormat::T1) => Some(value.to_owned()),
            _ if value == "null" => None,
            _ => Some(json::string(value).map_or_else(|| value.to_owned(), Into::into)),
        }
    };
    let mut names: Vec<&str> = Vec::new();
    for field in old.fields.iter().chain(&new.fields) {
        if !names.contains(&field.name.as_str()) {
            names.push(&field.name);
        }
    }
    let of_name = |name| {
        let values = [value(old, name), value(new, name)];
        let is_in_both = values.iter().all(Option::is_some);
        item(ComparedPart::Field, name, values, || match name {
            "scope" | "ist" | "sub" | "subject" | "sdk_version" => {
                verdict(Impact::Expected, "SDKs and formats differ in it, and it gives no right")
            }
            "acl" if !is_in_both => verdict(
                Impact::Expected,
                "tokens of projects have none, and of applications only those of some SDKs",
            ),
            "acl" => verdict(Impact::Changed, "each token names other paths that it allows"),
            _ => verdict(Impact::Changed, "servers ignore it; other programs may read it"),
        })
    };
    names.into_iter().filter_map(of_name).collect()
}

/// The findings by their codes, first those of the new token.
fn findings(old: &[Finding], new: &[Finding]) -> Vec<ComparedItem> {
    let mut codes: Vec<FindingCode> = Vec::new();
    for finding in new.iter().chain(old) {
        if !codes.contains(&finding.code) {
            codes.push(finding.code);
        }
    }
    let message = |findings: &[Finding], code| {
        let finding = findings.iter().find(|finding| finding.code == code)?;
        Some(finding.message.clone())
    };
    let of_code = |code: FindingCode| {
        let [was, is] = [old, new].map(|findings| message(findings, code));
        let (relation, impact) = match (&was, &is, code.severity()) {
            (Some(_), Some(_), _) => (Relation::Same, Impact::None),
            (Some(_), None, _) => (Relation::OnlyOld, Impact::Expected),
            (None, _, Severity::Refused) => (Relation::OnlyNew, Impact::Lost),
            (None, _, Severity::Warning) => (Relation::OnlyNew, Impact::Changed),
            (None, _, Severity::Note) => (Relation::OnlyNew, Impact::Expected),
        };
        ComparedItem {
            part: ComparedPart::Finding,
            name: code.name().to_owned(),
            old: was,
            new: is,
            relation,
            impact,
            message: (relation == Relation::OnlyOld)
                .then(|| "the new token does not have this finding".to_owned()),
        }
    };
    codes.into_iter().map(of_code).collect()
}
