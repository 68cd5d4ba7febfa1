//! How durations and instants are written on the command line, and how instants are shown.
//!
//! Read: whole seconds, durations in jiff's friendly format (`1h30m`, `30d`) or ISO 8601 (`PT2H`), and instants in
//! RFC 3339. Nothing is rounded, so fractions of a second are refused, and so are months and years, whose length
//! varies, and leap seconds, which Unix time cannot count. Whether core accepts the number is core's business.

use jiff::{Span, SpanRelativeTo, Timestamp};

const DURATION: &str = "write whole seconds, or units of weeks to seconds as in 1h30m or 30d";
const INSTANT: &str = "write whole Unix seconds, or RFC 3339 without a fraction of a second, as in \
                       2030-01-31T12:00:00Z or 2030-01-31T13:00:00+01:00";

/// A duration in seconds.
pub fn duration(text: &str) -> Result<i64, &'static str> {
    if let Ok(seconds) = text.parse() {
        return Ok(seconds);
    }
    let span: Span = text.parse().map_err(|_| DURATION)?;
    // A day is 24 hours here: without a place there are no clock changes.
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
    // jiff reads all of ISO 8601 and takes second 60 for 59; in RFC 3339 everything up to the seconds has its place.
    let is_in_place = text.get(4..5) == Some("-")
        && matches!(text.get(16..19), Some(second) if second.starts_with(':') && second != ":60")
        && !text.ends_with(']');
    match text.parse::<Timestamp>() {
        Ok(instant) if is_in_place && instant.subsec_nanosecond() == 0 => Ok(instant.as_second()),
        _ => Err(INSTANT),
    }
}

/// Unix seconds with their date in UTC, where that has a year of four digits.
pub fn shown(seconds: i64) -> String {
    match Timestamp::from_second(seconds) {
        Ok(instant) => format!("{seconds} ({instant})"),
        Err(_) => seconds.to_string(),
    }
}
