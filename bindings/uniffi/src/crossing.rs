//! One foreign function for every call of the JVM, where a call of UniFFI's own takes longer than a
//! token: JNA builds structures by reflection, and each argument and result takes a foreign call.
//!
//! The operation and its arguments come in a buffer of the caller's, and the reply goes out in it.
//! Both are in UniFFI's encoding: what the generated Kotlin reads, and what `Crossing.kt` writes.

use std::borrow::Cow;
use std::ffi::c_void;
use std::sync::Mutex;
use std::{ptr, slice};

use tokmint::limits::MAX_TOKEN_BYTES;
use tokmint::{Claims, Error, Inspection, OpenTok, Session};
use uniffi::Lift;

use crate::{
    Batch, GivenOptions, TokmintError, UniFfiTag, generate_rest_token, guarded, inspect_options,
    string, verify_options, with_credentials,
};

/// What the JVM calls.
#[derive(uniffi::Enum)]
pub enum Operation {
    /// The version of this library, and [`MAX_TOKEN_BYTES`].
    Describe,
    /// Makes an [`OpenTok`]. The reply is its handle, API key and application ID.
    OpenOpenTok,
    /// [`OpenTok::generate_token`].
    GenerateToken,
    /// [`OpenTok::generate_rest_token`].
    GenerateRestToken,
    /// [`OpenTok::verify_token`].
    VerifyToken,
    /// [`OpenTok::inspect_token`]. The reply is a handle, and what the inspection says.
    InspectToken,
    /// [`tokmint::inspect_token`], which takes no object, with the same reply.
    InspectTokenWithoutCredentials,
    /// The text of an inspection.
    InspectionText,
    /// The JSON of an inspection.
    InspectionJson,
    /// [`OpenTok::session`], whose reply is the handle.
    OpenSession,
    /// [`Session::generate_token`].
    SessionGenerateToken,
    /// [`Session::verify_token`].
    SessionVerifyToken,
    /// Makes a [`Batch`], whose reply is the handle.
    OpenBatch,
    /// Generates tokens: a result for each item, in order.
    BatchGenerateTokens,
    /// Frees an [`OpenTok`].
    FreeOpenTok,
    /// Frees a [`Session`].
    FreeSession,
    /// Frees a [`Batch`].
    FreeBatch,
    /// Frees an [`Inspection`].
    FreeInspection,
    /// Frees a reply that did not fit into the buffer, by its length; its address is the handle.
    FreeReply,
}

/// Runs the [`Operation`] that the buffer begins with; its arguments follow. The JVM calls this by
/// its own interface, JNI, which finds the function by its name: numbers only, so that none of the
/// JVM is needed here. Sizes and addresses have 64 bits on every platform, as a `Long` has.
///
/// The reply is a byte, 0 before a result and 1 before an error. Returns its length. If it does not
/// fit, returns 0 and writes its address and length instead; [`Operation::FreeReply`] frees it. So
/// no call is repeated for the sake of its reply.
///
/// # Safety
///
/// `handle` is that of the operation's object, which nobody frees during the call, or anything for
/// an operation without one. Nobody else uses the buffer meanwhile; it holds the capacity given,
/// and in it the length of the request, and at least 16 bytes.
#[allow(non_snake_case, reason = "JNI's spelling of a class and its method")]
#[unsafe(no_mangle)]
pub unsafe extern "system" fn Java_dev_tokmint_internal_NativeLibrary_call(
    _environment: *const c_void,
    _class: *const c_void,
    handle: u64,
    buffer: u64,
    request_length: u64,
    capacity: u64,
) -> u64 {
    let buffer = ptr::with_exposed_provenance_mut::<u8>(size(buffer));
    let outcome = guarded(|| {
        // SAFETY: the caller passes a buffer with so many bytes, which nobody writes to until then.
        let request = unsafe { slice::from_raw_parts(buffer, size(request_length)) };
        // SAFETY: the caller passes the handle that the operation takes.
        unsafe { run(handle, Request(request)) }
    });
    let Reply(message) = outcome.unwrap_or_else(|error| Reply::new(1).error(&error));
    // SAFETY: the caller passes a buffer of this capacity, and the request was read.
    let buffer = unsafe { slice::from_raw_parts_mut(buffer, size(capacity)) };
    if let Some(place) = buffer.get_mut(..message.len()) {
        place.copy_from_slice(&message);
        return number(message.len());
    }
    let length = number(message.len());
    let address = Box::into_raw(message.into_boxed_slice()).cast::<u8>().expose_provenance();
    buffer[..8].copy_from_slice(&number(address).to_be_bytes());
    buffer[8..16].copy_from_slice(&length.to_be_bytes());
    0
}

