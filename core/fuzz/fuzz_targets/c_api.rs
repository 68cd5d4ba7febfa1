//! The functions of the C library in any order, with handles and without: credentials and sessions
//! are made, used and freed, by one thread or by two at once. A call gives a status that the header
//! names, a message that goes with it, and its output only if it succeeds; with ASAN nothing is
//! read beyond an argument, used after it was freed, or left behind.
//!
//! Left out is what the header forbids: handles that were freed, or that are of another type.

#![no_main]

#[path = "shared/mod.rs"]
mod shared;

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;
use std::thread;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use shared::{
    API_KEY, API_SECRET, APPLICATION_ID, APPLICATION_SESSION_ID, NOW, PRIVATE_KEY, PUBLIC_KEY,
    SESSION_ID,
};
// Its functions are called as C calls them.
use tokmint_c as _;

const NUL_TERMINATED: usize = usize::MAX;
const UNSET: i64 = i64::MIN;
const OK: i32 = 0;
const NULL_POINTER: i32 = 900;
const INVALID_SIZE: i32 = 902;
const BUFFER_TOO_SHORT: i32 = 903;
const PANIC: i32 = 999;

#[repr(C)]
#[derive(Clone, Copy)]
struct TokenOptions {
    size: usize,
    role: *const c_char,
    role_length: usize,
    expire_time: i64,
    expires_in: i64,
    data: *const c_char,
    data_length: usize,
    classes: *const *const c_char,
    class_lengths: *const usize,
    class_count: usize,
    token_format: *const c_char,
    token_format_length: usize,
    create_time: i64,
    nonce: i64,
    jti: *const c_char,
    jti_length: usize,
}

#[repr(C)]
struct VerifyOptions {
    size: usize,
    now: i64,
    leeway: i64,
    session_id: *const c_char,
    session_id_length: usize,
}

#[repr(C)]
struct InspectOptions {
    size: usize,
    now: i64,
    session_id: *const c_char,
    session_id_length: usize,
}

#[repr(C)]
struct Token {
    format: *const c_char,
    api_key: *const c_char,
    api_key_length: usize,
    application_id: *const c_char,
    application_id_length: usize,
    session_id: *const c_char,
    session_id_length: usize,
    role: *const c_char,
    create_time: i64,
    expire_time: i64,
    data: *const c_char,
    data_length: usize,
    classes: *const *const c_char,
    class_lengths: *const usize,
    class_count: usize,
    nonce: *const c_char,
    nonce_length: usize,
}

#[repr(C)]
struct Field {
    name: *const c_char,
    name_length: usize,
    value: *const c_char,
    value_length: usize,
}

#[repr(C)]
struct Finding {
    code: *const c_char,
    severity: c_int,
    message: *const c_char,
    server_message: *const c_char,
}

type OpenTok = c_void;
type Session = c_void;
type Inspection = c_void;
type Message = *mut *mut c_char;
type Callback =
    extern "C" fn(*mut c_void, usize, i32, *const c_char, usize, *const c_char) -> c_int;

/// A function that takes an ID, a key and where the handle goes.
type New = unsafe extern "C" fn(
    *const c_char,
    usize,
    *const c_char,
    usize,
    *mut *mut OpenTok,
    Message,
) -> i32;

