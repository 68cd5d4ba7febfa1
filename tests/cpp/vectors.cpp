// Every file of tests/vectors (see its README) through tokmint.hpp, and what its classes promise.
//
// It has no HMAC, so that it builds with nothing but a compiler and nlohmann/json, for every target: the tokens of
// attacks.json must have been signed, by .ci/release/prepare_vectors.py.
//
// Usage: vectors <folder of the prepared vectors>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iomanip>
#include <iostream>
#include <list>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>

#include "tokmint.hpp"

namespace {

using nlohmann::json;
using std::chrono::seconds;
using tokmint::SignatureState;
using tokmint::UnixTime;

const std::string API_KEY = "123456";
const std::string API_SECRET = "1234567890abcdef1234567890abcdef1234567890";
const std::string APPLICATION_ID = "a98e12ca-f3e5-4df8-bc66-fd4b5f30b9e9";
const std::string APPLICATION_SESSION_ID =
    "2_MX5hOThlMTJjYS1mM2U1LTRkZjgtYmM2Ni1mZDRiNWYzMGI5ZTl-fjE2NzI3MzY4NzgxNjJ-bi9OeFVLbkNaVjBUUnpVSmxjbURqQ3J4flB-fg";
const std::string SESSION_ID = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4";

int failures = 0;

// The keys that vectors name.
json keys;

void check(bool holds, const std::string &what) {
    if (!holds) {
        std::cerr << "FAILED: " << what << '\n';
        ++failures;
    }
}

[[noreturn]] void give_up(const std::string &why) {
    std::cerr << why << '\n';
    std::exit(2);
}

void append_code_point(std::string &string, unsigned code) {
    const auto byte = [&](unsigned value) { string.push_back(static_cast<char>(value)); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xc0 | code >> 6);
        byte(0x80 | (code & 63));
    } else if (code < 0x10000) {
        // Half of a surrogate pair as well: the three bytes that a binding would receive.
        byte(0xe0 | code >> 12);
        byte(0x80 | (code >> 6 & 63));
        byte(0x80 | (code & 63));
    } else {
        byte(0xf0 | code >> 18);
        byte(0x80 | (code >> 12 & 63));
        byte(0x80 | (code >> 6 & 63));
        byte(0x80 | (code & 63));
    }
}

std::string decode_base64(const std::string &encoded) {
    const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    unsigned bits = 0, count = 0;
    for (const char symbol : encoded.substr(0, encoded.find('='))) {
        bits = (bits << 6 | static_cast<unsigned>(alphabet.find(symbol))) & 0xffffff;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<char>(bits >> count & 255));
        }
    }
    return bytes;
}

// Expands a string of the vectors' notation.
std::string expand(const json &value) {
    if (value.is_string()) {
        return value.get<std::string>();
    }
    std::string string;
    if (value.contains("repeat")) {
        const std::string once = expand(value["repeat"]);
        const std::size_t times = value["times"].get<std::size_t>();
        string.reserve(once.size() * times);
        for (std::size_t time = 0; time < times; ++time) {
            string += once;
        }
    } else if (value.contains("concat")) {
        for (const json &part : value["concat"]) {
            string += expand(part);
        }
    } else if (value.contains("utf16")) {
        const auto units = value["utf16"].get<std::vector<unsigned>>();
        for (std::size_t index = 0; index < units.size(); ++index) {
            unsigned unit = units[index];
            const unsigned next = index + 1 < units.size() ? units[index + 1] : 0;
            if (unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
                unit = 0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00);
                ++index;
            }
            append_code_point(string, unit);
        }
    } else if (value.contains("base64")) {
        // What `inspect` is given: bytes of any kind.
        string = decode_base64(value["base64"].get<std::string>());
    } else {
        give_up("the runner does not know this string: " + value.dump());
    }
    return string;
}

json load(const std::string &path) {
    std::ifstream file(path);
    if (!file) {
        give_up("cannot read " + path);
    }
    return json::parse(file);
}

UnixTime time_of(const json &number) { return UnixTime(seconds(number.get<std::int64_t>())); }

std::vector<std::string> strings(const json &list) {
    std::vector<std::string> expanded;
    for (const json &string : list) {
        expanded.push_back(expand(string));
    }
    return expanded;
}

// What a call gives: a token, or its error.
tokmint::TokenResult result_of(const std::function<std::string()> &call) {
    try {
        return call();
    } catch (const tokmint::Error &error) {
        return error;
    }
}

bool is_same(const tokmint::TokenResult &left, const tokmint::TokenResult &right, bool is_reproducible) {
    const auto *left_error = std::get_if<tokmint::Error>(&left), *right_error = std::get_if<tokmint::Error>(&right);
    if (left_error == nullptr || right_error == nullptr) {
        return left_error == right_error && (!is_reproducible || std::get<0>(left) == std::get<0>(right));
    }
    return left_error->number() == right_error->number() && std::string_view(left_error->what()) == right_error->what();
}

// How often a session gave a token, gave an error, and could not be made.
std::array<std::size_t, 3> session_results{};

