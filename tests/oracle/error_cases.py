"""The vectors of errors.json: inputs with exactly one fault each, and the code that names it.

One fault only, so that the code does not depend on the order in which an implementation checks; the last vectors, with
two faults, fix that order. A token with a fault inside is signed again with the right secret, so that its signature is
not a second fault.

Left out: the codes no input can provoke (500 system_clock, 501 system_random), those of the bindings (900 and above),
and what the rules leave open, such as a lone surrogate in a layout class or a create_time whose default expiry alone
passes the largest expire_time.
"""

import hashlib
import hmac
from itertools import pairwise

from encoder import base64url, compact_json, t1_plain_text, t1_signature, t1_wrap
from notation import concat, repeat, utf16
from projects import (
    API_KEY,
    API_SECRET,
    PROJECT_OF_2016,
    PROJECT_OF_2025,
    SESSION_ID,
    SESSION_ID_OF_256_CHARACTERS,
    SESSION_ID_OF_AN_APPLICATION,
    SESSION_ID_WITH_LOCATION,
    session_id_of,
)
from workshop import (
    CLAIMS,
    CREATE_TIME,
    EXPIRE_TIME,
    FIELDS,
    NONCE,
    NOW,
    TEXT_THAT_TELLS_ALPHABETS_APART,
    THIRTY_DAYS,
    claims,
    claims_text,
    claims_text_with,
    claims_without,
    fields_with,
    fields_without,
    jwt,
    jwt_of_segments,
    octets,
    padded_base64url,
    signed_text,
    standard_base64,
    t1,
    t1_of_text,
    t1_with_head,
    with_other_trailing_bits,
)

NUMBERS = {
    "invalid_api_key": 100,
    "invalid_api_secret": 101,
    "invalid_session_id": 200,
    "session_of_other_project": 201,
    "invalid_role": 300,
    "invalid_expire_time": 301,
    "data_too_long": 302,
    "invalid_data": 303,
    "invalid_layout_class": 304,
    "layout_class_list_too_long": 305,
    "invalid_create_time": 306,
    "invalid_nonce": 307,
    "invalid_token_format": 308,
    "invalid_leeway": 309,
    "malformed_token": 400,
    "unsupported_algorithm": 401,
    "invalid_signature": 402,
    "token_of_other_project": 403,
    "token_expired": 404,
    "token_not_yet_valid": 405,
    "missing_expiry": 406,
    "token_of_other_session": 407,
    "token_too_long": 408,
    "lifetime_too_long": 409,
}

SOURCE_OF_LIMITS = "tests/oracle/generate_vectors.py, docs/tokens.md, limits"
SOURCE_OF_READING = "tests/oracle/generate_vectors.py, docs/tokens.md, what verify accepts"
SOURCE_OF_LEEWAY = "tests/oracle/generate_vectors.py, tokmint's limit on leeway"

SMALLEST_I64 = -(2**63)
LARGEST_I64 = 2**63 - 1
ARABIC_DIGITS = "\u0661\u0662\u0663\u0664\u0665\u0666"
OTHER_SECRET = "test-secret-that-signs-for-nobody-not-a-real-one"


def refused(call, name, code, source, api_key=API_KEY, api_secret=API_SECRET, **inputs):
    return {
        "name": f"{call}: {name}",
        "source": source,
        "call": call,
        "api_key": api_key,
        "api_secret": api_secret,
        **inputs,
        "number": NUMBERS[code],
        "code": code,
    }


def refused_key(name, api_key):
    return refused("new", f"API key {name}", "invalid_api_key", SOURCE_OF_LIMITS, api_key=api_key)


def refused_secret(name, api_secret):
    return refused("new", f"API secret {name}", "invalid_api_secret", SOURCE_OF_LIMITS, api_secret=api_secret)


def refused_options(name, code, **options):
    """`generate` with the clock and the nonce given, unless the vector is about them."""
    complete = {"create_time": CREATE_TIME, "nonce": NONCE, **options}
    return refused("generate", name, code, SOURCE_OF_LIMITS, session_id=SESSION_ID, options=complete)


def refused_session(name, session_id, code="invalid_session_id"):
    options = {"create_time": CREATE_TIME, "nonce": NONCE}
    return refused("generate", f"session {name}", code, SOURCE_OF_LIMITS, session_id=session_id, options=options)


def refused_token(name, token, code="malformed_token", source=SOURCE_OF_READING, **options):
    return refused("verify", name, code, source, token=token, options={"now": NOW, **options})


def malformed_jwt(name, token):
    return refused_token(f"jwt, {name}", token)


