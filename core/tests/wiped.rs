//! What the memory of a process holds of an RSA key: pieces while the credentials live, and none
//! once they are dropped, neither of its numbers nor of its text.
//!
//! Linux shows a process its own memory as a file, so that it can be read without unsafe code. The
//! program has one thread and no test harness, so that nobody else allocates meanwhile. What it
//! looks for is kept masked, so that it does not find that.

#[cfg(target_os = "linux")]
fn main() {
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
    use base64::engine::general_purpose::STANDARD;
    use tokmint::{OpenTok, RestTokenOptions};
    use zeroize::Zeroizing;

    const APPLICATION_ID: &str = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
    const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/private_key.pem");

    /// Bytes of a number that are looked for.
    const PIECE: usize = 16;
    const MASK: u8 = 0xa5;

    /// The names of the secret numbers of PKCS #1, in its order after the public ones.
    const NUMBERS: [&str; 6] = ["d", "p", "q", "dP", "dQ", "qInv"];

    /// A masked piece of a number, as DER or as the words of a little-endian machine.
    struct Piece {
        name: &'static str,
        masked: [u8; PIECE],
    }

    pub fn the_key_is_wiped_on_drop() {
        let mut scanner = Scanner::new();
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
            let start = number.len() / 2;
            let mut masked = [0; PIECE];
            for (masked, byte) in masked.iter_mut().zip(&number[start..]) {
                *masked = byte ^ MASK;
            }
            pieces.push(Piece { name, masked });
            masked.reverse();
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
        fn new() -> Scanner {
            let buffer = Zeroizing::new(vec![0; 1 << 16]);
            Scanner { pieces: pieces(), maps: String::with_capacity(1 << 20), buffer }
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