unsafe extern "C" {
    fn tokmint_opentok_new(
        _: *const c_char,
        _: usize,
        _: *const c_char,
        _: usize,
        _: *mut *mut OpenTok,
        _: Message,
    ) -> i32;
    fn tokmint_opentok_new_application(
        _: *const c_char,
        _: usize,
        _: *const c_char,
        _: usize,
        _: *mut *mut OpenTok,
        _: Message,
    ) -> i32;
    fn tokmint_opentok_new_verifier(
        _: *const c_char,
        _: usize,
        _: *const c_char,
        _: usize,
        _: *mut *mut OpenTok,
        _: Message,
    ) -> i32;
    fn tokmint_opentok_api_key(_: *const OpenTok) -> *const c_char;
    fn tokmint_opentok_application_id(_: *const OpenTok) -> *const c_char;
    fn tokmint_opentok_free(_: *mut OpenTok);
    fn tokmint_opentok_session(
        _: *const OpenTok,
        _: *const c_char,
        _: usize,
        _: *mut *mut Session,
        _: Message,
    ) -> i32;
    fn tokmint_session_id(_: *const Session) -> *const c_char;
    fn tokmint_session_free(_: *mut Session);
    fn tokmint_generate_token(
        _: *const OpenTok,
        _: *const c_char,
        _: usize,
        _: *const TokenOptions,
        _: *mut *mut c_char,
        _: *mut usize,
        _: Message,
    ) -> i32;
    fn tokmint_generate_token_into(
        _: *const OpenTok,
        _: *const c_char,
        _: usize,
        _: *const TokenOptions,
        _: *mut c_char,
        _: usize,
        _: *mut usize,
        _: Message,
    ) -> i32;
    fn tokmint_generate_rest_token(
        _: *const OpenTok,
        _: *const c_void,
        _: *mut *mut c_char,
        _: *mut usize,
        _: Message,
    ) -> i32;
    fn tokmint_session_generate_token(
        _: *const Session,
        _: *const TokenOptions,
        _: *mut *mut c_char,
        _: *mut usize,
        _: Message,
    ) -> i32;
    fn tokmint_session_generate_tokens(
        _: *const Session,
        _: *const TokenOptions,
        _: usize,
        _: Option<Callback>,
        _: *mut c_void,
        _: Message,
    ) -> i32;
    fn tokmint_verify_token(
        _: *const OpenTok,
        _: *const c_char,
        _: usize,
        _: *const VerifyOptions,
        _: *mut *mut Token,
        _: Message,
    ) -> i32;
    fn tokmint_session_verify_token(
        _: *const Session,
        _: *const c_char,
        _: usize,
        _: *const VerifyOptions,
        _: *mut *mut Token,
        _: Message,
    ) -> i32;
    fn tokmint_token_free(_: *mut Token);
    fn tokmint_inspect_token(
        _: *const OpenTok,
        _: *const c_char,
        _: usize,
        _: *const InspectOptions,
        _: *mut *mut Inspection,
        _: Message,
    ) -> i32;
    fn tokmint_inspection_free(_: *mut Inspection);
    fn tokmint_inspection_is_refused(_: *const Inspection) -> bool;
    fn tokmint_inspection_format(_: *const Inspection) -> *const c_char;
    fn tokmint_inspection_header_count(_: *const Inspection) -> usize;
    fn tokmint_inspection_header(_: *const Inspection, _: usize) -> *const Field;
    fn tokmint_inspection_field_count(_: *const Inspection) -> usize;
    fn tokmint_inspection_field(_: *const Inspection, _: usize) -> *const Field;
    fn tokmint_inspection_token(_: *const Inspection) -> *const Token;
    fn tokmint_inspection_finding_count(_: *const Inspection) -> usize;
    fn tokmint_inspection_finding(_: *const Inspection, _: usize) -> *const Finding;
    fn tokmint_inspection_to_json(_: *const Inspection, _: *mut *mut c_char, _: Message) -> i32;
    fn tokmint_inspection_to_text(_: *const Inspection, _: *mut *mut c_char, _: Message) -> i32;
    fn tokmint_token_options_init(_: *mut TokenOptions, _: usize) -> i32;
    fn tokmint_error_name(_: i32) -> *const c_char;
    fn tokmint_string_free(_: *mut c_char);
}

/// A string as C passes one.
#[derive(Arbitrary, Debug, Clone)]
enum Text<'a> {
    /// One that the call can use, where there is one.
    Right,
    /// In memory of its own of exactly its length.
    Sized(&'a [u8]),
    Terminated(&'a [u8]),
    Null,
    /// Nobody looks at the pointer of an empty string.
    Empty,
    /// More bytes than there can be.
    TooLarge,
}

/// Keeps the memory of a string while a call looks at it.
struct Passed {
    pointer: *const c_char,
    length: usize,
    _held: Box<[u8]>,
}

impl Text<'_> {
    fn passed(&self, right: &str) -> Passed {
        let (held, length): (Box<[u8]>, _) = match self {
            Text::Right => ([right.as_bytes(), b"\0"].concat().into(), NUL_TERMINATED),
            Text::Terminated(bytes) => ([bytes, &b"\0"[..]].concat().into(), NUL_TERMINATED),
            Text::Sized(bytes) => (Box::from(*bytes), bytes.len()),
            Text::Null => (Box::default(), 3),
            Text::Empty => (Box::default(), 0),
            Text::TooLarge => (Box::default(), usize::MAX - 1),
        };
        let pointer = match self {
            Text::Null => ptr::null(),
            _ => held.as_ptr().cast(),
        };
        Passed { pointer, length, _held: held }
    }

    fn is_null(&self) -> bool {
        matches!(self, Text::Null)
    }
}

