//! What the memory of a process holds of an RSA key, of an API secret and of the hash states that
//! are made from it: pieces while the credentials live, and none once they are dropped.
//!
//! Linux shows a process its own memory as a file, so that it can be read without unsafe code. The
//! program has one thread and no test harness, so that nobody else allocates meanwhile. What it
//! looks for is kept masked, so that it does not find that.

#[cfg(target_os = "linux")]
fn main() {
    linux::the_states_are_wiped_on_drop();
    println!("test no hash state of dropped sessions is in memory ... ok");
    linux::the_secret_and_its_forms_are_wiped();
    println!("test no piece of a dropped secret or of its changed forms is in memory ... ok");
    linux::the_key_is_wiped_on_drop();
    println!("test no piece of a dropped key is in memory ... ok");
}

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
#[allow(clippy::unwrap_used, reason = "a test that fails should fail loudly")]
mod linux {
    use std::fs::{File, read_to_string};
    use std::hint::black_box;
    use std::io::Read;
    use std::os::unix::fs::FileExt;

    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    use sha1::block_api::compress as compress_sha1;
    use sha2::block_api::compress256;
    use tokmint::{OpenTok, RestTokenOptions, TokenFormat, TokenOptions};
    use zeroize::Zeroizing;

    const APPLICATION_ID: &str = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
    const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/private_key.pem");

    /// Bytes of a number that are looked for.
    const PIECE: usize = 16;
    const MASK: u8 = 0xa5;

    /// The names of the secret numbers of PKCS #1, in its order after the public ones.
    const NUMBERS: [&str; 6] = ["d", "p", "q", "dP", "dQ", "qInv"];

    /// A masked piece of a number, as DER or as words of the machine, the lowest first.
    struct Piece {
        name: &'static str,
        masked: [u8; PIECE],
    }

    pub fn the_key_is_wiped_on_drop() {
        let mut scanner = Scanner::new(pieces());
        overwrite_stack();
        assert_eq!(scanner.found(), Vec::<&str>::new(), "before the key is read");

        let opentok = opentok();
        for _ in 0..100 {
            black_box(opentok.generate_rest_token(&RestTokenOptions::new()).unwrap());
        }
        let alive = scanner.found();
        assert!(alive.contains(&"p") && alive.contains(&"q"), "the search finds a key: {alive:?}");

        drop(opentok);
        assert_eq!(scanner.found(), Vec::<&str>::new(), "after the credentials are dropped");

        // In other forms, and where it is refused in the end.
        for (name, is_read, form) in FORMS {
            let key = form();
            assert_eq!(OpenTok::for_application(APPLICATION_ID, &*key).is_ok(), is_read, "{name}");
            drop(key);
            assert_eq!(
                scanner.found(),
                Vec::<&str>::new(),
                "after the key in another form: {name}"
            );
        }
    }

    pub fn the_states_are_wiped_on_drop() {
        let mut scanner = Scanner::new(states());
        overwrite_stack();
        assert_eq!(scanner.found(), Vec::<&str>::new(), "before the secret is read");

        let opentok = OpenTok::new("123456", API_SECRET).unwrap();
        let session = opentok.session(SESSION_ID).unwrap();
        let verify = |token: Result<String, _>| {
            black_box(opentok.verify_token(token.unwrap(), &Default::default()).unwrap());
        };
        for format in TokenFormat::ALL {
            let options = TokenOptions::new().token_format(*format);
            verify(opentok.generate_token(SESSION_ID, &options));
            verify(session.generate_token(&options));
            session.generate_tokens([options; 3]).for_each(verify);
        }
        let alive = scanner.found();
        assert_eq!(alive.len(), scanner.pieces.len(), "the search finds every state: {alive:?}");

        drop(opentok);
        assert_eq!(scanner.found(), alive, "the session keeps the credentials");
        drop(session);
        assert_eq!(scanner.found(), Vec::<&str>::new(), "after the session is dropped");
    }

