// A callback of C that throws, which the header forbids: the process must end, rather than go on in any state.

#include <iostream>
#include <stdexcept>

#include "tokmint.h"

extern "C" int throwing(void *, std::size_t, tokmint_status, const char *, std::size_t, const char *) {
    std::cerr << "throws" << std::endl;
    throw std::runtime_error("of the callback");
}

int main() {
    tokmint_opentok *opentok = nullptr;
    tokmint_session *session = nullptr;
    const tokmint_token_options options = TOKMINT_TOKEN_OPTIONS_INIT;
    if (tokmint_opentok_new("123456", TOKMINT_NUL_TERMINATED, "1234567890abcdef1234567890abcdef1234567890",
                            TOKMINT_NUL_TERMINATED, &opentok, nullptr) != TOKMINT_STATUS_OK ||
        tokmint_opentok_session(opentok, "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4",
                                TOKMINT_NUL_TERMINATED, &session, nullptr) != TOKMINT_STATUS_OK) {
        return 2;
    }
    try {
        tokmint_session_generate_tokens(session, &options, 1, throwing, nullptr, nullptr);
    } catch (const std::runtime_error &) {
        std::cerr << "the exception came through" << std::endl;
    }
    return 0;
}