#[derive(Arbitrary, Debug)]
enum Call<'a> {
    New {
        at: u8,
        kind: Kind,
        id: Text<'a>,
        key: Text<'a>,
    },
    Session {
        of: u8,
        at: u8,
        id: Text<'a>,
    },
    FreeOpenTok(u8),
    FreeSession(u8),
    Use(Use<'a>),
    /// Two threads use the same handles, and read what was verified and inspected before.
    Threads(Vec<Use<'a>>, Vec<Use<'a>>),
}

#[derive(Arbitrary, Debug, Clone, Copy)]
enum Kind {
    Project,
    Application,
    Verifier,
}

/// A call that leaves all handles as they are.
#[derive(Arbitrary, Debug)]
enum Use<'a> {
    Generate(u8, Text<'a>, Options<'a>),
    GenerateInto(u8, Options<'a>, u16),
    GenerateRest(u8),
    OfSession(u8, Options<'a>),
    Batch(u8, Options<'a>, u8, Option<u8>),
    Verify(u8, Text<'a>, Option<(i64, i64, Text<'a>)>),
    VerifyOfSession(u8, Text<'a>),
    Inspect(Option<u8>, Text<'a>, Option<(i64, Text<'a>)>),
    Read(u8),
    Init(u16),
}

#[derive(Arbitrary, Debug)]
struct Options<'a> {
    is_null: bool,
    size: Option<u8>,
    role: Option<Text<'a>>,
    expires_in: Option<i64>,
    data: Option<Text<'a>>,
    classes: Vec<&'a [u8]>,
    are_lengths_given: bool,
    token_format: Option<Text<'a>>,
    nonce: Option<i64>,
}

const SLOTS: usize = 2;

fn slot<T: Copy>(slots: &[T; SLOTS], at: u8) -> T {
    slots[usize::from(at) % SLOTS]
}

/// What is made, or NULL.
struct Handles {
    opentoks: [*mut OpenTok; SLOTS],
    kinds: [Kind; SLOTS],
    sessions: [*mut Session; SLOTS],
}

/// What one thread got from its calls, or NULL.
struct Got {
    token: CString,
    verified: [*mut Token; SLOTS],
    inspections: [*mut Inspection; SLOTS],
}

impl Got {
    fn nothing() -> Got {
        Got {
            token: CString::default(),
            verified: [ptr::null_mut(); SLOTS],
            inspections: [ptr::null_mut(); SLOTS],
        }
    }
}

impl Drop for Got {
    fn drop(&mut self) {
        for at in 0..SLOTS {
            // SAFETY: each is NULL or was given by the library, and is freed here once.
            unsafe {
                tokmint_token_free(self.verified[at]);
                tokmint_inspection_free(self.inspections[at]);
            }
        }
    }
}

/// Two threads may read what nobody changes.
struct Shared<'a>(&'a Handles, &'a Got);
// SAFETY: as the header says of handles, verified tokens and inspections.
unsafe impl Sync for Shared<'_> {}

/// Makes a call, and checks its status and its message.
fn status(call: impl FnOnce(Message) -> i32) -> i32 {
    let mut message = ptr::without_provenance_mut(1);
    let status = call(&mut message);
    assert_ne!(status, PANIC);
    if status == OK {
        assert!(message.is_null());
    } else {
        assert_ne!(name(status), "unknown");
        assert!(!text(message).is_empty());
        // SAFETY: the library gave it.
        unsafe { tokmint_string_free(message) };
    }
    status
}

/// Makes a call that gives a pointer, and only if it succeeds.
fn given<T>(call: impl FnOnce(*mut *mut T, Message) -> i32) -> Result<*mut T, i32> {
    const UNTOUCHED: usize = 8;
    let mut output = ptr::without_provenance_mut(UNTOUCHED);
    match status(|message| call(&mut output, message)) {
        OK => Ok(output),
        status => {
            assert_eq!(output.addr(), UNTOUCHED);
            Err(status)
        }
    }
}

fn name(status: i32) -> &'static str {
    // SAFETY: it is static.
    unsafe { CStr::from_ptr(tokmint_error_name(status)) }.to_str().unwrap()
}