    /// An inspection of a token with an invalid signature tries the secret in all changed forms.
    pub fn the_secret_and_its_forms_are_wiped() {
        let mut scanner = Scanner::new(forms_of_secret());
        let token = OpenTok::new("123456", API_SECRET)
            .and_then(|other| other.generate_token(SESSION_ID, &TokenOptions::new()))
            .unwrap();
        overwrite_stack();
        assert_eq!(scanner.found(), Vec::<&str>::new(), "before the secret is made");

        let secret = secret();
        let opentok = OpenTok::new("123456", &secret).unwrap();
        drop(secret);
        assert_eq!(
            scanner.found(),
            ["secret"],
            "the credentials keep the secret, and no other form"
        );
        let inspection = opentok.inspect_token(&token, &Default::default());
        assert_eq!(inspection.signature.name(), "invalid");
        assert_eq!(scanner.found(), ["secret"], "after an inspection");
        drop(opentok);
        assert_eq!(scanner.found(), Vec::<&str>::new(), "after the credentials are dropped");
    }

    /// A secret that is nowhere in the program: 40 hexadecimal digits with letters.
    fn secret() -> Zeroizing<String> {
        let mut secret = Zeroizing::new(String::with_capacity(40));
        let mut number = black_box(0x7061_7265_6e74_6865_u64);
        for _ in 0..40 {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            secret.push(char::from_digit(u32::try_from(number >> 60).unwrap(), 16).unwrap());
        }
        secret
    }

    /// A piece of each form, where neither what is put around the secret nor what the allocator
    /// writes to freed memory reaches.
    #[inline(never)]
    fn forms_of_secret() -> Vec<Piece> {
        let secret = secret();
        let masked = |bytes: &[u8]| -> [u8; PIECE] {
            let mut masked: [u8; PIECE] = bytes.try_into().unwrap();
            masked.iter_mut().for_each(|byte| *byte ^= MASK);
            masked
        };
        let mut upper = Zeroizing::new(secret.as_bytes().to_vec());
        upper.make_ascii_uppercase();
        let digit = |at: usize| u8::try_from((secret.as_bytes()[at] as char).to_digit(16).unwrap());
        let hex: Vec<u8> =
            (0..20).map(|at| digit(2 * at).unwrap() << 4 | digit(2 * at + 1).unwrap()).collect();
        let hex = Zeroizing::new(hex);
        let mut decoded = Zeroizing::new(Vec::with_capacity(30));
        STANDARD.decode_vec(secret.as_bytes(), &mut decoded).unwrap();
        let encoded = encoded(secret.as_bytes());
        [
            ("secret", &secret.as_bytes()[16..32]),
            ("in upper case", &upper[16..32]),
            ("decoded from hexadecimal", &hex[2..18]),
            ("decoded from base64", &decoded[8..24]),
            ("encoded in base64", &encoded[20..36]),
        ]
        .map(|(name, piece)| Piece { name, masked: masked(piece) })
        .into()
    }

    const API_SECRET: &str = "1234567890abcdef1234567890abcdef1234567890";
    const SESSION_ID: &str =
        "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