def malformed_t1(name, token):
    return refused_token(f"t1, {name}", token)


# --- new ---


def credentials():
    yield refused_key("empty", "")
    yield refused_key("of 21 digits", "123456789012345678901")
    yield refused_key("of letters", "abcdef")
    yield refused_key("with a letter behind", "123456x")
    yield refused_key("with a space inside", "123 456")
    yield refused_key("with a leading space", " 123456")
    yield refused_key("with a trailing newline", "123456\n")
    yield refused_key("with a plus sign", "+123456")
    yield refused_key("that is a negative number", "-1")
    yield refused_key("of Arabic-Indic digits", ARABIC_DIGITS)
    yield refused_key("with fields of T1 behind", "123456&sig=00")
    yield refused_key("that is an application ID", "29f760f8-7ce1-46c9-ade3-f2dedee4ed5f")
    yield refused_secret("empty", "")
    yield refused_secret("with NUL inside", "1234567890abcdef\x001234567890abcdef")
    yield refused_secret("with a leading space", f" {API_SECRET}")
    yield refused_secret("with a trailing space", f"{API_SECRET} ")
    yield refused_secret("with a trailing newline", f"{API_SECRET}\n")
    yield refused_secret("with a leading tab", f"\t{API_SECRET}")
    # The bodies below are the base64 of "not a key".
    for kind in ("PRIVATE KEY", "RSA PRIVATE KEY", "PUBLIC KEY"):
        yield refused_secret(f"that is PEM, {kind}", f"-----BEGIN {kind}-----\nbm90IGEga2V5\n-----END {kind}-----")
    yield refused_secret("that is an SSH key", "ssh-rsa AAAAbm90IGEga2V5 test@example")
    yield refused_secret("that is a JWK", '{"kty":"oct","k":"bm90IGEga2V5"}')
    yield refused_secret("that is a JWT", jwt())
    yield refused_secret("that is a T1 token", t1())
    yield refused_secret("with a trailing zero-width space", f"{API_SECRET}\u200b")
    yield refused_secret("with a leading byte order mark", f"\ufeff{API_SECRET}")
    for quotes in ('""', "''", "``", "\u201c\u201d"):
        yield refused_secret(f"in {quotes}", f"{quotes[0]}{API_SECRET}{quotes[1]}")
    for name in ("API_SECRET=", "export VONAGE_VIDEO_SECRET=", "secret: ", "opentokSecret="):
        yield refused_secret(f"behind {name}", f"{name}{API_SECRET}")
    for place in ("undefined", "null", "None", "(null)", "<secret>", "${API_SECRET}", "{{ api_secret }}"):
        yield refused_secret(f"{place}", place)
    yield refused_secret("with a line feed inside", f"{API_SECRET[:20]}\n{API_SECRET[20:]}")
    yield refused_secret("with a zero-width space inside", f"{API_SECRET[:20]}\u200b{API_SECRET[20:]}")
    yield refused_secret("that is the API key", API_KEY)
    yield refused_secret("of 1,025 bytes", "s" * 1025)
    yield refused_secret("that is a session ID", SESSION_ID)
    yield refused_secret("with a left-to-right embedding before", f"\u202a{API_SECRET}")
    yield refused_secret("with a quotation mark only behind", f'{API_SECRET}"')
    for place in ("$API_SECRET", "%API_SECRET%", "[REDACTED]", "********", "[object Promise]"):
        yield refused_secret(place, place)


# --- generate ---