/// # Safety
///
/// As for [`Java_dev_tokmint_internal_NativeLibrary_call`].
unsafe fn run(handle: u64, mut request: Request<'_>) -> Result<Reply, TokmintError> {
    // SAFETY: the caller passes the handle of such an object, which lives until this returns.
    let opentok = || unsafe { object::<OpenTok>(handle) };
    // SAFETY: the same.
    let session = || unsafe { object::<Session>(handle) };
    // SAFETY: the same.
    let batch = || unsafe { object::<Batch>(handle) };
    // SAFETY: the same.
    let inspection = || unsafe { object::<Inspection>(handle) };
    let reply = Reply::new(0);
    Ok(match request.lifted() {
        Operation::Describe => {
            reply.string(env!("CARGO_PKG_VERSION")).long(number(MAX_TOKEN_BYTES))
        }
        Operation::OpenOpenTok => {
            let kind = request.lifted();
            let opentok = with_credentials(kind, request.bytes(), request.bytes())?;
            let ids = [opentok.api_key(), opentok.application_id()];
            let ids = ids.map(|id| id.map(str::to_owned));
            let reply = reply.long(leaked(opentok));
            ids.iter().fold(reply, |reply, id| reply.optional_string(id.as_deref()))
        }
        Operation::GenerateToken => {
            let (session_id, options) = (request.bytes(), request.options());
            reply.string(&options.generate(|options| {
                Ok(opentok().generate_token(string(session_id, "session ID")?, options)?)
            })?)
        }
        Operation::GenerateRestToken => {
            let (expires_in, create_time) = (request.lifted(), request.lifted());
            let jti = request.optional_bytes();
            reply.string(&generate_rest_token(opentok(), expires_in, create_time, jti)?)
        }
        Operation::VerifyToken => {
            let token = request.token()?;
            let options = request.verify_options()?;
            reply.claims(&*opentok().verify_token(token, &options)?)
        }
        Operation::InspectToken => {
            let token = request.token_or_zeros();
            reply.inspection(opentok().inspect_token(token, &request.inspect_options()?))
        }
        Operation::InspectTokenWithoutCredentials => {
            let token = request.token_or_zeros();
            reply.inspection(tokmint::inspect_token(token, &request.inspect_options()?))
        }
        Operation::InspectionText => reply.string(&inspection().to_string()),
        Operation::InspectionJson => reply.string(&inspection().to_json()),
        Operation::OpenSession => {
            let session_id = string(request.bytes(), "session ID")?;
            reply.long(leaked(opentok().session(session_id)?))
        }
        Operation::SessionGenerateToken => {
            let options = request.options();
            reply.string(&options.generate(|options| Ok(session().generate_token(options)?))?)
        }
        Operation::SessionVerifyToken => {
            let token = request.token()?;
            let options = request.verify_options()?;
            reply.claims(&*session().verify_token(token, &options)?)
        }
        Operation::OpenBatch => {
            let batch = Batch(Mutex::new(tokmint::Batch::new(session())));
            reply.long(leaked(batch))
        }
        Operation::BatchGenerateTokens => (0..request.lifted::<i32>()).fold(reply, |reply, _| {
            let options = request.options();
            match guarded(|| batch().generate(&options)) {
                Ok(token) => reply.byte(0).string(&token),
                Err(error) => reply.byte(1).error(&error),
            }
        }),
        // SAFETY: the caller passes the handle of such an object, and uses it no more.
        Operation::FreeOpenTok => reply.freed(unsafe { owned::<OpenTok>(handle) }),
        // SAFETY: the same.
        Operation::FreeSession => reply.freed(unsafe { owned::<Session>(handle) }),
        // SAFETY: the same.
        Operation::FreeBatch => reply.freed(unsafe { owned::<Batch>(handle) }),
        // SAFETY: the same.
        Operation::FreeInspection => reply.freed(unsafe { owned::<Inspection>(handle) }),
        Operation::FreeReply => {
            let address = ptr::with_exposed_provenance_mut::<u8>(size(handle));
            let message = ptr::slice_from_raw_parts_mut(address, size(request.lifted()));
            // SAFETY: the caller passes the address and the length of such a reply, once.
            reply.freed(unsafe { Box::from_raw(message) })
        }
    })
}

