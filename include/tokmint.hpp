/// tokmint for C++17: tokmint.h with owners, exceptions and the types of the standard library, and no logic.
///
/// Header-only. Texts are UTF-8 and may hold NUL. Times are Unix seconds. An error is a `tokmint::Error`; running out of
/// memory is a `std::bad_alloc` here, and ends the process in the library.
///
///     tokmint::OpenTok opentok(api_key, api_secret);
///     tokmint::TokenOptions options;
///     options.role = "moderator";
///     options.expires_in = std::chrono::hours(1);
///     std::string token = opentok.generate_token(session_id, options);

#ifndef TOKMINT_HPP
#define TOKMINT_HPP

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tokmint.h"

namespace tokmint {

/// A time in Unix seconds. Make one of a finer time with `std::chrono::floor<std::chrono::seconds>(time)`.
using UnixTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>;

/// Why a call failed: `what()` is a sentence for a person, and never holds the secret or an input.
class Error : public std::runtime_error {
public:
    Error(tokmint_status code, const char *sentence) : std::runtime_error(sentence), code_(code) {}

    /// The number of the error, fixed for ever.
    tokmint_status code() const noexcept { return code_; }

    /// The name of the error, such as `invalid_role`, which is the same in every language of tokmint.
    const char *name() const noexcept { return tokmint_error_name(code_); }

private:
    tokmint_status code_;
};

/// What a new token shall say; see `tokmint_token_options` for limits and defaults. It owns its texts, so it can be kept.
struct TokenOptions {
    /// `subscriber`, `publisher` (the default), `publisheronly` or `moderator`.
    std::optional<std::string> role;
    /// When the token ends. By default it lives for 24 hours.
    std::optional<UnixTime> expire_time;
    /// The same as a life. Only one of the two may be set.
    std::optional<std::chrono::seconds> expires_in;
    /// Connection data, which everybody in the session can read; empty for none.
    std::string data;
    /// Layout classes, one an element.
    std::vector<std::string> initial_layout_class_list;
    /// `jwt` (the default) or `t1`.
    std::optional<std::string> token_format;
    /// When the token is issued; set it to reproduce a token.
    std::optional<UnixTime> create_time;
    /// A number that tells equal tokens apart; set it to reproduce a token.
    std::optional<std::int64_t> nonce;
};

/// What a verified token is held against; see `tokmint_verify_options`.
struct VerifyOptions {
    /// The time of verification; unset for the current time.
    std::optional<UnixTime> now;
    /// How long a token is still accepted after its expiry or before its issue; unset for not at all.
    std::optional<std::chrono::seconds> leeway;
    /// The session that the token must be for; unset for any session of the project.
    std::optional<std::string> session_id;
};

/// What an inspected token is held against; see `tokmint_inspect_options`.
struct InspectOptions {
    /// The time of inspection; unset for the current time.
    std::optional<UnixTime> now;
    /// The session that the token should be for; unset for any session of the project.
    std::optional<std::string> session_id;
};

/// What a token says: a verified one if `OpenTok::verify_token` gave it.
struct Token {
    std::string format;
    std::string api_key;
    std::string session_id;
    std::string role;
    UnixTime create_time;
    /// The first second at which it is no longer valid.
    UnixTime expire_time;
    /// Empty if there is none.
    std::string data;
    std::vector<std::string> initial_layout_class_list;
    /// As it stands in the token; empty if there is none.
    std::string nonce;
};

/// A name and its value as they stand in a token; see `tokmint_field`.
struct Field {
    std::string name;
    std::string value;
};

/// One thing that an inspection found; see `tokmint_finding`.
struct Finding {
    /// The stable code, such as `token_expired`.
    std::string code;
    tokmint_severity severity;
    /// What is wrong and what to do, in one sentence for a person.
    std::string message;
    /// What the server says to such a token, where that is known.
    std::optional<std::string> server_message;
};

namespace detail {

template <auto free> struct Free {
    template <typename T> void operator()(T *pointer) const noexcept { free(pointer); }
};
template <typename T, auto free> using Owner = std::unique_ptr<T, Free<free>>;
using String = Owner<char, tokmint_string_free>;

/// Throws the error of a call, if it is one, and takes its message.
inline void check(tokmint_status status, char *message) {
    String owner(message);
    if (status != TOKMINT_STATUS_OK) {
        throw Error(status, message);
    }
}

/// An optional text, time or number as C takes it.
inline const char *pointer(const std::optional<std::string> &text) { return text ? text->data() : nullptr; }
inline std::size_t length(const std::optional<std::string> &text) { return text ? text->size() : 0; }

class Integer {
public:
    Integer(const std::optional<std::int64_t> &number) : is_set_(number.has_value()), value_(number.value_or(0)) {}
    Integer(const std::optional<std::chrono::seconds> &duration)
        : is_set_(duration.has_value()), value_(duration ? duration->count() : 0) {}
    Integer(const std::optional<UnixTime> &time)
        : is_set_(time.has_value()), value_(time ? time->time_since_epoch().count() : 0) {}
    const std::int64_t *pointer() const { return is_set_ ? &value_ : nullptr; }

private:
    bool is_set_;
    std::int64_t value_;
};

inline std::optional<std::string> optional(const char *text) {
    return text == nullptr ? std::nullopt : std::optional<std::string>(text);
}

inline Token token(const tokmint_token &token) {
    Token said;
    said.format = token.format;
    said.api_key = token.api_key;
    said.session_id = token.session_id;
    said.role = token.role;
    said.create_time = UnixTime(std::chrono::seconds(token.create_time));
    said.expire_time = UnixTime(std::chrono::seconds(token.expire_time));
    said.data.assign(token.data, token.data_length);
    for (std::size_t index = 0; index < token.initial_layout_class_count; ++index) {
        said.initial_layout_class_list.emplace_back(token.initial_layout_class_list[index],
                                                    token.initial_layout_class_lengths[index]);
    }
    said.nonce.assign(token.nonce, token.nonce_length);
    return said;
}

} // namespace detail

/// What a token says, as far as it reads, and everything that is wrong with it: immutable, safe to read from many threads
/// at once. It can be moved, not copied; a moved-from one is refused and holds nothing.
class Inspection {
public:
    /// Takes what the C functions give, and owns it.
    explicit Inspection(tokmint_inspection *inspection) noexcept : inspection_(inspection) {}