// Generates through a session what the credentials generated themselves.
void check_session(const tokmint::OpenTok &opentok, const std::string &session_id, const tokmint::TokenOptions &options,
                   const tokmint::TokenResult &expected) {
    const bool is_reproducible = options.nonce || options.jti;
    const auto *error = std::get_if<tokmint::Error>(&expected);
    std::optional<tokmint::Session> session;
    const tokmint::TokenResult made = result_of([&] {
        session = opentok.session(session_id);
        return std::string(session->session_id());
    });
    if (!session) {
        // What the library reads itself comes before the session.
        const std::vector<int> read_before = {TOKMINT_STATUS_INVALID_ROLE, TOKMINT_STATUS_INVALID_TOKEN_FORMAT,
                                              TOKMINT_STATUS_INVALID_DATA, TOKMINT_STATUS_INVALID_UTF8};
        const bool is_read_before =
            error != nullptr && std::count(read_before.begin(), read_before.end(), error->number()) != 0;
        check(is_read_before || is_same(made, expected, true), "the session has the same error");
        ++session_results[2];
        return;
    }
    check(std::get<0>(made) == session_id, "the ID of the session");
    check(is_same(result_of([&] { return session->generate_token(options); }), expected, is_reproducible),
          "a session gives the same");
    tokmint::TokenOptions at_fault = options;
    at_fault.role = "root";
    const auto results = session->generate_tokens(std::vector{options, at_fault, options, options});
    check(results.size() == 4 && std::get<tokmint::Error>(results[1]).number() == TOKMINT_STATUS_INVALID_ROLE,
          "an element has its own error");
    for (const std::size_t index : {0, 2, 3}) {
        check(is_same(results[index], expected, is_reproducible), "a batch gives the same");
    }
    ++session_results[error == nullptr ? 0 : 1];
}

// Generates, and the same through a session.
std::string generate(const tokmint::OpenTok &opentok, const json &session_id, const json &given) {
    tokmint::TokenOptions options;
    for (const auto &[name, value] : given.items()) {
        if (name == "role") {
            options.role = expand(value);
        } else if (name == "expire_time") {
            options.expire_time = time_of(value);
        } else if (name == "expires_in") {
            options.expires_in = seconds(value.get<std::int64_t>());
        } else if (name == "data") {
            options.data = expand(value);
        } else if (name == "initial_layout_class_list") {
            options.initial_layout_class_list = strings(value);
        } else if (name == "token_format") {
            options.token_format = expand(value);
        } else if (name == "create_time") {
            options.create_time = time_of(value);
        } else if (name == "nonce") {
            options.nonce = value.get<std::int64_t>();
        } else if (name == "jti") {
            options.jti = expand(value);
        } else {
            give_up("the runner does not know the option " + name);
        }
    }
    const std::string id = expand(session_id);
    const tokmint::TokenResult result = result_of([&] { return opentok.generate_token(id, options); });
    check_session(opentok, id, options, result);
    if (const auto *error = std::get_if<tokmint::Error>(&result)) {
        throw *error;
    }
    return std::get<std::string>(result);
}

std::string generate_rest(const tokmint::OpenTok &opentok, const json &given) {
    tokmint::RestTokenOptions options;
    for (const auto &[name, value] : given.items()) {
        if (name == "expires_in") {
            options.expires_in = seconds(value.get<std::int64_t>());
        } else if (name == "create_time") {
            options.create_time = time_of(value);
        } else if (name == "jti") {
            options.jti = expand(value);
        } else {
            give_up("the runner does not know the option " + name);
        }
    }
    return opentok.generate_rest_token(options);
}

tokmint::Token verify(const tokmint::OpenTok &opentok, const std::string &token, const json &given) {
    tokmint::VerifyOptions options;
    for (const auto &[name, value] : given.items()) {
        if (name == "now") {
            options.now = time_of(value);
        } else if (name == "leeway") {
            options.leeway = seconds(value.get<std::int64_t>());
        } else if (name == "session_id") {
            options.session_id = expand(value);
        } else {
            give_up("the runner does not know the option " + name);
        }
    }
    const tokmint::Token verified = opentok.verify_token(token, options);
    check(opentok.session(verified.session_id).verify_token(token, options) == verified, "its session says the same");
    return verified;
}

// A project's credentials, an application's with its private key, or those of a verifier.
tokmint::OpenTok opentok_of(const json &vector) {
    if (vector.contains("api_key")) {
        return tokmint::OpenTok(expand(vector["api_key"]), expand(vector["api_secret"]));
    }
    const std::string id = expand(vector["application_id"]);
    if (vector.contains("private_key")) {
        const json &pair = keys.at(vector["private_key"].get<std::string>());
        return tokmint::OpenTok::for_application(id, expand(pair.at("private_key")));
    }
    const json &pair = keys.at(vector.at("public_key").get<std::string>());
    return tokmint::OpenTok::verifier(id, expand(pair.at("public_key")));
}

json optional(const std::optional<std::string> &string) { return string ? json(*string) : json(nullptr); }

// As RFC 3339, which the JSON form has if the year has four digits.
json optional(const std::optional<UnixTime> &time) {
    const std::int64_t number = time ? time->time_since_epoch().count() : -1;
    if (number < 0 || number > 253402300799) {
        return nullptr;
    }
    // Windows' gmtime ends with the year 3000.
    std::int64_t year = 1970, day = number / 86400;
    const auto is_leap = [&] { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); };
    while (day >= 365 + is_leap()) {
        day -= 365 + is_leap();
        ++year;
    }
    int month = 0;
    const std::array<int, 12> lengths = {31, 28 + is_leap(), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    while (day >= lengths[month]) {
        day -= lengths[month++];
    }
    std::ostringstream shown;
    shown << std::setfill('0') << year << '-' << std::setw(2) << month + 1 << '-' << std::setw(2) << day + 1 << 'T'
          << std::setw(2) << number / 3600 % 24 << ':' << std::setw(2) << number / 60 % 60 << ':' << std::setw(2)
          << number % 60 << 'Z';
    return shown.str();
}

