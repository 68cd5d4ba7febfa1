"""The vectors of verify.json: tokens of every shape that docs/tokens.md accepts, and what they say.

Shapes are those of the official SDKs (field order, escapes, alphabets, claims) and those the rules allow beyond.
Left out, because the rules leave them open: how a JSON number that is neither an integer nor a plain decimal is
spelled when a nonce is reported, percent-encoded field names, a raw "=" in a T1 value, two spaces in a layout list.
"""

from encoder import compact_json, form_encode, t1_signature
from generate_cases import ALL_ASCII
from notation import concat, expand, repeat
from projects import (
    API_KEY,
    API_SECRET,
    PROJECT_OF_2025,
    SESSION_ID,
    SESSION_ID_WITH_LOCATION,
)
from workshop import (
    CLAIMS,
    CLAIMS_OF_JAVA,
    CLAIMS_OF_NODE,
    CLAIMS_OF_PHP,
    CREATE_TIME,
    EXPIRE_TIME,
    FIELDS,
    FIELDS_OF_DOTNET,
    FIELDS_OF_JAVA,
    FIELDS_OF_NODE,
    FIELDS_OF_RUBY,
    HEADER_OF_PHP,
    NONCE,
    NOW,
    TEXT_THAT_TELLS_ALPHABETS_APART,
    THIRTY_DAYS,
    claims,
    claims_of,
    claims_text,
    claims_text_with,
    claims_without,
    fields_of,
    fields_with,
    fields_without,
    in_url_alphabet,
    jwt,
    octets,
    signed_text,
    t1,
    t1_of_text,
    t1_with_head,
)

SOURCE = "tests/oracle/generate_vectors.py, docs/tokens.md, what verify accepts"

EXPECTED = {
    "format": "jwt",
    "api_key": API_KEY,
    "session_id": SESSION_ID,
    "role": "publisher",
    "create_time": CREATE_TIME,
    "expire_time": EXPIRE_TIME,
    "data": "",
    "initial_layout_class_list": [],
    "nonce": str(NONCE),
}

DATA_OF_1001_UNITS = concat(repeat("x", 999), "\U0001f600")


def accepted(name, token, options=None, api_key=API_KEY, api_secret=API_SECRET, **differences):
    """A vector; `differences` are the fields in which the answer is not EXPECTED."""
    token_format = "t1" if token.startswith("T1==") else "jwt"
    assert set(differences) <= set(EXPECTED)
    return {
        "name": f"{token_format}: {name}",
        "source": SOURCE,
        "api_key": api_key,
        "api_secret": api_secret,
        "token": token,
        "options": {"now": NOW, **(options or {})},
        "expected": {**EXPECTED, "format": token_format, "api_key": api_key, **differences},
    }


def t1_fields():
    layout = ["focus", "full-screen"]
    everything = {"connection_data": "a+b%26c", "initial_layout_class_list": "focus+full-screen"}
    yield accepted("the fields tokmint writes", t1())
    yield accepted(
        "every field, tokmint's order",
        t1(fields_with(**everything)),
        data="a b&c",
        initial_layout_class_list=layout,
    )
    yield accepted(
        "every field, last to first",
        t1(fields_with(**everything)[::-1]),
        data="a b&c",
        initial_layout_class_list=layout,
    )
    yield accepted("role first", t1(sorted(FIELDS, key=lambda field: field[0] != "role")))
    yield accepted(
        "unknown fields, one of them empty",
        t1([("scope", "session.connect"), *FIELDS, ("color", "red"), ("empty", "")]),
    )
    yield accepted("empty connection_data is no data", t1(fields_with(connection_data="")))
    yield accepted("no initial_layout_class_list", t1(fields_without("initial_layout_class_list")))
    yield accepted("no nonce", t1(fields_without("nonce")), nonce="")
    for nonce in ("0.25", "1.0e-05", "-1871235811", "1700000000.6318230304421", "9007199254740991"):
        yield accepted(f"nonce {nonce} is reported as text", t1(fields_with(nonce=nonce)), nonce=nonce)
    for role in ("subscriber", "publisheronly", "moderator"):
        yield accepted(f"role {role}", t1(fields_with(role=role)), role=role)


