// The C++ program of the checks that hold in every language: `programs.py` says what it prints.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "tokmint.hpp"

using tokmint::Inspection;
using tokmint::OpenTok;
using tokmint::Session;
using tokmint::Token;
using tokmint::TokenOptions;
using tokmint::VerifyOptions;

namespace {

const std::string api_key = "123456";
const std::string api_secret = "1234567890abcdef1234567890abcdef1234567890";
const std::string session_id = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";
const std::string application_id = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
const std::string session_of_application = "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-"
                                           "fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";

[[noreturn]] void fail(const std::string &why) {
    std::cerr << why << '\n';
    std::exit(1);
}

// Secrets

std::ostringstream seen;

/* Shows an error in every form, those of C included. */
void show_error(const tokmint::Error &error) {
    seen << error.what() << '\n' << error.code() << ' ' << error.number() << '\n';
    try {
        throw error;
    } catch (const std::exception &same) {
        seen << same.what() << '\n';
    }
}

void show(const Token &token) {
    seen << token.format << ' ' << token.session_id << ' ' << token.role << ' ' << token.data << ' ' << token.nonce
         << '\n';
    for (const std::string &name : token.initial_layout_class_list) {
        seen << name << '\n';
    }
}

void show(const Inspection &inspection) {
    seen << inspection.to_text() << inspection.to_json() << '\n';
    for (const tokmint::Field &field : inspection.fields()) {
        seen << field.name << '=' << field.value << '\n';
    }
    for (const tokmint::Finding &finding : inspection.findings()) {
        seen << finding.code << ' ' << finding.message << ' ' << finding.server_message.value_or("") << '\n';
    }
}

void show(const std::string &) {}

void show(const Session &session) { seen << session.session_id() << '\n'; }

void show(const OpenTok &opentok) {
    seen << opentok.api_key().value_or("") << ' ' << opentok.application_id().value_or("") << '\n';
}

template <typename Call> auto show_result(Call call) -> std::optional<decltype(call())> {
    try {
        auto value = call();
        show(value);
        return value;
    } catch (const tokmint::Error &error) {
        show_error(error);
        return std::nullopt;
    }
}

/* A secret or a key where something else belongs. */
void misplaced(const std::string &text) {
    const OpenTok opentok(api_key, api_secret);
    show_result([&] { return OpenTok(text, api_secret); });
    show_result([&] { return OpenTok(text, text); });
    show_result([&] { return OpenTok::for_application(text, text); });
    show_result([&] { return OpenTok::verifier(application_id, text); });
    show_result([&] { return opentok.session(text); });
    show_result([&] { return opentok.generate_token(text); });
    std::string long_text = text;
    while (long_text.size() < 5000) {
        long_text += text + "x";
    }
    std::vector<TokenOptions> all(6);
    all[0].role = text;
    all[1].data = long_text;
    all[2].initial_layout_class_list = {"a b", text};
    all[3].token_format = text;
    all[4].jti = text;
    all[5].data = text + "\xff";
    for (const TokenOptions &options : all) {
        show_result([&] { return opentok.generate_token(session_id, options); });
    }
    tokmint::RestTokenOptions rest;
    rest.jti = text;
    show_result([&] { return opentok.generate_rest_token(rest); });
    show_result([&] { return opentok.verify_token(text); });
    const std::string token = opentok.generate_token(session_id);
    VerifyOptions of_session;
    of_session.session_id = text;
    show_result([&] { return opentok.verify_token(token, of_session); });
    tokmint::InspectOptions to_inspect;
    to_inspect.session_id = text;
    show_result([&] { return opentok.inspect_token(token, to_inspect); });
    try {
        const OpenTok other(api_key, text);
        show_result([&] { return other.verify_token(token); });
        show_result([&] { return other.inspect_token(token); });
    } catch (const tokmint::Error &error) {
        show_error(error);
    }
}

/* The objects that keep a secret or a key, if it is one, and what they make. */
void shown(const std::optional<OpenTok> &opentok, const std::string &id) {
    if (!opentok) {
        return;
    }
    const std::optional<Session> session = show_result([&] { return opentok->session(id); });
    if (!session) {
        return;
    }
    TokenOptions options;
    options.data = "name=Johnny";
    const std::string token = opentok->generate_token(id, options);
    show_result([&] { return opentok->verify_token(token); });
    show_result([&] { return opentok->inspect_token(token); });
    show_result([&] { return session->verify_token(token.substr(1)); });
    options.nonce = -1;
    for (const tokmint::TokenResult &result : session->generate_tokens(std::vector{options})) {
        show_error(std::get<tokmint::Error>(result));
    }
}

void secrets() {
    std::string kind, hex, forms;
    while (std::cin >> kind >> hex >> forms) {
        std::string text;
        for (std::size_t at = 0; at < hex.size(); at += 2) {
            text.push_back(static_cast<char>(std::stoi(hex.substr(at, 2), nullptr, 16)));
        }
        misplaced(text);
        if (kind == "secret") {
            shown(show_result([&] { return OpenTok(api_key, text); }), session_id);
        } else {
            shown(show_result([&] { return OpenTok::for_application(application_id, text); }), session_of_application);
        }
        std::cout << seen.str().size() << '\n' << seen.str();
        seen.str("");
    }
}

// A number of kilobytes that Linux says of this process.
long of_status(std::string_view name) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.compare(0, name.size(), name) == 0) {
            return std::stol(line.substr(name.size()));
        }
    }
    fail("nothing in /proc/self/status");
}