json json_of(const std::vector<tokmint::Field> &fields) {
    json list = json::array();
    for (const tokmint::Field &field : fields) {
        list.push_back({{"name", field.name}, {"value", field.value}});
    }
    return list;
}

json json_of(const tokmint::Token &token) {
    json said = {{"format", token.format},
                 {"session_id", token.session_id},
                 {"role", token.role},
                 {"create_time", token.create_time.time_since_epoch().count()},
                 {"expire_time", token.expire_time.time_since_epoch().count()},
                 {"data", token.data},
                 {"initial_layout_class_list", token.initial_layout_class_list},
                 {"nonce", token.nonce}};
    if (token.api_key) {
        said["api_key"] = *token.api_key;
    }
    if (token.application_id) {
        said["application_id"] = *token.application_id;
    }
    return said;
}

// What an inspection says in JSON, from its functions alone.
json json_of(const tokmint::Inspection &inspection) {
    const char *const signatures[] = {"unchecked", "valid", "invalid"}, *const severities[] = {"refused", "warning",
                                                                                               "note"};
    json findings = json::array();
    for (const tokmint::Finding &finding : inspection.findings()) {
        findings.push_back({{"code", finding.code},
                            {"severity", severities[static_cast<int>(finding.severity)]},
                            {"message", finding.message},
                            {"server_message", optional(finding.server_message)}});
    }
    const auto lifetime = inspection.remaining_lifetime();
    const auto token = inspection.token();
    return {{"format", optional(inspection.format())},
            {"signature", signatures[static_cast<int>(inspection.signature())]},
            {"header", json_of(inspection.header())},
            {"fields", json_of(inspection.fields())},
            {"token", token ? json_of(*token) : json(nullptr)},
            {"created_at", optional(inspection.create_time())},
            {"expires_at", optional(inspection.expire_time())},
            {"not_before", optional(inspection.not_before())},
            {"remaining_lifetime", lifetime ? json(lifetime->count()) : json(nullptr)},
            {"findings", findings},
            {"is_refused", inspection.is_refused()}};
}

// Inspects with credentials, or without; the JSON form, which core writes, says the same as the
// functions.
tokmint::Inspection inspect(const tokmint::OpenTok *opentok, const std::string &token, const json &given,
                            const std::string &name) {
    tokmint::InspectOptions options;
    for (const auto &[option, value] : given.items()) {
        if (option == "now") {
            options.now = time_of(value);
        } else if (option == "session_id") {
            options.session_id = expand(value);
        } else {
            give_up("the runner does not know the option " + option);
        }
    }
    tokmint::Inspection inspection =
        opentok == nullptr ? tokmint::inspect_token(token, options) : opentok->inspect_token(token, options);
    check(!options.now || inspection.now() == options.now, "now: " + name);
    const std::string form = inspection.to_json(), text = inspection.to_text();
    check(json::parse(form) == json_of(inspection), "the JSON form says what the functions do: " + name);
    std::ostringstream stream;
    stream << inspection;
    check(text == stream.str() && text.rfind("format: ", 0) == 0, "text: " + name);
    check(form.find(API_SECRET) == std::string::npos && text.find(API_SECRET) == std::string::npos,
          "no secret: " + name);
    const std::size_t dot = token.rfind('.');
    // Of HMAC-SHA256, or of RSA from 2048 bits on.
    if (dot != std::string::npos && (token.size() - dot == 44 || token.size() - dot >= 343)) {
        const std::string signature = token.substr(dot + 1);
        check(form.find(signature) == std::string::npos && text.find(signature) == std::string::npos,
              "no signature: " + name);
    }
    return inspection;
}

// The number of what a call throws; TOKMINT_STATUS_OK if it throws nothing.
int number_of(const std::function<void()> &call) {
    try {
        call();
        return TOKMINT_STATUS_OK;
    } catch (const tokmint::Error &error) {
        check(std::string(error.what()).size() > 20, "the message is a sentence");
        check(std::string(error.what()).find(API_SECRET) == std::string::npos, "no secret in a message");
        check(error.code() == tokmint_error_name(static_cast<tokmint_status>(error.number())), "its name");
        return error.number();
    }
}

std::size_t run_generate(const json &file) {
    for (const json &vector : file["vectors"]) {
        const std::string name = vector["name"];
        const json &options = vector["options"];
        const tokmint::OpenTok opentok = opentok_of(vector);
        const std::string token = generate(opentok, vector["session_id"], options);
        check(token == vector["token"].get<std::string>(), "generate: " + name);
        const tokmint::Token verified = verify(opentok, token, {{"now", options["create_time"]}});
        check(!inspect(&opentok, token, {{"now", options["create_time"]}}, name).is_refused(), "inspect: " + name);
        check(verified.session_id == expand(vector["session_id"]), "session: " + name);
        check(verified.role == (options.contains("role") ? expand(options["role"]) : "publisher"), "role: " + name);
        check(verified.data == (options.contains("data") ? expand(options["data"]) : ""), "data: " + name);
        check(verified.initial_layout_class_list == strings(options.value("initial_layout_class_list", json::array())),
              "classes: " + name);
        const std::string nonce = options.contains("jti") ? expand(options["jti"]) : options["nonce"].dump();
        check(verified.nonce == nonce, "nonce: " + name);
        check(verified.api_key == opentok.api_key() && verified.application_id == opentok.application_id(),
              "issuer: " + name);
        check(opentok.api_key().has_value() == vector.contains("api_key") &&
                  opentok.application_id().has_value() == vector.contains("application_id"),
              "credentials have one issuer: " + name);
    }
    return file["vectors"].size();
}

