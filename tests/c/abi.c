/* Prints the layout of every struct, which tests/c/abi.txt records: a program that was built with an older header must
 * find each field where it was. */

#include <stdio.h>
#include <string.h>

#include "tokmint.h"

#define SIZE(type) printf("%s %zu bytes\n", #type, sizeof(type))
#define FIELD(type, field) printf("  %s %zu+%zu\n", #field, offsetof(type, field), sizeof(((type *)NULL)->field))

int main(void) {
    SIZE(tokmint_status);
    SIZE(tokmint_token_options);
    FIELD(tokmint_token_options, size);
    FIELD(tokmint_token_options, role);
    FIELD(tokmint_token_options, role_length);
    FIELD(tokmint_token_options, expire_time);
    FIELD(tokmint_token_options, expires_in);
    FIELD(tokmint_token_options, data);
    FIELD(tokmint_token_options, data_length);
    FIELD(tokmint_token_options, initial_layout_class_list);
    FIELD(tokmint_token_options, initial_layout_class_lengths);
    FIELD(tokmint_token_options, initial_layout_class_count);
    FIELD(tokmint_token_options, token_format);
    FIELD(tokmint_token_options, token_format_length);
    FIELD(tokmint_token_options, create_time);
    FIELD(tokmint_token_options, nonce);
    FIELD(tokmint_token_options, jti);
    FIELD(tokmint_token_options, jti_length);
    SIZE(tokmint_rest_token_options);
    FIELD(tokmint_rest_token_options, size);
    FIELD(tokmint_rest_token_options, expires_in);
    FIELD(tokmint_rest_token_options, create_time);
    FIELD(tokmint_rest_token_options, jti);
    FIELD(tokmint_rest_token_options, jti_length);
    SIZE(tokmint_verify_options);
    FIELD(tokmint_verify_options, size);
    FIELD(tokmint_verify_options, now);
    FIELD(tokmint_verify_options, leeway);
    FIELD(tokmint_verify_options, session_id);
    FIELD(tokmint_verify_options, session_id_length);
    SIZE(tokmint_token);
    FIELD(tokmint_token, format);
    FIELD(tokmint_token, api_key);
    FIELD(tokmint_token, api_key_length);
    FIELD(tokmint_token, application_id);
    FIELD(tokmint_token, application_id_length);
    FIELD(tokmint_token, session_id);
    FIELD(tokmint_token, session_id_length);
    FIELD(tokmint_token, role);
    FIELD(tokmint_token, create_time);
    FIELD(tokmint_token, expire_time);
    FIELD(tokmint_token, data);
    FIELD(tokmint_token, data_length);
    FIELD(tokmint_token, initial_layout_class_list);
    FIELD(tokmint_token, initial_layout_class_lengths);
    FIELD(tokmint_token, initial_layout_class_count);
    FIELD(tokmint_token, nonce);
    FIELD(tokmint_token, nonce_length);
    SIZE(tokmint_signature);
    SIZE(tokmint_severity);
    SIZE(tokmint_inspect_options);
    FIELD(tokmint_inspect_options, size);
    FIELD(tokmint_inspect_options, now);
    FIELD(tokmint_inspect_options, session_id);
    FIELD(tokmint_inspect_options, session_id_length);
    SIZE(tokmint_field);
    FIELD(tokmint_field, name);
    FIELD(tokmint_field, name_length);
    FIELD(tokmint_field, value);
    FIELD(tokmint_field, value_length);
    SIZE(tokmint_finding);
    FIELD(tokmint_finding, code);
    FIELD(tokmint_finding, severity);
    FIELD(tokmint_finding, message);
    FIELD(tokmint_finding, server_message);
    for (int number = 0; number < 1000; number++) {
        const char *name = tokmint_error_name((tokmint_status)number);
        if (strcmp(name, "unknown") != 0) {
            printf("%d %s\n", number, name);
        }
    }
    return 0;
}
