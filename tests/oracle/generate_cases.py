"""The cases of generate.json: inputs only. `generate_vectors.py` works out the tokens.

A case is (name, api_key, api_secret, session_id, options). Every case gives `create_time` and `nonce`, because a
token is reproducible only with both.
"""

from notation import expand, repeat, utf16_length
from projects import (
    API_KEY,
    API_SECRET,
    LONGEST_SESSION_ID,
    PROJECT_OF_2016,
    PROJECT_OF_2019,
    PROJECT_OF_2025,
    SESSION_ID,
    SESSION_ID_WITH_LOCATION,
    session_id_of,
)

CREATE_TIME = 1700000000
NONCE = 402117
DAY = 86400
THIRTY_DAYS = 2592000
LARGEST_EXPIRE_TIME = 100000000000
LARGEST_NONCE = 9007199254740991

ALL_ASCII = "".join(chr(code) for code in range(128))
ALL_ASCII_BUT_DEL = ALL_ASCII[:-1]

DATA = {
    "one letter": "a",
    "two letters": "ab",
    "three letters": "abc",
    "JSON of a user": '{"name":"Ada Lovelace","id":42}',
    "every ASCII character but DEL": ALL_ASCII_BUT_DEL,
    "every ASCII character": ALL_ASCII,
    "reserved characters of URLs and forms": "a&b=c+d%e:f~g/h?i#j[k]l@m!n$o'p(q)r*s,t;u",
    "text that looks like form encoding": "%20%2B+%zz%",
    "text that imitates the fields of T1": "x&role=moderator&sig=00:role=moderator",
    "quotation marks and backslashes": '"\'\\ \\" \\\\ \\u0041 </script>',
    "a single NUL": "\x00",
    "NUL inside": "before\x00after",
    "DEL": "a\x7fb",
    "line feed": "first\nsecond",
    "CR LF": "first\r\nsecond",
    "tab": "left\tright",
    "spaces outside and inside": "  two  spaces  ",
    "C1 control characters": "\u0080\u0085\u009f",
    "Latin letters": "caf\u00e9 \u00fcber stra\u00dfe",
    "composed and decomposed, not normalised": "\u00e9 e\u0301 \u212b",
    "line and paragraph separators U+2028 U+2029": "a\u2028b\u2029c",
    "CJK": "\u4e2d\u6587\u5b57\u5e55 \u65e5\u672c\u8a9e \ud55c\uad6d\uc5b4",
    "emoji with joiner and skin tone": "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f44d\U0001f3fd",
    "right-to-left with override": "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \u202eabc\u202c",
    "byte order mark and noncharacter": "\ufeffa\uffff",
    "first and last character beyond U+FFFF": "\U00010000\U0010ffff",
}

DATA_OF_1000_UNITS = {
    "ASCII": repeat("x", 1000),
    "emoji": repeat("\U0001f600", 500),
    "CJK": repeat("\u4e2d", 1000),
    "one, two, three and four byte characters": repeat("a\u00e9\u4e2d\U0001f600", 200),
    "NUL": repeat("\x00", 1000),
    "percent signs": repeat("%", 1000),
}

LAYOUT_CLASSES = {
    "empty list": [],
    "one class": ["focus"],
    "several classes": ["focus", "full-screen", "column_2"],
    "the same class twice": ["focus", "focus"],
    "non-ASCII classes": ["caf\u00e9", "\u4e2d\u6587", "\U0001f600"],
    "classes of reserved characters": ["a&b=c", "d+e", "%20", '"q"', "\\", "x/y:z"],
    "a class that imitates a field of T1": ["focus&role=moderator"],
    "one class of 1000 UTF-16 units": [repeat("x", 1000)],
    "1000 UTF-16 units joined": [repeat("x", 499), repeat("\U0001f600", 250)],
}


def in_both_formats(name, options, api_key=API_KEY, api_secret=API_SECRET, session_id=SESSION_ID):
    for token_format in ("jwt", "t1"):
        complete = {**options, "token_format": token_format}
        complete.setdefault("create_time", CREATE_TIME)
        complete.setdefault("nonce", NONCE)
        yield f"{token_format}: {name}", api_key, api_secret, session_id, complete


def defaults():
    bare = {"create_time": CREATE_TIME, "nonce": NONCE}
    yield "no option: a JWT for a publisher, 24 hours", API_KEY, API_SECRET, SESSION_ID, bare
    yield from in_both_formats("no option but the format", {})


def roles():
    for role in ("subscriber", "publisher", "publisheronly", "moderator"):
        yield from in_both_formats(f"role {role}", {"role": role})


