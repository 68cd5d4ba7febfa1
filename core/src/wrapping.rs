//! What files, shells, formatters and editors leave around a string or write in its place.

/// Quotation marks of source code, JSON, env files and word processors.
pub(crate) const QUOTES: [char; 10] = ['\'', '"', '`', '“', '”', '‘', '’', '„', '«', '»'];

/// What languages and template engines write for a value that is absent, in any case.
const ABSENT: [&str; 10] = [
    "", "undefined", "null", "(null)", "none", "nil", "<nil>", "nan", "[object object]",
    "[object promise]",
];

/// Whether a character is whitespace or has no width: a byte order mark or a joiner.
pub(crate) fn is_blank(character: char) -> bool {
    character.is_whitespace() || is_invisible(character)
}

/// Whether a character has no width, so that nobody sees it.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
    )
}

/// Whether a string has quotation marks at both ends.
pub(crate) fn is_quoted(string: &str) -> bool {
    let mut ends = string.chars();
    let is_quote = |end: Option<char>| end.is_some_and(|end| QUOTES.contains(&end));
    is_quote(ends.next()) && is_quote(ends.next_back())
}

/// Whether a string is what a language writes for an absent value.
pub(crate) fn is_absent(string: &str) -> bool {
    ABSENT.iter().any(|absent| string.eq_ignore_ascii_case(absent))
}