def t1_escapes():
    yield accepted("%20 and + are spaces", t1(fields_with(connection_data="a%20b+c")), data="a b c")
    yield accepted("%2B is a plus sign", t1(fields_with(connection_data="1%2B1")), data="1+1")
    yield accepted(
        "lower, upper and mixed hex",
        t1(fields_with(connection_data="%c3%a9%C3%A9%c3%A9%2f%2F")),
        data="\u00e9\u00e9\u00e9//",
    )
    yield accepted(
        "letters escaped without need",
        t1(fields_with(role="%70ublisher", connection_data="%61%62%63")),
        data="abc",
    )
    yield accepted(
        "every ASCII character as %xx",
        t1(fields_with(connection_data="".join(f"%{code:02x}" for code in range(128)))),
        data=ALL_ASCII,
    )
    yield accepted(
        "the characters Node leaves as they are",
        t1(fields_with(connection_data="-_.!~*'()")),
        data="-_.!~*'()",
    )
    yield accepted(
        "raw reserved characters and raw UTF-8, as Java and .NET write layout classes",
        t1(fields_with(initial_layout_class_list="caf\u00e9 a/b,c;d:e @\u4e2d")),
        initial_layout_class_list=["caf\u00e9", "a/b,c;d:e", "@\u4e2d"],
    )
    yield accepted(
        "a raw colon: only the first colon ends the head",
        t1([("initial_layout_class_list", "a:b"), *fields_without("initial_layout_class_list")]),
        initial_layout_class_list=["a:b"],
    )
    yield accepted(
        "data of 1001 UTF-16 units, beyond what generate allows",
        t1(fields_with(connection_data=form_encode(expand(DATA_OF_1001_UNITS)))),
        data=DATA_OF_1001_UNITS,
    )


def t1_halves():
    half = octets(signed_text(fields_with(connection_data="caf"))) + b"\xc3%A9"
    yield accepted("UTF-8 only after decoding", t1_of_text(half), data="caf\u00e9")


def t1_base64():
    for padding, text in enumerate(padding_lengths()):
        yield accepted(f"{padding} characters of padding", t1(fields_with(connection_data=text)), data=text)
    raw_layout = fields_with(initial_layout_class_list=TEXT_THAT_TELLS_ALPHABETS_APART)
    standard = t1(raw_layout)
    url_safe = in_url_alphabet(standard)
    assert "+" in standard and "/" in standard and "-" in url_safe and "_" in url_safe
    layout = [TEXT_THAT_TELLS_ALPHABETS_APART]
    yield accepted("standard alphabet with + and /", standard, initial_layout_class_list=layout)
    yield accepted("URL alphabet with - and _, as Java writes it", url_safe, initial_layout_class_list=layout)


def padding_lengths():
    """Data texts whose tokens end in no, one and two characters of padding."""
    by_padding = {t1(fields_with(connection_data="x" * length)).count("=") - 2: "x" * length for length in (1, 2, 3)}
    # "T1==" holds two of the equals signs counted.
    return [by_padding[padding] for padding in (0, 1, 2)]


def t1_heads():
    """What older SDKs write, and what a head may hold beside: nothing in it is signed."""
    signature = t1_signature(API_SECRET, octets(signed_text(FIELDS)))
    assert signature.upper() != signature
    heads = {
        "signature in capitals, as the Elixir SDKs write it": f"partner_id={API_KEY}&sig={signature.upper()}:",
        "sdk_version before the signature": f"partner_id={API_KEY}&sdk_version=v4.12.0&sig={signature}:",
        "a field after the signature": f"partner_id={API_KEY}&sig={signature}&expire_time=300:",
        "a field before partner_id": f"x=1&partner_id={API_KEY}&sig={signature}:",
        "signature first": f"sig={signature}&partner_id={API_KEY}:",
        "a field without value": f"partner_id={API_KEY}&x&sig={signature}:",
        "another field twice": f"x=1&partner_id={API_KEY}&x=1&sig={signature}:",
    }
    for name, head in heads.items():
        yield accepted(f"head with {name}", t1_with_head(octets(head)))


def t1_times():
    without_expiry = t1(fields_without("expire_time"))
    day = 86400
    yield accepted(
        "no expire_time: 24 hours, last second",
        without_expiry,
        {"now": CREATE_TIME + day - 1},
        expire_time=CREATE_TIME + day,
    )
    yield accepted("last second", t1(), {"now": EXPIRE_TIME - 1})
    yield accepted("leeway 10 saves a token expired 9 seconds ago", t1(), {"now": EXPIRE_TIME + 9, "leeway": 10})
    yield accepted("created 60 seconds in the future", t1(), {"now": CREATE_TIME - 60})
    yield accepted(
        "expires exactly 30 days after creation",
        t1(fields_with(expire_time=str(CREATE_TIME + THIRTY_DAYS))),
        expire_time=CREATE_TIME + THIRTY_DAYS,
    )
    yield accepted(
        "created at the epoch, read at the epoch",
        t1(fields_with(create_time="0", expire_time="1")),
        {"now": 0},
        create_time=0,
        expire_time=1,
    )
    yield accepted(
        "times beyond 32 bits",
        t1(fields_with(create_time="4294967296", expire_time="4294970896")),
        {"now": 4294967300},
        create_time=4294967296,
        expire_time=4294970896,
    )


