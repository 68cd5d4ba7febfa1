"""Calls the shared library without its header, as languages do that cannot use macros.

Usage: ffi.py <libtokmint.so> <file of a private key in DER>
"""

import ctypes
import sys
from ctypes import CFUNCTYPE, POINTER, byref, c_char_p, c_int, c_int64, c_size_t, c_void_p
from pathlib import Path

SESSION_ID = b"1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"
SECRET = b"1234567890abcdef1234567890abcdef1234567890"


class TokenOptions(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("role", c_char_p),
        ("role_length", c_size_t),
        ("expire_time", c_int64),
        ("expires_in", c_int64),
        ("data", c_char_p),
        ("data_length", c_size_t),
        ("initial_layout_class_list", POINTER(c_char_p)),
        ("initial_layout_class_lengths", POINTER(c_size_t)),
        ("initial_layout_class_count", c_size_t),
        ("token_format", c_char_p),
        ("token_format_length", c_size_t),
        ("create_time", c_int64),
        ("nonce", c_int64),
        ("jti", c_char_p),
        ("jti_length", c_size_t),
    ]


class RestTokenOptions(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("expires_in", c_int64),
        ("create_time", c_int64),
        ("jti", c_char_p),
        ("jti_length", c_size_t),
    ]


class VerifyOptions(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("now", c_int64),
        ("leeway", c_int64),
        ("session_id", c_char_p),
        ("session_id_length", c_size_t),
    ]


library = ctypes.CDLL(sys.argv[1])
library.tokmint_inspection_expire_time.restype = c_int64
library.tokmint_inspection_now.restype = c_int64
library.tokmint_string_free.argtypes = [c_void_p]

opentok = c_void_p()
assert library.tokmint_opentok_new(b"123456", c_size_t(6), SECRET, c_size_t(len(SECRET)), byref(opentok), None) == 0

# Memory that is not zero, so that only the function can have unset the options.
options = TokenOptions.from_buffer(bytearray(b"#" * ctypes.sizeof(TokenOptions)))
assert library.tokmint_token_options_init(byref(options), c_size_t(ctypes.sizeof(options))) == 0
options.create_time = 1700000000
options.expires_in = 60
token, length = c_void_p(), c_size_t()
session_id = [SESSION_ID, c_size_t(len(SESSION_ID))]
assert library.tokmint_generate_token(opentok, *session_id, byref(options), byref(token), byref(length), None) == 0

options = VerifyOptions.from_buffer(bytearray(b"#" * ctypes.sizeof(VerifyOptions)))
assert library.tokmint_verify_options_init(byref(options), c_size_t(ctypes.sizeof(options))) == 0
for now, status in [(1700000059, 0), (1700000060, 404)]:
    options.now = now
    verified = c_void_p()
    assert library.tokmint_verify_token(opentok, token, length, byref(options), byref(verified), None) == status, now
    library.tokmint_token_free(verified)

session = c_void_p()
assert library.tokmint_opentok_session(opentok, *session_id, byref(session), None) == 0
library.tokmint_session_id.restype = c_char_p
assert library.tokmint_session_id(session) == SESSION_ID
batch = (TokenOptions * 3)()
for element in batch:
    assert library.tokmint_token_options_init(byref(element), c_size_t(ctypes.sizeof(element))) == 0
    element.create_time = 1700000000
    element.nonce = 7
batch[1].role = b"root"
results = []


@CFUNCTYPE(c_int, c_void_p, c_size_t, c_int, c_char_p, c_size_t, c_char_p)
def callback(user_data, index, status, token, token_length, message):
    assert user_data == 4711 and (token is None) == (token_length == 0) == (message is not None)
    results.append((index, status, token))
    return 0


assert library.tokmint_session_generate_tokens(session, batch, c_size_t(3), callback, c_void_p(4711), None) == 0
of_session = c_void_p()
assert library.tokmint_session_generate_token(session, byref(batch[0]), byref(of_session), None, None) == 0
expected = ctypes.string_at(of_session)
assert results == [(0, 0, expected), (1, 300, None), (2, 0, expected)], results
library.tokmint_string_free(of_session)
library.tokmint_session_free(session)

inspection = c_void_p()
assert library.tokmint_inspect_token(None, token, length, None, byref(inspection), None) == 0
assert library.tokmint_inspection_expire_time(inspection) == 1700000060
assert library.tokmint_inspection_now(None) == -(2**63)

# A key is bytes, so DER passes as it is.
private_key = Path(sys.argv[2]).read_bytes()
application_id = b"a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9"
key = [private_key, c_size_t(len(private_key))]
application = c_void_p()
status = library.tokmint_opentok_new_application(application_id, c_size_t(36), *key, byref(application), None)
assert status == 0, status
library.tokmint_opentok_application_id.restype = c_char_p
library.tokmint_opentok_api_key.restype = c_char_p
assert library.tokmint_opentok_application_id(application) == application_id
assert library.tokmint_opentok_api_key(application) is None

options = RestTokenOptions.from_buffer(bytearray(b"#" * ctypes.sizeof(RestTokenOptions)))
assert library.tokmint_rest_token_options_init(byref(options), c_size_t(ctypes.sizeof(options))) == 0
options.create_time = 1700000000
options.jti = b"d412fd8f-921c-4b35-bdcd-bf2d39bb20ed"
tokens = []
for credentials in (opentok, application, application):
    rest_token = c_void_p()
    assert library.tokmint_generate_rest_token(credentials, byref(options), byref(rest_token), None, None) == 0
    tokens.append(ctypes.string_at(rest_token))
    library.tokmint_string_free(rest_token)
assert len(tokens[0]) < len(tokens[1]) and tokens[1] == tokens[2], tokens

library.tokmint_opentok_free(application)
library.tokmint_inspection_free(inspection)
library.tokmint_string_free(token)
library.tokmint_opentok_free(opentok)
print("FFI without macros: passed")