def sessions():
    decoded = "1~123456~~1547080521136~x~~"
    yield refused_session("empty", "")
    yield refused_session("that is only a prefix", "1_")
    yield refused_session("without a prefix", SESSION_ID[2:])
    yield refused_session("with prefix 3_", session_id_of(decoded, "3_"))
    yield refused_session("of 256 characters", SESSION_ID_OF_256_CHARACTERS)
    yield refused_session("with a space inside", SESSION_ID[:20] + " " + SESSION_ID[20:])
    yield refused_session("with a leading space", f" {SESSION_ID}")
    yield refused_session("with padding", f"{SESSION_ID}=")
    yield refused_session("in the standard alphabet", SESSION_ID.replace("-", "+"))
    yield refused_session("with fields of T1 behind", f"{SESSION_ID}&role=moderator")
    yield refused_session("with CR LF behind", f"{SESSION_ID}\r\n")
    yield refused_session("with non-ASCII letters", f"{SESSION_ID}\u00e9")
    yield refused_session("whose base64 has a length of 1 mod 4", f"{session_id_of('1~123456~x~')}AA")
    yield refused_session("with unused bits set", SESSION_ID[:2] + with_other_trailing_bits(SESSION_ID[2:]))
    yield refused_session("that is not UTF-8", session_id_of(b"1~123456~\xff~"))
    yield refused_session("without a tilde", session_id_of("1123456"))

    for place in ("undefined", "null", "None"):
        yield refused_session(place, place)
    yield refused_session("in quotes", f'"{SESSION_ID}"')
    yield refused_session("with a zero-width space behind", f"{SESSION_ID}\u200b")
    hyphen = session_id_of("1~123456~~1547080521136~xy~")
    assert hyphen.endswith("-")
    yield refused_session("without the hyphen at its end", hyphen[:-1])

    other = "session_of_other_project"
    yield refused_session("of another project", session_id_of("1~999999~~1547080521136~x~~"), other)
    yield refused_session("of another real project", PROJECT_OF_2016[2], other)
    yield refused_session("whose owner starts with the key", session_id_of("1~1234567~~1547080521136~x~~"), other)
    yield refused_session("whose owner ends with the key", session_id_of("1~9123456~~1547080521136~x~~"), other)
    yield refused_session("with the key in a later field", session_id_of("1~999999~123456~x~"), other)
    yield refused_session("of an application", SESSION_ID_OF_AN_APPLICATION, other)


def roles_and_formats():
    for role in ("admin", "Moderator", "PUBLISHER", "", "publisher ", "publisher-only"):
        yield refused_options(f"role {role!r}", "invalid_role", role=role)
    for token_format in ("T1", "JWT", "rs256", "", "t1 "):
        yield refused_options(f"format {token_format!r}", "invalid_token_format", token_format=token_format)


def expiries():
    expire_times = {
        "equal to create_time": CREATE_TIME,
        "before create_time": CREATE_TIME - 1,
        "0": 0,
        "one second beyond 30 days": CREATE_TIME + THIRTY_DAYS + 1,
        "in milliseconds": EXPIRE_TIME * 1000,
        "of the smallest i64": SMALLEST_I64,
        "of the largest i64": LARGEST_I64,
    }
    for name, expire_time in expire_times.items():
        yield refused_options(f"expire_time {name}", "invalid_expire_time", expire_time=expire_time)
    for expires_in in (0, -1, THIRTY_DAYS + 1, SMALLEST_I64, LARGEST_I64):
        yield refused_options(f"expires_in {expires_in}", "invalid_expire_time", expires_in=expires_in)
    yield refused_options(
        "both expire_time and expires_in",
        "invalid_expire_time",
        expire_time=CREATE_TIME + 3600,
        expires_in=3600,
    )


def clocks_and_nonces():
    for create_time in (-1, 100000000001, SMALLEST_I64, LARGEST_I64):
        yield refused_options(f"create_time {create_time}", "invalid_create_time", create_time=create_time)
    for nonce in (-1, 2**53, SMALLEST_I64, LARGEST_I64):
        yield refused_options(f"nonce {nonce}", "invalid_nonce", nonce=nonce)


def data():
    too_long = {
        "1001 ASCII characters": repeat("x", 1001),
        "501 emoji, 1002 UTF-16 units": repeat("\U0001f600", 501),
        "1000 emoji, 2000 UTF-16 units": repeat("\U0001f600", 1000),
        "999 ASCII characters and an emoji, 1001 UTF-16 units": concat(repeat("x", 999), "\U0001f600"),
        "1001 CJK characters": repeat("\u4e2d", 1001),
    }
    for name, text in too_long.items():
        yield refused_options(f"data of {name}", "data_too_long", data=text)
    yield refused_options(
        "t1, data of 1001 ASCII characters", "data_too_long", data=repeat("x", 1001), token_format="t1"
    )
    ill_formed = {
        "a lone high surrogate": utf16(97, 0xD800, 98),
        "a lone low surrogate": utf16(97, 0xDE00, 98),
        "surrogates in the wrong order": utf16(0xDE00, 0xD83D),
        "a high surrogate at the end": utf16(97, 0xD83D),
    }
    for name, text in ill_formed.items():
        yield refused_options(f"data with {name}", "invalid_data", data=text)
    yield refused_options("t1, data with a lone surrogate", "invalid_data", data=utf16(0xD800), token_format="t1")