/// The handle of an object: its address.
fn leaked<T>(object: T) -> u64 {
    number(Box::into_raw(Box::new(object)).expose_provenance())
}

/// # Safety
///
/// The handle is that of an object of this type, which lives as long as the reference is used.
unsafe fn object<'a, T>(handle: u64) -> &'a T {
    // SAFETY: the caller passes such a handle.
    unsafe { &*ptr::with_exposed_provenance::<T>(size(handle)) }
}

/// # Safety
///
/// The handle is that of an object of this type, and nobody uses it any more.
unsafe fn owned<T>(handle: u64) -> Box<T> {
    // SAFETY: the caller passes such a handle.
    unsafe { Box::from_raw(ptr::with_exposed_provenance_mut::<T>(size(handle))) }
}

fn number(size: usize) -> u64 {
    u64::try_from(size).expect("no platform has addresses of more than 64 bits")
}

fn size(number: u64) -> usize {
    usize::try_from(number).expect("what it counts is in memory")
}

const OTHER_BUILD: &str = "the Kotlin of the same build wrote it";

/// The operation and its arguments, one after the other.
struct Request<'a>(&'a [u8]);

impl<'a> Request<'a> {
    fn lifted<T: Lift<UniFfiTag>>(&mut self) -> T {
        T::try_read(&mut self.0).expect(OTHER_BUILD)
    }

    fn taken(&mut self, length: usize) -> &'a [u8] {
        self.0.split_off(..length).expect(OTHER_BUILD)
    }

    fn bytes(&mut self) -> &'a [u8] {
        let length: i32 = self.lifted();
        self.taken(usize::try_from(length).expect(OTHER_BUILD))
    }

    fn optional_bytes(&mut self) -> Option<&'a [u8]> {
        let is_given: bool = self.lifted();
        is_given.then(|| self.bytes())
    }

    fn name(&mut self) -> Option<&'a str> {
        self.optional_bytes().map(|name| str::from_utf8(name).expect(OTHER_BUILD))
    }

    fn options(&mut self) -> GivenOptions<'a> {
        GivenOptions {
            role: self.name(),
            expire_time: self.lifted(),
            expires_in: self.lifted(),
            data: self.optional_bytes(),
            initial_layout_class_list: (0..self.lifted::<i32>()).map(|_| self.bytes()).collect(),
            token_format: self.name(),
            create_time: self.lifted(),
            nonce: self.lifted(),
            jti: self.optional_bytes(),
        }
    }

    fn verify_options(&mut self) -> Result<tokmint::VerifyOptions<'a>, TokmintError> {
        verify_options(self.lifted(), self.lifted(), self.optional_bytes())
    }

    fn inspect_options(&mut self) -> Result<tokmint::InspectOptions<'a>, TokmintError> {
        inspect_options(self.lifted(), self.optional_bytes())
    }

    /// A token, or the length of one that is too long, of which nothing was copied.
    fn token_or_length(&mut self) -> Result<&'a [u8], usize> {
        let length: i64 = self.lifted();
        let count = usize::try_from(length.unsigned_abs()).expect(OTHER_BUILD);
        if length < 0 { Err(count) } else { Ok(self.taken(count)) }
    }

    fn token(&mut self) -> Result<&'a [u8], TokmintError> {
        self.token_or_length().map_err(|length| Error::TokenTooLong { length }.into())
    }

    /// Of a token that is too long core reads nothing but the length, so it gets zeros, which no
    /// memory is touched for.
    fn token_or_zeros(&mut self) -> Cow<'a, [u8]> {
        match self.token_or_length() {
            Ok(token) => Cow::Borrowed(token),
            Err(length) => Cow::Owned(vec![0; length]),
        }
    }
}