    /// Whether verify would refuse the token: whether there is a finding of that severity.
    bool is_refused() const noexcept { return tokmint_inspection_is_refused(get()); }

    /// `jwt` or `t1`; none if it cannot be told.
    std::optional<std::string> format() const { return detail::optional(tokmint_inspection_format(get())); }

    /// Whether the signature is that of the project.
    tokmint_signature signature() const noexcept { return tokmint_inspection_signature(get()); }

    /// The members of a JWT's header, or `partner_id` of a T1 token.
    std::vector<Field> header() const {
        return read(tokmint_inspection_header_count(get()), tokmint_inspection_header, field);
    }

    /// The claims of a JWT or the fields of a T1 token, in their order, one that stands there twice twice.
    std::vector<Field> fields() const {
        return read(tokmint_inspection_field_count(get()), tokmint_inspection_field, field);
    }

    /// The token with its types, if every field reads, whether it is valid or not.
    std::optional<Token> token() const {
        const tokmint_token *token = tokmint_inspection_token(get());
        return token == nullptr ? std::nullopt : std::optional<Token>(detail::token(*token));
    }

    /// When it was issued, as RFC 3339 in UTC; none if it does not say so or beyond the year 9999.
    std::optional<std::string> created_at() const { return detail::optional(tokmint_inspection_created_at(get())); }

    /// The first second at which it is no longer valid, in the same way.
    std::optional<std::string> expires_at() const { return detail::optional(tokmint_inspection_expires_at(get())); }

    /// The time before which a JWT is not valid, in the same way.
    std::optional<std::string> not_before() const { return detail::optional(tokmint_inspection_not_before(get())); }

    /// The time until its expiry, 0 or less when it is over; none if it does not name one.
    std::optional<std::chrono::seconds> remaining_lifetime() const noexcept {
        const std::int64_t *seconds = tokmint_inspection_remaining_lifetime(get());
        return seconds == nullptr ? std::nullopt : std::optional<std::chrono::seconds>(*seconds);
    }

    /// What is wrong: first what makes verify refuse it, in the order of its checks, then warnings, then notes.
    std::vector<Finding> findings() const {
        return read(tokmint_inspection_finding_count(get()), tokmint_inspection_finding, finding);
    }

    /// The inspection as one JSON object, in one line.
    std::string to_json() const { return write(tokmint_inspection_to_json); }

    /// The inspection in lines for a person, with control characters escaped.
    std::string to_text() const { return write(tokmint_inspection_to_text); }

private:
    const tokmint_inspection *get() const noexcept { return inspection_.get(); }

    static Field field(const tokmint_field &field) {
        return {std::string(field.name, field.name_length), std::string(field.value, field.value_length)};
    }

    static Finding finding(const tokmint_finding &finding) {
        return {finding.code, finding.severity, finding.message, detail::optional(finding.server_message)};
    }

    template <typename Element, typename CElement>
    std::vector<Element> read(std::size_t count, const CElement *(*at)(const tokmint_inspection *, std::size_t),
                              Element (*convert)(const CElement &)) const {
        std::vector<Element> elements;
        elements.reserve(count);
        for (std::size_t index = 0; index < count; ++index) {
            elements.push_back(convert(*at(get(), index)));
        }
        return elements;
    }

    std::string write(tokmint_status (*call)(const tokmint_inspection *, char **, char **)) const {
        char *text = nullptr;
        char *message = nullptr;
        const tokmint_status status = call(get(), &text, &message);
        detail::check(status, message);
        const detail::String owner(text);
        return text;
    }

