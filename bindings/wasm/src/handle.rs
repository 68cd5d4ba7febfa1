//! What JavaScript holds of core: numbers, in an object that frees the handle once it is
//! collected, where the runtime reports that.

use std::cell::RefCell;
use std::rc::Rc;

use tokmint::{Batch, OpenTok, Session};

use crate::argument::{Argument, unexpected};
use crate::call::Result;

/// Shared with a running call, which then holds no borrow of the others.
#[derive(Clone)]
pub enum Handle {
    OpenTok(Rc<OpenTok>),
    Session(Rc<Session>),
    Batch(Rc<RefCell<Batch>>),
}

/// The handle with the number n is at n - 1.
#[derive(Default)]
struct Handles {
    all: Vec<Option<Handle>>,
    free: Vec<u32>,
}

thread_local! {
    static HANDLES: RefCell<Handles> = RefCell::default();
}

/// Keeps a handle and returns its number, from 1 on.
pub fn keep(handle: Handle) -> u32 {
    HANDLES.with_borrow_mut(|Handles { all, free }| {
        if let Some(number) = free.pop() {
            all[index(number)] = Some(handle);
            return number;
        }
        all.push(Some(handle));
        u32::try_from(all.len()).expect("32 bits count what is in memory")
    })
}

/// Drops a handle. JavaScript calls it once, when nothing can reach the object any more.
pub fn drop(number: u32) {
    HANDLES.with_borrow_mut(|Handles { all, free }| {
        if all.get_mut(index(number)).and_then(Option::take).is_some() {
            free.push(number);
        }
    });
}

/// No handle has the number 0.
fn index(number: u32) -> usize {
    (number as usize).wrapping_sub(1)
}

impl Argument<'_> {
    /// Reads a handle.
    pub fn handle(self) -> Result<Handle> {
        let Argument::Handle(number) = self else {
            return Err(unexpected());
        };
        HANDLES
            .with_borrow(|Handles { all, .. }| all.get(index(number)).cloned().flatten())
            .ok_or_else(unexpected)
    }

    /// Reads the handle of credentials.
    pub fn opentok(self) -> Result<Rc<OpenTok>> {
        match self.handle()? {
            Handle::OpenTok(opentok) => Ok(opentok),
            _ => Err(unexpected()),
        }
    }

    /// Reads the handle of a session.
    pub fn session(self) -> Result<Rc<Session>> {
        match self.handle()? {
            Handle::Session(session) => Ok(session),
            _ => Err(unexpected()),
        }
    }
}
