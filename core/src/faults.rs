//! The faults of a token that is read: verify ends at the first, inspect collects all.
//!
//! Both read and check a token through the same functions, so a token that verify accepts is one in
//! which inspect finds no fault.

use crate::error::Error;

/// Where readers and checks report the faults of a token.
pub(crate) struct Faults {
    ends_at_first: bool,
    found: Vec<Error>,
}

impl Faults {
    /// For verify: the first fault ends the reading.
    pub(crate) fn first() -> Faults {
        Faults { ends_at_first: true, found: Vec::new() }
    }

    /// For inspect: no fault ends the reading.
    pub(crate) fn all() -> Faults {
        Faults { ends_at_first: false, found: Vec::new() }
    }

    /// Reports a fault. An error ends the reading.
    pub(crate) fn refuse(&mut self, fault: Error) -> Result<(), Error> {
        if self.ends_at_first {
            return Err(fault);
        }
        // A hostile token can hold the same fault thousands of times.
        if !self.found.contains(&fault) {
            self.found.push(fault);
        }
        Ok(())
    }

    /// The value that was read, or `None` once its fault is reported.
    pub(crate) fn keep<T>(&mut self, read: Result<T, Error>) -> Result<Option<T>, Error> {
        match read {
            Ok(value) => Ok(Some(value)),
            Err(fault) => self.refuse(fault).map(|()| None),
        }
    }

    /// The faults of a reading that none ended.
    pub(crate) fn into_found(self) -> Vec<Error> {
        self.found
    }
}
