//! Types whose values have names: how they are listed, shown, serialized and parsed.

/// Declares an enum whose variants have names and nothing else.
macro_rules! named_enum {
    ($(#[$meta:meta])* $type:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $type {
            $($(#[$doc])* $variant,)*
        }

        impl $type {
            /// Every value, in order.
            pub const ALL: &'static [$type] = &[$($type::$variant,)*];

            /// The name, the same in every language.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $($type::$variant => $name,)*
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.name())
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    };
}

/// Implements `FromStr` for a type with `ALL` and `name`. Any other string is the given error.
macro_rules! parsed_by_name {
    ($type:ident, $error:ident::$variant:ident) => {
        impl std::str::FromStr for $type {
            type Err = $error;

            /// Reads a name exactly as `name` returns it; another case is an error.
            fn from_str(name: &str) -> Result<$type, Self::Err> {
                $type::ALL
                    .iter()
                    .copied()
                    .find(|value| value.name() == name)
                    .ok_or($error::$variant { length: name.len() })
            }
        }
    };
}

pub(crate) use {named_enum, parsed_by_name};