def layout_classes():
    faulty_classes = {
        "empty": "",
        "with a space": "focus full",
        "with a tab": "focus\tfull",
        "with a newline": "focus\n",
        "with NUL": "focus\x00",
        "with DEL": "focus\x7f",
        "with U+0085 next line": "focus\u0085",
        "with U+00A0 no-break space": "focus\u00a0full",
        "with U+2028 line separator": "focus\u2028full",
        "with U+3000 ideographic space": "focus\u3000full",
    }
    for name, text in faulty_classes.items():
        yield refused_options(f"layout class {name}", "invalid_layout_class", initial_layout_class_list=["ok", text])
    yield refused_options("layout list of one empty class", "invalid_layout_class", initial_layout_class_list=[""])
    too_long = {
        "one class of 1001 UTF-16 units": [repeat("x", 1001)],
        "one class of 501 emoji": [repeat("\U0001f600", 501)],
        "two classes that join to 1001 UTF-16 units": [repeat("x", 500), repeat("y", 500)],
    }
    for name, classes in too_long.items():
        yield refused_options(f"layout, {name}", "layout_class_list_too_long", initial_layout_class_list=classes)


# --- verify: neither JWT nor T1 ---


def shapes():
    token, t1_token = jwt(), t1()
    header_segment, payload_segment, signature_segment = token.split(".")
    yield refused_token("empty token", "")
    yield refused_token("garbage", "this is not a token")
    yield refused_token("non-ASCII text", "\u00e9\U0001f600")
    yield refused_token("as long as a token may be, but garbage", repeat("A", 65536))
    yield malformed_jwt("two parts", f"{header_segment}.{payload_segment}")
    yield malformed_jwt("four parts", f"{token}.{signature_segment}")
    yield malformed_jwt("leading space", jwt_of_segments(f" {header_segment}", payload_segment))
    yield malformed_jwt("trailing newline", f"{token}\n")
    yield malformed_jwt("with the scheme of HTTP", jwt_of_segments(f"Bearer {header_segment}", payload_segment))
    yield malformed_t1("prefix missing", t1_token.removeprefix("T1=="))
    yield malformed_t1("prefix cut", f"T1={t1_token.removeprefix('T1==')}")
    yield malformed_t1("prefix only", "T1==")
    yield malformed_t1("leading space", f" {t1_token}")
    yield malformed_t1("trailing newline", f"{t1_token}\n")


# --- verify: malformed JWT ---


HEADER_TO_PAD = {"alg": "HS256", "typ": "JWT", "kid": "a"}
CLAIMS_TO_PAD = next(
    changed for changed in (claims(x="a" * length) for length in (1, 2)) if len(compact_json(changed)) % 3
)


def jwt_base64():
    header_segment, payload_segment, signature_segment = jwt().split(".")
    signed = f"{header_segment}.{payload_segment}"
    long_header, long_payload = base64url(octets(HEADER_TO_PAD)), base64url(octets(CLAIMS_TO_PAD))
    yield malformed_jwt("padded header", jwt_of_segments(padded_base64url(HEADER_TO_PAD), payload_segment))
    yield malformed_jwt("padded payload", jwt_of_segments(header_segment, padded_base64url(CLAIMS_TO_PAD)))
    yield malformed_jwt("padded signature", f"{signed}.{signature_segment}=")
    yield malformed_jwt(
        "unused bits set in the header", jwt_of_segments(with_other_trailing_bits(long_header), payload_segment)
    )
    yield malformed_jwt(
        "unused bits set in the payload", jwt_of_segments(header_segment, with_other_trailing_bits(long_payload))
    )
    yield malformed_jwt("unused bits set in the signature", f"{signed}.{with_other_trailing_bits(signature_segment)}")
    in_other_alphabet = standard_base64(claims(connection_data=TEXT_THAT_TELLS_ALPHABETS_APART))
    yield malformed_jwt("payload in the standard alphabet", jwt_of_segments(header_segment, in_other_alphabet))
    assert len(header_segment) % 4 == 0
    yield malformed_jwt("header of length 1 mod 4", jwt_of_segments(f"{header_segment}A", payload_segment))
    yield malformed_jwt(
        "newline inside the payload", jwt_of_segments(header_segment, f"{payload_segment[:8]}\n{payload_segment[8:]}")
    )


def jwt_headers():
    yield malformed_jwt("header is not JSON", jwt(header="HS256"))
    yield malformed_jwt("header is an array", jwt(header='["HS256"]'))
    yield malformed_jwt("header is text", jwt(header='"HS256"'))
    yield malformed_jwt("header with alg twice, equal", jwt(header='{"alg":"HS256","alg":"HS256"}'))
    yield malformed_jwt("header with alg twice, once escaped", jwt(header='{"alg":"HS256","\\u0061lg":"HS256"}'))
    yield malformed_jwt("header with an unknown name twice", jwt(header='{"alg":"HS256","kid":"a","kid":"b"}'))
    yield malformed_jwt("header with a byte order mark", jwt(header='\ufeff{"alg":"HS256","typ":"JWT"}'))