    /// Pieces of the states that follow from the secret (RFC 2104 section 2), and from the first
    /// blocks of what all tokens of the session start with.
    #[inline(never)]
    fn states() -> Vec<Piece> {
        fn masked(words: &[u32]) -> [u8; PIECE] {
            let mut masked = [MASK; PIECE];
            let bytes = words.iter().flat_map(|word| word.to_ne_bytes());
            masked.iter_mut().zip(bytes).for_each(|(masked, byte)| *masked ^= byte);
            masked
        }

        let payload = format!("{{\"session_id\":\"{SESSION_ID}\",\"role\":\"");
        let jwt = format!(
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.{}",
            URL_SAFE_NO_PAD.encode(&payload[..payload.len() / 3 * 3])
        );
        let t1 = format!("session_id={SESSION_ID}&create_time=");
        let mut states = Vec::new();
        for (constant, names) in
            [(0x36, ["SHA-1, inner", "SHA-256, inner"]), (0x5c, ["SHA-1, outer", "SHA-256, outer"])]
        {
            let mut block = [constant; 64];
            block.iter_mut().zip(API_SECRET.bytes()).for_each(|(byte, key)| *byte ^= key);
            let mut sha1 = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0];
            compress_sha1(&mut sha1, &[block]);
            let mut sha256 = [
                0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c,
                0x1f83_d9ab, 0x5be0_cd19,
            ];
            compress256(&mut sha256, &[block]);
            states.push(Piece { name: names[0], masked: masked(&sha1) });
            states.push(Piece { name: names[1], masked: masked(&sha256) });
            if constant == 0x36 {
                for block in t1.as_bytes().as_chunks().0 {
                    compress_sha1(&mut sha1, &[*block]);
                }
                for block in jwt.as_bytes().as_chunks().0 {
                    compress256(&mut sha256, &[*block]);
                }
                states.push(Piece { name: "SHA-1, session", masked: masked(&sha1) });
                states.push(Piece { name: "SHA-256, session", masked: masked(&sha256) });
            }
        }
        states
    }

    /// Overwrites what making the pieces left on the stack.
    #[inline(never)]
    fn overwrite_stack() {
        black_box(&mut [0_u8; 1 << 16]);
    }

    type Bytes = Zeroizing<Vec<u8>>;

    type Form = (&'static str, bool, fn() -> Bytes);

    /// Forms of the key, and whether they are read.
    const FORMS: [Form; 6] = [
        ("DER", true, der),
        ("base64 of PEM", true, || encoded(text().as_bytes())),
        ("line feeds escaped", true, || replaced(&text(), "\n", "\\n")),
        ("DER that is inconsistent", false, || {
            let mut der = der();
            let last = der.len() - 1;
            der[last] ^= 1;
            der
        }),
        ("PEM without its BEGIN", false, || replaced(&text(), "-----BEGIN", "----- BEGIN")),
        ("base64 of base64 of PEM", false, || encoded(&encoded(text().as_bytes()))),
    ];

    fn text() -> Zeroizing<String> {
        Zeroizing::new(read_to_string(KEY).unwrap())
    }

    fn encoded(bytes: &[u8]) -> Bytes {
        let mut encoded = Zeroizing::new(vec![0; bytes.len().div_ceil(3) * 4]);
        STANDARD.encode_slice(bytes, &mut encoded).unwrap();
        encoded
    }

    fn replaced(text: &str, from: &str, to: &str) -> Bytes {
        let mut replaced = Zeroizing::new(Vec::with_capacity(2 * text.len()));
        for (index, part) in text.split(from).enumerate() {
            if index > 0 {
                replaced.extend(to.as_bytes());
            }
            replaced.extend(part.as_bytes());
        }
        replaced
    }

    fn opentok() -> OpenTok {
        let text = text();
        OpenTok::for_application(APPLICATION_ID, text.as_bytes()).unwrap()
    }

    /// The DER of the key.
    fn der() -> Zeroizing<Vec<u8>> {
        let text = text();
        let mut body = Zeroizing::new(String::with_capacity(text.len()));
        for line in text.lines().filter(|line| !line.starts_with('-')) {
            body.push_str(line);
        }
        let mut der = Zeroizing::new(Vec::with_capacity(body.len()));
        STANDARD.decode_vec(body.as_bytes(), &mut der).unwrap();
        der
    }

    #[inline(never)]
    fn pieces() -> Vec<Piece> {
        let der = der();
        // PKCS #8: a sequence of a version, an algorithm and an octet string, in which is the
        // sequence of PKCS #1: a version, the public numbers, and the secret ones.
        let mut rest = value(&mut &**der);
        value(&mut rest);
        value(&mut rest);
        let mut pkcs1 = value(&mut rest);
        let mut numbers = value(&mut pkcs1);
        for _ in 0..3 {
            value(&mut numbers);
        }
        let mut pieces = Vec::new();
        for name in NUMBERS {
            let number = value(&mut numbers);
            // Whole words.
            let start = number.len() - number.len() / 16 * 8;
            let mut masked = [0; PIECE];
            for (masked, byte) in masked.iter_mut().zip(&number[start..]) {
                *masked = byte ^ MASK;
            }
            pieces.push(Piece { name, masked });
            masked.reverse();
            if cfg!(target_endian = "big") {
                masked.chunks_mut(8).for_each(<[u8]>::reverse);
            }
            pieces.push(Piece { name, masked });
        }
        // Of a line in the middle of the text, of its base64, and of both in lower case.
        let (text, file) = (text(), encoded(text().as_bytes()));
        let line = text.lines().nth(12).unwrap().as_bytes();
        for (name, piece) in [("text", line), ("base64 of the text", &file[800..])] {
            let mut masked: [u8; PIECE] = piece[..PIECE].try_into().unwrap();
            masked.iter_mut().for_each(|byte| *byte ^= MASK);
            pieces.push(Piece { name, masked });
            let mut lower: [u8; PIECE] = piece[..PIECE].try_into().unwrap();
            lower.make_ascii_lowercase();
            lower.iter_mut().for_each(|byte| *byte ^= MASK);
            pieces.push(Piece { name, masked: lower });
        }
        pieces
    }

    /// Takes one value off the front of DER.
    fn value<'a>(der: &mut &'a [u8]) -> &'a [u8] {
        let (length, at) = match der[1] {
            short @ ..=0x7f => (usize::from(short), 2),
            0x80..=0x81 => (usize::from(der[2]), 3),
            _ => (usize::from(u16::from_be_bytes([der[2], der[3]])), 4),
        };
        let value = &der[at..at + length];
        *der = &der[at + length..];
        value
    }

    /// What is looked for, and all memory that looking for it takes: an allocation would reuse what
    /// was freed just before, and overwrite what is left in it.
    struct Scanner {
        pieces: Vec<Piece>,
        maps: String,
        buffer: Bytes,
    }

    impl Scanner {
        fn new(pieces: Vec<Piece>) -> Scanner {
            let buffer = Zeroizing::new(vec![0; 1 << 16]);
            Scanner { pieces, maps: String::with_capacity(1 << 20), buffer }
        }

        /// The names of the pieces that are in memory that can be written.
        fn found(&mut self) -> Vec<&'static str> {
            let Scanner { pieces, maps, buffer } = self;
            let memory = File::open("/proc/self/mem").unwrap();
            maps.clear();
            File::open("/proc/self/maps").unwrap().read_to_string(maps).unwrap();
            let mut found = Vec::new();
            let mut scanned = 0;
            for line in maps.lines() {
                let (range, rest) = line.split_once(' ').unwrap();
                if !rest.starts_with("rw") {
                    continue;
                }
                let (start, end) = range.split_once('-').unwrap();
                let [start, end] = [start, end].map(|hex| u64::from_str_radix(hex, 16).unwrap());
                let mut at = start;
                while at < end {
                    let length = buffer.len().min(usize::try_from(end - at).unwrap());
                    let Ok(read) = memory.read_at(&mut buffer[..length], at) else {
                        break;
                    };
                    scanned += read;
                    for piece in &*pieces {
                        if holds(&buffer[..read], piece) && !found.contains(&piece.name) {
                            found.push(piece.name);
                        }
                    }
                    buffer.fill(0);
                    // The next read starts a piece earlier, so that none is lost between two.
                    at += (read - PIECE.min(read - 1)) as u64;
                    if read < length || read <= PIECE {
                        break;
                    }
                }
            }
            assert!(scanned > 100_000, "{scanned} bytes of memory were read");
            found
        }
    }

    fn holds(memory: &[u8], piece: &Piece) -> bool {
        memory.windows(PIECE).any(|window| {
            window.iter().zip(piece.masked).all(|(byte, masked)| byte ^ MASK == masked)
        })
    }
}