std::size_t run_rest(const json &file) {
    for (const json &vector : file["vectors"]) {
        const std::string name = vector["name"];
        const json now = {{"now", vector["options"]["create_time"]}};
        const tokmint::OpenTok opentok = opentok_of(vector);
        const std::string token = generate_rest(opentok, vector["options"]);
        check(token == vector["token"].get<std::string>(), "rest: " + name);
        // It admits nobody.
        check(number_of([&] { verify(opentok, token, now); }) == TOKMINT_STATUS_MALFORMED_TOKEN,
              "verify refuses it: " + name);
        const tokmint::Inspection inspection = inspect(&opentok, token, now, name);
        const auto findings = inspection.findings();
        check(inspection.signature() == SignatureState::valid &&
                  std::any_of(findings.begin(), findings.end(),
                              [](const tokmint::Finding &finding) { return finding.code == "rest_token"; }),
              "inspect says what it is: " + name);
    }
    return file["vectors"].size();
}

// Each key that is good: what its private half signs, its public half verifies, and does not sign.
std::size_t run_keys(const json &file) {
    for (const auto &[name, pair] : file["keys"].items()) {
        const auto verifier = tokmint::OpenTok::verifier(APPLICATION_ID, expand(pair.at("public_key")));
        check(number_of([&] { (void)verifier.generate_token(APPLICATION_SESSION_ID); }) ==
                      TOKMINT_STATUS_NO_PRIVATE_KEY &&
                  number_of([&] { (void)verifier.generate_rest_token(); }) == TOKMINT_STATUS_NO_PRIVATE_KEY,
              "a verifier signs nothing: " + name);
        if (pair.contains("private_key")) {
            const auto application = tokmint::OpenTok::for_application(APPLICATION_ID, expand(pair["private_key"]));
            const tokmint::Token said = verifier.verify_token(application.generate_token(APPLICATION_SESSION_ID));
            check(said.application_id == APPLICATION_ID && !said.api_key && said.nonce.size() == 36,
                  "the keys are a pair: " + name);
        }
    }
    return file["keys"].size();
}

std::size_t run_verify(const json &file) {
    for (const json &vector : file["vectors"]) {
        const std::string name = vector["name"];
        const json &expected = vector["expected"];
        const tokmint::OpenTok opentok = opentok_of(vector);
        const tokmint::Token said = verify(opentok, expand(vector["token"]), vector["options"]);
        if (!vector["options"].contains("leeway")) {
            check(!inspect(&opentok, expand(vector["token"]), vector["options"], name).is_refused(),
                  "inspect: " + name);
        }
        tokmint::Token wanted;
        wanted.format = expand(expected["format"]);
        (expected.contains("api_key") ? wanted.api_key : wanted.application_id) =
            expand(expected[expected.contains("api_key") ? "api_key" : "application_id"]);
        wanted.session_id = expand(expected["session_id"]);
        wanted.role = expand(expected["role"]);
        wanted.create_time = time_of(expected["create_time"]);
        wanted.expire_time = time_of(expected["expire_time"]);
        wanted.data = expand(expected["data"]);
        wanted.initial_layout_class_list = strings(expected["initial_layout_class_list"]);
        wanted.nonce = expand(expected["nonce"]);
        check(expected.size() == 9 && said == wanted && !(said != wanted), "token: " + name);
        // Every member counts.
        for (std::string tokmint::Token::*member :
             {&tokmint::Token::format, &tokmint::Token::session_id, &tokmint::Token::role, &tokmint::Token::data,
              &tokmint::Token::nonce}) {
            tokmint::Token other = wanted;
            (other.*member) += 'x';
            check(said != other, "a token with another member: " + name);
        }
        for (std::optional<std::string> tokmint::Token::*member :
             {&tokmint::Token::api_key, &tokmint::Token::application_id}) {
            tokmint::Token other = wanted;
            (other.*member) = (other.*member).value_or("") + 'x';
            check(said != other, "a token of another issuer: " + name);
        }
        for (UnixTime tokmint::Token::*member : {&tokmint::Token::create_time, &tokmint::Token::expire_time}) {
            tokmint::Token other = wanted;
            other.*member += seconds(1);
            check(said != other, "a token with another time: " + name);
        }
        wanted.initial_layout_class_list.emplace_back("x");
        check(said != wanted, "a token with another class: " + name);
    }
    return file["vectors"].size();
}