def jwt_json():
    for kind, text in {"an array": "[]", "text": '"x"', "a number": "1", "null": "null"}.items():
        yield malformed_jwt(f"payload is {kind}", jwt(text))
    complete = compact_json(CLAIMS)
    other_texts = {
        "claim twice, equal": claims_text_with('"role":"publisher"'),
        "claim twice, different": claims_text_with('"role":"moderator"'),
        "claim twice, once escaped": claims_text_with('"\\u0072ole":"publisher"'),
        "unknown claim twice": claims_text_with('"x":1,"x":2'),
        "name twice in a nested object": claims_text_with('"x":[{"a":1,"a":2}]'),
        "nested to depth 33": claims_text_with('"x":' + "[" * 32 + "]" * 32),
        "byte order mark": f"\ufeff{complete}",
        "payload cut short": complete[:-1],
        "text after the payload": f"{complete}x",
        "trailing comma": f"{complete[:-1]},}}",
        "comment": f"/**/{complete}",
        "raw newline in a text": claims_text_with('"connection_data":"a\nb"'),
        "unknown escape": claims_text_with('"connection_data":"\\x41"'),
        "lone surrogate in data": claims_text_with('"connection_data":"\\ud800"'),
        "lone surrogate in an unknown claim": claims_text_with('"x":"\\udc00"'),
        "lone surrogate in a claim name": claims_text_with('"\\ud83d":1'),
        "NaN as exp": claims_text(str(EXPIRE_TIME), "NaN"),
        "NaN in an unknown claim": claims_text_with('"x":NaN'),
        "exp 1e400": claims_text(str(EXPIRE_TIME), "1e400"),
        "exp with a leading zero": claims_text(str(EXPIRE_TIME), f"0{EXPIRE_TIME}"),
        "exp with a plus sign": claims_text(str(EXPIRE_TIME), f"+{EXPIRE_TIME}"),
    }
    for name, text in other_texts.items():
        yield malformed_jwt(name, jwt(text))
    marked = octets(claims(connection_data="!!"))
    ill_formed_octets = {
        "a byte that is no UTF-8": b"\xff!",
        "an overlong NUL": b"\xc0\x80",
        "a surrogate in UTF-8": b"\xed\xa0\x80",
    }
    for name, replacement in ill_formed_octets.items():
        yield malformed_jwt(f"{name} in data", jwt(marked.replace(b"!!", replacement)))


def jwt_claims():
    for name in ("role", "scope", "session_id", "iat", "iss", "ist"):
        yield malformed_jwt(f"no {name}", jwt(claims_without(name)))
        yield malformed_jwt(f"{name} is null", jwt(claims(**{name: None})))
    wrong_values = {
        "wrong ist": {"ist": "account"},
        "wrong scope": {"scope": "session.create"},
        "unknown role": {"role": "admin"},
        "role in capitals": {"role": "Publisher"},
        "role is empty": {"role": ""},
        "role is a number": {"role": 1},
        "iss is a number": {"iss": int(API_KEY)},
        "session_id is a number": {"session_id": 1},
        "exp is text": {"exp": str(EXPIRE_TIME)},
        "exp is negative": {"exp": -1},
        "exp is true": {"exp": True},
        "iat is text": {"iat": str(CREATE_TIME)},
        "nbf is text": {"nbf": str(CREATE_TIME)},
        "connection_data is a number": {"connection_data": 5},
        "connection_data is an object": {"connection_data": {}},
        "layout is an array with a number": {"initial_layout_class_list": ["focus", 1]},
        "layout is a number": {"initial_layout_class_list": 1},
        "its session ID is no session ID": {"session_id": "not-a-session"},
        "its session ID has NUL behind": {"session_id": f"{SESSION_ID}\x00"},
    }
    for name, change in wrong_values.items():
        yield malformed_jwt(name, jwt(claims(**change)))
    rest_claims = {"iss": API_KEY, "ist": "project", "iat": CREATE_TIME, "exp": EXPIRE_TIME, "jti": "x"}
    yield malformed_jwt("a REST token of the same project", jwt(rest_claims))


# --- verify: malformed T1 ---


