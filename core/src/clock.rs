//! The clock in Unix seconds. Nothing else reads it: all other code takes the time as a parameter.
//!
//! The time is rounded down: rounded up, a token would be issued in the future half of the time.

use crate::error::Error;
use crate::host;
use crate::limits::MAX_TIME;

/// The current time in Unix seconds, rounded down.
///
/// # Errors
/// [`Error::SystemClock`] if the clock shows a time before 1970 or after [`MAX_TIME`], or if there
/// is none.
pub(crate) fn now() -> Result<i64, Error> {
    i64::try_from(host::since_epoch()?.as_secs())
        .ok()
        .filter(|&seconds| seconds <= MAX_TIME)
        .ok_or(Error::SystemClock)
}

/// The time that a caller gave, or the current one.
///
/// # Errors
/// Those of [`now`], if none is given.
pub(crate) fn given_or_now(given: Option<i64>) -> Result<i64, Error> {
    given.map_or_else(now, Ok)
}
