"""A second, small encoder of tokens, written from the rules and not from any SDK or from tokmint's core.

T1 (docs/tokens.md, T1):

    token = "T1==" base64( "partner_id=" api_key "&sig=" sig ":" data )     standard alphabet, padded
    sig   = lower-case hex of HMAC-SHA1(key = UTF-8 of the secret, message = data)
    data  = session_id & create_time & expire_time & role & nonce & initial_layout_class_list [& connection_data]
    every value: A-Z a-z 0-9 _ . - ~ stay, a space becomes "+", every other byte of UTF-8 becomes %XX (upper case)

JWT, HS256 (docs/tokens.md, JWT):

    token  = base64url(header) "." base64url(claims) "." base64url(HMAC-SHA256(...))      no padding
    claims = session_id role iat exp scope [initial_layout_class_list] [connection_data] iss ist nonce
    JSON is compact, raw UTF-8, and escapes only the quotation mark, the backslash and U+0000 to U+001F

JWT of an application, RS256 (docs/tokens.md, applications): the same with RSASSA-PKCS1-v1_5 and SHA-256, and

    claims = scope session_id role initial_layout_class_list exp sub acl [connection_data] jti iat application_id

REST token (docs/tokens.md, REST tokens):

    claims = iss ist iat exp jti                    of a project, HS256
    claims = application_id iat jti exp             of an application, RS256

The RSA is that of the PyPI package `cryptography`, which is OpenSSL's.

Left out: every check. The caller chooses the bytes; that is what lets the other modules build wrong tokens.
"""

import base64
import functools
import hashlib
import hmac
import json

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

JWT_HEADER = {"alg": "HS256", "typ": "JWT"}
APPLICATION_HEADER = {"alg": "RS256", "typ": "JWT"}
KEPT_BY_FORM_ENCODING = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~")


def form_encode(text):
    return "".join(form_encode_byte(byte) for byte in text.encode("utf-8"))


def form_encode_byte(byte):
    if byte in KEPT_BY_FORM_ENCODING:
        return chr(byte)
    if byte == ord(" "):
        return "+"
    return f"%{byte:02X}"


def base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")


def compact_json(value, escape_non_ascii=False):
    return json.dumps(value, ensure_ascii=escape_non_ascii, separators=(",", ":"))


def hmac_key(api_secret):
    """The bytes of a secret; some mangled secrets are no text."""
    return api_secret if isinstance(api_secret, bytes) else api_secret.encode("utf-8")


def t1_signature(api_secret, data):
    return hmac.new(hmac_key(api_secret), data, hashlib.sha1).hexdigest()


def t1_plain_text(api_key, api_secret, data):
    """What a T1 token holds before base64: the head, a colon, and the signed data (bytes)."""
    return f"partner_id={api_key}&sig={t1_signature(api_secret, data)}:".encode("ascii") + data


def t1_wrap(plain_text):
    return "T1==" + base64.b64encode(plain_text).decode("ascii")


def jwt_sign(api_secret, signing_input):
    """A JWT out of its first two segments, signed as they stand."""
    mac = hmac.new(hmac_key(api_secret), signing_input.encode("ascii"), hashlib.sha256).digest()
    return f"{signing_input}.{base64url(mac)}"


@functools.cache
def private_key_of(pem):
    # The keys of the vectors are good ones; checking the largest takes seconds.
    return serialization.load_pem_private_key(pem.encode("ascii"), None, unsafe_skip_rsa_key_validation=True)


def rsa_signature(private_key, message, scheme=None, algorithm=None):
    """RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518, section 3.3), unless the caller wants a wrong one."""
    key = private_key_of(private_key)
    return key.sign(message, scheme or padding.PKCS1v15(), algorithm or hashes.SHA256())


def rs256_sign(private_key, signing_input):
    """A JWT out of its first two segments, signed as they stand; the key is PEM."""
    signature = rsa_signature(private_key, signing_input.encode("ascii"))
    return f"{signing_input}.{base64url(signature)}"


def t1_data(grant):
    fields = [
        ("session_id", grant["session_id"]),
        ("create_time", str(grant["create_time"])),
        ("expire_time", str(grant["expire_time"])),
        ("role", grant["role"]),
        ("nonce", str(grant["nonce"])),
        ("initial_layout_class_list", " ".join(grant["initial_layout_class_list"])),
    ]
    if grant["data"]:
        fields.append(("connection_data", grant["data"]))
    return "&".join(f"{name}={form_encode(value)}" for name, value in fields)


def t1_token(grant):
    data = t1_data(grant).encode("ascii")
    return t1_wrap(t1_plain_text(grant["api_key"], grant["api_secret"], data))


def jwt_claims(grant):
    claims = {
        "session_id": grant["session_id"],
        "role": grant["role"],
        "iat": grant["create_time"],
        "exp": grant["expire_time"],
        "scope": "session.connect",
    }
    if grant["initial_layout_class_list"]:
        claims["initial_layout_class_list"] = " ".join(grant["initial_layout_class_list"])
    if grant["data"]:
        claims["connection_data"] = grant["data"]
    claims["iss"] = grant["api_key"]
    claims["ist"] = "project"
    claims["nonce"] = grant["nonce"]
    return claims


def jwt_token(grant, escape_non_ascii=False):
    header = compact_json(JWT_HEADER).encode("ascii")
    claims = compact_json(jwt_claims(grant), escape_non_ascii).encode("utf-8")
    return jwt_sign(grant["api_secret"], f"{base64url(header)}.{base64url(claims)}")


def application_claims(grant):
    claims = {
        "scope": "session.connect",
        "session_id": grant["session_id"],
        "role": grant["role"],
        "initial_layout_class_list": " ".join(grant["initial_layout_class_list"]),
        "exp": grant["expire_time"],
        "sub": "video",
        "acl": {"paths": {"/session/**": {}}},
    }
    if grant["data"]:
        claims["connection_data"] = grant["data"]
    claims["jti"] = grant["jti"]
    claims["iat"] = grant["create_time"]
    claims["application_id"] = grant["application_id"].lower()
    return claims


def application_token(grant):
    header, claims = (
        base64url(compact_json(part).encode("utf-8"))
        for part in (
            APPLICATION_HEADER,
            application_claims(grant),
        )
    )
    return rs256_sign(grant["private_key"], f"{header}.{claims}")


def rest_claims(grant):
    times = {"iat": grant["create_time"], "exp": grant["expire_time"]}
    if "application_id" in grant:
        application_id = grant["application_id"].lower()
        return {"application_id": application_id, "iat": times["iat"], "jti": grant["jti"], "exp": times["exp"]}
    return {"iss": grant["api_key"], "ist": "project", **times, "jti": grant["jti"]}


def rest_token(grant):
    claims = base64url(compact_json(rest_claims(grant)).encode("ascii"))
    if "application_id" in grant:
        header = base64url(compact_json(APPLICATION_HEADER).encode("ascii"))
        return rs256_sign(grant["private_key"], f"{header}.{claims}")
    header = base64url(compact_json(JWT_HEADER).encode("ascii"))
    return jwt_sign(grant["api_secret"], f"{header}.{claims}")


def token(grant):
    return t1_token(grant) if grant["token_format"] == "t1" else jwt_token(grant)