def t1_base64():
    in_both_alphabets = t1(fields_with(initial_layout_class_list=TEXT_THAT_TELLS_ALPHABETS_APART))
    mixed = in_both_alphabets.replace("/", "_")
    assert "+" in mixed and "_" in mixed
    padded = next(token for token in (t1(fields_with(x="a" * length)) for length in (1, 2)) if token.endswith("="))
    yield malformed_t1("both alphabets mixed", mixed)
    yield malformed_t1("unpadded", padded.rstrip("="))
    yield malformed_t1("unused bits set", "T1==" + with_other_trailing_bits(padded.removeprefix("T1==")))
    yield malformed_t1("one padding character too many", f"{padded}=")
    yield malformed_t1("newline inside the base64", f"{padded[:40]}\n{padded[40:]}")
    yield malformed_t1("a JWT behind the prefix", f"T1=={jwt()}")


def t1_heads():
    signature = t1_signature(API_SECRET, octets(signed_text(FIELDS)))
    heads = {
        "signature of 39 digits": f"partner_id={API_KEY}&sig={signature[:-1]}:",
        "signature of 41 digits": f"partner_id={API_KEY}&sig={signature}0:",
        "signature empty": f"partner_id={API_KEY}&sig=:",
        "newline after the signature": f"partner_id={API_KEY}&sig={signature}\n:",
        "no signature": f"partner_id={API_KEY}:",
        "partner_id twice": f"partner_id={API_KEY}&partner_id={API_KEY}&sig={signature}:",
        "partner_id twice, the other key first": f"partner_id=1&sig={signature}&partner_id={API_KEY}:",
        "signature twice": f"partner_id={API_KEY}&sig={signature}&sig={signature}:",
        "a second partner_id without a value": f"partner_id={API_KEY}&sig={signature}&partner_id:",
        "a second signature without a value": f"partner_id={API_KEY}&sig&sig={signature}:",
        "signature twice, in capitals too": f"partner_id={API_KEY}&sig={signature}&sig={signature.upper()}:",
        "partner_id in capitals": f"PARTNER_ID={API_KEY}&sig={signature}:",
        "signature with percent-encoding": f"partner_id={API_KEY}&sig=%{ord(signature[0]):02x}{signature[1:]}:",
        "no partner_id": f"sig={signature}:",
        "no colon": f"partner_id={API_KEY}&sig={signature}",
    }
    for name, head in heads.items():
        yield malformed_t1(name, t1_with_head(octets(head)))


def t1_fields():
    for name in ("session_id", "create_time", "role"):
        yield malformed_t1(f"no {name}", t1(fields_without(name)))
    text = signed_text(FIELDS)
    texts = {
        "field twice, equal": f"{text}&role=publisher",
        "field twice, different": f"{text}&role=moderator",
        "field twice, once escaped": f"{text}&%72ole=moderator",
        "unknown field twice": f"{text}&x=1&x=2",
        "field without an equals sign": f"{text}&x",
        "ampersand at the end": f"{text}&",
        "bad escape": f"{text}&connection_data=%zz",
        "escape with a sign": f"{text}&connection_data=%+1",
        "escape cut after one digit": f"{text}&connection_data=%4",
        "escape cut after the percent sign": f"{text}&connection_data=%",
        "escape to a byte that is no UTF-8": f"{text}&connection_data=%FF",
        "escape to an overlong slash": f"{text}&connection_data=%C0%AF",
        "escape to a surrogate": f"{text}&connection_data=%ED%A0%80",
        "raw byte that is no UTF-8": text.encode("ascii") + b"&connection_data=\xff",
    }
    for name, data_text in texts.items():
        yield malformed_t1(name, t1_of_text(data_text))
    wrong_times = {
        "empty": "",
        "with a plus sign": f"%2B{EXPIRE_TIME}",
        "negative": "-1",
        "with a leading zero": f"0{EXPIRE_TIME}",
        "with a fraction": f"{EXPIRE_TIME}.5",
        "with an exponent": "1.7000036e9",
        "with a letter behind": f"{EXPIRE_TIME}s",
        "with a space behind": f"{EXPIRE_TIME}+",
        "of Arabic-Indic digits": ARABIC_DIGITS,
        "of 20 digits": "99999999999999999999",
    }
    for name, value in wrong_times.items():
        yield malformed_t1(f"expire_time {name}", t1(fields_with(expire_time=value)))
    yield malformed_t1("create_time empty", t1(fields_with(create_time="")))
    yield malformed_t1("create_time with a leading zero", t1(fields_with(create_time=f"0{CREATE_TIME}")))
    yield malformed_t1("create_time negative", t1(fields_with(create_time="-1")))
    yield malformed_t1("unknown role", t1(fields_with(role="admin")))
    yield malformed_t1("role in capitals", t1(fields_with(role="Publisher")))
    yield malformed_t1("role empty", t1(fields_with(role="")))
    yield malformed_t1("its session ID is no session ID", t1(fields_with(session_id="not-a-session")))
    yield malformed_t1("its session ID is empty", t1(fields_with(session_id="")))


