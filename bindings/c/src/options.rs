//! The structs of options, and their conversion to core's.

use std::ffi::c_char;
use std::ptr;

use smallvec::SmallVec;
use tokmint::{Error, Role, TokenFormat};

use crate::boundary::{
    NUL_TERMINATED, Options, UNSET, bytes, element, optional, optional_string, string,
};
use crate::status::Fault;

/// So many layout classes cost no allocation.
const CLASSES_ON_STACK: usize = 16;

/// Options for a new token. Initialise them with `TOKMINT_TOKEN_OPTIONS_INIT` or
/// `tokmint_token_options_init`, which leave everything unset, and set what you need.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct TokenOptions {
    /// The size of this struct, from the macro or the function.
    size: usize,
    /// What the holder may do: `subscriber`, `publisher` (the default), `publisheronly` or
    /// `moderator`.
    role: *const c_char,
    /// Length of the role in bytes.
    role_length: usize,
    /// When the token ends, in Unix seconds: at most 30 days after its creation. By default it
    /// lives for 24 hours.
    expire_time: i64,
    /// The same as a lifetime in seconds. Only one of the two may be set.
    expires_in: i64,
    /// Connection data, which everybody in the session can read: at most 1000 UTF-16 code units.
    data: *const c_char,
    /// Length of the data in bytes.
    data_length: usize,
    /// Layout classes without whitespace and control characters, together at most 1000 UTF-16
    /// code units when joined by one space. More than 16 of them cost an allocation.
    initial_layout_class_list: *const *const c_char,
    /// The lengths of the layout classes in bytes; NULL if each ends with NUL.
    initial_layout_class_lengths: *const usize,
    /// The number of layout classes.
    initial_layout_class_count: usize,
    /// The format of the token: `jwt` (the default) or, for projects only, `t1`.
    token_format: *const c_char,
    /// Length of the format's name in bytes.
    token_format_length: usize,
    /// When the token is issued, in Unix seconds. Unset, it is the current time; set it to
    /// reproduce a token.
    create_time: i64,
    /// A number that tells equal tokens of a project apart, 0 to 2^53 - 1. Unset, it is one that
    /// the process has not used before; set it to reproduce a token.
    nonce: i64,
    /// A UUID in lower case that tells equal tokens of an application apart. Unset, it is a random
    /// one; set it to reproduce a token.
    jti: *const c_char,
    /// Length of the UUID in bytes.
    jti_length: usize,
}

// SAFETY: integers and raw pointers take any bytes, and the first one is the size.
unsafe impl Options for TokenOptions {
    const SIZES: &'static [usize] = &[size_of::<TokenOptions>()];
    const UNSET: TokenOptions = TokenOptions {
        size: size_of::<TokenOptions>(),
        role: ptr::null(),
        role_length: NUL_TERMINATED,
        expire_time: UNSET,
        expires_in: UNSET,
        data: ptr::null(),
        data_length: NUL_TERMINATED,
        initial_layout_class_list: ptr::null(),
        initial_layout_class_lengths: ptr::null(),
        initial_layout_class_count: 0,
        token_format: ptr::null(),
        token_format_length: NUL_TERMINATED,
        create_time: UNSET,
        nonce: UNSET,
        jti: ptr::null(),
        jti_length: NUL_TERMINATED,
    };
}

/// Where the list of layout classes lies while core's options borrow it.
pub(crate) type Classes<'a> = SmallVec<[&'a str; CLASSES_ON_STACK]>;

impl TokenOptions {
    /// # Safety
    /// The pointers are as the header says, for `'s`.
    pub(crate) unsafe fn to_core<'a, 's: 'a>(
        self,
        classes: &'a mut Classes<'s>,
    ) -> Result<tokmint::TokenOptions<'a>, Fault> {
        // SAFETY: the caller guarantees it, as the header states.
        unsafe {
            let role = optional_string(self.role, self.role_length, "role")?;
            let role: Option<Role> = role.map(str::parse).transpose()?;
            let format =
                optional_string(self.token_format, self.token_format_length, "token_format")?;
            let format: Option<TokenFormat> = format.map(str::parse).transpose()?;
            let data = match self.data.is_null() {
                true => &[],
                false => bytes(self.data, self.data_length, "data")?,
            };
            let data = str::from_utf8(data).map_err(|_| Error::InvalidData)?;
            for index in 0..self.initial_layout_class_count {
                classes.push(self.class(index)?);
            }
            let jti = optional_string(self.jti, self.jti_length, "jti")?;
            Ok(tokmint::TokenOptions::new()
                .role(role)
                .expire_time(optional(self.expire_time))
                .expires_in(optional(self.expires_in))
                .data(data)
                .initial_layout_class_list(classes)
                .token_format(format)
                .create_time(optional(self.create_time))
                .nonce(optional(self.nonce))
                .jti(jti))
        }
    }

    /// # Safety
    /// The pointers are as the header says, for `'a`.
    unsafe fn class<'a>(&self, index: usize) -> Result<&'a str, Fault> {
        let name = "initial_layout_class_list";
        // SAFETY: the caller guarantees it, as the header states.
        unsafe {
            let class = element(self.initial_layout_class_list, index, name)?;
            let length = match self.initial_layout_class_lengths.is_null() {
                true => NUL_TERMINATED,
                false => element(self.initial_layout_class_lengths, index, name)?,
            };
            string(class, length, name)
        }
    }
}

