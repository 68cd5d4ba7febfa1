"""Tokens built piece by piece: those of verify.json, in the many shapes that are right, and those of errors.json and
inspect.json, wrong in one place or a few and signed again afterwards, so that the signature is not the fault.

A JWT is made of a header and claims, each given as a dict, as JSON text or as bytes. A T1 token is made of its
fields, a list of (name, value) in their encoded form, or of the signed text itself.
"""

import base64

from encoder import JWT_HEADER, base64url, compact_json, jwt_sign, t1_plain_text, t1_wrap
from projects import API_KEY, API_SECRET, SESSION_ID

CREATE_TIME = 1700000000
EXPIRE_TIME = 1700003600
NOW = 1700000060
NONCE = 402117
THIRTY_DAYS = 2592000

CLAIMS = {
    "session_id": SESSION_ID,
    "role": "publisher",
    "iat": CREATE_TIME,
    "exp": EXPIRE_TIME,
    "scope": "session.connect",
    "iss": API_KEY,
    "ist": "project",
    "nonce": NONCE,
}

FIELDS = [
    ("session_id", SESSION_ID),
    ("create_time", str(CREATE_TIME)),
    ("expire_time", str(EXPIRE_TIME)),
    ("role", "publisher"),
    ("nonce", str(NONCE)),
    ("initial_layout_class_list", ""),
]

# What the official SDKs write, in their order; a field in brackets is written only when the caller gives it.
FIELDS_OF_NODE = "session_id create_time nonce role expire_time [connection_data] initial_layout_class_list scope"
FIELDS_OF_RUBY = "role session_id create_time nonce [expire_time] [connection_data] [initial_layout_class_list]"
FIELDS_OF_JAVA = "create_time expire_time session_id nonce role scope [initial_layout_class_list] [connection_data]"
FIELDS_OF_DOTNET = "session_id create_time nonce role [initial_layout_class_list] [expire_time] [connection_data]"
CLAIMS_OF_NODE = (
    "iss ist iat exp session_id create_time nonce role expire_time [connection_data] initial_layout_class_list scope"
)
CLAIMS_OF_JAVA = "session_id nonce role scope [initial_layout_class_list] [connection_data] ist iss [jti] exp iat"
HEADER_OF_PHP = dict(reversed(JWT_HEADER.items()))
CLAIMS_OF_PHP = (
    "iss iat session_id role ist nonce scope data expireTime initial_layout_class_list [connection_data] [exp]"
)

# The standard base64 of these characters holds "+" and "/", the URL-safe one "-" and "_", wherever they stand.
TEXT_THAT_TELLS_ALPHABETS_APART = ">>>???"


def in_order_of(names, usual, given):
    """The named values of an official SDK's token, as given or else as usual."""
    for name in names.split():
        bare_name = name.strip("[]")
        if bare_name in given:
            yield bare_name, given[bare_name]
        elif bare_name == name:
            yield name, usual[name]


# --- JWT ---


def claims(**changes):
    return {**CLAIMS, **changes}


def claims_without(name):
    return {key: value for key, value in CLAIMS.items() if key != name}


def claims_of(names, **given):
    """The claims of an official SDK. Some repeat the times; some write what is empty."""
    times = {"create_time": CREATE_TIME, "expire_time": EXPIRE_TIME}
    empty = {"data": None, "expireTime": None, "initial_layout_class_list": ""}
    return dict(in_order_of(names, {**CLAIMS, **times, **empty}, given))


def claims_text(old, new):
    """The claims as JSON text, with one place rewritten into what a dict cannot hold."""
    text = compact_json(CLAIMS)
    assert text.count(old) == 1, f"{old!r} is not in the claims exactly once"
    return text.replace(old, new)


def claims_text_with(member):
    """The claims as JSON text with one more member (its JSON text) at the end."""
    return f"{compact_json(CLAIMS)[:-1]},{member}}}"


def octets(part):
    if isinstance(part, bytes):
        return part
    return (part if isinstance(part, str) else compact_json(part)).encode("utf-8")


def jwt(payload=CLAIMS, header=JWT_HEADER, secret=API_SECRET):
    return jwt_of_segments(base64url(octets(header)), base64url(octets(payload)), secret)


def jwt_of_segments(header_segment, payload_segment, secret=API_SECRET):
    return jwt_sign(secret, f"{header_segment}.{payload_segment}")


# --- T1 ---


def fields_with(**changes):
    """The fields, the named ones changed where they stand and new ones at the end."""
    changed = [(name, changes.pop(name, value)) for name, value in FIELDS]
    return changed + list(changes.items())


def fields_without(name):
    return [field for field in FIELDS if field[0] != name]


def fields_of(names, **given):
    """The fields of an official SDK."""
    return list(in_order_of(names, {**dict(FIELDS), "scope": "session.connect"}, given))


def signed_text(fields):
    return "&".join(f"{name}={value}" for name, value in fields)


def t1(fields=FIELDS, api_key=API_KEY, secret=API_SECRET):
    return t1_of_text(signed_text(fields), api_key, secret)


def t1_of_text(data, api_key=API_KEY, secret=API_SECRET):
    return t1_wrap(t1_plain_text(api_key, secret, octets(data)))


def t1_with_head(head):
    """A T1 token with this head, colon included, before the usual signed text."""
    return t1_wrap(head + octets(signed_text(FIELDS)))


def in_url_alphabet(t1_token):
    body = t1_token.removeprefix("T1==").replace("+", "-").replace("/", "_")
    return f"T1=={body}"


# --- base64 spelled wrongly ---


def with_other_trailing_bits(segment):
    """Another spelling of the same bytes: the unused bits of the last character set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    text = segment.rstrip("=")
    assert len(text) % 4 in (2, 3), "every bit of the last character is in use"
    return text[:-1] + alphabet[alphabet.index(text[-1]) + 1] + segment[len(text) :]


def padded_base64url(part):
    padded = base64.urlsafe_b64encode(octets(part)).decode("ascii")
    assert padded.endswith("="), "nothing to pad"
    return padded


def standard_base64(part):
    segment = base64.b64encode(octets(part)).decode("ascii").rstrip("=")
    assert "+" in segment and "/" in segment, "the alphabets do not differ here"
    return segment