# --- verify: well-formed, but not to be believed ---


def algorithms():
    headers = {
        "alg none": {"alg": "none", "typ": "JWT"},
        "alg None": {"alg": "None", "typ": "JWT"},
        "alg hs256": {"alg": "hs256", "typ": "JWT"},
        "alg HS512": {"alg": "HS512", "typ": "JWT"},
        "alg RS256": {"alg": "RS256", "typ": "JWT"},
        "alg with NUL behind": {"alg": "HS256\x00", "typ": "JWT"},
        "alg is a number": {"alg": 256, "typ": "JWT"},
        "alg missing": {"typ": "JWT"},
        "crit": {"alg": "HS256", "typ": "JWT", "crit": ["exp"], "exp": EXPIRE_TIME},
        "empty crit": {"alg": "HS256", "typ": "JWT", "crit": []},
        "crit null": {"alg": "HS256", "typ": "JWT", "crit": None},
        "b64 null": {"alg": "HS256", "typ": "JWT", "b64": None},
        "zip null": {"alg": "HS256", "typ": "JWT", "zip": None},
        "b64 false": {"alg": "HS256", "typ": "JWT", "b64": False},
        "b64 true": {"alg": "HS256", "typ": "JWT", "b64": True},
        "zip": {"alg": "HS256", "typ": "JWT", "zip": "DEF"},
    }
    for name, header in headers.items():
        yield refused_token(f"jwt, {name}", jwt(header=header), "unsupported_algorithm")


def signatures():
    signed, _, signature_segment = jwt().rpartition(".")
    mac = hmac.new(API_SECRET.encode(), signed.encode(), hashlib.sha256).digest()
    assert base64url(mac) == signature_segment
    flipped = bytes([mac[0] ^ 1]) + mac[1:]
    other_payload = base64url(octets(claims(role="moderator")))
    header_segment = signed.split(".")[0]
    long_mac = hmac.new(API_SECRET.encode(), signed.encode(), hashlib.sha512).digest()
    tokens = {
        "jwt, another secret": jwt(secret=OTHER_SECRET),
        "jwt, the API key as the secret": jwt(secret=API_KEY),
        "jwt, one bit flipped": f"{signed}.{base64url(flipped)}",
        "jwt, last bit flipped": f"{signed}.{base64url(mac[:-1] + bytes([mac[-1] ^ 1]))}",
        "jwt, signature cut to 16 bytes": f"{signed}.{base64url(mac[:16])}",
        "jwt, signature of HMAC-SHA512": f"{signed}.{base64url(long_mac)}",
        "jwt, payload changed": f"{header_segment}.{other_payload}.{signature_segment}",
        "t1, another secret": t1(secret=OTHER_SECRET),
        "t1, the API key as the secret": t1(secret=API_KEY),
        "t1, signature of zeros": t1_with_head(f"partner_id={API_KEY}&sig={'0' * 40}:".encode("ascii")),
        "t1, data changed": t1_with_other_data(),
    }
    for name, token in tokens.items():
        yield refused_token(name, token, "invalid_signature")


def t1_with_other_data():
    """The signature of the publisher's fields over the moderator's."""
    honest = t1_plain_text(API_KEY, API_SECRET, octets(signed_text(FIELDS)))
    return t1_wrap(honest.replace(b"role=publisher", b"role=moderator"))


def projects_and_sessions():
    other_key = PROJECT_OF_2016[0]
    yield refused_token("t1, partner_id of another project", t1(api_key=other_key), "token_of_other_project")
    yield refused_token("t1, partner_id with a digit behind", t1(api_key=f"{API_KEY}7"), "token_of_other_project")
    yield refused_token("jwt, iss of another project", jwt(claims(iss=other_key)), "token_of_other_project")
    yield refused_token(
        "jwt, iss with the key as its beginning", jwt(claims(iss=f"{API_KEY}7")), "token_of_other_project"
    )
    sessions_of_others = {
        "of another project": PROJECT_OF_2025[2],
        "whose owner starts with the key": session_id_of("1~1234567~~1547080521136~x~~"),
        "with the key in a later field": session_id_of("1~999999~123456~x~"),
        "of an application": SESSION_ID_OF_AN_APPLICATION,
    }
    for name, session_id in sessions_of_others.items():
        code = "session_of_other_project"
        yield refused_token(f"jwt, session {name}", jwt(claims(session_id=session_id)), code)
        yield refused_token(f"t1, session {name}", t1(fields_with(session_id=session_id)), code)
    for token_format, token in (("jwt", jwt()), ("t1", t1())):
        yield refused_token(
            f"{token_format}, another session is expected",
            token,
            "token_of_other_session",
            session_id=SESSION_ID_WITH_LOCATION,
        )


