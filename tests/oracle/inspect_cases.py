"""The vectors of inspect.json: tokens that a server would refuse or misread, and the findings that say why.

Most have one fault, so that the order of the findings is not the question; the last group has several. A token with
a fault inside is signed again afterwards, as in error_cases.py. Shapes of the official SDKs are those they really
write when they go wrong.

Tokens of Vonage applications are here only as what a project's credentials or nobody's make of them; their own vectors
are in application_inspect_cases.py.

Left out: `system_clock`, which no vector can provoke because every vector gives `now`, and what the rules leave open:
whether a fault of spelling is also reported on what is inside quotes or behind an HTTP scheme.
"""

import base64
from functools import partial

from encoder import JWT_HEADER, base64url, compact_json, form_encode, t1_plain_text, t1_signature, t1_wrap
from error_cases import CLAIMS_TO_PAD, HEADER_TO_PAD
from error_cases import OTHER_SECRET as SECRET_OF_NOBODY
from notation import concat, repeat
from projects import (
    API_KEY,
    API_SECRET,
    PROJECT_OF_2016,
    SESSION_ID,
    SESSION_ID_OF_AN_APPLICATION,
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
    in_order_of,
    in_url_alphabet,
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

SOURCE = "tests/oracle/generate_vectors.py, tokmint's table of findings"

REFUSED = (
    "white_space_around",
    "python_bytes",
    "quotes_around",
    "text_around",
    "promise",
    "no_token",
    "url_encoded",
    "json_escaped",
    "html_escaped",
    "quoted_printable",
    "white_space_inside",
    "missing_prefix",
    "session_id_as_token",
    "truncated",
    "token_too_long",
    "malformed_token",
    "malformed_header",
    "malformed_payload",
    "malformed_signature",
    "malformed_base64",
    "malformed_head",
    "malformed_fields",
    "duplicate_field",
    "unsupported_algorithm",
    "critical_extension",
    "application_token",
    "project_token",
    "invalid_signature",
    "untrimmed_secret",
    "mangled_secret",
    "token_of_other_project",
    "rest_token",
    "not_a_client_token",
    "malformed_issuer",
    "malformed_subject",
    "missing_session_id",
    "malformed_session_id",
    "session_of_other_project",
    "session_of_application",
    "session_of_project",
    "token_of_other_session",
    "missing_role",
    "unknown_role",
    "miscased_role",
    "localized_role",
    "missing_create_time",
    "malformed_create_time",
    "missing_expiry",
    "malformed_expire_time",
    "malformed_not_before",
    "token_expired",
    "issued_in_the_future",
    "not_before",
    "lifetime_too_long",
    "milliseconds",
    "malformed_nonce",
    "malformed_data",
    "malformed_layout",
)
WARNINGS_AND_NOTES = (
    "clock_skew",
    "default_expiry",
    "long_lifetime",
    "fractional_time",
    "data_too_long",
    "unencoded_data",
    "data_with_email_address",
    "data_with_telephone_number",
    "data_with_secret",
    "data_claim",
    "misnamed_claim",
    "layout_as_array",
    "url_encoded_layout",
    "comma_separated_layout",
    "null_field",
    "subject_claim",
    "default_role",
    "no_acl",
    "url_safe_base64",
    "ignored_field",
    "many_fields",
)

DAY = 86400
OTHER_KEY, OTHER_SECRET, OTHER_SESSION_ID = PROJECT_OF_2016

# The differences of a token that cannot be read as a whole, up to its expiry or not even so far.
IN_PART = {"is_token": False}
NOT_AT_ALL = {"is_token": False, "expire_time": None}


def inspected(
    name,
    token,
    *findings,
    token_format,
    signature="valid",
    is_token=True,
    expire_time=EXPIRE_TIME,
    free=False,
    now=NOW,
    **options,
):
    """A vector, of the method or of the free function, which has no credentials to check a signature with."""
    credentials = {} if free else {"api_key": API_KEY, "api_secret": API_SECRET}
    return {
        "name": f"{token_format or 'neither'}: {name}{', without credentials' if free else ''}",
        "source": SOURCE,
        **credentials,
        "token": token,
        "options": {"now": now, **options},
        "expected": {
            "format": token_format,
            "signature": "unchecked" if free else signature,
            "findings": list(findings),
            "is_token": is_token,
            "remaining_lifetime": None if expire_time is None else expire_time - now,
        },
    }


of_jwt = partial(inspected, token_format="jwt")
of_t1 = partial(inspected, token_format="t1")
of_neither = partial(inspected, token_format=None, signature="unchecked", **NOT_AT_ALL)


def in_both_forms(of_format, name, token, *findings, **differences):
    yield of_format(name, token, *findings, **differences)
    yield of_format(name, token, *findings, **differences, free=True)


def in_both_formats(name, changes_of_jwt, changes_of_t1, *findings, **differences):
    """The same fault, as claims and as fields."""
    yield of_jwt(name, jwt(claims(**changes_of_jwt)), *findings, **differences)
    yield of_t1(name, t1(fields_with(**changes_of_t1)), *findings, **differences)


# --- nothing wrong ---


def sound_tokens():
    yield from in_both_forms(of_jwt, "the claims tokmint writes", jwt())
    yield from in_both_forms(of_t1, "the fields tokmint writes", t1())
    everything = {"connection_data": "name=Ada, level 4", "initial_layout_class_list": "focus full-screen"}
    encoded = {name: form_encode(text) for name, text in everything.items()}
    yield from in_both_forms(of_jwt, "every claim", jwt(claims(**everything)))
    yield from in_both_forms(of_t1, "every field", t1(fields_with(**encoded)))
    yield of_jwt("unknown claims", jwt(claims(jti="x", sub="video", acl={"paths": {"/session/**": {}}})))
    yield of_t1("unknown fields, one of them called data", t1(fields_with(scope="session.connect", data="Ada")))
    yield of_jwt("shape of the Node SDK", jwt(claims_of(CLAIMS_OF_NODE, nonce=0.7341)))
    java = claims_of(CLAIMS_OF_JAVA, nonce=-1871235811, jti="AAECAwQFBgcICQoLDA0ODw")
    yield of_jwt("shape of the Java SDK", jwt(java, header={"alg": "HS256"}))
    yield of_t1("shape of the Node SDK", t1(fields_of(FIELDS_OF_NODE, nonce="0.38769487328327257")))
    ruby = fields_of(FIELDS_OF_RUBY, nonce="1.0e-05", expire_time=str(EXPIRE_TIME), connection_data="")
    yield of_t1("shape of the Ruby SDK", t1(ruby))
    for of_format, token in ((of_jwt, jwt()), (of_t1, t1())):
        yield from in_both_forms(of_format, "the expected session", token, session_id=SESSION_ID)
    of_other = jwt(claims(iss=OTHER_KEY, session_id=OTHER_SESSION_ID), secret=OTHER_SECRET)
    yield of_jwt("of whatever project it names", of_other, free=True)
    of_other = t1(fields_with(session_id=OTHER_SESSION_ID), OTHER_KEY, OTHER_SECRET)
    yield of_t1("of whatever project it names", of_other, free=True)


# --- wrappings: the text is repaired and read on ---


def folded(text, line_end="\n", width=64):
    return line_end.join(text[start : start + width] for start in range(0, len(text), width))


def percent_encoded(text, lower_case=False):
    for character in "%=+/.-_":
        escape = f"%{ord(character):02X}"
        text = text.replace(character, escape.lower() if lower_case else escape)
    return text


def wrappings():
    for of_format, token in ((of_jwt, jwt()), (of_t1, t1())):
        around, inside = "white_space_around", "white_space_inside"
        for name, wrapped, finding in (
            ("line feed behind", f"{token}\n", around),
            ("spaces before", f"  {token}", around),
            ("CRLF before and behind", f"\r\n{token}\r\n", around),
            ("Python bytes", f"b'{token}'", "python_bytes"),
            ("Python bytes in double quotes", f'b"{token}"', "python_bytes"),
            ("single quotes", f"'{token}'", "quotes_around"),
            ("double quotes", f'"{token}"', "quotes_around"),
            ("backticks", f"`{token}`", "quotes_around"),
            ("percent-encoded", percent_encoded(token), "url_encoded"),
            ("lines of 64 characters", folded(token), inside),
            ("lines of 76 characters with CRLF and a tab", folded(token, "\r\n\t", 76), inside),
        ):
            yield of_format(name, wrapped, finding)
    token, t1_token = jwt(), t1()
    yield of_jwt("byte order mark before", f"\ufeff{token}", around)
    yield of_jwt("no-break space behind", f"{token}\u00a0", around)
    yield of_jwt("line separator behind", f"{token}\u2028", around)
    yield of_jwt("double quote only before", f'"{token}', "quotes_around")
    yield of_jwt("single quote only behind", f"{token}'", "quotes_around")
    yield of_jwt("only its dots percent-encoded", token.replace(".", "%2E"), "url_encoded")
    yield of_t1("only its equals signs percent-encoded", t1_token.replace("=", "%3D"), "url_encoded")
    yield of_t1("percent-encoded in lower case", percent_encoded(t1_token, lower_case=True), "url_encoded")
    raw_layout = t1(fields_with(initial_layout_class_list=TEXT_THAT_TELLS_ALPHABETS_APART))
    assert "+" in raw_layout and "/" in raw_layout
    yield of_t1("plus signs turned into spaces", raw_layout.replace("+", " "), inside)
    yield of_t1("plus signs and slashes percent-encoded", percent_encoded(raw_layout), "url_encoded")
    body = t1_token.removeprefix("T1==")
    yield from in_both_forms(of_t1, "no prefix", body, "missing_prefix")
    yield of_t1("half a prefix", f"T1={body}", "missing_prefix")
    yield of_t1("only the equals signs of the prefix", f"=={body}", "missing_prefix")
    yield of_jwt("line feed behind", f"{token}\n", around, free=True)
    yield of_t1("Python bytes", f"b'{t1_token}'", "python_bytes", free=True)


def text_around():
    for of_format, token in ((of_jwt, jwt()), (of_t1, t1())):
        for name, text in (
            ("the scheme of HTTP before", f"Bearer {token}"),
            ("a header's name before", f"X-Token: {token}"),
            ("a variable's name before", f"TOKEN={token}"),
            ("a URL around", f"https://example.org/?token={token}&room=1"),
            ("an object around", f'{{"token":"{token}","room":1}}'),
            ("a comma behind", f"{token},"),
            ("a quote and a brace behind", f'{token}"}}'),
        ):
            yield of_format(name, text, "text_around")
        both = ("quotes_around", "text_around")
        yield of_format("escaped quotes around", f'\\"{token}\\"', *both)
        yield of_format("a line of a file of variables", f'TOKEN="{token}"\n', "white_space_around", *both)
    yield of_t1("a URL around percent-encoding", f"?token={percent_encoded(t1())}&room=1", "text_around", "url_encoded")
    body = t1().removeprefix("T1==")
    yield of_t1("a variable's name before a token without prefix", f"TOKEN: {body}", "text_around", "missing_prefix")
    yield of_jwt("the scheme of HTTP before", f"Bearer {jwt()}", "text_around", free=True)


def escapes():
    """What JSON, HTML and e-mail make of a token."""
    token, t1_token = jwt(), t1()
    raw_layout = t1(fields_with(initial_layout_class_list=TEXT_THAT_TELLS_ALPHABETS_APART))
    json_escapes = {"=": "\\u003d", "+": "\\u002B", "/": "\\/"}
    escaped = "".join(json_escapes.get(character, character) for character in raw_layout)
    yield from in_both_forms(of_t1, "escapes of JSON", escaped, "json_escaped")
    yield of_t1("escapes of source code", t1_token.replace("=", "\\x3d"), "json_escaped")
    around = f'{{"token":"{escaped}"}}'
    yield of_t1("escapes of JSON, with the object around", around, "text_around", "json_escaped")
    yield of_t1("escapes of a properties file", t1_token.replace("=", "\\="), "json_escaped")
    yield of_t1("escapes of JSON twice", t1_token.replace("=", "\\\\u003d"), "json_escaped")
    yield of_jwt("dots escaped as in JSON", token.replace(".", "\\u002e"), "json_escaped")
    for name, equals in {"decimal": "&#61;", "hexadecimal": "&#x3D;", "named": "&equals;"}.items():
        yield of_t1(f"{name} references of HTML", t1_token.replace("=", equals), "html_escaped")
    link = f"?token={t1_token}&amp;room=1"
    yield of_t1("a link in HTML", link, "text_around", "html_escaped")
    quoted = t1_token.replace("=", "=3D")
    yield from in_both_forms(of_t1, "quoted-printable", quoted, "quoted_printable")
    yield of_t1("quoted-printable in lines", folded(quoted, "=\r\n", 75), "quoted_printable")


def characters_behind():
    for of_format, token in ((of_jwt, jwt()), (of_t1, t1())):
        for name, ending in {
            "a full stop": ".",
            "an exclamation mark": "!",
            "an ellipsis": "\u2026",
            "a full stop of CJK": "\u3002",
            "three full stops": "...",
            "a colon": ":",
        }.items():
            yield of_format(f"{name} behind", token + ending, "text_around")
        yield of_format("a full stop before", f".{token}", "text_around")
        yield of_format("a query behind", f"{token}?room=1", "text_around")
    yield of_t1("a path of a URL before", f"https://example.org/join/{t1()}", "text_around")
    yield of_jwt("words behind", f"{jwt()} is my token", "text_around")
    spaced = jwt(header='{ "alg":"HS256"}')
    assert spaced.startswith("eyAi")
    yield of_jwt("the scheme of HTTP before a header with a space", f"Bearer {spaced}", "text_around")


def several_wrappings():
    token, t1_token = jwt(), t1()
    yield of_jwt("Python bytes and a line feed", f"b'{token}'\n", "white_space_around", "python_bytes")
    yield of_jwt("quotes and a line feed", f'"{token}"\n', "white_space_around", "quotes_around")
    yield of_jwt("quotes around lines", f"'{folded(token)}'", "quotes_around", "white_space_inside")
    yield of_t1("quotes around percent-encoding", f'"{percent_encoded(t1_token)}"', "quotes_around", "url_encoded")
    yield of_t1(
        "percent-encoding with a line feed inside",
        f"{percent_encoded(t1_token[:60])}%0A{t1_token[60:]}",
        "url_encoded",
        "white_space_inside",
    )
    body = t1_token.removeprefix("T1==")
    yield of_t1("no prefix and a line feed", f"{body}\n", "white_space_around", "missing_prefix")
    assert body.endswith("=")
    yield of_t1(
        "almost everything at once",
        f" b'{body[:60]}\n{body[60:].replace('=', '%3D')}'\n",
        "white_space_around",
        "python_bytes",
        "url_encoded",
        "white_space_inside",
        "missing_prefix",
    )


def texts_that_are_no_token():
    yield from in_both_forms(of_neither, "empty", "", "no_token")
    for text in ("undefined", "null", "None", "nil", "NaN", "[object Object]"):
        yield of_neither(f"the absent value {text}", text, "no_token")
    yield of_neither("nothing but white space", " \n", "white_space_around", "no_token")
    yield of_neither("an absent value and a line feed", "undefined\n", "white_space_around", "no_token")
    yield of_neither("an absent value in quotes", '"null"', "quotes_around", "no_token")
    yield from in_both_forms(of_neither, "a promise", "[object Promise]", "promise")
    yield of_neither("a promise and a line feed", "[object Promise]\n", "white_space_around", "promise")
    yield from in_both_forms(of_neither, "a session ID", SESSION_ID, "session_id_as_token")
    yield of_neither("a session ID of an application", SESSION_ID_OF_AN_APPLICATION, "session_id_as_token")
    yield of_neither("a session ID in quotes", f'"{SESSION_ID}"', "quotes_around", "session_id_as_token")
    yield from in_both_forms(of_neither, "garbage", "not-a-token", "malformed_token")
    yield of_neither("garbage of several words", "this is not a token", "malformed_token")
    yield of_neither("an absent value in capitals", "NULL", "no_token")
    yield of_neither("garbage that is not ASCII", "\u00e9\U0001f600", "malformed_token")
    yield of_neither("four parts", f"{jwt()}.{base64url(bytes(32))}", "malformed_token")
    yield of_neither("the API key", API_KEY, "malformed_token")
    yield of_neither("as long as a token may be, but garbage", repeat("A", 65536), "malformed_token")
    yield from in_both_forms(of_neither, "65537 bytes", repeat("A", 65537), "token_too_long")
    behind = concat("T1==", repeat("A", 65533))
    yield of_neither("65537 bytes behind the prefix of T1", behind, "token_too_long")
    yield of_neither("65538 bytes in 32769 characters", repeat("\u00e9", 32769), "token_too_long")
    yield of_neither("a token and 65537 spaces", concat(jwt(), repeat(" ", 65537)), "token_too_long")


# --- truncated ---


def truncated_jwt():
    header_segment, payload_segment, _ = jwt().split(".")
    signed = f"{header_segment}.{payload_segment}"
    for name, text in {
        "after three characters": "eyJ",
        "inside the header": header_segment[:22],
        "before the first dot": header_segment,
        "after the first dot": f"{header_segment}.",
        "inside the session ID, between bytes": f"{header_segment}.{payload_segment[:40]}",
        "inside the session ID, one character further": f"{header_segment}.{payload_segment[:41]}",
    }.items():
        yield of_jwt(f"cut {name}", text, "truncated", **NOT_AT_ALL, signature="unchecked")
    yield of_jwt("cut inside the header", header_segment[:22], "truncated", **NOT_AT_ALL, free=True)
    yield of_jwt("cut before the second dot", signed, "truncated", signature="unchecked")
    yield of_jwt("cut after the second dot", f"{signed}.", "truncated", free=True)
    for length in (16, 31):
        shortened = f"{signed}.{base64url(signature_of(jwt())[:length])}"
        yield of_jwt(f"cut to {length} bytes of signature", shortened, "truncated", signature="invalid")
    yield of_jwt("cut before the last character", jwt()[:-1], "truncated", free=True)
    cut_and_wrapped = f'"{signed}"'
    yield of_jwt("cut and in quotes", cut_and_wrapped, "quotes_around", "truncated", signature="unchecked")


def signature_of(token):
    return base64.urlsafe_b64decode(token.split(".")[2] + "=")


def t1_cut_inside(word, fields=FIELDS):
    """A T1 token cut inside this word of its text, where the base64 needs no padding."""
    plain_text = t1_plain_text(API_KEY, API_SECRET, octets(signed_text(fields)))
    start = plain_text.index(word.encode("ascii"))
    end = next(end for end in range(start + 1, start + len(word)) if end % 3 == 0)
    return t1_wrap(plain_text[:end])


def truncated_t1():
    yield from in_both_forms(of_t1, "cut behind the prefix", "T1==", "truncated", **NOT_AT_ALL, signature="unchecked")
    for word in ("partner_id", API_KEY, t1_signature(API_SECRET, octets(signed_text(FIELDS)))):
        yield of_t1(f"cut inside {word}", t1_cut_inside(word), "truncated", **NOT_AT_ALL, signature="unchecked")
    data_start = len("T1==") + len(base64.b64encode(t1_plain_text(API_KEY, API_SECRET, b"")))
    assert data_start % 4 == 0
    yield of_t1("cut behind the head", t1()[:data_start], "truncated", **NOT_AT_ALL, signature="invalid")
    for extra in (1, 2, 3):
        name = f"cut {extra} characters beyond a group of four, behind the head"
        yield of_t1(name, t1()[: data_start + extra], "truncated", **NOT_AT_ALL, signature="invalid")
    for word in ("session_id", "create_time"):
        in_name = t1_cut_inside(word)
        yield from in_both_forms(
            of_t1, f"cut inside the name {word}", in_name, "truncated", **NOT_AT_ALL, signature="invalid"
        )
    yield of_t1("cut inside the name role", t1_cut_inside("role"), "truncated", **IN_PART, signature="invalid")
    ended_before_role = t1_wrap(t1_plain_text(API_KEY, SECRET_OF_NOBODY, octets(signed_text(FIELDS[:3]))))
    yield from in_both_forms(
        of_t1, "ends before the role", ended_before_role, "truncated", **NOT_AT_ALL, signature="invalid"
    )
    complete = t1([*fields_without("role"), ("x", "1")], secret=SECRET_OF_NOBODY)
    assert complete.endswith("=")
    yield of_t1("whole without a role", complete, "invalid_signature", "missing_role", **IN_PART, signature="invalid")
    yield of_t1("its padding only is missing", t1().rstrip("="), "truncated")
    cut_late = t1_cut_inside("402117")
    yield of_t1("cut inside the nonce: all that is needed stands", cut_late, "invalid_signature", signature="invalid")
    yield of_t1("cut inside the nonce: all that is needed stands", cut_late, free=True)
    without_prefix = t1_cut_inside("session_id").removeprefix("T1==")
    yield of_t1("cut at both ends", without_prefix, "missing_prefix", "truncated", **NOT_AT_ALL, signature="invalid")


# --- malformed parts ---


def claims_text_behind(member):
    """The claims as JSON text behind another member, so that nothing that matters stands before a fault in it."""
    return f"{{{member},{compact_json(CLAIMS)[1:]}"


def malformed_jwt():
    header_segment, payload_segment, signature_segment = jwt().split(".")
    signed = f"{header_segment}.{payload_segment}"
    misspelled = {
        "header padded": jwt_of_segments(padded_base64url(HEADER_TO_PAD), payload_segment),
        "unused bits set in the header": jwt_of_segments(
            with_other_trailing_bits(base64url(octets(HEADER_TO_PAD))), payload_segment
        ),
    }
    # What is only misspelled can be read, and is signed as it stands.
    for name, token in misspelled.items():
        yield of_jwt(name, token, "malformed_header")
    headers = {
        "header is not JSON": jwt(header="HS256"),
        "header is an array": jwt(header='["HS256"]'),
        "header with a byte order mark": jwt(header='\ufeff{"alg":"HS256"}'),
    }
    for name, token in headers.items():
        yield of_jwt(name, token, "malformed_header", signature="unchecked")
    in_other_alphabet = standard_base64(claims(connection_data=TEXT_THAT_TELLS_ALPHABETS_APART))
    misspelled = {
        "payload padded": jwt_of_segments(header_segment, padded_base64url(CLAIMS_TO_PAD)),
        "payload in the standard alphabet": jwt_of_segments(header_segment, in_other_alphabet),
    }
    for name, token in misspelled.items():
        yield of_jwt(name, token, "malformed_payload")
    payloads = {
        "payload is an array": jwt("[]"),
        "payload is null": jwt("null"),
        "payload with a byte order mark": jwt("\ufeff" + compact_json(CLAIMS)),
        "payload that is not UTF-8": jwt(octets(claims_text_behind('"x":"!!"')).replace(b"!!", b"\xff!")),
        "payload nested to depth 33": jwt(claims_text_behind('"x":' + "[" * 32 + "]" * 32)),
        "lone surrogate": jwt(claims_text_behind('"x":"\\ud800"')),
        "NaN": jwt(claims_text_behind('"x":NaN')),
    }
    for name, token in payloads.items():
        yield of_jwt(name, token, "malformed_payload", **NOT_AT_ALL)
    yield of_jwt("payload is an array", jwt("[]"), "malformed_payload", **NOT_AT_ALL, free=True)
    signatures = {
        "signature padded": f"{jwt()}=",
        "unused bits set in the signature": f"{signed}.{with_other_trailing_bits(signature_segment)}",
    }
    for name, token in signatures.items():
        yield from in_both_forms(of_jwt, name, token, "malformed_signature")
    star = f"{signed}.{signature_segment[:20]}*{signature_segment[21:]}"
    yield from in_both_forms(of_jwt, "star inside the signature", star, "malformed_signature", signature="invalid")


def malformed_t1():
    layout = ("initial_layout_class_list", TEXT_THAT_TELLS_ALPHABETS_APART)
    layout_first = t1([layout, *fields_without("initial_layout_class_list")])
    mixed = layout_first.replace("/", "_")
    assert "+" in mixed and "_" in mixed
    unread = {**NOT_AT_ALL, "signature": "unchecked"}
    yield from in_both_forms(of_t1, "both alphabets mixed", mixed, "malformed_base64")
    yield of_t1("star inside the base64", f"{t1()[:10]}*{t1()[11:]}", "malformed_base64", **unread)
    yield of_t1("equals sign inside the base64", f"{t1()[:10]}={t1()[11:]}", "malformed_base64", **unread)
    signature = t1_signature(API_SECRET, octets(signed_text(FIELDS)))
    for name, head in {
        "signature of 39 digits": f"partner_id={API_KEY}&sig={signature[:-1]}:",
        "signature of 41 digits": f"partner_id={API_KEY}&sig={signature}0:",
        "partner_id twice": f"partner_id={API_KEY}&partner_id={API_KEY}&sig={signature}:",
        "signature twice": f"sig={signature}&partner_id={API_KEY}&sig={signature}:",
        "a second partner_id without a value": f"partner_id={API_KEY}&sig={signature}&partner_id:",
        "a second signature with an encoded name": f"partner_id={API_KEY}&s%69g=0&sig={signature}:",
    }.items():
        yield of_t1(name, t1_with_head(head.encode("ascii")), "malformed_head", **unread)
    text = signed_text(FIELDS)
    for name, data in {
        "field without an equals sign": f"{text}&x",
        "ampersand at the end": f"{text}&",
        "bad escape": f"{text}&connection_data=%zz",
        "escape cut short": f"{text}&connection_data=%4",
        "escape to a byte that is no UTF-8": f"{text}&connection_data=%FF",
    }.items():
        yield of_t1(name, t1_of_text(data), "malformed_fields", **IN_PART)
    yield of_t1("bad escape", t1_of_text(f"{text}&x=%zz"), "malformed_fields", **IN_PART, free=True)


def duplicates():
    text = signed_text(FIELDS)
    for name, member in {
        "role twice": '"role":"moderator"',
        "role twice, equal": '"role":"publisher"',
        "role twice, once escaped": '"\\u0072ole":"moderator"',
        "role three times": '"role":"moderator","role":"subscriber"',
    }.items():
        yield of_jwt(name, jwt(claims_text_with(member)), "duplicate_field", **IN_PART)
    for name, member in {
        "unknown claim twice": '"x":1,"x":2',
        "name twice inside a claim": '"x":[{"a":1,"a":2}]',
    }.items():
        yield of_jwt(name, jwt(claims_text_with(member)), "duplicate_field", **IN_PART)
    two_names = jwt(claims_text_with('"role":"moderator","nonce":1'))
    yield of_jwt("role and nonce twice", two_names, "duplicate_field", **IN_PART)
    kid_twice = jwt(header='{"alg":"HS256","kid":"a","kid":"b"}')
    yield of_jwt("kid twice in the header", kid_twice, "duplicate_field", **IN_PART)
    role_twice = t1_of_text(f"{text}&role=moderator")
    yield from in_both_forms(of_t1, "role twice", role_twice, "duplicate_field", **IN_PART)
    yield of_t1("role twice, once escaped", t1_of_text(f"{text}&%72ole=moderator"), "duplicate_field", **IN_PART)
    yield of_t1("unknown field twice", t1_of_text(f"{text}&x=1&x=2"), "duplicate_field", **IN_PART)


# --- algorithm and signature ---


def algorithms():
    for name, header in {
        "alg none": {"alg": "none", "typ": "JWT"},
        "alg hs256": {"alg": "hs256", "typ": "JWT"},
        "alg HS512": {"alg": "HS512", "typ": "JWT"},
        "alg missing": {"typ": "JWT"},
        "alg is a number": {"alg": 256, "typ": "JWT"},
    }.items():
        yield of_jwt(name, jwt(header=header), "unsupported_algorithm", signature="unchecked")
    # By its algorithm it would be an application's, but it lacks the ID of one.
    rs256 = jwt(header={"alg": "RS256", "typ": "JWT"})
    name = "alg RS256 without an application"
    yield of_jwt(name, rs256, "unsupported_algorithm", **IN_PART, signature="unchecked")
    no_signature = jwt(header={"alg": "none"}).rpartition(".")[0] + "."
    yield from in_both_forms(
        of_jwt, "alg none without a signature", no_signature, "unsupported_algorithm", signature="unchecked"
    )
    for name, parameter in {"crit": {"crit": ["exp"]}, "b64 false": {"b64": False}, "zip": {"zip": "DEF"}}.items():
        yield of_jwt(name, jwt(header={**JWT_HEADER, **parameter}), "critical_extension", signature="unchecked")
    both = jwt(header={"alg": "none", "crit": ["exp"]})
    yield of_jwt("alg none and crit", both, "unsupported_algorithm", "critical_extension", signature="unchecked")
    yield of_jwt("crit", jwt(header={**JWT_HEADER, "crit": ["exp"]}), "critical_extension", free=True)


CLAIMS_OF_APPLICATION = {
    **CLAIMS,
    "session_id": SESSION_ID_OF_AN_APPLICATION,
    "initial_layout_class_list": "",
    "sub": "video",
    "subject": "video",
    "acl": {"paths": {"/session/**": {}}},
    "jti": "d412fd8f-921c-4b35-bdcd-bf2d39bb20ed",
    "application_id": "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9",
}


def application_token(names, **given):
    """A token of a Vonage SDK. Nobody checks its signature here, so that it is only as long as one."""
    header = {"alg": "RS256", "typ": "JWT"}
    application_claims = dict(in_order_of(names, CLAIMS_OF_APPLICATION, given))
    return ".".join(base64url(octets(part)) for part in (header, application_claims, bytes(range(256))))


def application_tokens():
    node = "scope session_id role initial_layout_class_list exp sub acl [connection_data] jti iat application_id"
    python = "session_id role [initial_layout_class_list] exp jti iat subject scope acl application_id"
    java = "application_id exp role session_id scope iat jti"
    ruby = "iat jti exp application_id scope session_id role initial_layout_class_list sub acl [data]"
    php = "iat exp jti application_id sub scope session_id acl [role] [data] [expireTime]"
    unchecked = {"signature": "unchecked"}
    found = "application_token"
    yield of_jwt("shape of Vonage's Node SDK", application_token(node), found, **unchecked)
    # Without credentials it is read as what it is, a sound token of an application.
    yield of_jwt("shape of Vonage's Node SDK", application_token(node), free=True)
    yield of_jwt("shape of Vonage's Java SDK", application_token(java), found, "no_acl", **unchecked)
    yield of_jwt("shape of Vonage's Python SDK", application_token(python), found, "subject_claim", **unchecked)
    layout = application_token(python, initial_layout_class_list=["focus", "full"])
    yield of_jwt("Vonage's Python SDK, layout classes", layout, found, "layout_as_array", "subject_claim", **unchecked)
    as_bytes = f"b'{application_token(python)}'"
    yield of_jwt("Vonage's Python SDK, bytes in a text", as_bytes, "python_bytes", found, "subject_claim", **unchecked)
    yield of_jwt("Vonage's Ruby SDK, data", application_token(ruby, data="Ada"), found, "data_claim", **unchecked)
    options = application_token(php, role="publisher", data="Ada", expireTime=EXPIRE_TIME)
    yield of_jwt("Vonage's PHP SDK, options as claims", options, found, "data_claim", "misnamed_claim", **unchecked)


def signatures():
    invalid = {"signature": "invalid"}
    signed, _, signature_segment = jwt().rpartition(".")
    header_segment = signed.split(".")[0]
    flipped = bytes([signature_of(jwt())[0] ^ 1]) + signature_of(jwt())[1:]
    other_payload = base64url(octets(claims(role="moderator")))
    for name, token in {
        "another secret": jwt(secret=SECRET_OF_NOBODY),
        "one bit flipped": f"{signed}.{base64url(flipped)}",
        "payload changed": f"{header_segment}.{other_payload}.{signature_segment}",
        "signature of 33 bytes": f"{signed}.{base64url(signature_of(jwt()) + bytes(1))}",
    }.items():
        yield of_jwt(name, token, "invalid_signature", **invalid)
    yield of_jwt("another secret", jwt(secret=SECRET_OF_NOBODY), free=True)
    yield of_t1("another secret", t1(secret=SECRET_OF_NOBODY), "invalid_signature", **invalid)
    yield of_t1("another secret", t1(secret=SECRET_OF_NOBODY), free=True)
    zeros = t1_with_head(f"partner_id={API_KEY}&sig={'0' * 40}:".encode("ascii"))
    yield of_t1("signature of zeros", zeros, "invalid_signature", **invalid)
    for name, ending in {"a line feed": "\n", "CRLF": "\r\n", "a space": " "}.items():
        name, secret = f"secret with {name} behind", API_SECRET + ending
        yield of_jwt(name, jwt(secret=secret), "untrimmed_secret", **invalid)
        yield of_t1(name, t1(secret=secret), "untrimmed_secret", **invalid)
    yield of_jwt("secret with a line feed behind", jwt(secret=f"{API_SECRET}\n"), free=True)
    for name, secret in {"a space": f" {API_SECRET}", "a byte order mark": f"\ufeff{API_SECRET}"}.items():
        yield of_jwt(f"secret with {name} before", jwt(secret=secret), "untrimmed_secret", **invalid)
        yield of_t1(f"secret with {name} before", t1(secret=secret), "untrimmed_secret", **invalid)
    for name, secret in {"the API key": API_KEY, "nothing": "", "undefined": "undefined"}.items():
        yield of_jwt(f"{name} as the secret", jwt(secret=secret), "mangled_secret", **invalid)
        yield of_t1(f"{name} as the secret", t1(secret=secret), "mangled_secret", **invalid)
    # The HMAC of the oracle takes the secret as text or as bytes.
    raw = API_SECRET.encode("ascii")
    for name, secret in {
        "in double quotes": f'"{API_SECRET}"',
        "in single quotes": f"'{API_SECRET}'",
        "decoded from hexadecimal": bytes.fromhex(API_SECRET),
        "decoded from base64": base64.b64decode(API_SECRET + "=" * (-len(API_SECRET) % 4)),
        "encoded in base64": base64.b64encode(raw).decode("ascii"),
        "encoded in base64 with a line feed": base64.b64encode(raw + b"\n").decode("ascii"),
        "in capitals": API_SECRET.upper(),
    }.items():
        yield of_jwt(f"secret {name}", jwt(secret=secret), "mangled_secret", **invalid)
        yield of_t1(f"secret {name}", t1(secret=secret), "mangled_secret", **invalid)
    yield of_jwt("secret with a letter behind", jwt(secret=f"{API_SECRET}n"), "invalid_signature", **invalid)


# --- project, session, role ---


def projects():
    other, invalid = "token_of_other_project", {"signature": "invalid"}
    # The session is held against the project that the token names.
    found = (other, "session_of_other_project")
    yield of_jwt("iss of another project", jwt(claims(iss=OTHER_KEY)), *found)
    yield of_jwt("iss with the key as its beginning", jwt(claims(iss=f"{API_KEY}7")), *found)
    yield of_t1("partner_id of another project", t1(api_key=OTHER_KEY), *found)
    yield of_jwt(
        "iss and signature of another project", jwt(claims(iss=OTHER_KEY), secret=OTHER_SECRET), *found, **invalid
    )
    yield of_t1(
        "partner_id and signature of another project", t1(api_key=OTHER_KEY, secret=OTHER_SECRET), *found, **invalid
    )
    foreign = jwt(claims(iss=OTHER_KEY, session_id=OTHER_SESSION_ID), secret=OTHER_SECRET)
    yield of_jwt("everything of another project", foreign, other, **invalid)
    foreign = t1(fields_with(session_id=OTHER_SESSION_ID), OTHER_KEY, OTHER_SECRET)
    yield of_t1("everything of another project", foreign, other, **invalid)


def kinds_of_token():
    rest = {name: CLAIMS[name] for name in ("iss", "ist", "iat", "exp")}
    yield from in_both_forms(of_jwt, "a REST token", jwt({**rest, "jti": "x"}), "rest_token", **IN_PART)
    yield of_jwt("a REST token of an account", jwt({**rest, "ist": "account"}), "rest_token", **IN_PART)
    login = {"sub": "user 4711", "iat": CREATE_TIME, "exp": EXPIRE_TIME}
    faults = ("not_a_client_token", "malformed_issuer", "missing_session_id", "missing_role")
    yield of_jwt("the token of a user's login", jwt(login), *faults, **IN_PART)
    yield of_jwt("no scope", jwt(claims_without("scope")), "not_a_client_token")
    yield of_jwt("no scope", jwt(claims_without("scope")), "not_a_client_token", free=True)
    yield of_jwt("another scope", jwt(claims(scope="session.create")), "not_a_client_token")
    yield of_jwt("ist account", jwt(claims(ist="account")), "malformed_issuer")
    yield of_jwt("no ist", jwt(claims_without("ist")), "malformed_issuer")
    yield of_jwt("iss is a number", jwt(claims(iss=int(API_KEY))), "malformed_issuer", **IN_PART)
    yield of_jwt("no iss", jwt(claims_without("iss")), "malformed_issuer", **IN_PART)


def sessions():
    yield of_jwt("no session_id", jwt(claims_without("session_id")), "missing_session_id", **IN_PART)
    yield of_jwt("no session_id", jwt(claims_without("session_id")), "missing_session_id", **IN_PART, free=True)
    yield of_t1("no session_id", t1(fields_without("session_id")), "missing_session_id", **IN_PART)
    for name, session_id in {
        "made up": "not-a-session",
        "empty": "",
        "without a prefix": SESSION_ID[2:],
        "whose base64 has a length of 1 mod 4": f"{SESSION_ID}AA",
    }.items():
        change = {"session_id": session_id}
        yield from in_both_formats(f"session ID {name}", change, change, "malformed_session_id", **IN_PART)
    yield of_jwt("session ID is a number", jwt(claims(session_id=1)), "malformed_session_id", **IN_PART)
    for session_id, finding in (
        (OTHER_SESSION_ID, "session_of_other_project"),
        (SESSION_ID_OF_AN_APPLICATION, "session_of_application"),
    ):
        for of_format, token in (
            (of_jwt, jwt(claims(session_id=session_id))),
            (of_t1, t1(fields_with(session_id=session_id))),
        ):
            yield from in_both_forms(of_format, finding.replace("_", " "), token, finding)
    for of_format, token in ((of_jwt, jwt()), (of_t1, t1())):
        yield from in_both_forms(
            of_format,
            "another session is expected",
            token,
            "token_of_other_session",
            session_id=SESSION_ID_WITH_LOCATION,
        )
    yield of_jwt("what is expected is no session ID", jwt(), "token_of_other_session", session_id="not-a-session")


def roles():
    yield of_jwt("no role", jwt(claims_without("role")), "missing_role", **IN_PART)
    yield of_jwt("no role", jwt(claims_without("role")), "missing_role", **IN_PART, free=True)
    yield of_t1("no role, soundly signed", t1(fields_without("role")), "missing_role", **IN_PART)
    yield of_jwt("role is null", jwt(claims(role=None)), "missing_role", "null_field", **IN_PART)
    for role, finding in (
        ("admin", "unknown_role"),
        ("publisher-only", "unknown_role"),
        ("", "unknown_role"),
        ("Publisher", "miscased_role"),
        ("MODERATOR", "miscased_role"),
        ("publisherOnly", "miscased_role"),
        ("publ\u0131sher", "localized_role"),
        ("subscr\u0131ber", "localized_role"),
        ("publ\u0131sheronly", "localized_role"),
    ):
        name = f"role {role!a}"
        yield from in_both_formats(name, {"role": role}, {"role": form_encode(role)}, finding, **IN_PART)
    yield of_jwt("role is a number", jwt(claims(role=1)), "unknown_role", **IN_PART)
    yield of_jwt("role in a list", jwt(claims(role=["publisher"])), "unknown_role", **IN_PART)
    yield of_t1("role 'Publisher'", t1(fields_with(role="Publisher")), "miscased_role", **IN_PART, free=True)


# --- times ---


def missing_and_malformed_times():
    yield of_jwt("no iat", jwt(claims_without("iat")), "missing_create_time", **IN_PART)
    yield of_t1("no create_time, soundly signed", t1(fields_without("create_time")), "missing_create_time", **IN_PART)
    for name, value in {"text": str(CREATE_TIME), "negative": -1, "a list": []}.items():
        yield of_jwt(f"iat is {name}", jwt(claims(iat=value)), "malformed_create_time", **IN_PART)
    wrong_times = {
        "empty": "",
        "negative": "-1",
        "with a leading zero": "01700000000",
        "with a fraction": "1700000000.5",
    }
    for name, value in wrong_times.items():
        yield of_t1(f"create_time {name}", t1(fields_with(create_time=value)), "malformed_create_time", **IN_PART)
        yield of_t1(f"expire_time {name}", t1(fields_with(expire_time=value)), "malformed_expire_time", **NOT_AT_ALL)
    exponent = t1(fields_with(expire_time="1.7000036e%2B9"))
    yield of_t1("expire_time with an exponent", exponent, "malformed_expire_time", **NOT_AT_ALL)
    yield from in_both_forms(of_jwt, "no exp", jwt(claims_without("exp")), "missing_expiry", **NOT_AT_ALL)
    yield of_jwt("exp is null", jwt(claims(exp=None)), "missing_expiry", "null_field", **NOT_AT_ALL)
    for name, value in {"text": str(EXPIRE_TIME), "negative": -1, "true": True}.items():
        yield of_jwt(f"exp is {name}", jwt(claims(exp=value)), "malformed_expire_time", **NOT_AT_ALL)
    yield of_jwt("nbf is text", jwt(claims(nbf=str(CREATE_TIME))), "malformed_not_before", **IN_PART)
    yield of_jwt("nbf is null", jwt(claims(nbf=None)), "null_field")
    without_expiry = t1(fields_without("expire_time"))
    day = {"expire_time": CREATE_TIME + DAY}
    yield from in_both_forms(of_t1, "no expire_time", without_expiry, "default_expiry", **day)
    late = {**day, "now": CREATE_TIME + DAY}
    yield of_t1("no expire_time, a day later", without_expiry, "token_expired", "default_expiry", **late)


def clock():
    for of_format, token in ((of_jwt, jwt()), (of_t1, t1())):
        yield of_format("last second", token, now=EXPIRE_TIME - 1)
        yield from in_both_forms(of_format, "expires now", token, "token_expired", now=EXPIRE_TIME)
        yield of_format("expired 1 second ago", token, "token_expired", now=EXPIRE_TIME + 1)
        yield of_format("expired a year ago", token, "token_expired", now=EXPIRE_TIME + 365 * DAY)
        yield of_format("issued now", token, now=CREATE_TIME)
        yield from in_both_forms(of_format, "issued 1 second ahead", token, "clock_skew", now=CREATE_TIME - 1)
        yield of_format("issued 60 seconds ahead", token, "clock_skew", now=CREATE_TIME - 60)
        ahead = "issued_in_the_future"
        yield from in_both_forms(of_format, "issued 61 seconds ahead", token, ahead, now=CREATE_TIME - 61)
        yield of_format("issued an hour ahead", token, ahead, now=CREATE_TIME - 3600)
    yield of_jwt("nbf is now", jwt(claims(nbf=NOW)))
    yield from in_both_forms(of_jwt, "nbf in 1 second", jwt(claims(nbf=NOW + 1)), "not_before")


def lifetimes():
    longest = CREATE_TIME + THIRTY_DAYS
    for name, expire_time, *findings in (
        ("expires exactly 30 days after issue", longest),
        ("expires 30 days and 1 second after issue", longest + 1, "lifetime_too_long"),
        ("expires at 10^11", 10**11, "lifetime_too_long"),
        ("expires beyond 10^11", 10**11 + 1, "milliseconds"),
        ("expiry in milliseconds", EXPIRE_TIME * 1000, "milliseconds"),
    ):
        changes = {"exp": expire_time}, {"expire_time": str(expire_time)}
        yield from in_both_formats(name, *changes, *findings, expire_time=expire_time)
    issued = {"iat": CREATE_TIME * 1000}, {"create_time": str(CREATE_TIME * 1000)}
    yield from in_both_formats("time of issue in milliseconds", *issued, "milliseconds")
    both = {"iat": CREATE_TIME * 1000, "exp": EXPIRE_TIME * 1000}
    both_of_t1 = {"create_time": str(CREATE_TIME * 1000), "expire_time": str(EXPIRE_TIME * 1000)}
    yield from in_both_formats(
        "both times in milliseconds", both, both_of_t1, "milliseconds", expire_time=EXPIRE_TIME * 1000
    )
    yield of_jwt(
        "expiry in milliseconds",
        jwt(claims(exp=EXPIRE_TIME * 1000)),
        "milliseconds",
        expire_time=EXPIRE_TIME * 1000,
        free=True,
    )
    yield of_jwt("nbf in milliseconds", jwt(claims(nbf=CREATE_TIME * 1000)), "milliseconds")
    issued_at_bound = jwt(claims(iat=10**11, exp=10**11 + 3600))
    yield of_jwt(
        "issued at 10^11, not beyond",
        issued_at_bound,
        "issued_in_the_future",
        expire_time=10**11 + 3600,
    )


def fractional_times():
    found = "fractional_time"
    yield of_jwt("exp with a fraction", jwt(claims(exp=EXPIRE_TIME + 0.5)), found)
    yield of_jwt("exp with a fraction of zero", jwt(claims_text(str(EXPIRE_TIME), f"{EXPIRE_TIME}.0")), found)
    yield of_jwt("exp with an exponent", jwt(claims_text(str(EXPIRE_TIME), "1.7000036e9")), found)
    yield of_jwt("iat with a fraction", jwt(claims(iat=CREATE_TIME + 0.25)), found)
    yield of_jwt(
        "iat and exp with fractions", jwt(claims(iat=CREATE_TIME + 0.25, exp=EXPIRE_TIME + 0.25)), found, free=True
    )
    half_past = jwt(claims(exp=NOW + 0.5))
    yield of_jwt("expires half a second ahead: rounded down", half_past, "token_expired", found, expire_time=NOW)
    yield of_jwt("nbf half a second ahead: rounded up", jwt(claims(nbf=NOW + 0.5)), "not_before", found)
    yield of_jwt("nbf half a second ago", jwt(claims(nbf=NOW - 0.5)), found)
    yield of_jwt("fractional nonce", jwt(claims(nonce=0.25)))


# --- data, layout and other claims ---


def types():
    for name, change, finding in (
        ("nonce is an object", {"nonce": {}}, "malformed_nonce"),
        ("nonce is true", {"nonce": True}, "malformed_nonce"),
        ("data is a number", {"connection_data": 5}, "malformed_data"),
        ("data is an object", {"connection_data": {"name": "Ada"}}, "malformed_data"),
        ("layout is a number", {"initial_layout_class_list": 1}, "malformed_layout"),
        ("layout is an object", {"initial_layout_class_list": {}}, "malformed_layout"),
    ):
        yield of_jwt(name, jwt(claims(**change)), finding, **IN_PART)


def of_data(name, data, *findings):
    fields = {"connection_data": form_encode(data)}
    return in_both_formats(name, {"connection_data": data}, fields, *findings)


def data_lengths():
    for name, data, *findings in (
        ("1000 ASCII characters", "x" * 1000),
        ("1001 ASCII characters", "x" * 1001, "data_too_long"),
        ("500 emoji, 1000 UTF-16 units", "\U0001f600" * 500),
        ("501 emoji, 1002 UTF-16 units", "\U0001f600" * 501, "data_too_long"),
        ("1000 CJK characters", "\u4e2d" * 1000),
    ):
        yield of_jwt(f"data of {name}", jwt(claims(connection_data=data)), *findings)
    too_long = t1(fields_with(connection_data="x" * 1001))
    yield from in_both_forms(of_t1, "data of 1001 ASCII characters", too_long, "data_too_long")


HEX_40 = "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3"
EMAIL_ADDRESS, TELEPHONE_NUMBER, SECRET = (
    "data_with_email_address",
    "data_with_telephone_number",
    "data_with_secret",
)
DATA_WITH_CLUES = {
    EMAIL_ADDRESS: (
        "ada@example.com",
        '{"name":"Ada","email":"ada.lovelace@mail.example.co.uk"}',
        "Ada <ada+video@example.org>",
    ),
    TELEPHONE_NUMBER: (
        "+31612345678",
        "+12345678",
        "phone=+1 (555) 123-4567",
        "555-123-4567",
        "call 555.123.4567 now",
        '{"phone":"(555) 123-4567"}',
    ),
    SECRET: (
        "-----BEGIN PRIVATE KEY-----\nbm90IGEga2V5\n-----END PRIVATE KEY-----",
        jwt(),
        HEX_40,
        f'{{"key":"{HEX_40}"}}',
        "user=ada&password=hunter2",
        "passwd: hunter2",
        '{"secret": "s3cr3t"}',
        "secret = s3cr3t",
    ),
}
DATA_WITHOUT_CLUES = (
    "2023-11-14",
    "2023-11-14T22:13:20Z",
    "29f760f8-7ce1-46c9-ade3-f2dedee4ed5f",
    "12345678-1234-1234-1234-123456789012",
    "192.168.100.200",
    "userId=1234567890",
    "1700000000",
    "+1234567",
    "123-45-6789",
    "123-456-789",
    "a@b",
    "@ada, see level 4.2",
    "secretary: Ada",
    "forgot the password",
    HEX_40[:39],
    f"{HEX_40}0",
    HEX_40.upper(),
)


def data_clues():
    for finding, texts in DATA_WITH_CLUES.items():
        for text in texts:
            yield of_jwt(f"data {text[:40]!a}", jwt(claims(connection_data=text)), finding)
        encoded = t1(fields_with(connection_data=form_encode(texts[0])))
        yield from in_both_forms(of_t1, f"data {texts[0][:40]!a}", encoded, finding)
    for text in DATA_WITHOUT_CLUES:
        # The whole text is in the name: some differ only at the end.
        yield of_jwt(f"harmless data {text!a}", jwt(claims(connection_data=text)))
    everything = "ada@example.com +31612345678 password=hunter2"
    clues = (EMAIL_ADDRESS, TELEPHONE_NUMBER, SECRET)
    yield from of_data("data with all three clues", everything, *clues)
    yield from of_data("long data with an address", everything[:15].ljust(1001), "data_too_long", EMAIL_ADDRESS)
    yield of_jwt("an address elsewhere", jwt(claims(sub="ada@example.com")))


def claims_that_are_lost():
    yield from in_both_forms(of_jwt, "data instead of connection_data", jwt(claims(data="Ada")), "data_claim")
    yield of_jwt("data beside connection_data", jwt(claims(data="Ada", connection_data="Ada")))
    for name in ("expireTime", "expire_at", "initialLayoutClassList", "initial_layout_list", "connectionData"):
        yield of_jwt(f"claim {name}", jwt(claims(**{name: "x"})), "misnamed_claim")
        yield of_jwt(f"claim {name} is null", jwt(claims(**{name: None})), "null_field")
    yield of_jwt("two misnamed claims", jwt(claims(expireTime=1, connectionData="x")), "misnamed_claim")
    without_expiry = jwt({**claims_without("exp"), "expireTime": EXPIRE_TIME})
    yield of_jwt("expireTime instead of exp", without_expiry, "missing_expiry", "misnamed_claim", **NOT_AT_ALL)
    nulls = {"connection_data": None, "initial_layout_class_list": None, "nonce": None, "data": None}
    yield from in_both_forms(of_jwt, "four nulls", jwt(claims(**nulls)), "null_field")
    yield from in_both_forms(of_jwt, "subject", jwt(claims(subject="video")), "subject_claim")


def layouts():
    of_list = jwt(claims(initial_layout_class_list=["focus", "full"]))
    yield from in_both_forms(of_jwt, "layout as an array", of_list, "layout_as_array")
    for name, layout in {"a plus sign": "focus+main", "an escape": "focus%20main"}.items():
        encoded = {"initial_layout_class_list": form_encode(layout)}
        given = {"initial_layout_class_list": layout}
        yield from in_both_formats(f"layout with {name}", given, encoded, "url_encoded_layout")
    encoded = {"initial_layout_class_list": form_encode("focus,inactive")}
    given = {"initial_layout_class_list": "focus,inactive"}
    yield from in_both_formats("layout with a comma", given, encoded, "comma_separated_layout")
    yield of_jwt("layout with a percent sign", jwt(claims(initial_layout_class_list="width-50% main")))
    yield of_t1("layout with a space as a plus sign", t1(fields_with(initial_layout_class_list="focus+main")))


def ignored_fields():
    """Fields of a T1 token that nobody reads: in the head, which is not signed, or without a name."""
    signature = t1_signature(API_SECRET, octets(signed_text(FIELDS)))
    for name, head, *findings in (
        ("signature in capitals", f"partner_id={API_KEY}&sig={signature.upper()}:"),
        ("signature first", f"sig={signature}&partner_id={API_KEY}:"),
        ("sdk_version in the head", f"partner_id={API_KEY}&sdk_version=v4.12.0&sig={signature}:", "ignored_field"),
        ("expire_time in the head", f"partner_id={API_KEY}&sig={signature}&expire_time=300:", "ignored_field"),
    ):
        yield from in_both_forms(of_t1, name, t1_with_head(head.encode("ascii")), *findings)
    yield of_t1("a field without a name", t1_of_text(f"{signed_text(FIELDS)}&=x"), "ignored_field")
    yield of_t1("a field without name and value", t1_of_text(f"{signed_text(FIELDS)}&="), "ignored_field")


def unencoded_data():
    lost = t1([*fields_with(connection_data="name=Bob"), ("level", "4")])
    yield from in_both_forms(of_t1, "data that was not encoded", lost, "unencoded_data")
    node = fields_of(FIELDS_OF_NODE, nonce="0.38", connection_data="Bob")
    assert node[-1][0] == "scope"
    yield of_t1("scope after the data, as the Node SDK writes it", t1(node))
    old = t1([*fields_with(connection_data="Bob"), ("sdk_version", "tb-dashboard-javascript-v1")])
    yield of_t1("sdk_version after the data, as old SDKs write it", old)
    yield of_t1("an unknown field before the data", t1([("x", "1"), *fields_with(connection_data="Bob")]))


def many_fields():
    """An inspection shows 256 fields; the members that stand in every token are among them."""
    for count, findings in ((256, ()), (257, ("many_fields",))):
        more = range(count - len(CLAIMS))
        of_jwt_text = claims_text_with(",".join(f'"x{number}":0' for number in more))
        yield of_jwt(f"{count} claims", jwt(of_jwt_text), *findings)
        more = range(count - len(FIELDS))
        of_t1_text = signed_text(FIELDS) + "".join(f"&x{number}=0" for number in more)
        yield of_t1(f"{count} fields", t1_of_text(of_t1_text), *findings)


def url_safe_t1():
    raw_layout = {"initial_layout_class_list": TEXT_THAT_TELLS_ALPHABETS_APART}
    yield of_t1("standard alphabet with + and /", t1(fields_with(**raw_layout)))
    java = in_url_alphabet(t1(fields_of(FIELDS_OF_JAVA, nonce="522937336", **raw_layout)))
    assert "-" in java and "_" in java
    yield from in_both_forms(of_t1, "URL-safe alphabet, as the Java SDK writes it", java, "url_safe_base64")


# --- what the official SDKs write when they go wrong ---


def defects_of_official_sdks():
    php = claims_of(CLAIMS_OF_PHP, nonce=694581392)
    missing = "missing_expiry"
    yield of_jwt("PHP SDK, the default", jwt(php, HEADER_OF_PHP), missing, "null_field", **NOT_AT_ALL)
    php_layout = {**php, "initial_layout_class_list": "focus+main"}
    yield of_jwt(
        "PHP SDK, layout classes",
        jwt(php_layout, HEADER_OF_PHP),
        missing,
        "url_encoded_layout",
        "null_field",
        **NOT_AT_ALL,
    )
    php_key = jwt({**php, "iss": int(API_KEY)}, HEADER_OF_PHP)
    yield of_jwt("PHP SDK, the key as a number", php_key, "malformed_issuer", missing, "null_field", **NOT_AT_ALL)
    ruby = claims_of("iss ist iat nonce role scope session_id", nonce=0.12725227617713586)
    yield from in_both_forms(of_jwt, "Ruby SDK, no expiry", jwt(ruby, HEADER_OF_PHP), missing, **NOT_AT_ALL)
    ruby_t1 = t1(fields_of(FIELDS_OF_RUBY, nonce="0.3401614191254799", connection_data=""))
    yield of_t1("Ruby SDK, no expiry", ruby_t1, "default_expiry", expire_time=CREATE_TIME + DAY)

    never = claims_of(CLAIMS_OF_NODE, nonce=0.8224, exp=None, expire_time=None)
    yield of_jwt("Node SDK, an expiry of Infinity", jwt(never), missing, "null_field", **NOT_AT_ALL)
    five_minutes = claims_of(CLAIMS_OF_NODE, nonce=0.6436, exp=CREATE_TIME + 300, expire_time=None)
    yield of_jwt("Node SDK, an expiry of NaN", jwt(five_minutes), "null_field", expire_time=CREATE_TIME + 300)
    milliseconds = {"exp": EXPIRE_TIME * 1000, "expire_time": EXPIRE_TIME * 1000}
    in_milliseconds = jwt(claims_of(CLAIMS_OF_NODE, nonce=0.7341, **milliseconds))
    yield of_jwt("Node SDK, milliseconds", in_milliseconds, "milliseconds", expire_time=EXPIRE_TIME * 1000)
    for name, expire_time in {"an expiry of NaN": "", "a fractional expiry": f"{EXPIRE_TIME}.7"}.items():
        node = t1(fields_of(FIELDS_OF_NODE, nonce="0.7006589511831418", expire_time=expire_time))
        yield of_t1(f"Node SDK, {name}", node, "malformed_expire_time", **NOT_AT_ALL)
    rounded_up = t1(fields_of(FIELDS_OF_NODE, nonce="0.34076450903326627", create_time=str(NOW + 1)))
    yield of_t1("Node SDK, its time rounded up", rounded_up, "clock_skew")

    turkish = claims_of(CLAIMS_OF_JAVA, nonce=-1871235811, role="publ\u0131sher", jti="AAECAwQFBgcICQoLDA0ODw")
    yield of_jwt("Java SDK, Turkish locale", jwt(turkish, header={"alg": "HS256"}), "localized_role", **IN_PART)
    turkish = fields_of(FIELDS_OF_JAVA, nonce="-1871235811", role=form_encode("publ\u0131sher"))
    yield of_t1("Java SDK, Turkish locale", t1(turkish), "localized_role", **IN_PART)
    injection = {"initial_layout_class_list": "focus&role=moderator"}
    java = t1(fields_of(FIELDS_OF_JAVA, nonce="-1871235811", **injection))
    yield from in_both_forms(of_t1, "Java SDK, a layout class that is a field", java, "duplicate_field", **IN_PART)
    raw_percent = t1(fields_of(FIELDS_OF_JAVA, nonce="1", initial_layout_class_list="width-50%"))
    yield of_t1("Java SDK, a layout class with a percent sign", raw_percent, "malformed_fields", **IN_PART)
    dotnet = t1(fields_of(FIELDS_OF_DOTNET, nonce="31028", expire_time=str(EXPIRE_TIME), **injection))
    yield of_t1(".NET SDK, a layout class that is a field", dotnet, "duplicate_field", **IN_PART)
    foreign = t1(fields_of(FIELDS_OF_DOTNET, nonce="982983", session_id=OTHER_SESSION_ID))
    yield of_t1(
        ".NET SDK, a session of another project",
        foreign,
        "session_of_other_project",
        "default_expiry",
        expire_time=CREATE_TIME + DAY,
    )

    data_twice = t1([*FIELDS, ("connection_data", "a"), ("connection_data", "b")])
    yield of_t1("Python SDK, data that is a list", data_twice, "duplicate_field", **IN_PART)
    yield of_jwt(
        "Python SDK, data that is a list", jwt(claims(connection_data=["a", "b"])), "malformed_data", **IN_PART
    )


# --- several faults ---


def several_faults():
    badly_signed = {"signature": "invalid"}
    late = {"now": EXPIRE_TIME + 1}
    expired = "token_expired"
    yield of_jwt(
        "badly signed and expired", jwt(secret=SECRET_OF_NOBODY), "invalid_signature", expired, **badly_signed, **late
    )
    yield of_t1(
        "badly signed and expired", t1(secret=SECRET_OF_NOBODY), "invalid_signature", expired, **badly_signed, **late
    )
    yield of_jwt("a line feed, and expired", f"{jwt()}\n", "white_space_around", expired, **late)
    yield of_jwt(
        "alg none and expired",
        jwt(header={"alg": "none"}),
        "unsupported_algorithm",
        expired,
        signature="unchecked",
        **late,
    )
    change = {"session_id": OTHER_SESSION_ID}
    foreign = "session_of_other_project"
    yield from in_both_formats("of a foreign session and expired", change, change, foreign, expired, **late)
    wrong_role = {"role": "admin"}
    yield from in_both_formats(
        "an unknown role and expired", wrong_role, wrong_role, "unknown_role", expired, **IN_PART, **late
    )
    too_long = CREATE_TIME + THIRTY_DAYS + 1
    changes = {"exp": too_long}, {"expire_time": str(too_long)}
    long_past = {"expire_time": too_long, "now": too_long}
    yield from in_both_formats("too long and expired", *changes, "lifetime_too_long", expired, **long_past)
    changes = {"iat": CREATE_TIME * 1000}, {"create_time": str(CREATE_TIME * 1000)}
    yield from in_both_formats("issue in milliseconds and expired", *changes, expired, "milliseconds", **late)
    yield of_jwt("not yet, and not for long", jwt(claims(nbf=NOW + 7200)), expired, "not_before", **late)
    lonely = jwt({name: CLAIMS[name] for name in ("iss", "ist", "iat", "exp", "session_id")})
    yield of_jwt("neither scope nor role", lonely, "not_a_client_token", "missing_role", **IN_PART)
    yield of_jwt(
        "refused before warnings before notes",
        jwt(claims(subject="video", initial_layout_class_list=["focus"], connection_data="ada@example.com")),
        expired,
        EMAIL_ADDRESS,
        "layout_as_array",
        "subject_claim",
        **late,
    )


def assert_findings_are_known_and_ordered(vector):
    findings = vector["expected"]["findings"]
    refused = [finding for finding in findings if finding in REFUSED]
    others = [finding for finding in findings if finding not in REFUSED]
    assert findings == refused + sorted(others, key=WARNINGS_AND_NOTES.index), vector["name"]


def vectors():
    for group in (
        sound_tokens,
        wrappings,
        text_around,
        escapes,
        characters_behind,
        several_wrappings,
        texts_that_are_no_token,
        truncated_jwt,
        truncated_t1,
        malformed_jwt,
        malformed_t1,
        duplicates,
        algorithms,
        application_tokens,
        signatures,
        projects,
        kinds_of_token,
        sessions,
        roles,
        missing_and_malformed_times,
        clock,
        lifetimes,
        fractional_times,
        types,
        data_lengths,
        data_clues,
        claims_that_are_lost,
        layouts,
        url_safe_t1,
        ignored_fields,
        unencoded_data,
        many_fields,
        defects_of_official_sdks,
        several_faults,
    ):
        for vector in group():
            assert_findings_are_known_and_ordered(vector)
            yield vector