/// A string that ends with NUL; empty for NULL.
fn text<'a>(string: *const c_char) -> &'a str {
    if string.is_null() {
        return "";
    }
    // SAFETY: the library gave it, and nobody frees it while it is looked at.
    unsafe { CStr::from_ptr(string) }.to_str().unwrap()
}

/// A string with a length, behind which there is a NUL.
fn sized<'a>(string: *const c_char, length: usize) -> &'a str {
    // SAFETY: as for `text`.
    let bytes = unsafe { std::slice::from_raw_parts(string.cast::<u8>(), length + 1) };
    let (nul, bytes) = bytes.split_last().unwrap();
    assert_eq!(*nul, 0);
    str::from_utf8(bytes).unwrap()
}

fn read_token(token: *const Token) {
    // SAFETY: as for `text`.
    let Some(token) = (unsafe { token.as_ref() }) else {
        return;
    };
    assert!(["jwt", "t1"].contains(&text(token.format)));
    text(token.role).parse::<tokmint::Role>().unwrap();
    sized(token.session_id, token.session_id_length);
    sized(token.data, token.data_length);
    sized(token.nonce, token.nonce_length);
    assert_ne!(token.api_key.is_null(), token.application_id.is_null());
    match token.api_key.is_null() {
        true => sized(token.application_id, token.application_id_length),
        false => sized(token.api_key, token.api_key_length),
    };
    assert!(token.create_time >= 0 && token.expire_time >= 0);
    for at in 0..token.class_count {
        // SAFETY: both lists have so many elements.
        unsafe { sized(*token.classes.add(at), *token.class_lengths.add(at)) };
    }
}

fn read_inspection(inspection: *const Inspection) {
    // SAFETY: NULL is allowed, and so is any index.
    unsafe {
        let (headers, fields) = (
            tokmint_inspection_header_count(inspection),
            tokmint_inspection_field_count(inspection),
        );
        assert!(tokmint_inspection_header(inspection, headers).is_null());
        assert!(tokmint_inspection_field(inspection, fields).is_null());
        let header = (0..headers).map(|at| tokmint_inspection_header(inspection, at));
        let fields = (0..fields).map(|at| tokmint_inspection_field(inspection, at));
        for field in header.chain(fields) {
            sized((*field).name, (*field).name_length);
            sized((*field).value, (*field).value_length);
        }
        let mut is_refused = inspection.is_null();
        for at in 0..tokmint_inspection_finding_count(inspection) {
            let finding = &*tokmint_inspection_finding(inspection, at);
            assert!(!text(finding.code).is_empty() && !text(finding.message).is_empty());
            text(finding.server_message);
            is_refused |= finding.severity == 0;
        }
        assert_eq!(tokmint_inspection_is_refused(inspection), is_refused);
        assert!(["", "jwt", "t1"].contains(&text(tokmint_inspection_format(inspection))));
        read_token(tokmint_inspection_token(inspection));
        for form in [tokmint_inspection_to_json, tokmint_inspection_to_text] {
            match given(|output, message| form(inspection, output, message)) {
                Ok(form) => {
                    assert!(!text(form).is_empty());
                    tokmint_string_free(form);
                }
                Err(status) => assert_eq!(status, NULL_POINTER),
            }
        }
    }
}

/// Options as a struct, and what they point to.
struct PassedOptions {
    options: TokenOptions,
    is_null: bool,
    _texts: Vec<Passed>,
    _classes: Vec<*const c_char>,
    _lengths: Vec<usize>,
    _terminated: Vec<CString>,
}