// Soak

template <typename Call> void refused(Call call) {
    try {
        call();
    } catch (const tokmint::Error &) {
        return;
    }
    fail("accepted");
}

void soak(const std::string &key, long calls) {
    const OpenTok opentok(api_key, api_secret);
    const Session session = opentok.session(session_id);
    const OpenTok application = OpenTok::for_application(application_id, key);
    TokenOptions options, t1_options, wrong;
    options.role = "moderator";
    options.data = "name=Johnny";
    options.initial_layout_class_list = {"focus", "main"};
    t1_options = options;
    t1_options.token_format = "t1";
    wrong.nonce = -1;
    const std::vector<TokenOptions> many(100, options);
    const std::string jwt = opentok.generate_token(session_id, options);
    const std::string t1 = opentok.generate_token(session_id, t1_options);
    const std::string of_application = application.generate_token(session_of_application, options);
    const std::string malformed = jwt.substr(1), broken = key.substr(0, key.size() - 100);
    struct Function {
        const char *name;
        // One of how many calls is made: RSA is slower by far, and what it could lose is larger.
        long one_of;
        std::function<void()> run;
    };
    const std::array functions = {
        Function{"generate", 1, [&] { (void)opentok.generate_token(session_id, options); }},
        Function{"generate_t1", 1, [&] { (void)opentok.generate_token(session_id, t1_options); }},
        Function{"generate_refused", 1, [&] { refused([&] { (void)opentok.generate_token(session_id, wrong); }); }},
        Function{"session_generate", 1, [&] { (void)session.generate_token(options); }},
        // Each makes a hundred tokens.
        Function{"batch_generate", 100, [&] { (void)session.generate_tokens(many); }},
        Function{"generate_rest", 1, [&] { (void)opentok.generate_rest_token(); }},
        Function{"verify", 1, [&] { (void)opentok.verify_token(jwt); }},
        Function{"verify_t1", 1, [&] { (void)opentok.verify_token(t1); }},
        Function{"verify_refused", 1, [&] { refused([&] { (void)opentok.verify_token(malformed); }); }},
        Function{"inspect", 1, [&] { (void)opentok.inspect_token(jwt).findings(); }},
        Function{"inspect_refused", 1, [&] { (void)tokmint::inspect_token(malformed).to_json(); }},
        Function{"opentok", 10, [&] { OpenTok made(api_key, api_secret); }},
        Function{"opentok_refused", 1, [&] { refused([&] { OpenTok made(api_key, ""); }); }},
        Function{"session", 10, [&] { (void)opentok.session(session_id); }},
        Function{"session_refused", 1, [&] { refused([&] { (void)opentok.session("1_x"); }); }},
        Function{"application_generate", 1000,
                 [&] { (void)application.generate_token(session_of_application, options); }},
        Function{"application_verify", 100, [&] { (void)application.verify_token(of_application); }},
        Function{"application_verify_refused", 100, [&] { refused([&] { (void)application.verify_token(jwt); }); }},
        Function{"application", 1000, [&] { (void)OpenTok::for_application(application_id, key); }},
        Function{"application_refused", 100,
                 [&] { refused([&] { (void)OpenTok::for_application(application_id, broken); }); }},
    };
    for (const Function &function : functions) {
        const long count = std::max(10L, calls / function.one_of);
        for (long warm = std::max(count / 100, std::min(count, 1000L)); warm > 0; warm--) {
            function.run();
        }
        const long before = of_status("VmRSS:");
        for (long call = 0; call < count; call++) {
            function.run();
        }
        std::cout << function.name << ' ' << count << ' ' << std::max(0L, of_status("VmRSS:") - before) << " 0"
                  << std::endl;
    }
}

