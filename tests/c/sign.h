/* Signs any bytes as a token, as tests/vectors/attacks.json asks for in its generators `jwt` and `t1`. Uses OpenSSL and
 * nothing of tokmint, so what it signs is signed by somebody else. */

#ifndef SIGN_H
#define SIGN_H

#include <stddef.h>

/* base64url(header).base64url(payload).base64url(HMAC-SHA256), to be freed with free. */
char *sign_jwt(const char *header, size_t header_length, const char *payload, size_t payload_length,
               const char *secret);

/* "T1==" and the base64 of "partner_id=<key>&sig=<hex HMAC-SHA1>:<data>", to be freed with free. */
char *sign_t1(const char *api_key, const char *data, size_t data_length, const char *secret);

/* Whether a token is a JWT whose header names RS256. */
int is_rs256(const char *token, size_t length);

#endif