/// Options for a token for REST calls. Initialise them with `TOKMINT_REST_TOKEN_OPTIONS_INIT` or
/// `tokmint_rest_token_options_init`, which leave everything unset, and set what you need.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct RestTokenOptions {
    /// The size of this struct, from the macro or the function.
    size: usize,
    /// How long the token lives in seconds, at most 24 hours. By default 180 for a project and 900
    /// for an application.
    expires_in: i64,
    /// When the token is issued, in Unix seconds. Unset, it is the current time; set it to
    /// reproduce a token.
    create_time: i64,
    /// A UUID in lower case that tells equal tokens apart. Unset, it is a random one; set it to
    /// reproduce a token.
    jti: *const c_char,
    /// Length of the UUID in bytes.
    jti_length: usize,
}

// SAFETY: integers and raw pointers take any bytes, and the first one is the size.
unsafe impl Options for RestTokenOptions {
    const SIZES: &'static [usize] = &[size_of::<RestTokenOptions>()];
    const UNSET: RestTokenOptions = RestTokenOptions {
        size: size_of::<RestTokenOptions>(),
        expires_in: UNSET,
        create_time: UNSET,
        jti: ptr::null(),
        jti_length: NUL_TERMINATED,
    };
}

impl RestTokenOptions {
    /// # Safety
    /// The pointers are as the header says, for `'a`.
    pub(crate) unsafe fn to_core<'a>(self) -> Result<tokmint::RestTokenOptions<'a>, Fault> {
        // SAFETY: the caller guarantees it, as the header states.
        let jti = unsafe { optional_string(self.jti, self.jti_length, "jti") }?;
        Ok(tokmint::RestTokenOptions::new()
            .expires_in(optional(self.expires_in))
            .create_time(optional(self.create_time))
            .jti(jti))
    }
}

/// Options for verifying a token. Initialise them with `TOKMINT_VERIFY_OPTIONS_INIT` or
/// `tokmint_verify_options_init`, which leave everything unset, and set what you need.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct VerifyOptions {
    /// The size of this struct, from the macro or the function.
    size: usize,
    /// The time of verification in Unix seconds. Unset, it is the current time.
    now: i64,
    /// How many seconds a token is still accepted after its expiry or before its issue, at most
    /// 3600. By default none.
    leeway: i64,
    /// The session that the token must be for. Unset, it is any session of the project or
    /// application.
    session_id: *const c_char,
    /// Length of the session ID in bytes.
    session_id_length: usize,
}

// SAFETY: integers and raw pointers take any bytes, and the first one is the size.
unsafe impl Options for VerifyOptions {
    const SIZES: &'static [usize] = &[size_of::<VerifyOptions>()];
    const UNSET: VerifyOptions = VerifyOptions {
        size: size_of::<VerifyOptions>(),
        now: UNSET,
        leeway: UNSET,
        session_id: ptr::null(),
        session_id_length: NUL_TERMINATED,
    };
}

impl VerifyOptions {
    /// # Safety
    /// The pointers are as the header says, for `'a`.
    pub(crate) unsafe fn to_core<'a>(self) -> Result<tokmint::VerifyOptions<'a>, Fault> {
        // SAFETY: the caller guarantees it, as the header states.
        let session_id =
            unsafe { optional_string(self.session_id, self.session_id_length, "session_id") }?;
        Ok(tokmint::VerifyOptions::new()
            .now(optional(self.now))
            .leeway(optional(self.leeway))
            .session_id(session_id))
    }
}

/// Options for inspecting a token. Initialise them with `TOKMINT_INSPECT_OPTIONS_INIT` or
/// `tokmint_inspect_options_init`, which leave everything unset, and set what you need.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct InspectOptions {
    /// The size of this struct, from the macro or the function.
    size: usize,
    /// The time of inspection in Unix seconds. Unset, it is the current time.
    now: i64,
    /// The session that the token should be for. Unset, it is any session of the project or
    /// application.
    session_id: *const c_char,
    /// Length of the session ID in bytes.
    session_id_length: usize,
}

// SAFETY: integers and raw pointers take any bytes, and the first one is the size.
unsafe impl Options for InspectOptions {
    const SIZES: &'static [usize] = &[size_of::<InspectOptions>()];
    const UNSET: InspectOptions = InspectOptions {
        size: size_of::<InspectOptions>(),
        now: UNSET,
        session_id: ptr::null(),
        session_id_length: NUL_TERMINATED,
    };
}

impl InspectOptions {
    /// # Safety
    /// The pointers are as the header says, for `'a`.
    pub(crate) unsafe fn to_core<'a>(self) -> Result<tokmint::InspectOptions<'a>, Fault> {
        // SAFETY: the caller guarantees it, as the header states.
        let session_id =
            unsafe { optional_string(self.session_id, self.session_id_length, "session_id") }?;
        Ok(tokmint::InspectOptions::new().now(optional(self.now)).session_id(session_id))
    }
}