struct Reply(Vec<u8>);

impl Reply {
    fn new(status: u8) -> Reply {
        Reply(Vec::with_capacity(1024)).byte(status)
    }

    fn byte(mut self, byte: u8) -> Reply {
        self.0.push(byte);
        self
    }

    fn raw(mut self, bytes: &[u8]) -> Reply {
        self.0.extend_from_slice(bytes);
        self
    }

    fn int(self, number: i32) -> Reply {
        self.raw(&number.to_be_bytes())
    }

    fn length(self, length: usize) -> Reply {
        self.int(i32::try_from(length).expect("no reply is that long"))
    }

    fn long(self, number: u64) -> Reply {
        self.raw(&number.to_be_bytes())
    }

    fn time(self, seconds: i64) -> Reply {
        self.raw(&seconds.to_be_bytes())
    }

    fn string(self, string: &str) -> Reply {
        self.length(string.len()).raw(string.as_bytes())
    }

    fn optional<T>(self, value: Option<T>, write: impl FnOnce(Reply, T) -> Reply) -> Reply {
        match value {
            Some(value) => write(self.byte(1), value),
            None => self.byte(0),
        }
    }

    fn optional_string(self, string: Option<&str>) -> Reply {
        self.optional(string, Reply::string)
    }

    fn list<T>(
        self,
        items: impl ExactSizeIterator<Item = T>,
        write: fn(Reply, T) -> Reply,
    ) -> Reply {
        let reply = self.length(items.len());
        items.fold(reply, write)
    }

    fn error(self, error: &TokmintError) -> Reply {
        let TokmintError::Refused { number, sentence, .. } = error;
        self.int(*number).string(sentence)
    }

    /// A [`crate::Token`].
    fn claims(self, claims: &Claims) -> Reply {
        self.string(claims.format().name())
            .optional_string(claims.api_key())
            .optional_string(claims.application_id())
            .string(claims.session_id())
            .string(claims.role().name())
            .time(claims.create_time())
            .time(claims.expire_time())
            .string(claims.data())
            .list(claims.initial_layout_class_list(), Reply::string)
            .string(claims.nonce())
    }

    /// The handle, and an [`crate::inspection::Inspection`].
    fn inspection(self, inspection: Inspection) -> Reply {
        let field =
            |reply: Reply, field: &tokmint::Field| reply.string(&field.name).string(&field.value);
        let finding = |reply: Reply, finding: &tokmint::Finding| {
            reply
                .string(finding.code.name())
                .string(finding.severity.name())
                .string(&finding.message)
                .optional_string(finding.server_message)
        };
        let mut reply = self
            .long(0)
            .optional_string(inspection.format.map(|format| format.name()))
            .string(inspection.signature.name())
            .list(inspection.header.iter(), field)
            .list(inspection.fields.iter(), field)
            .optional(inspection.token.as_ref(), Reply::claims);
        let times = [
            inspection.now, inspection.create_time, inspection.expire_time, inspection.not_before,
            inspection.remaining_lifetime,
        ];
        for time in times {
            reply = reply.optional(time, Reply::time);
        }
        reply = reply.list(inspection.findings.iter(), finding);
        reply = reply.byte(u8::from(inspection.is_refused()));
        // Last, so that a panic above leaks nothing. The status is in front.
        let handle = leaked(inspection);
        reply.0[1..9].copy_from_slice(&handle.to_be_bytes());
        reply
    }

    /// Nothing, after what was owned was dropped.
    fn freed<T>(self, owned: T) -> Reply {
        drop(owned);
        self
    }
}