def t1_shapes_of_official_sdks():
    node = {"nonce": "0.38769487328327257", "role": "moderator"}
    node_texts = {"connection_data": "name%3DAda%20(admin)", "initial_layout_class_list": "focus%20full"}
    yield accepted(
        "shape of the Node SDK",
        t1(fields_of(FIELDS_OF_NODE, **node, **node_texts)),
        **node,
        data="name=Ada (admin)",
        initial_layout_class_list=["focus", "full"],
    )
    ruby = {"role": "subscriber", "nonce": "1.0e-05"}
    yield accepted(
        "shape of the Ruby SDK",
        t1(fields_of(FIELDS_OF_RUBY, **ruby, connection_data="")),
        **ruby,
        expire_time=CREATE_TIME + 86400,
    )
    java = {"initial_layout_class_list": "focus caf\u00e9", "connection_data": "a%7Eb*c"}
    yield accepted(
        "shape of the Java SDK",
        in_url_alphabet(t1(fields_of(FIELDS_OF_JAVA, nonce="-1871235811", **java))),
        nonce="-1871235811",
        data="a~b*c",
        initial_layout_class_list=["focus", "caf\u00e9"],
    )
    dotnet = {
        "initial_layout_class_list": "focus full",
        "expire_time": str(EXPIRE_TIME),
        "connection_data": "a%7eb%26c+d!",
    }
    yield accepted(
        "shape of the .NET SDK",
        t1(fields_of(FIELDS_OF_DOTNET, nonce="123456", **dotnet)),
        nonce="123456",
        data="a~b&c d!",
        initial_layout_class_list=["focus", "full"],
    )


def jwt_claims():
    everything = claims(connection_data="a b&c", initial_layout_class_list="focus full-screen")
    answer = {"data": "a b&c", "initial_layout_class_list": ["focus", "full-screen"]}
    yield accepted("the claims tokmint writes", jwt())
    yield accepted("every claim", jwt(everything), **answer)
    yield accepted("every claim, last to first", jwt(dict(reversed(everything.items()))), **answer)
    for role in ("subscriber", "publisheronly", "moderator"):
        yield accepted(f"role {role}", jwt(claims(role=role)), role=role)
    yield accepted(
        "unknown claims of every JSON type",
        jwt(claims(jti="x", sub="video", acl={"paths": {"/session/**": {}}}, a=[1, None, True, 1.5], b=False)),
    )
    nested = "[" * 31 + "]" * 31
    yield accepted("an unknown claim that nests to depth 32 with the claims", jwt(claims_text_with(f'"x":{nested}')))
    optional_as_null = {"connection_data": None, "initial_layout_class_list": None, "nbf": None, "nonce": None}
    yield accepted(
        "null is absent",
        jwt(claims(**optional_as_null, data=None, expireTime=None)),
        nonce="",
    )
    yield accepted("empty connection_data is no data", jwt(claims(connection_data="")))
    yield accepted("empty layout text", jwt(claims(initial_layout_class_list="")))
    yield accepted("empty layout array", jwt(claims(initial_layout_class_list=[])))
    yield accepted(
        "layout as an array of texts",
        jwt(claims(initial_layout_class_list=["focus", "caf\u00e9"])),
        initial_layout_class_list=["focus", "caf\u00e9"],
    )
    yield accepted(
        "data of 1001 UTF-16 units, beyond what generate allows",
        jwt(claims(connection_data=expand(DATA_OF_1001_UNITS))),
        data=DATA_OF_1001_UNITS,
    )
    yield accepted("every ASCII character as data", jwt(claims(connection_data=ALL_ASCII)), data=ALL_ASCII)


def jwt_nonces():
    yield accepted("no nonce", jwt(claims_without("nonce")), nonce="")
    yield accepted("fractional nonce", jwt(claims(nonce=0.25)), nonce="0.25")
    yield accepted("negative nonce", jwt(claims(nonce=-1871235811)), nonce="-1871235811")
    yield accepted("nonce beyond 2^53 keeps every digit", jwt(claims(nonce=2**53 + 1)), nonce="9007199254740993")
    yield accepted("nonce that is text", jwt(claims(nonce="1.0e-05")), nonce="1.0e-05")


