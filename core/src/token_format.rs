//! The two token formats and their names.

use crate::error::Error;
use crate::names::{named_enum, parsed_by_name};

named_enum! {
    /// The two token formats.
    #[derive(Default)]
    #[non_exhaustive]
    TokenFormat {
        /// A JSON Web Token signed with HMAC-SHA256 (RFC 7515, RFC 7519, alg HS256). The default.
        #[default]
        Jwt = "jwt",
        /// The older `T1==` format, signed with HMAC-SHA1.
        T1 = "t1",
    }
}

parsed_by_name!(TokenFormat, Error::InvalidTokenFormat);