    detail::Owner<tokmint_inspection, tokmint_inspection_free> inspection_;
};

/// Writes an inspection in lines for a person.
inline std::ostream &operator<<(std::ostream &stream, const Inspection &inspection) {
    return stream << inspection.to_text();
}

namespace detail {

/// Inspects with a function of C, which is given the options and the places for its answers.
template <typename Call> Inspection inspect(const InspectOptions &options, Call call) {
    const Integer now(options.now);
    tokmint_inspect_options c_options = TOKMINT_INSPECT_OPTIONS_INIT;
    c_options.now = now.pointer();
    c_options.session_id = pointer(options.session_id);
    c_options.session_id_length = length(options.session_id);

    tokmint_inspection *inspection = nullptr;
    char *message = nullptr;
    const tokmint_status status = call(&c_options, &inspection, &message);
    check(status, message);
    return Inspection(inspection);
}

} // namespace detail

/// Inspects a token without credentials: its signature stays unchecked, and its project is the one that it names. Trust
/// nothing that the inspection shows.
inline Inspection inspect_token(std::string_view token, const InspectOptions &options = {}) {
    return detail::inspect(options, [&](auto... places) {
        return tokmint_inspect_token_unchecked(token.data(), token.size(), places...);
    });
}

/// The credentials of one project: immutable, safe to use from many threads at once, and the owner of them. It can be
/// moved, not copied; a moved-from one answers every call with `null_pointer`.
class OpenTok {
public:
    /// Takes a project's API key and API secret, as the account page shows them.
    OpenTok(std::string_view api_key, std::string_view api_secret) {
        tokmint_opentok *opentok = nullptr;
        char *message = nullptr;
        const tokmint_status status = tokmint_opentok_new(api_key.data(), api_key.size(), api_secret.data(),
                                                          api_secret.size(), &opentok, &message);
        detail::check(status, message);
        opentok_.reset(opentok);
    }

    /// Generates a token that admits its holder to a session.
    std::string generate_token(std::string_view session_id, const TokenOptions &options = {}) const {
        const detail::Integer expire_time(options.expire_time), expires_in(options.expires_in);
        const detail::Integer create_time(options.create_time), nonce(options.nonce);
        std::vector<const char *> classes;
        std::vector<std::size_t> lengths;
        for (const std::string &name : options.initial_layout_class_list) {
            classes.push_back(name.data());
            lengths.push_back(name.size());
        }

        tokmint_token_options c_options = TOKMINT_TOKEN_OPTIONS_INIT;
        c_options.role = detail::pointer(options.role);
        c_options.role_length = detail::length(options.role);
        c_options.expire_time = expire_time.pointer();
        c_options.expires_in = expires_in.pointer();
        c_options.data = options.data.data();
        c_options.data_length = options.data.size();
        c_options.initial_layout_class_list = classes.data();
        c_options.initial_layout_class_lengths = lengths.data();
        c_options.initial_layout_class_count = classes.size();
        c_options.token_format = detail::pointer(options.token_format);
        c_options.token_format_length = detail::length(options.token_format);
        c_options.create_time = create_time.pointer();
        c_options.nonce = nonce.pointer();

        char *token = nullptr;
        std::size_t token_length = 0;
        char *message = nullptr;
        const tokmint_status status = tokmint_generate_token(opentok_.get(), session_id.data(), session_id.size(),
                                                             &c_options, &token, &token_length, &message);
        detail::check(status, message);
        const detail::String owner(token);
        return std::string(token, token_length);
    }

    /// Verifies a token of this project, JWT or T1: signature, project, session and time.
    Token verify_token(std::string_view token, const VerifyOptions &options = {}) const {
        const detail::Integer now(options.now), leeway(options.leeway);
        tokmint_verify_options c_options = TOKMINT_VERIFY_OPTIONS_INIT;
        c_options.now = now.pointer();
        c_options.leeway = leeway.pointer();
        c_options.session_id = detail::pointer(options.session_id);
        c_options.session_id_length = detail::length(options.session_id);

        tokmint_token *verified = nullptr;
        char *message = nullptr;
        const tokmint_status status =
            tokmint_verify_token(opentok_.get(), token.data(), token.size(), &c_options, &verified, &message);
        detail::check(status, message);
        const detail::Owner<tokmint_token, tokmint_token_free> owner(verified);

        return detail::token(*verified);
    }

    /// Inspects a token with the credentials of the project: what it says, and everything for which a server would refuse
    /// it. It throws for no token, whatever its bytes.
    Inspection inspect_token(std::string_view token, const InspectOptions &options = {}) const {
        return detail::inspect(options, [&](auto... places) {
            return tokmint_inspect_token(opentok_.get(), token.data(), token.size(), places...);
        });
    }

private:
    detail::Owner<tokmint_opentok, tokmint_opentok_free> opentok_;
};

/// The version of the library that is running; `TOKMINT_VERSION` is that of the header.
inline std::string_view version() noexcept { return tokmint_version(); }

} // namespace tokmint

#endif