def jwt_json():
    spaced = compact_json(CLAIMS).replace(",", " ,\r\n\t").replace(":", " : ").replace("{", "\n { ") + " \n"
    yield accepted("white space between JSON tokens", jwt(spaced))
    yield accepted(
        "white space, kid and other order in the header",
        jwt(header=' { "kid" : "k1",\n "typ" : "JWT", "alg" : "HS256" } '),
    )
    yield accepted("no typ in the header", jwt(header={"alg": "HS256"}))
    yield accepted("escapes in the header", jwt(header='{"\\u0061lg":"HS25\\u0036","typ":"JWT"}'))
    yield accepted("escape in a claim name", jwt(claims_text('"role"', '"\\u0072ole"')))
    yield accepted("escapes in a claim value", jwt(claims_text('"publisher"', '"\\u0070ublishe\\u0072"')))
    yield accepted(
        "every short escape and a surrogate pair",
        jwt(claims_text_with('"connection_data":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\u00e9\\uD83D\\ude00"')),
        data='"\\/\b\f\n\r\t\x00\u00e9\U0001f600',
    )
    yield accepted(
        "raw UTF-8 and DEL",
        jwt(claims(connection_data="\u00e9\u2028\u4e2d\U0001f600\x7f")),
        data="\u00e9\u2028\u4e2d\U0001f600\x7f",
    )
    yield accepted("an unknown claim with an empty name", jwt(claims_text_with('"":0')))
    digits = "1" * 400
    for name, number in {"beyond a double": "1e400", "of 400 digits": digits, "below a double": "-1e-400"}.items():
        yield accepted(f"an unknown claim that is a number {name}", jwt(claims_text_with(f'"x":{number}')))
    nested = '{"a":[1e400,{"b":-1e400}]}'
    yield accepted("an unknown claim with numbers beyond a double inside", jwt(claims_text_with(f'"x":{nested}')))
    header = '{"alg":"HS256","typ":"JWT","x":1e400,"y":[' + digits + "]}"
    yield accepted("header parameters with numbers beyond a double", jwt(header=header))
    yield accepted("nonce beyond a double keeps every digit", jwt(claims_text(str(NONCE), "1e400")), nonce="1e400")


def jwt_times():
    yield accepted("last second", jwt(claims(exp=NOW + 1)), expire_time=NOW + 1)
    yield accepted("fractional exp is rounded down", jwt(claims(exp=EXPIRE_TIME + 0.5)))
    yield accepted("exp with an exponent", jwt(claims_text(str(EXPIRE_TIME), "1.7000036e9")))
    yield accepted(
        "leeway 10 saves a token expired 9 seconds ago", jwt(claims(exp=NOW - 9)), {"leeway": 10}, expire_time=NOW - 9
    )
    yield accepted("largest leeway, last second", jwt(), {"now": EXPIRE_TIME + 3599, "leeway": 3600})
    yield accepted("leeway 0 is the default", jwt(), {"leeway": 0})
    yield accepted("nbf in the past", jwt(claims(nbf=CREATE_TIME)))
    yield accepted("nbf is now", jwt(claims(nbf=NOW)))
    yield accepted("issued 60 seconds in the future", jwt(), {"now": CREATE_TIME - 60})
    yield accepted(
        "expires exactly 30 days after issue",
        jwt(claims(exp=CREATE_TIME + THIRTY_DAYS)),
        expire_time=CREATE_TIME + THIRTY_DAYS,
    )
    yield accepted(
        "times beyond 32 bits",
        jwt(claims(iat=4294967296, exp=4294970896)),
        {"now": 4294967300},
        create_time=4294967296,
        expire_time=4294970896,
    )


def jwt_shapes_of_official_sdks():
    yield accepted("shape of the Node SDK", jwt(claims_of(CLAIMS_OF_NODE, nonce=0.7341)), nonce="0.7341")
    java = claims_of(CLAIMS_OF_JAVA, nonce=-1871235811, connection_data="", jti="AAECAwQFBgcICQoLDA0ODw")
    yield accepted("shape of the Java SDK", jwt(java, header={"alg": "HS256"}), nonce="-1871235811")
    php = claims_of(CLAIMS_OF_PHP, nonce=1804289383, connection_data="x", exp=EXPIRE_TIME)
    yield accepted("shape of the PHP SDK", jwt(php, HEADER_OF_PHP), nonce="1804289383", data="x")


def expected_sessions_and_other_projects():
    expected = {"session_id": SESSION_ID}
    yield accepted("the expected session", jwt(), expected)
    yield accepted("the expected session", t1(), expected)
    other = SESSION_ID_WITH_LOCATION
    yield accepted("another session of the project", jwt(claims(session_id=other)), session_id=other)
    key, secret, session_id = PROJECT_OF_2025
    of_other_project = {"api_key": key, "api_secret": secret}
    token = jwt(claims(session_id=session_id, iss=key), secret=secret)
    yield accepted("another project", token, **of_other_project, session_id=session_id)
    token = t1(fields_with(session_id=session_id), key, secret)
    yield accepted("another project", token, **of_other_project, session_id=session_id)


def vectors():
    for group in (
        t1_fields,
        t1_escapes,
        t1_halves,
        t1_base64,
        t1_heads,
        t1_times,
        t1_shapes_of_official_sdks,
        jwt_claims,
        jwt_nonces,
        jwt_json,
        jwt_times,
        jwt_shapes_of_official_sdks,
        expected_sessions_and_other_projects,
    ):
        yield from group()
