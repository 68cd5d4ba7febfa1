#include "sign.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *allocate(size_t size) {
    void *memory = malloc(size);
    if (memory == NULL) {
        perror("malloc");
        exit(2);
    }
    return memory;
}

static char *base64(const void *bytes, size_t length) {
    char *encoded = allocate((length + 2) / 3 * 4 + 1);
    EVP_EncodeBlock((unsigned char *)encoded, bytes, (int)length);
    return encoded;
}

static char *base64url(const void *bytes, size_t length) {
    char *encoded = base64(bytes, length);
    for (char *character = encoded; *character != '\0'; character++) {
        if (*character == '+') {
            *character = '-';
        } else if (*character == '/') {
            *character = '_';
        } else if (*character == '=') {
            *character = '\0';
        }
    }
    return encoded;
}

char *sign_jwt(const char *header, size_t header_length, const char *payload, size_t payload_length,
               const char *secret) {
    char *head = base64url(header, header_length);
    char *body = base64url(payload, payload_length);
    const size_t signed_length = strlen(head) + 1 + strlen(body);
    char *token = allocate(signed_length + 1 + 44 + 1);
    sprintf(token, "%s.%s", head, body);

    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned mac_length = 0;
    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const unsigned char *)token, signed_length, mac, &mac_length);
    char *signature = base64url(mac, mac_length);
    sprintf(token + signed_length, ".%s", signature);
    free(signature);
    free(body);
    free(head);
    return token;
}

char *sign_t1(const char *api_key, const char *data, size_t data_length, const char *secret) {
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned mac_length = 0;
    HMAC(EVP_sha1(), secret, (int)strlen(secret), (const unsigned char *)data, data_length, mac, &mac_length);

    char *raw = allocate(strlen(api_key) + 2 * sizeof mac + 64 + data_length);
    size_t length = (size_t)sprintf(raw, "partner_id=%s&sig=", api_key);
    for (unsigned index = 0; index < mac_length; index++) {
        length += (size_t)sprintf(raw + length, "%02x", mac[index]);
    }
    raw[length++] = ':';
    memcpy(raw + length, data, data_length);
    char *encoded = base64(raw, length + data_length);
    char *token = allocate(4 + strlen(encoded) + 1);
    sprintf(token, "T1==%s", encoded);
    free(encoded);
    free(raw);
    return token;
}

int is_rs256(const char *token, size_t length) {
    /* {"alg":"RS256" in base64url, but for the last character, which depends on what follows. */
    static const char START[] = "eyJhbGciOiJSUzI1NiI";
    return length >= sizeof START && memcmp(token, START, sizeof START - 1) == 0;
}