impl Options<'_> {
    fn passed(&self) -> PassedOptions {
        let mut texts = Vec::new();
        let mut text = |given: &Option<Text<'_>>, right: &str| match given {
            Some(given) => {
                let passed = given.passed(right);
                let parts = (passed.pointer, passed.length);
                texts.push(passed);
                parts
            }
            None => (ptr::null(), NUL_TERMINATED),
        };
        let (role, role_length) = text(&self.role, "moderator");
        let (data, data_length) = text(&self.data, "name=Johnny");
        let (token_format, token_format_length) = text(&self.token_format, "t1");
        let terminated: Vec<CString> = match self.are_lengths_given {
            true => Vec::new(),
            false => self.classes.iter().filter_map(|class| CString::new(*class).ok()).collect(),
        };
        let classes: Vec<*const c_char> = match self.are_lengths_given {
            true => self.classes.iter().map(|class| class.as_ptr().cast()).collect(),
            false => terminated.iter().map(|class| class.as_ptr()).collect(),
        };
        let lengths: Vec<usize> = self.classes.iter().map(|class| class.len()).collect();
        let size = self.size.map_or(size_of::<TokenOptions>(), usize::from);
        let options = TokenOptions {
            size: size.min(size_of::<TokenOptions>()),
            role,
            role_length,
            expire_time: UNSET,
            expires_in: self.expires_in.unwrap_or(UNSET),
            data,
            data_length,
            classes: classes.as_ptr(),
            class_lengths: match self.are_lengths_given {
                true => lengths.as_ptr(),
                false => ptr::null(),
            },
            class_count: classes.len(),
            token_format,
            token_format_length,
            create_time: NOW,
            nonce: self.nonce.unwrap_or(UNSET),
            jti: ptr::null(),
            jti_length: NUL_TERMINATED,
        };
        PassedOptions {
            options,
            is_null: self.is_null,
            _texts: texts,
            _classes: classes,
            _lengths: lengths,
            _terminated: terminated,
        }
    }
}

impl PassedOptions {
    fn pointer(&self) -> *const TokenOptions {
        if self.is_null { ptr::null() } else { &self.options }
    }
}

/// Takes a token that a call gave, and frees it.
fn keep(got: &mut Got, is_null: bool, result: Result<*mut c_char, i32>, length: usize) {
    match result {
        Ok(token) => {
            assert!(!is_null);
            assert_eq!(sized(token, length).len(), text(token).len());
            got.token = CString::new(text(token)).unwrap();
            // SAFETY: the library gave it.
            unsafe { tokmint_string_free(token) };
        }
        Err(status) => assert!(!is_null || status == NULL_POINTER),
    }
}

extern "C" fn take(
    user_data: *mut c_void,
    index: usize,
    status: i32,
    token: *const c_char,
    length: usize,
    message: *const c_char,
) -> c_int {
    // SAFETY: what was passed to the call.
    let (seen, end) = unsafe { &mut *user_data.cast::<(usize, Option<u8>)>() };
    assert_eq!(index, *seen);
    *seen += 1;
    if status == OK {
        assert!(message.is_null());
        assert!(!sized(token, length).is_empty());
    } else {
        assert!(token.is_null() && length == 0 && !text(message).is_empty());
    }
    c_int::from(end.is_some_and(|end| usize::from(end) == index))
}