std::size_t run_errors(const json &file) {
    for (const json &vector : file["vectors"]) {
        const std::string name = vector["name"];
        const std::string call = vector["call"];
        const json options = vector.value("options", json::object());
        int number = TOKMINT_STATUS_OK;
        if (call == "new") {
            number = number_of([&] { opentok_of(vector); });
        } else if (call == "for_application" || call == "verifier") {
            const std::string key = decode_base64(vector["key_base64"].get<std::string>());
            const auto create = call == "verifier" ? &tokmint::OpenTok::verifier : &tokmint::OpenTok::for_application;
            number = number_of([&] { (void)create(expand(vector["application_id"]), key); });
        } else if (call == "generate_rest_token") {
            const tokmint::OpenTok opentok = opentok_of(vector);
            number = number_of([&] { generate_rest(opentok, options); });
        } else if (call == "generate") {
            const tokmint::OpenTok opentok = opentok_of(vector);
            number = number_of([&] { generate(opentok, vector["session_id"], options); });
        } else if (call == "verify") {
            const tokmint::OpenTok opentok = opentok_of(vector);
            number = number_of([&] { verify(opentok, expand(vector["token"]), options); });
        } else {
            give_up("the runner does not know the call " + call);
        }
        const std::string code = tokmint_error_name(static_cast<tokmint_status>(number));
        check(number == vector["number"].get<int>() && code == vector["code"].get<std::string>(), name + ": " + code);
    }
    return file["vectors"].size();
}

bool accepts_generate(const json &case_) {
    const json &context = case_["context"];
    json options = case_["input"];
    const json session_id = options["session_id"];
    options.erase("session_id");
    if (options.contains("format")) {
        options["token_format"] = options["format"];
        options.erase("format");
    }
    options["create_time"] = context["now"];
    std::string token;
    const std::string key = context.value("api_key", API_KEY), secret = context.value("secret", API_SECRET);
    if (number_of([&] { token = generate(tokmint::OpenTok(key, secret), session_id, options); }) != TOKMINT_STATUS_OK) {
        return false;
    }
    const tokmint::Token verified = verify(tokmint::OpenTok(key, secret), token, {{"now", context["now"]}});
    check(verified.data == (options.contains("data") ? expand(options["data"]) : ""), "data comes back");
    return true;
}

std::size_t run_attacks(const json &file) {
    std::size_t skipped = 0, rs256 = 0;
    const tokmint::OpenTok project(API_KEY, API_SECRET);
    for (const json &case_ : file["cases"]) {
        const std::string id = case_["id"], api = case_["api"];
        // tokmint decides otherwise here; the README of the vectors says why.
        const bool is_decided_otherwise = id == "gen-data-1000-emoji" || id == "ok-rs256";
        const std::string expected = is_decided_otherwise ? "reject" : case_["expected"].get<std::string>();
        bool is_accepted = false;
        if (id == "gen-exp-nan") {
            std::cout << "not run: " << id << " (seconds have no NaN)\n";
            ++skipped;
            continue;
        }
        if (api == "inspect") {
            // Accepted is what reads, whatever else is wrong with it.
            const std::string token = expand(case_["input"]);
            const auto inspection = inspect(&project, token, {{"now", case_["context"]["now"]}}, id);
            const auto findings = inspection.findings();
            is_accepted = std::none_of(findings.begin(), findings.end(), [](const tokmint::Finding &finding) {
                return finding.code.rfind("malformed_", 0) == 0 || finding.code == "duplicate_field";
            });
            check(is_accepted || inspection.is_refused(), "what is malformed is refused: " + id);
            check(id != "ins-nul" || inspection.token()->data.find('\0') != std::string::npos, "NUL is kept");
        } else if (api == "verify") {
            const std::string token = expand(case_["input"]);
            const int number = number_of([&] { verify(project, token, {{"now", case_["context"]["now"]}}); });
            is_accepted = number == TOKMINT_STATUS_OK;
            // {"alg":"RS256" in base64url, but for the last character, which depends on what follows.
            if (token.rfind("eyJhbGciOiJSUzI1NiI", 0) == 0) {
                check(number == TOKMINT_STATUS_UNSUPPORTED_ALGORITHM, id + ": RS256 is named as such");
                ++rs256;
            }
        } else if (api == "generate") {
            is_accepted = accepts_generate(case_);
        } else {
            give_up("the runner does not know the api " + api);
        }
        check((is_accepted ? "accept" : "reject") == expected, "attack " + id);
    }
    check(rs256 > 0, "there are attacks with RS256");
    check(skipped == 1, "one attack cannot be run");
    return file["cases"].size() - skipped;
}

std::size_t run_peers(const json &file) {
    for (const json &peer : file) {
        const std::string name = peer["producer"].get<std::string>() + ": " + peer["name"].get<std::string>();
        const json now = {{"now", peer["verify"]["now"]}};
        const std::string token = expand(peer["token"]);
        if (peer["format"] == "jwt_rs256") {
            const tokmint::OpenTok project(API_KEY, API_SECRET);
            check(inspect(&project, token, now, name).is_refused(), name + ": inspect");
            check(number_of([&] { verify(project, token, now); }) == TOKMINT_STATUS_UNSUPPORTED_ALGORITHM, name);
            continue;
        }
        const tokmint::OpenTok opentok = opentok_of(peer);
        tokmint::Token said;
        const bool is_accepted = number_of([&] { said = verify(opentok, token, now); }) == TOKMINT_STATUS_OK;
        check(is_accepted == (peer["verify"]["expected"] == "accept"), name);
        check(inspect(&opentok, token, now, name).is_refused() != is_accepted, name + ": inspect");
        if (is_accepted) {
            const json &decoded = peer["decoded"];
            const bool has_claims = decoded.contains("claims") && decoded["claims"].is_object();
            const json &fields = has_claims ? decoded["claims"] : decoded["fields"];
            check(said.role == fields["role"].get<std::string>(), name + ": role");
            check(said.session_id == fields["session_id"].get<std::string>(), name + ": session");
            const json data = fields.value("connection_data", json(""));
            check(said.data == (data.is_string() ? data.get<std::string>() : ""), name + ": data");
        }
    }
    return file.size();
}