def expired():
    for token_format, token in (("jwt", jwt()), ("t1", t1())):
        for name, options in {
            "exactly now": {"now": EXPIRE_TIME},
            "a day ago": {"now": EXPIRE_TIME + 86400},
            "9 seconds ago, leeway 9": {"now": EXPIRE_TIME + 9, "leeway": 9},
            "an hour ago, leeway an hour": {"now": EXPIRE_TIME + 3600, "leeway": 3600},
        }.items():
            yield refused_token(f"{token_format}, expired {name}", token, "token_expired", **options)
    yield refused_token(
        "t1, without expire_time 24 hours after creation",
        t1(fields_without("expire_time")),
        "token_expired",
        now=CREATE_TIME + 86400,
    )


def not_yet_valid():
    code = "token_not_yet_valid"
    yield refused_token("jwt, nbf in one second", jwt(claims(nbf=NOW + 1)), code)
    for token_format, token in (("jwt", jwt()), ("t1", t1())):
        yield refused_token(f"{token_format}, issued 61 seconds in the future", token, code, now=CREATE_TIME - 61)
        yield refused_token(f"{token_format}, read before the epoch", token, code, now=-1)


def lifetimes():
    yield refused_token("jwt, no exp", jwt(claims_without("exp")), "missing_expiry")
    yield refused_token("jwt, nbf negative", jwt(claims(nbf=-1)))
    yield refused_token("jwt, exp is null", jwt(claims(exp=None)), "missing_expiry")
    code = "lifetime_too_long"
    for name, expire_time in {
        "one second beyond 30 days": CREATE_TIME + THIRTY_DAYS + 1,
        "in milliseconds": EXPIRE_TIME * 1000,
    }.items():
        yield refused_token(f"jwt, exp {name}", jwt(claims(exp=expire_time)), code)
        yield refused_token(f"t1, expire_time {name}", t1(fields_with(expire_time=str(expire_time))), code)


def lengths():
    code = "token_too_long"
    yield refused_token("65537 bytes", repeat("A", 65537), code)
    yield refused_token("65537 bytes behind the prefix of T1", concat("T1==", repeat("A", 65533)), code)
    yield refused_token("65538 bytes in 32769 characters", repeat("\u00e9", 32769), code)
    segments = jwt().split(".")
    yield refused_token(
        "a JWT with a signature beyond 65536 bytes", concat(f"{segments[0]}.{segments[1]}.", repeat("A", 65536)), code
    )


def leeways():
    for leeway in (-1, 3601, SMALLEST_I64, LARGEST_I64):
        yield refused_token(f"leeway {leeway}", jwt(), "invalid_leeway", SOURCE_OF_LEEWAY, leeway=leeway)


def two_faults():
    """The order of the checks, where two options are at fault: the first fault names the error."""
    bad = {
        "role": ("invalid_role", "admin"),
        "token_format": ("invalid_token_format", "T1"),
        "data with half a surrogate pair": ("invalid_data", utf16(0x61, 0xD800)),
        "session": ("invalid_session_id", "1_"),
        "create_time": ("invalid_create_time", -1),
        "expires_in": ("invalid_expire_time", 0),
        "data": ("data_too_long", repeat("x", 1001)),
        "initial_layout_class_list": ("invalid_layout_class", ["a b"]),
        "nonce": ("invalid_nonce", -1),
    }
    names = list(bad)
    for first, second in pairwise(names):
        options = {"create_time": CREATE_TIME, "nonce": NONCE}
        session_id = SESSION_ID
        for name in (first, second):
            if name == "session":
                session_id = bad[name][1]
            else:
                options[name.split(" ")[0]] = bad[name][1]
        code = bad[first][0]
        name = f"two faults, {first} before {second}"
        yield refused("generate", name, code, SOURCE_OF_LIMITS, session_id=session_id, options=options)


def vectors():
    for group in (
        credentials,
        sessions,
        roles_and_formats,
        expiries,
        data,
        layout_classes,
        clocks_and_nonces,
        shapes,
        jwt_base64,
        jwt_headers,
        jwt_json,
        jwt_claims,
        t1_base64,
        t1_heads,
        t1_fields,
        algorithms,
        signatures,
        projects_and_sessions,
        expired,
        not_yet_valid,
        lifetimes,
        lengths,
        leeways,
        two_faults,
    ):
        yield from group()
