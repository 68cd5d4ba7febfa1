//! A slow, plain reader of JSON (RFC 8259), which shares no code with core's.
//!
//! It keeps what core promises to look at: every member in order, also one that appears twice, and
//! the text of each value. Escapes must be Unicode. Deeper nesting than a limit is refused.

/// A value, and its text as the document spells it.
pub struct Value<'a> {
    pub text: &'a str,
    pub kind: Kind<'a>,
}

pub enum Kind<'a> {
    /// null, true, false or a number: its text says all.
    Plain,
    String(String),
    Array(Vec<Value<'a>>),
    Object(Vec<(String, Value<'a>)>),
}

impl<'a> Value<'a> {
    pub fn string(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(string) => Some(string),
            _ => None,
        }
    }

    pub fn is_number(&self) -> bool {
        self.text.starts_with(|first: char| first == '-' || first.is_ascii_digit())
    }

    pub fn members(&self) -> Option<&[(String, Value<'a>)]> {
        match &self.kind {
            Kind::Object(members) => Some(members),
            _ => None,
        }
    }

    /// Whether no object in it has two members of one name.
    pub fn has_unique_names(&self) -> bool {
        match &self.kind {
            Kind::Array(values) => values.iter().all(Value::has_unique_names),
            Kind::Object(members) => {
                let mut names: Vec<_> = members.iter().map(|(name, _)| name).collect();
                names.sort();
                names.windows(2).all(|pair| pair[0] != pair[1])
                    && members.iter().all(|(_, value)| value.has_unique_names())
            }
            _ => true,
        }
    }
}

/// Reads one document with at most so many levels of arrays and objects.
pub fn read(json: &[u8], depth: usize) -> Option<Value<'_>> {
    let text = str::from_utf8(json).ok()?;
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(depth)?;
    reader.space();
    (reader.at == text.len()).then_some(value)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value<'a>> {
        self.space();
        let start = self.at;
        let kind = match self.peek()? {
            b'"' => Kind::String(self.string()?),
            b'[' => Kind::Array(self.list(b'[', b']', depth, Self::value)?),
            b'{' => Kind::Object(self.list(b'{', b'}', depth, Self::member)?),
            _ => {
                let word = ["null", "true", "false"]
                    .into_iter()
                    .find(|word| self.text[start..].starts_with(word));
                match word {
                    Some(word) => self.at += word.len(),
                    None => self.number()?,
                }
                Kind::Plain
            }
        };
        Some(Value { text: &self.text[start..self.at], kind })
    }

    fn list<T>(
        &mut self,
        open: u8,
        close: u8,
        depth: usize,
        element: fn(&mut Self, usize) -> Option<T>,
    ) -> Option<Vec<T>> {
        let depth = depth.checked_sub(1)?;
        self.take(open)?;
        self.space();
        let mut elements = Vec::new();
        if self.take(close).is_some() {
            return Some(elements);
        }
        loop {
            elements.push(element(self, depth)?);
            self.space();
            if self.take(close).is_some() {
                return Some(elements);
            }
            self.take(b',')?;
        }
    }

    fn member(&mut self, depth: usize) -> Option<(String, Value<'a>)> {
        self.space();
        let name = self.string()?;
        self.space();
        self.take(b':')?;
        Some((name, self.value(depth)?))
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn number(&mut self) -> Option<()> {
        let _ = self.take(b'-');
        if self.take(b'0').is_none() {
            self.digits()?;
        }
        if self.take(b'.').is_some() {
            self.digits()?;
        }
        if self.take(b'e').or_else(|| self.take(b'E')).is_some() {
            let _ = self.take(b'+').or_else(|| self.take(b'-'));
            self.digits()?;
        }
        Some(())
    }

    fn string(&mut self) -> Option<String> {
        self.take(b'"')?;
        // Escapes of surrogates come in pairs, so the string is put together in UTF-16.
        let mut units: Vec<u16> = Vec::new();
        loop {
            let character = self.text[self.at..].chars().next()?;
            self.at += character.len_utf8();
            match character {
                '"' => return String::from_utf16(&units).ok(),
                '\\' => {
                    let escape = self.peek()?;
                    self.at += 1;
                    units.push(match escape {
                        b'"' | b'\\' | b'/' => escape.into(),
                        b'b' => 8,
                        b'f' => 12,
                        b'n' => 10,
                        b'r' => 13,
                        b't' => 9,
                        b'u' => {
                            let digits = self.text.get(self.at..self.at + 4)?;
                            if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                                return None;
                            }
                            self.at += 4;
                            u16::from_str_radix(digits, 16).ok()?
                        }
                        _ => return None,
                    });
                }
                '\0'..=' ' if character != ' ' => return None,
                _ => units.extend_from_slice(character.encode_utf16(&mut [0; 2])),
            }
        }
    }
}
