//! The two token formats and their names.

use crate::error::Error;
use crate::names::{named_enum, parsed_by_name};

named_enum! {
    /// The two token formats.
    #[derive(Default)]
    #[non_exhaustive]
    TokenFormat {
        /// A JSON Web Token (RFC 7515, RFC 7519), signed with HS256 for a project and with RS256
        /// for an application. The default.
        #[default]
        Jwt = "jwt",
        /// The older `T1==` format of projects, signed with HMAC-SHA1.
        T1 = "t1",
    }
}

parsed_by_name!(TokenFormat, Error::InvalidTokenFormat);