fn use_handles(call: &Use<'_>, handles: &Handles, got: &mut Got) {
    let id_for = |at: u8| match slot(&handles.kinds, at) {
        Kind::Project => SESSION_ID,
        _ => APPLICATION_SESSION_ID,
    };
    // SAFETY: handles are those of the library or NULL, strings and options are as the header says.
    unsafe {
        match call {
            Use::Generate(at, id, options) => {
                let opentok = slot(&handles.opentoks, *at);
                let (id, options) = (id.passed(id_for(*at)), options.passed());
                let mut length = 0;
                let token = given(|token, message| {
                    let options = options.pointer();
                    let length = &raw mut length;
                    tokmint_generate_token(
                        opentok, id.pointer, id.length, options, token, length, message,
                    )
                });
                keep(got, opentok.is_null(), token, length);
            }
            Use::GenerateInto(at, options, size) => {
                let (opentok, id) = (slot(&handles.opentoks, *at), Text::Right.passed(id_for(*at)));
                let options = options.passed();
                let mut buffer = vec![0x55_u8; usize::from(*size) % 2048].into_boxed_slice();
                let mut length = 0;
                let status = status(|message| {
                    let (pointer, size) = (buffer.as_mut_ptr().cast(), buffer.len());
                    let (options, length) = (options.pointer(), &raw mut length);
                    tokmint_generate_token_into(
                        opentok, id.pointer, id.length, options, pointer, size, length, message,
                    )
                });
                if status == OK {
                    assert_eq!(buffer[length], 0);
                    assert!(buffer[..length].is_ascii());
                } else {
                    assert!(buffer.iter().all(|&byte| byte == 0x55));
                    assert_eq!(status == BUFFER_TOO_SHORT, length > 0);
                }
            }
            Use::GenerateRest(at) => {
                let opentok = slot(&handles.opentoks, *at);
                let mut length = 0;
                let token = given(|token, message| {
                    tokmint_generate_rest_token(opentok, ptr::null(), token, &mut length, message)
                });
                keep(got, opentok.is_null(), token, length);
            }
            Use::OfSession(at, options) => {
                let (session, options) = (slot(&handles.sessions, *at), options.passed());
                let mut length = 0;
                let token = given(|token, message| {
                    let (options, length) = (options.pointer(), &raw mut length);
                    tokmint_session_generate_token(session, options, token, length, message)
                });
                keep(got, session.is_null(), token, length);
            }
            Use::Batch(at, options, count, end) => {
                let session = slot(&handles.sessions, *at);
                let (options, count) = (options.passed(), usize::from(*count) % 8);
                let list = vec![options.options; count];
                let mut seen = (0, *end);
                let status = status(|message| {
                    let (list, seen) = (list.as_ptr(), (&raw mut seen).cast());
                    tokmint_session_generate_tokens(session, list, count, Some(take), seen, message)
                });
                if status == OK {
                    let end = end.map_or(count, |end| (usize::from(end) + 1).min(count));
                    assert_eq!(seen.0, end);
                } else {
                    assert!([NULL_POINTER, INVALID_SIZE].contains(&status) && seen.0 == 0);
                }
            }
            Use::Verify(at, token, options) => {
                let opentok = slot(&handles.opentoks, *at);
                let passed = token.passed(got.token.to_str().unwrap());
                let id = options.as_ref().map(|(_, _, id)| id.passed(id_for(*at)));
                let options =
                    options.as_ref().zip(id.as_ref()).map(|((now, leeway, _), id)| VerifyOptions {
                        size: size_of::<VerifyOptions>(),
                        now: *now,
                        leeway: *leeway,
                        session_id: id.pointer,
                        session_id_length: id.length,
                    });
                let options = options.as_ref().map_or(ptr::null(), ptr::from_ref);
                let verified = given(|verified, message| {
                    tokmint_verify_token(
                        opentok, passed.pointer, passed.length, options, verified, message,
                    )
                });
                assert!(!opentok.is_null() && !token.is_null() || verified == Err(NULL_POINTER));
                keep_verified(got, verified);
            }
            Use::VerifyOfSession(at, token) => {
                let session = slot(&handles.sessions, *at);
                let token = token.passed(got.token.to_str().unwrap());
                let options = VerifyOptions {
                    size: size_of::<VerifyOptions>(),
                    now: NOW,
                    leeway: UNSET,
                    session_id: ptr::null(),
                    session_id_length: NUL_TERMINATED,
                };
                let verified = given(|verified, message| {
                    let options = &raw const options;
                    tokmint_session_verify_token(
                        session, token.pointer, token.length, options, verified, message,
                    )
                });
                assert!(!session.is_null() || verified == Err(NULL_POINTER));
                keep_verified(got, verified);
            }
            Use::Inspect(at, token, options) => {
                let opentok = at.map_or(ptr::null_mut(), |at| slot(&handles.opentoks, at));
                let passed = token.passed(got.token.to_str().unwrap());
                let id = options.as_ref().map(|(_, id)| id.passed(SESSION_ID));
                let options =
                    options.as_ref().zip(id.as_ref()).map(|((now, _), id)| InspectOptions {
                        size: size_of::<InspectOptions>(),
                        now: *now,
                        session_id: id.pointer,
                        session_id_length: id.length,
                    });
                let options = options.as_ref().map_or(ptr::null(), ptr::from_ref);
                let inspection = given(|inspection, message| {
                    tokmint_inspect_token(
                        opentok, passed.pointer, passed.length, options, inspection, message,
                    )
                });
                assert!(!token.is_null() || inspection == Err(NULL_POINTER));
                if let Ok(inspection) = inspection {
                    read_inspection(inspection);
                    tokmint_inspection_free(got.inspections[0]);
                    got.inspections.swap(0, 1);
                    got.inspections[1] = inspection;
                }
            }
            Use::Read(at) => {
                let (opentok, session) =
                    (slot(&handles.opentoks, *at), slot(&handles.sessions, *at));
                text(tokmint_opentok_api_key(opentok));
                text(tokmint_opentok_application_id(opentok));
                assert_eq!(text(tokmint_session_id(session)).is_empty(), session.is_null());
                let inspection = slot(&got.inspections, *at);
                read_inspection(inspection);
                let verified = slot(&got.verified, *at);
                read_token(verified);
            }
            Use::Init(size) => {
                let mut memory = vec![0_u64; usize::from(*size).div_ceil(8)].into_boxed_slice();
                let status = tokmint_token_options_init(memory.as_mut_ptr().cast(), (*size).into());
                let is_known = usize::from(*size) == size_of::<TokenOptions>();
                assert_eq!(status, if is_known { OK } else { INVALID_SIZE });
            }
        }
    }
}

