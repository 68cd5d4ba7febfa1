//! A token as a struct that C reads field by field, and that is freed as one.

use std::ffi::c_char;

/// What a token says: a verified one if `tokmint_verify_token` gave it, which `tokmint_token_free` frees; one of an
/// inspection may be anybody's and belongs to the inspection. The library makes it and may add fields at its end in a
/// later version; read it, and do not copy it.
#[repr(C)]
pub struct Token {
    /// The format it is written in: `jwt` or `t1`.
    format: *const c_char,
    /// The API key of the project that issued it.
    api_key: *const c_char,
    /// The one session it admits to.
    session_id: *const c_char,
    /// What its holder may do there.
    role: *const c_char,
    /// When it was issued, in Unix seconds.
    create_time: i64,
    /// The first second at which it is no longer valid, in Unix seconds.
    expire_time: i64,
    /// The connection data, which may hold NUL; empty if there is none.
    data: *const c_char,
    /// Length of the data in bytes.
    data_length: usize,
    /// The layout classes; never NULL, even if there is none.
    initial_layout_class_list: *const *const c_char,
    /// The lengths of the layout classes in bytes.
    initial_layout_class_lengths: *const usize,
    /// The number of layout classes.
    initial_layout_class_count: usize,
    /// The nonce as it stands in the token, which may hold NUL; empty if there is none.
    nonce: *const c_char,
    /// Length of the nonce in bytes.
    nonce_length: usize,
}

/// The struct together with what it points to.
///
/// Nothing is freed through the public fields, so a caller who overwrites them harms nobody else.
#[repr(C)]
pub(crate) struct OwnedToken {
    /// First, so that its address is that of the whole.
    token: Token,
    texts: Vec<u8>,
    classes: Vec<*const c_char>,
    lengths: Vec<usize>,
}

impl OwnedToken {
    /// Puts a token where C can read it. [`crate::boundary::free`] frees it.
    pub(crate) fn into_raw(token: &tokmint::Token) -> *mut Token {
        let tokmint::Token {
            format,
            api_key,
            session_id,
            role,
            create_time,
            expire_time,
            data,
            initial_layout_class_list,
            nonce,
        } = token;
        let parts = [format.name(), api_key, session_id, role.name(), data, nonce];
        let classes = initial_layout_class_list.iter().map(String::as_str);
        let terminated = |text: &str| text.len() + 1;
        let size = parts
            .into_iter()
            .chain(classes.clone())
            .map(terminated)
            .sum();
        let mut texts = Vec::with_capacity(size);
        for text in parts.into_iter().chain(classes.clone()) {
            texts.extend_from_slice(text.as_bytes());
            texts.push(0);
        }

        // The texts do not move any more; each one is given out in the order in which it was put there.
        let mut next = texts.as_ptr();
        let mut at = |text: &str| {
            let start = next;
            next = next.wrapping_add(terminated(text));
            start.cast()
        };
        let [format, api_key, session_id, role, data_text, nonce_text] = parts.map(&mut at);
        let classes: Vec<*const c_char> = classes.map(at).collect();
        let lengths: Vec<usize> = initial_layout_class_list.iter().map(String::len).collect();
        let token = Token {
            format,
            api_key,
            session_id,
            role,
            create_time: *create_time,
            expire_time: *expire_time,
            data: data_text,
            data_length: data.len(),
            initial_layout_class_list: classes.as_ptr(),
            initial_layout_class_lengths: lengths.as_ptr(),
            initial_layout_class_count: classes.len(),
            nonce: nonce_text,
            nonce_length: nonce.len(),
        };
        let owned = OwnedToken {
            token,
            texts,
            classes,
            lengths,
        };
        Box::into_raw(Box::new(owned)).cast()
    }
}