// Large inputs

constexpr std::size_t RUNS = 7;

void measure(const char *place, std::size_t size, const std::function<bool()> &call) {
    const bool is_refused = call();
    std::ofstream("/proc/self/clear_refs") << '5';
    const long before = of_status("VmRSS:");
    std::array<long long, RUNS> times{};
    for (long long &time : times) {
        const auto start = std::chrono::steady_clock::now();
        call();
        time = std::chrono::nanoseconds(std::chrono::steady_clock::now() - start).count();
    }
    std::sort(times.begin(), times.end());
    const long grown = std::max(0L, of_status("VmHWM:") - before);
    std::cout << place << ' ' << size << (is_refused ? " refused " : " accepted ") << times[RUNS / 2] << ' ' << grown
              << std::endl;
}

template <typename Call> bool is_refused(Call call) {
    try {
        call();
    } catch (const tokmint::Error &) {
        return true;
    }
    return false;
}

void large_inputs(const std::string &key, std::size_t size) {
    const OpenTok opentok(api_key, api_secret);
    const Session session = opentok.session(session_id);
    const OpenTok application = OpenTok::for_application(application_id, key);
    const std::string token = opentok.generate_token(session_id);
    const std::string text(size, 'x'), long_key = key + text;
    TokenOptions role, data, classes, jti;
    role.role = text;
    data.data = text;
    classes.initial_layout_class_list = {text};
    jti.jti = text;
    VerifyOptions of_session;
    of_session.session_id = text;
    measure("secret", size, [&] { return is_refused([&] { OpenTok made(api_key, text); }); });
    measure("api_key", size, [&] { return is_refused([&] { OpenTok made(text, api_secret); }); });
    measure("role", size, [&] { return is_refused([&] { (void)opentok.generate_token(session_id, role); }); });
    measure("token", size, [&] { return is_refused([&] { (void)opentok.verify_token(text); }); });
    measure("token_of_application", size, [&] { return is_refused([&] { (void)application.verify_token(text); }); });
    measure("token_inspected", size, [&] { return opentok.inspect_token(text).is_refused(); });
    measure("session_id", size, [&] { return is_refused([&] { (void)opentok.generate_token(text); }); });
    measure("session", size, [&] { return is_refused([&] { (void)opentok.session(text); }); });
    measure("session_id_to_verify", size,
            [&] { return is_refused([&] { (void)opentok.verify_token(token, of_session); }); });
    measure("data", size, [&] { return is_refused([&] { (void)opentok.generate_token(session_id, data); }); });
    measure("data_of_session", size, [&] { return is_refused([&] { (void)session.generate_token(data); }); });
    measure("layout_class", size,
            [&] { return is_refused([&] { (void)opentok.generate_token(session_id, classes); }); });
    measure("jti", size, [&] { return is_refused([&] { (void)opentok.generate_token(session_id, jti); }); });
    measure("private_key", size,
            [&] { return is_refused([&] { (void)OpenTok::for_application(application_id, long_key); }); });
    measure("public_key", size, [&] { return is_refused([&] { (void)OpenTok::verifier(application_id, long_key); }); });
}

} // namespace

int main(int argc, char **argv) {
    if (argc < 3) {
        fail("program CHECK FILE [NUMBER...]");
    }
    const std::string_view check = argv[1];
    std::ostringstream key;
    key << std::ifstream(argv[2]).rdbuf();
    if (check == "secrets") {
        secrets();
    } else if (check == "soak") {
        soak(key.str(), std::stol(argv[3]));
    } else {
        for (int index = 3; index < argc; index++) {
            large_inputs(key.str(), std::stoul(argv[index]));
        }
    }
}