std::size_t run_inspect(const json &file) {
    for (const json &vector : file["vectors"]) {
        const std::string name = vector["name"], token = expand(vector["token"]);
        const json &expected = vector["expected"];
        std::optional<tokmint::OpenTok> opentok;
        if (vector.contains("api_key") || vector.contains("application_id")) {
            opentok = opentok_of(vector);
        }
        const auto inspection = inspect(opentok ? &*opentok : nullptr, token, vector["options"], name);
        const json said = json_of(inspection);
        json codes = json::array();
        for (const tokmint::Finding &finding : inspection.findings()) {
            codes.push_back(finding.code);
        }
        check(expected.size() == 5, "the runner compares every field: " + name);
        check(said["format"] == expected["format"], "format: " + name);
        check(said["signature"] == expected["signature"], "signature: " + name);
        check(codes == expected["findings"], "findings: " + name + ": " + codes.dump());
        check(inspection.token().has_value() == expected["is_token"].get<bool>(), "is_token: " + name);
        check(said["remaining_lifetime"] == expected["remaining_lifetime"], "remaining_lifetime: " + name);
        if (opentok) {
            const bool is_accepted =
                number_of([&] { verify(*opentok, token, vector["options"]); }) == TOKMINT_STATUS_OK;
            check(inspection.is_refused() != is_accepted, "inspect agrees with verify: " + name);
        }
    }
    return file["vectors"].size();
}

