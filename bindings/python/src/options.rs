//! The options of `generate_token`, from the named arguments of a call or from a mapping.

use pyo3::prelude::*;
use tokmint::{Role, TokenFormat, TokenOptions};

use crate::arguments::{self, given};
use crate::error::Failure;

/// The values in the order of [`NAMES`].
pub(crate) type Given<'a, 'py> = [Option<&'a Bound<'py, PyAny>>; NAMES.len()];

const NAMES: [&str; 9] = [
    "role", "expire_time", "expires_in", "data", "initial_layout_class_list", "token_format",
    "create_time", "nonce", "jti",
];

/// Options whose strings are Python's.
#[derive(Clone, Copy)]
pub(crate) struct Options<'a> {
    /// All but the strings.
    plain: TokenOptions<'static>,
    data: &'a str,
    classes: &'a [&'a str],
    jti: Option<&'a str>,
}

/// Options that need nothing of Python.
pub(crate) struct OwnedOptions {
    plain: TokenOptions<'static>,
    data: String,
    classes: Vec<String>,
    jti: Option<String>,
}

/// Converts options: types first, then in the order of errors that all languages have.
pub(crate) fn with_options<T>(
    values: Given<'_, '_>,
    call: impl FnOnce(Options<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let [role, expire_time, expires_in, data, classes, token_format, create_time, nonce, jti] =
        values;
    let role = given("role", role, arguments::string)?;
    let expire_time = given("expire_time", expire_time, arguments::instant)?;
    let expires_in = given("expires_in", expires_in, arguments::duration)?;
    let data = given("data", data, arguments::python_string)?;
    let classes = given("initial_layout_class_list", classes, arguments::strings)?;
    let classes = classes
        .iter()
        .flatten()
        .map(|class| arguments::utf8("a layout class", class))
        .collect::<Result<Vec<_>, _>>()?;
    let token_format = given("token_format", token_format, arguments::string)?;
    let create_time = given("create_time", create_time, arguments::instant)?;
    let nonce = given("nonce", nonce, arguments::integer)?;
    let jti = given("jti", jti, arguments::string)?;

    let role: Option<Role> = role.map(str::parse).transpose()?;
    let token_format: Option<TokenFormat> = token_format.map(str::parse).transpose()?;
    let data = data.map(arguments::data).transpose()?.unwrap_or_default();
    let plain = TokenOptions::new()
        .role(role)
        .token_format(token_format)
        .expire_time(expire_time)
        .expires_in(expires_in)
        .create_time(create_time)
        .nonce(nonce);
    call(Options { plain, data, classes: &classes, jti })
}

/// Converts the options of an item of a batch.
pub(crate) fn of_item(item: &Bound<'_, PyAny>) -> Result<OwnedOptions, Failure> {
    let mut values = [const { None }; NAMES.len()];
    for (name, value) in arguments::mapping("an item", item)? {
        let name = arguments::string("the name of an option", &name)?;
        let place = NAMES.iter().zip(&mut values).find(|(known, _)| **known == name);
        let Some((_, place)) = place else {
            let names = NAMES.join(", ");
            let message = format!("a token has no option {name:?}; its options are {names}");
            return Err(Failure::wrong_type(message));
        };
        *place = (!value.is_none()).then_some(value);
    }
    with_options(values.each_ref().map(Option::as_ref), |options| Ok(options.to_owned()))
}

impl<'a> Options<'a> {
    pub(crate) fn for_core(&self) -> TokenOptions<'a> {
        let plain: TokenOptions<'a> = self.plain;
        plain.data(self.data).initial_layout_class_list(self.classes).jti(self.jti)
    }

    fn to_owned(self) -> OwnedOptions {
        OwnedOptions {
            plain: self.plain,
            data: self.data.to_owned(),
            classes: self.classes.iter().map(ToString::to_string).collect(),
            jti: self.jti.map(str::to_owned),
        }
    }
}

impl OwnedOptions {
    pub(crate) fn with<T>(&self, call: impl FnOnce(&TokenOptions<'_>) -> T) -> T {
        let classes: Vec<&str> = self.classes.iter().map(String::as_str).collect();
        let (plain, data, jti) = (self.plain, self.data.as_str(), self.jti.as_deref());
        call(&Options { plain, data, classes: &classes, jti }.for_core())
    }
}