fn keep_verified(got: &mut Got, verified: Result<*mut Token, i32>) {
    if let Ok(verified) = verified {
        read_token(verified);
        // SAFETY: NULL, or given by the library and freed here once.
        unsafe { tokmint_token_free(got.verified[0]) };
        got.verified.swap(0, 1);
        got.verified[1] = verified;
    }
}

fuzz_target!(|calls: Vec<Call<'_>>| {
    let mut handles = Handles {
        opentoks: [ptr::null_mut(); SLOTS],
        kinds: [Kind::Project; SLOTS],
        sessions: [ptr::null_mut(); SLOTS],
    };
    let mut got = Got::nothing();
    for call in &calls {
        // SAFETY: as in `use_handles`; each handle is freed once, while no other thread runs.
        unsafe {
            match call {
                Call::New { at, kind, id, key } => {
                    let (new, right_id, right_key): (New, _, _) = match kind {
                        Kind::Project => (tokmint_opentok_new, API_KEY, API_SECRET),
                        Kind::Application => {
                            (tokmint_opentok_new_application, APPLICATION_ID, PRIVATE_KEY)
                        }
                        Kind::Verifier => {
                            (tokmint_opentok_new_verifier, APPLICATION_ID, PUBLIC_KEY)
                        }
                    };
                    let (id, key) = (id.passed(right_id), key.passed(right_key));
                    let made = given(|opentok, message| {
                        new(id.pointer, id.length, key.pointer, key.length, opentok, message)
                    });
                    if let Ok(opentok) = made {
                        let at = usize::from(*at) % SLOTS;
                        tokmint_opentok_free(handles.opentoks[at]);
                        (handles.opentoks[at], handles.kinds[at]) = (opentok, *kind);
                    }
                }
                Call::Session { of, at, id } => {
                    let opentok = slot(&handles.opentoks, *of);
                    let id = id.passed(match slot(&handles.kinds, *of) {
                        Kind::Project => SESSION_ID,
                        _ => APPLICATION_SESSION_ID,
                    });
                    let made = given(|session, message| {
                        tokmint_opentok_session(opentok, id.pointer, id.length, session, message)
                    });
                    assert!(!opentok.is_null() || made == Err(NULL_POINTER));
                    if let Ok(session) = made {
                        let at = usize::from(*at) % SLOTS;
                        tokmint_session_free(handles.sessions[at]);
                        handles.sessions[at] = session;
                    }
                }
                Call::FreeOpenTok(at) => {
                    let at = usize::from(*at) % SLOTS;
                    tokmint_opentok_free(handles.opentoks[at]);
                    handles.opentoks[at] = ptr::null_mut();
                }
                Call::FreeSession(at) => {
                    let at = usize::from(*at) % SLOTS;
                    tokmint_session_free(handles.sessions[at]);
                    handles.sessions[at] = ptr::null_mut();
                }
                Call::Use(call) => use_handles(call, &handles, &mut got),
                Call::Threads(one, other) => {
                    let shared = &Shared(&handles, &got);
                    thread::scope(|scope| {
                        for calls in [one, other] {
                            scope.spawn(move || {
                                let Shared(handles, before) = shared;
                                let mut got = Got::nothing();
                                got.token = before.token.clone();
                                for call in calls {
                                    use_handles(call, handles, &mut got);
                                    before.inspections.iter().for_each(|&it| read_inspection(it));
                                    before.verified.iter().for_each(|&token| read_token(token));
                                }
                            });
                        }
                    });
                }
            }
        }
    }
    drop(got);
    for at in 0..SLOTS {
        // SAFETY: each is NULL or still in use.
        unsafe {
            tokmint_opentok_free(handles.opentoks[at]);
            tokmint_session_free(handles.sessions[at]);
        }
    }
});