def expiries():
    yield from in_both_formats("expires one second after creation", {"expire_time": CREATE_TIME + 1})
    yield from in_both_formats("expires exactly 30 days after creation", {"expire_time": CREATE_TIME + THIRTY_DAYS})
    yield from in_both_formats("expires in one second", {"expires_in": 1})
    yield from in_both_formats("expires in exactly 30 days", {"expires_in": THIRTY_DAYS})
    yield from in_both_formats("expires in 15 minutes", {"expires_in": 900})


def create_times():
    largest_with_default_expiry = LARGEST_EXPIRE_TIME - DAY
    yield from in_both_formats("created at the epoch", {"create_time": 0})
    yield from in_both_formats("created in the last second of 31 bits", {"create_time": 2**31 - 1})
    yield from in_both_formats("created after 32 bits", {"create_time": 2**32})
    yield from in_both_formats("latest default expiry", {"create_time": largest_with_default_expiry})
    yield from in_both_formats(
        "latest expiry there is",
        {"create_time": LARGEST_EXPIRE_TIME - THIRTY_DAYS, "expire_time": LARGEST_EXPIRE_TIME},
    )


def nonces():
    yield from in_both_formats("nonce 0", {"nonce": 0})
    yield from in_both_formats("nonce 2^53 - 1", {"nonce": LARGEST_NONCE})


def data():
    yield from in_both_formats("empty data is no data", {"data": ""})
    for name, text in DATA.items():
        yield from in_both_formats(f"data: {name}", {"data": text})
    for name, text in DATA_OF_1000_UNITS.items():
        yield from in_both_formats(f"data of exactly 1000 UTF-16 units: {name}", {"data": text})


def layout_classes():
    for name, classes in LAYOUT_CLASSES.items():
        yield from in_both_formats(f"layout: {name}", {"initial_layout_class_list": classes})


def everything_at_once():
    everything = {
        "role": "moderator",
        "expire_time": CREATE_TIME + 3600,
        "data": "name=Ada & co",
        "initial_layout_class_list": ["focus", "full-screen"],
        "nonce": 31415926535,
    }
    yield from in_both_formats("every option set", everything)
    worst = {
        "role": "publisheronly",
        "expires_in": THIRTY_DAYS,
        "data": repeat("\u4e2d", 1000),
        "initial_layout_class_list": [repeat("\u6587", 1000)],
        "nonce": LARGEST_NONCE,
    }
    yield from in_both_formats("long in every field", worst, session_id=LONGEST_SESSION_ID)


def sessions_and_projects():
    yield from in_both_formats("session with a location", {}, session_id=SESSION_ID_WITH_LOCATION)
    with_both_characters = session_id_of("1~123456~~1547080521136~???>>>~~")
    assert "_" in with_both_characters[2:] and "-" in with_both_characters
    yield from in_both_formats("session with _ and - in its body", {}, session_id=with_both_characters)
    yield from in_both_formats("longest session ID", {}, session_id=LONGEST_SESSION_ID)
    for year, project in (("2016", PROJECT_OF_2016), ("2019", PROJECT_OF_2019), ("2025", PROJECT_OF_2025)):
        yield from in_both_formats(f"project of {year}", {}, *project)
    yield from in_both_formats("API key of one digit", {}, "7", API_SECRET, session_id_of("1~7~~1547080521136~x~~"))
    longest_key = "12345678901234567890"
    session_id = session_id_of(f"1~{longest_key}~~1547080521136~x~~")
    yield from in_both_formats("API key of 20 digits", {}, longest_key, API_SECRET, session_id)


def secrets():
    secrets_by_name = {
        "of 64 characters, one block of the hash": "0123456789abcdef" * 4,
        "of 65 characters, which HMAC hashes first": "0123456789abcdef" * 4 + "0",
        "with non-ASCII characters": "test-s\u00e9cr\u00e8t-\u4e2d\u6587-\U0001f511-not-a-real-one",
        "with spaces and quotation marks inside": 'test secret with "quotes" & spaces, not a real one',
    }
    for name, secret in secrets_by_name.items():
        yield from in_both_formats(f"secret {name}", {}, api_secret=secret)


def cases():
    for group in (
        defaults,
        roles,
        expiries,
        create_times,
        nonces,
        data,
        layout_classes,
        everything_at_once,
        sessions_and_projects,
        secrets,
    ):
        yield from group()


def assert_lengths_are_what_the_names_say():
    for text in DATA_OF_1000_UNITS.values():
        assert utf16_length(expand(text)) == 1000
    joined = " ".join(expand(text) for text in LAYOUT_CLASSES["1000 UTF-16 units joined"])
    assert utf16_length(joined) == 1000