// What the header promises of its classes.
void run_classes() {
    static_assert(!std::is_copy_constructible_v<tokmint::OpenTok> && !std::is_copy_assignable_v<tokmint::OpenTok>);
    static_assert(std::is_nothrow_move_constructible_v<tokmint::OpenTok> &&
                  std::is_nothrow_move_assignable_v<tokmint::OpenTok>);
    static_assert(std::is_base_of_v<std::runtime_error, tokmint::Error>);

    tokmint::OpenTok first(API_KEY, API_SECRET);
    tokmint::OpenTok second(std::move(first));
    check(number_of([&] { (void)first.generate_token(SESSION_ID); }) == TOKMINT_STATUS_NULL_POINTER,
          "a moved-from one throws");
    const std::string token = second.generate_token(SESSION_ID);
    const tokmint::Token said = second.verify_token(token);
    check(said.role == "publisher" && said.expire_time > said.create_time, "the defaults are core's");
    check(token.find('\0') == std::string::npos, "a token holds no NUL");
    // Only this project's handle is gone, so the second one can take another's place.
    first = std::move(second);
    check(first.verify_token(token) == said, "moved back");

    check(number_of([] { tokmint::OpenTok("", ""); }) == TOKMINT_STATUS_INVALID_API_KEY, "empty credentials");
    check(number_of([] { tokmint::OpenTok(std::string_view(), std::string_view()); }) == TOKMINT_STATUS_INVALID_API_KEY,
          "views of nothing");
    check(number_of([] { tokmint::OpenTok(API_KEY, std::string_view("secret\0hidden", 13)); }) ==
              TOKMINT_STATUS_INVALID_API_SECRET,
          "a secret is not cut at NUL");
    tokmint::TokenOptions options;
    options.role = std::string("moderator\0x", 11);
    check(number_of([&] { (void)first.generate_token(SESSION_ID, options); }) == TOKMINT_STATUS_INVALID_ROLE,
          "a role is not cut at NUL");
    options.role.reset();
    options.token_format = std::string("t1\0x", 4);
    check(number_of([&] { (void)first.generate_token(SESSION_ID, options); }) == TOKMINT_STATUS_INVALID_TOKEN_FORMAT,
          "a format is not cut at NUL");
    options.token_format.reset();
    tokmint::VerifyOptions expecting;
    expecting.session_id = SESSION_ID + std::string("\0x", 2);
    check(number_of([&] { (void)first.verify_token(token, expecting); }) == TOKMINT_STATUS_TOKEN_OF_OTHER_SESSION,
          "an expected session is not cut at NUL");
    options.role = "";
    check(number_of([&] { (void)first.generate_token(SESSION_ID, options); }) == TOKMINT_STATUS_INVALID_ROLE,
          "an empty role is not an unset one");
    options.role.reset();
    options.expire_time = std::chrono::floor<seconds>(std::chrono::system_clock::now() + std::chrono::hours(1));
    options.expires_in = std::chrono::hours(1);
    check(number_of([&] { (void)first.generate_token(SESSION_ID, options); }) == TOKMINT_STATUS_INVALID_EXPIRE_TIME,
          "an expiry given twice");
    options.expires_in.reset();
    // It would be "not given" in C, and the token would live for a day.
    options.expire_time = UnixTime::min();
    check(number_of([&] { (void)first.generate_token(SESSION_ID, options); }) == TOKMINT_STATUS_INVALID_EXPIRE_TIME,
          "the smallest time is given");
    options.expire_time = std::chrono::floor<seconds>(std::chrono::system_clock::now() + std::chrono::hours(1));
    check(first.verify_token(first.generate_token(SESSION_ID, options)).expire_time == *options.expire_time,
          "an expiry is the same time again");
    try {
        (void)first.verify_token("T1==");
        check(false, "an exception");
    } catch (const std::exception &error) {
        const auto *own = dynamic_cast<const tokmint::Error *>(&error);
        check(own != nullptr && own->number() == TOKMINT_STATUS_MALFORMED_TOKEN, "its number");
        check(own != nullptr && own->code() == "malformed_token", "its name");
    }

    static_assert(!std::is_copy_constructible_v<tokmint::Inspection> &&
                  !std::is_copy_assignable_v<tokmint::Inspection>);
    static_assert(std::is_nothrow_move_constructible_v<tokmint::Inspection>);
    tokmint::Inspection inspection = first.inspect_token(token);
    check(!inspection.is_refused() && inspection.signature() == SignatureState::valid, "inspect reads the clock");
    check(tokmint::inspect_token(token).signature() == SignatureState::unchecked, "there is nothing to check it with");
    check(tokmint::inspect_token({}).findings().at(0).code == "no_token", "a view of nothing");
    check(tokmint::inspect_token(token + '\0').is_refused(), "a token is not cut at NUL");
    const tokmint::Inspection moved(std::move(inspection));
    check(inspection.is_refused() && inspection.findings().empty() && !inspection.token(), "a moved-from one is empty");
    check(number_of([&] { (void)inspection.to_json(); }) == TOKMINT_STATUS_NULL_POINTER, "and has no form");
    check(moved.token()->nonce == said.nonce, "what is moved stays");
    tokmint::RestTokenOptions rest;
    rest.jti = "d412fd8f-921c-4b35-bdcd-bf2d39bb20ed" + std::string("\0x", 2);
    check(number_of([&] { (void)first.generate_rest_token(rest); }) == TOKMINT_STATUS_INVALID_JTI,
          "a UUID is not cut at NUL");
    // It would be "not given" in C, and the token would live for minutes.
    rest.jti.reset();
    rest.expires_in = seconds::min();
    check(number_of([&] { (void)first.generate_rest_token(rest); }) == TOKMINT_STATUS_INVALID_EXPIRE_TIME,
          "the smallest lifetime is given");
    check(first.inspect_token(first.generate_rest_token()).signature() == SignatureState::valid,
          "a token without options");
    check(first.api_key() == API_KEY && !first.application_id(), "a project has an API key");
    for (const auto create : {&tokmint::OpenTok::for_application, &tokmint::OpenTok::verifier}) {
        check(number_of([&] { (void)create("", ""); }) == TOKMINT_STATUS_INVALID_APPLICATION_ID, "empty credentials");
        check(number_of([&] { (void)create(std::string_view(), std::string_view()); }) ==
                  TOKMINT_STATUS_INVALID_APPLICATION_ID,
              "views of nothing");
    }
    second = std::move(first);
    check(!first.api_key() && !first.application_id(), "a moved-from project has no issuer");
    check(number_of([&] { (void)first.generate_rest_token(); }) == TOKMINT_STATUS_NULL_POINTER, "nor tokens");
    check(number_of([&] { (void)first.inspect_token(token); }) == TOKMINT_STATUS_NULL_POINTER,
          "a moved-from project throws");
    // A token controls its API key, which may hold NUL.
    const std::string other =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
        // {"iss":"123456\u0000x","ist":"project","iat":1700000000,"exp":1700086400,"nonce":1,"role":"publisher",
        "eyJpc3MiOiIxMjM0NTZcdTAwMDB4IiwiaXN0IjoicHJvamVjdCIsImlhdCI6MTcwMDAwMDAwMCwiZXhwIjoxNzAwMDg2NDAwLCJub25jZSI6MS"
        "wi"
        // "scope":"session.connect","initial_layout_class_list":"","session_id":"..."}
        "cm9sZSI6InB1Ymxpc2hlciIsInNjb3BlIjoic2Vzc2lvbi5jb25uZWN0IiwiaW5pdGlhbF9sYXlvdXRfY2xhc3NfbGlzdCI6IiIsInNlc3Npb2"
        "5f"
        "aWQiOiIxX01YNHhNak0wTlRaLWZsTmhkQ0JOWVhJZ01UVWdNVFE2TkRJNk1qTWdVRVJVSURJd01UUi1NQzQwT1RBeE16QXlOWDQifQ."
        "Mflqap4cGROAEZNPaGbyj2XU8X_BlqQekYZEVZCo3Pk";
    check(tokmint::inspect_token(other).token()->api_key == std::string("123456\0x", 8), "NUL in the API key");
    check(tokmint::version() == TOKMINT_VERSION, "header and library have one version");
}

// An exception of a program's own.
struct Unrelated {
    int value;
};

