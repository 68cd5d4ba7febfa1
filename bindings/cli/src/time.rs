//! How durations and instants are written on the command line, and how instants are shown, in UTC
//! and in the time zone of the system.
//!
//! Read: whole seconds, durations in jiff's friendly format (`1h30m`, `30d`) or ISO 8601 (`PT2H`),
//! and instants in RFC 3339. Nothing is rounded, so fractions of a second are refused, and so are
//! months and years, whose length varies, and leap seconds, which Unix time cannot count. Whether
//! core accepts the number is core's business.

use jiff::tz::{Offset, TimeZone};
use jiff::{Span, SpanRelativeTo, Timestamp};

const DURATION: &str =
    "write whole seconds, or numbers with the units w, d, h, m, s as in 1h30m or 30d";
const INSTANT: &str = "write whole Unix seconds, or RFC 3339 without a fraction of a second, as in \
                       2030-01-31T12:00:00Z or 2030-01-31T13:00:00+01:00";

/// A duration in seconds.
pub fn duration(text: &str) -> Result<i64, &'static str> {
    if let Ok(seconds) = text.parse() {
        return Ok(seconds);
    }
    let span: Span = text.parse().map_err(|_| DURATION)?;
    // A day is 24 hours here: without a time zone there are no clock changes.
    match span.to_duration(SpanRelativeTo::days_are_24_hours()) {
        Ok(duration) if duration.subsec_nanos() == 0 => Ok(duration.as_secs()),
        _ => Err(DURATION),
    }
}

/// An instant in Unix seconds.
pub fn instant(text: &str) -> Result<i64, &'static str> {
    if let Ok(seconds) = text.parse() {
        return Ok(seconds);
    }
    // jiff reads all of ISO 8601 and takes second 60 for 59; in RFC 3339 everything up to the
    // seconds has its place.
    let is_in_place = text.get(4..5) == Some("-")
        && matches!(text.get(16..19), Some(second) if second.starts_with(':') && second != ":60")
        && !text.ends_with(']');
    match text.parse::<Timestamp>() {
        Ok(instant) if is_in_place && instant.subsec_nanosecond() == 0 => Ok(instant.as_second()),
        _ => Err(INSTANT),
    }
}

/// Unix seconds with their date in UTC, if jiff counts that far: to the last day of the year 9999.
pub fn shown(seconds: i64) -> String {
    match Timestamp::from_second(seconds) {
        Ok(instant) => format!("{seconds} ({instant})"),
        Err(_) => seconds.to_string(),
    }
}

/// An instant in UTC, the local time if that differs, and the time between the instant and `now`.
/// Unix seconds, if jiff does not count that far.
pub fn explained(seconds: i64, now: Option<i64>) -> String {
    let Ok(timestamp) = Timestamp::from_second(seconds) else {
        return seconds.to_string();
    };
    let mut text = timestamp.to_string();
    // A machine without a usable time zone shows no local time.
    let offset = TimeZone::try_system().map_or(Offset::UTC, |zone| zone.to_offset(timestamp));
    if offset != Offset::UTC {
        text = format!("{text}  {}", timestamp.display_with_offset(offset));
    }
    let distance = now.and_then(|now| seconds.checked_sub(now));
    match distance {
        Some(0) => text.push_str("  now"),
        Some(ahead @ 1..) => text = format!("{text}  in {}", length(ahead.unsigned_abs())),
        Some(behind) => text = format!("{text}  {} ago", length(behind.unsigned_abs())),
        None => {}
    }
    text
}

/// A length of time in its largest unit and, unless that is zero, the next smaller one.
fn length(seconds: u64) -> String {
    const UNITS: [(&str, u64, u64); 4] =
        [("d", 86_400, u64::MAX), ("h", 3_600, 24), ("min", 60, 60), ("s", 1, 60)];
    let counts = UNITS.map(|(unit, size, limit)| (unit, seconds / size % limit));
    let first = counts.iter().position(|&(_, count)| count > 0);
    let two = counts.iter().skip(first.unwrap_or_default()).take(2);
    let parts = two.filter(|(_, count)| *count > 0);
    let parts: Vec<String> = parts.map(|(unit, count)| format!("{count} {unit}")).collect();
    parts.join(" ")
}