// What the header promises of sessions and batches.
void run_sessions() {
    static_assert(!std::is_copy_constructible_v<tokmint::Session> && !std::is_copy_assignable_v<tokmint::Session>);
    static_assert(std::is_nothrow_move_constructible_v<tokmint::Session> &&
                  std::is_nothrow_move_assignable_v<tokmint::Session>);

    std::optional<tokmint::OpenTok> opentok(std::in_place, API_KEY, API_SECRET);
    tokmint::Session first = opentok->session(SESSION_ID);
    // The same but for the last digit of its random number.
    const std::string other_id = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNn4";
    const tokmint::Session other = opentok->session(other_id);
    opentok.reset();
    tokmint::Session session(std::move(first));
    check(session.session_id() == SESSION_ID && first.session_id().empty(), "a moved-from one has no ID");
    const std::vector<tokmint::TokenOptions> two(2);
    check(number_of([&] { (void)first.generate_token(); }) == TOKMINT_STATUS_NULL_POINTER &&
              number_of([&] { (void)first.generate_tokens(two); }) == TOKMINT_STATUS_NULL_POINTER &&
              number_of([&] { (void)first.verify_token("T1=="); }) == TOKMINT_STATUS_NULL_POINTER,
          "a moved-from one throws");
    const std::string token = session.generate_token();
    check(session.verify_token(token).role == "publisher", "the defaults are core's");
    check(number_of([&] { (void)other.verify_token(token); }) == TOKMINT_STATUS_TOKEN_OF_OTHER_SESSION,
          "a token of another session");
    tokmint::VerifyOptions expecting;
    expecting.session_id = other_id;
    check(number_of([&] { (void)session.verify_token(token, expecting); }) == TOKMINT_STATUS_TOKEN_OF_OTHER_SESSION,
          "options that expect another session");

    // Ranges that hold their elements, of any kind.
    tokmint::TokenOptions options;
    options.data = std::string("a\0b", 3);
    options.initial_layout_class_list = {"focus", "main"};
    tokmint::TokenOptions wide;
    wide.initial_layout_class_list = {"full", "bestfit", "pip"};
    const tokmint::TokenOptions c_array[] = {wide, {}, options};
    const std::list<tokmint::TokenOptions> list(std::begin(c_array), std::end(c_array));
    for (const auto &results : {session.generate_tokens(c_array), session.generate_tokens(list),
                                session.generate_tokens(std::array<tokmint::TokenOptions, 3>{wide, {}, options})}) {
        check(results.size() == 3, "one result an element");
        for (std::size_t index = 0; index < 3; ++index) {
            const tokmint::Token said = session.verify_token(std::get<std::string>(results.at(index)));
            check(said.data == c_array[index].data &&
                      said.initial_layout_class_list == c_array[index].initial_layout_class_list,
                  "each element has its own options");
        }
    }
    check(session.generate_tokens(std::vector<tokmint::TokenOptions>()).empty(), "none at all");

    // A callback with and without a result.
    std::size_t calls = 0;
    const std::vector<tokmint::TokenOptions> many(10, options);
    session.generate_tokens(many, [&](std::size_t index, const tokmint::TokenResultView &result) {
        check(index == calls++ && session.verify_token(std::get<std::string_view>(result)).data == options.data,
              "tokens in order");
    });
    check(calls == 10, "a callback without a result");
    calls = 0;
    const auto up_to_five = [&calls](std::size_t, const auto &) { return ++calls < 5; };
    session.generate_tokens(many, up_to_five);
    check(calls == 5, "a callback that ends the batch");

    // What a callback throws leaves the call, whatever it is, and ends the batch.
    const auto thrown_by = [&](auto &&callback) {
        calls = 0;
        try {
            session.generate_tokens(many, callback);
        } catch (const Unrelated &unrelated) {
            return unrelated.value;
        } catch (const tokmint::Error &error) {
            return error.number();
        }
        return 0;
    };
    check(thrown_by([&](std::size_t index, const auto &) {
              ++calls;
              if (index == 3) {
                  throw Unrelated{4711};
              }
          }) == 4711 &&
              calls == 4,
          "an exception that derives from nothing");
    check(thrown_by([&](std::size_t, const auto &) -> bool {
              ++calls;
              options.role = "root";
              (void)session.generate_token(options);
              return true;
          }) == TOKMINT_STATUS_INVALID_ROLE &&
              calls == 1,
          "an error of a call within the callback");
    // A batch within a batch, of which the inner one throws.
    check(thrown_by([&](std::size_t, const auto &) {
              ++calls;
              session.generate_tokens(two, [](std::size_t index, const auto &) {
                  if (index == 1) {
                      throw Unrelated{42};
                  }
              });
          }) == 42 &&
              calls == 1,
          "an exception through two batches");
    check(session.verify_token(session.generate_token()).data.empty(), "and the session goes on");
}

} // namespace

int main(int argc, char **argv) {
    if (argc != 2) {
        give_up("usage: vectors <folder>");
    }
    const std::string folder = std::string(argv[1]) + "/";
    std::size_t total = 0;
    const auto run = [&](const char *name, std::size_t (*runner)(const json &), std::size_t at_least) {
        const std::size_t count = runner(load(folder + name));
        total += count;
        check(count >= at_least, std::string(name) + " holds too few vectors");
        std::cout << name << ": " << count << " run\n";
    };
    keys = load(folder + "keys.json")["keys"];
    run_classes();
    run_sessions();
    run("keys.json", run_keys, 34);
    run("generate.json", run_generate, 230);
    run("rest.json", run_rest, 19);
    run("verify.json", run_verify, 220);
    run("errors.json", run_errors, 860);
    run("attacks.json", run_attacks, 108);
    run("peer_tokens.json", run_peers, 94);
    run("inspect.json", run_inspect, 720);
    const auto [tokens, errors, refused] = session_results;
    std::cout << "through sessions: " << tokens << " tokens, " << errors << " errors, " << refused
              << " refused sessions\n";
    check(tokens >= 240 && errors >= 110 && refused >= 45, "sessions run");
    std::cout << "C++: " << (failures == 0 ? total : 0) << " of " << total << " vectors passed\n";
    return failures == 0 ? 0 : 1;
}
