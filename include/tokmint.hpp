/// tokmint for C++17: tokmint.h with owners, exceptions and the types of the standard library, and no logic.
///
/// Header-only. Strings are UTF-8 and may hold NUL. Times are Unix seconds. An error is a `tokmint::Error`; running out
/// of memory is a `std::bad_alloc` here, and ends the process in the library.
///
///     tokmint::OpenTok opentok(api_key, api_secret);
///     tokmint::TokenOptions options;
///     options.role = "moderator";
///     options.expires_in = std::chrono::hours(1);
///     std::string token = opentok.generate_token(session_id, options);
///
/// The credentials of a Vonage application are `tokmint::OpenTok::for_application(application_id, private_key)`.

#ifndef TOKMINT_HPP
#define TOKMINT_HPP

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <iterator>
#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "tokmint.h"

namespace tokmint {

/// A time in Unix seconds. Make one of a finer time with `std::chrono::floor<std::chrono::seconds>(time)`.
using UnixTime = std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>;

/// Why a call failed: `what()` is a sentence for a person, and never holds a secret, a key or an input.
class Error : public std::runtime_error {
public:
    Error(tokmint_status status, const char *sentence) : std::runtime_error(sentence), status_(status) {}

    /// The stable name of the error, such as `invalid_role`, which is the same in every language of tokmint.
    [[nodiscard]] std::string_view code() const noexcept { return tokmint_error_name(status_); }

    /// The number of the error, such as `TOKMINT_STATUS_INVALID_ROLE`, which will never change.
    [[nodiscard]] int number() const noexcept { return status_; }

private:
    tokmint_status status_;
};

/// Options for a new token; see `tokmint_token_options` for limits and defaults. It owns its strings, so it can be
/// kept.
struct TokenOptions {
    /// `subscriber`, `publisher` (the default), `publisheronly` or `moderator`.
    std::optional<std::string> role;
    /// When the token ends. By default it lives for 24 hours.
    std::optional<UnixTime> expire_time;
    /// The same as a lifetime. Only one of the two may be set.
    std::optional<std::chrono::seconds> expires_in;
    /// Connection data, which everybody in the session can read; empty for none.
    std::string data;
    /// Layout classes, one an element.
    std::vector<std::string> initial_layout_class_list;
    /// `jwt` (the default) or, for projects only, `t1`.
    std::optional<std::string> token_format;
    /// When the token is issued; set it to reproduce a token.
    std::optional<UnixTime> create_time;
    /// A number that tells equal tokens of a project apart; set it to reproduce a token.
    std::optional<std::int64_t> nonce;
    /// A UUID in lower case that tells equal tokens of an application apart; set it to reproduce a token.
    std::optional<std::string> jti;
};

/// One result of a batch: the token, or the error of its options.
using TokenResult = std::variant<std::string, Error>;

/// The same as a callback takes it: the token ends with NUL and is valid until the callback returns.
using TokenResultView = std::variant<std::string_view, Error>;

/// Options for a token for REST calls; see `tokmint_rest_token_options` for limits and defaults.
struct RestTokenOptions {
    /// How long the token lives. By default 180 s for a project and 900 s for an application.
    std::optional<std::chrono::seconds> expires_in;
    /// When the token is issued; set it to reproduce a token.
    std::optional<UnixTime> create_time;
    /// A UUID in lower case that tells equal tokens apart; set it to reproduce a token.
    std::optional<std::string> jti;
};

/// Options for verifying a token; see `tokmint_verify_options`.
struct VerifyOptions {
    /// The time of verification; unset for the current time.
    std::optional<UnixTime> now;
    /// How long a token is still accepted after its expiry or before its issue; unset for not at all.
    std::optional<std::chrono::seconds> leeway;
    /// The session that the token must be for; unset for any session of the project or application.
    std::optional<std::string> session_id;
};

/// Options for inspecting a token; see `tokmint_inspect_options`.
struct InspectOptions {
    /// The time of inspection; unset for the current time.
    std::optional<UnixTime> now;
    /// The session that the token should be for; unset for any session of the project or application.
    std::optional<std::string> session_id;
};

/// What a token says: a verified one if `verify_token` of an `OpenTok` or a `Session` gave it.
struct Token {
    std::string format;
    /// The API key of the project that issued it; none if an application did.
    std::optional<std::string> api_key;
    /// The ID of the application that issued it; none if a project did.
    std::optional<std::string> application_id;
    std::string session_id;
    std::string role;
    UnixTime create_time;
    /// The first second at which it is no longer valid.
    UnixTime expire_time;
    /// Empty if there is none.
    std::string data;
    std::vector<std::string> initial_layout_class_list;
    /// The nonce or, of an application's token, the `jti`, as the token holds it; empty if there is none.
    std::string nonce;

    friend bool operator==(const Token &left, const Token &right) {
        const auto members = [](const Token &token) {
            return std::tie(token.format, token.api_key, token.application_id, token.session_id, token.role,
                            token.create_time, token.expire_time, token.data, token.initial_layout_class_list,
                            token.nonce);
        };
        return members(left) == members(right);
    }
    friend bool operator!=(const Token &left, const Token &right) { return !(left == right); }
};

/// Whether the signature of a token is that of a project or of an application; see `tokmint_signature`.
enum class SignatureState {
    unchecked = TOKMINT_SIGNATURE_UNCHECKED,
    valid = TOKMINT_SIGNATURE_VALID,
    invalid = TOKMINT_SIGNATURE_INVALID,
};

/// How severe a finding is; see `tokmint_severity`.
enum class Severity {
    refused = TOKMINT_SEVERITY_REFUSED,
    warning = TOKMINT_SEVERITY_WARNING,
    note = TOKMINT_SEVERITY_NOTE,
};

/// A name and its value, as in the token; see `tokmint_field`.
struct Field {
    std::string name;
    std::string value;
};

/// One thing that an inspection found; see `tokmint_finding`.
struct Finding {
    /// The stable code, such as `token_expired`.
    std::string code;
    Severity severity;
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
    const String owner(message);
    if (status != TOKMINT_STATUS_OK) {
        throw Error(status, message);
    }
}

/// An optional string, number, duration or time as C takes it. A number that happens to be `TOKMINT_UNSET` is given, so
/// C gets the next one, which is outside of every limit, too.
inline const char *pointer(const std::optional<std::string> &string) { return string ? string->data() : nullptr; }
inline std::size_t length(const std::optional<std::string> &string) { return string ? string->size() : 0; }
inline std::int64_t integer(const std::optional<std::int64_t> &number) {
    return number ? std::max<std::int64_t>(*number, TOKMINT_UNSET + 1) : TOKMINT_UNSET;
}
inline std::int64_t integer(const std::optional<std::chrono::seconds> &duration) {
    return integer(duration ? std::optional<std::int64_t>(duration->count()) : std::nullopt);
}
inline std::int64_t integer(const std::optional<UnixTime> &time) {
    return integer(time ? std::optional(time->time_since_epoch()) : std::nullopt);
}

/// The same from C.
inline std::optional<std::string> optional(const char *string) {
    return string == nullptr ? std::nullopt : std::optional<std::string>(string);
}
inline std::optional<std::string> optional(const char *string, std::size_t length) {
    return string == nullptr ? std::nullopt : std::optional<std::string>(std::in_place, string, length);
}
inline std::optional<std::string_view> optional_view(const char *string) noexcept {
    return string == nullptr ? std::nullopt : std::optional<std::string_view>(string);
}
inline UnixTime time(std::int64_t number) { return UnixTime(std::chrono::seconds(number)); }
inline std::optional<UnixTime> optional_time(std::int64_t number) {
    return number == TOKMINT_UNSET ? std::nullopt : std::optional(time(number));
}

inline Token token(const tokmint_token &token) {
    Token said;
    said.format = token.format;
    said.api_key = optional(token.api_key, token.api_key_length);
    said.application_id = optional(token.application_id, token.application_id_length);
    said.session_id.assign(token.session_id, token.session_id_length);
    said.role = token.role;
    said.create_time = time(token.create_time);
    said.expire_time = time(token.expire_time);
    said.data.assign(token.data, token.data_length);
    for (std::size_t index = 0; index < token.initial_layout_class_count; ++index) {
        said.initial_layout_class_list.emplace_back(token.initial_layout_class_list[index],
                                                    token.initial_layout_class_lengths[index]);
    }
    said.nonce.assign(token.nonce, token.nonce_length);
    return said;
}

/// Where the lists of layout classes lie while C's options point to them.
struct ClassLists {
    /// `count` is that of all classes to come, because a list must not move.
    explicit ClassLists(std::size_t count) {
        names.reserve(count);
        lengths.reserve(count);
    }

    std::vector<const char *> names;
    std::vector<std::size_t> lengths;
};

inline tokmint_token_options token_options(const TokenOptions &options, ClassLists &lists) {
    tokmint_token_options c_options = TOKMINT_TOKEN_OPTIONS_INIT;
    c_options.role = pointer(options.role);
    c_options.role_length = length(options.role);
    c_options.expire_time = integer(options.expire_time);
    c_options.expires_in = integer(options.expires_in);
    c_options.data = options.data.data();
    c_options.data_length = options.data.size();
    c_options.initial_layout_class_list = lists.names.data() + lists.names.size();
    c_options.initial_layout_class_lengths = lists.lengths.data() + lists.lengths.size();
    c_options.initial_layout_class_count = options.initial_layout_class_list.size();
    for (const std::string &name : options.initial_layout_class_list) {
        lists.names.push_back(name.data());
        lists.lengths.push_back(name.size());
    }
    c_options.token_format = pointer(options.token_format);
    c_options.token_format_length = length(options.token_format);
    c_options.create_time = integer(options.create_time);
    c_options.nonce = integer(options.nonce);
    c_options.jti = pointer(options.jti);
    c_options.jti_length = length(options.jti);
    return c_options;
}

/// Calls a function that gives a token.
template <typename Call> std::string generated(Call call) {
    char *token = nullptr;
    std::size_t token_length = 0;
    char *message = nullptr;
    const tokmint_status status = call(&token, &token_length, &message);
    check(status, message);
    const String owner(token);
    return std::string(token, token_length);
}

/// Verifies with a handle of either class.
template <typename Handle>
Token verified(tokmint_status (*call)(const Handle *, const char *, std::size_t, const tokmint_verify_options *,
                                      tokmint_token **, char **),
               const Handle *handle, std::string_view token, const VerifyOptions &options) {
    tokmint_verify_options c_options = TOKMINT_VERIFY_OPTIONS_INIT;
    c_options.now = integer(options.now);
    c_options.leeway = integer(options.leeway);
    c_options.session_id = pointer(options.session_id);
    c_options.session_id_length = length(options.session_id);

    tokmint_token *verified = nullptr;
    char *message = nullptr;
    const tokmint_status status = call(handle, token.data(), token.size(), &c_options, &verified, &message);
    check(status, message);
    const Owner<tokmint_token, tokmint_token_free> owner(verified);
    return detail::token(*verified);
}

/// Hands the results of a batch to a callback of C++, whose exceptions must not leave through C.
template <typename Callback> class Receiver {
public:
    explicit Receiver(Callback &callback) : callback_(callback) {}

    /// What C calls; `user_data` is the receiver.
    static int receive(void *user_data, std::size_t index, tokmint_status status, const char *token,
                       std::size_t token_length, const char *message) noexcept {
        Receiver &self = *static_cast<Receiver *>(user_data);
        try {
            return self.take(index, status == TOKMINT_STATUS_OK
                                        ? TokenResultView(std::in_place_type<std::string_view>, token, token_length)
                                        : TokenResultView(std::in_place_type<Error>, status, message));
        } catch (...) {
            self.exception_ = std::current_exception();
            return 1;
        }
    }

    void rethrow() const {
        if (exception_ != nullptr) {
            std::rethrow_exception(exception_);
        }
    }

private:
    /// Returns 0 to go on, as C wants it.
    int take(std::size_t index, const TokenResultView &result) {
        using Returned = std::invoke_result_t<Callback &, std::size_t, const TokenResultView &>;
        static_assert(std::is_void_v<Returned> || std::is_same_v<Returned, bool>, "return nothing, or a bool");
        if constexpr (std::is_void_v<Returned>) {
            callback_(index, result);
            return 0;
        } else {
            return callback_(index, result) ? 0 : 1;
        }
    }

    Callback &callback_;
    std::exception_ptr exception_;
};

} // namespace detail

/// The contents of a token, as far as they can be parsed, and everything that is wrong with it: immutable, safe to read
/// from many threads at once. It can be moved, not copied; a moved-from one is treated as refused and empty.
class Inspection {
public:
    /// Whether verify would refuse the token: whether there is a finding of that severity. Without credentials, nobody
    /// has checked the signature.
    [[nodiscard]] bool is_refused() const noexcept { return tokmint_inspection_is_refused(get()); }

    /// `jwt` or `t1`; none if it cannot be told.
    [[nodiscard]] std::optional<std::string> format() const {
        return detail::optional(tokmint_inspection_format(get()));
    }

    /// Whether the signature is that of the project or application.
    [[nodiscard]] SignatureState signature() const noexcept {
        return static_cast<SignatureState>(tokmint_inspection_signature(get()));
    }

    /// The members of a JWT's header, or `partner_id` of a T1 token.
    [[nodiscard]] std::vector<Field> header() const {
        return read(tokmint_inspection_header_count(get()), tokmint_inspection_header, field);
    }

    /// The claims of a JWT or the fields of a T1 token, in token order; a repeated name appears each time.
    [[nodiscard]] std::vector<Field> fields() const {
        return read(tokmint_inspection_field_count(get()), tokmint_inspection_field, field);
    }

    /// The typed token, if every field could be parsed, whether it is valid or not.
    [[nodiscard]] std::optional<Token> token() const {
        const tokmint_token *token = tokmint_inspection_token(get());
        return token == nullptr ? std::nullopt : std::optional(detail::token(*token));
    }

    /// The time of the inspection; none if the system clock could not be read.
    [[nodiscard]] std::optional<UnixTime> now() const noexcept {
        return detail::optional_time(tokmint_inspection_now(get()));
    }

    /// When the token was issued; none if the token does not state it.
    [[nodiscard]] std::optional<UnixTime> create_time() const noexcept {
        return detail::optional_time(tokmint_inspection_create_time(get()));
    }

    /// The first second at which the token is no longer valid; none if the token does not state it.
    [[nodiscard]] std::optional<UnixTime> expire_time() const noexcept {
        return detail::optional_time(tokmint_inspection_expire_time(get()));
    }

    /// The time before which a JWT is not valid; none if the token does not state it.
    [[nodiscard]] std::optional<UnixTime> not_before() const noexcept {
        return detail::optional_time(tokmint_inspection_not_before(get()));
    }

    /// The time until the token's expiry, 0 or less when it is over; none if it does not name one.
    [[nodiscard]] std::optional<std::chrono::seconds> remaining_lifetime() const noexcept {
        const std::int64_t lifetime = tokmint_inspection_remaining_lifetime(get());
        return lifetime == TOKMINT_UNSET ? std::nullopt : std::optional(std::chrono::seconds(lifetime));
    }

    /// What is wrong: first what makes verify refuse it, in the order of its checks, then warnings, then notes.
    [[nodiscard]] std::vector<Finding> findings() const {
        return read(tokmint_inspection_finding_count(get()), tokmint_inspection_finding, finding);
    }

    /// The inspection as one JSON object, in one line.
    [[nodiscard]] std::string to_json() const { return write(tokmint_inspection_to_json); }

    /// The inspection in lines for a person, with control characters escaped.
    [[nodiscard]] std::string to_text() const { return write(tokmint_inspection_to_text); }

private:
    friend class OpenTok;
    friend Inspection inspect_token(std::string_view token, const InspectOptions &options);

    /// Inspects with credentials, or without for a null pointer.
    Inspection(const tokmint_opentok *opentok, std::string_view token, const InspectOptions &options) {
        tokmint_inspect_options c_options = TOKMINT_INSPECT_OPTIONS_INIT;
        c_options.now = detail::integer(options.now);
        c_options.session_id = detail::pointer(options.session_id);
        c_options.session_id_length = detail::length(options.session_id);

        tokmint_inspection *inspection = nullptr;
        char *message = nullptr;
        const tokmint_status status =
            tokmint_inspect_token(opentok, token.data(), token.size(), &c_options, &inspection, &message);
        detail::check(status, message);
        inspection_.reset(inspection);
    }

    const tokmint_inspection *get() const noexcept { return inspection_.get(); }

    static Field field(const tokmint_field &field) {
        return {std::string(field.name, field.name_length), std::string(field.value, field.value_length)};
    }

    static Finding finding(const tokmint_finding &finding) {
        return {finding.code, static_cast<Severity>(finding.severity), finding.message,
                detail::optional(finding.server_message)};
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
        char *form = nullptr;
        char *message = nullptr;
        const tokmint_status status = call(get(), &form, &message);
        detail::check(status, message);
        const detail::String owner(form);
        return form;
    }

    detail::Owner<tokmint_inspection, tokmint_inspection_free> inspection_;
};

/// Writes an inspection in lines for a person.
inline std::ostream &operator<<(std::ostream &stream, const Inspection &inspection) {
    return stream << inspection.to_text();
}

/// Inspects a token without credentials: its signature stays unchecked, and its project or application is the one that
/// it names. Trust nothing that the inspection shows.
[[nodiscard]] inline Inspection inspect_token(std::string_view token, const InspectOptions &options = {}) {
    return Inspection(nullptr, token, options);
}

/// One session, prepared so that each of its tokens takes less time: immutable, safe to use from many threads at once,
/// and independent of the `OpenTok` that made it. It can be moved, not copied; a moved-from one throws `null_pointer`
/// at every call, and has no ID.
class Session {
public:
    /// The ID of the session; empty for a moved-from object. A view of what this object owns.
    [[nodiscard]] std::string_view session_id() const noexcept {
        const char *id = tokmint_session_id(session_.get());
        return id == nullptr ? std::string_view() : std::string_view(id);
    }

    /// Generates a token that admits its holder to the session.
    [[nodiscard]] std::string generate_token(const TokenOptions &options = {}) const {
        detail::ClassLists lists(options.initial_layout_class_list.size());
        const tokmint_token_options c_options = detail::token_options(options, lists);
        return detail::generated([&](char **token, std::size_t *token_length, char **message) {
            return tokmint_session_generate_token(session_.get(), &c_options, token, token_length, message);
        });
    }

    /// Generates many tokens, one for each element of a range of `TokenOptions`, in order, and calls
    /// `callback(index, result)` with each: a `std::size_t` and a `TokenResultView`. An error of one element does not
    /// end the batch. A callback that returns a `bool` ends it with `false`. So does one that throws; its exception
    /// leaves this call.
    ///
    /// The clock is read once. The range must hold its elements, as containers and spans do. Beside it this takes 128
    /// bytes an element, and 16 a layout class: give a great many in blocks.
    template <typename Range, typename Callback> void generate_tokens(Range &&options, Callback &&callback) const {
        using Iterator = decltype(std::begin(options));
        using Element = decltype(*std::begin(options));
        static_assert(std::is_lvalue_reference_v<Element> &&
                          std::is_convertible_v<std::add_pointer_t<Element>, const TokenOptions *> &&
                          std::is_base_of_v<std::forward_iterator_tag,
                                            typename std::iterator_traits<Iterator>::iterator_category>,
                      "the range must hold its elements, which are TokenOptions");
        std::size_t count = 0, class_count = 0;
        for (const TokenOptions &element : options) {
            ++count;
            class_count += element.initial_layout_class_list.size();
        }
        detail::ClassLists lists(class_count);
        std::vector<tokmint_token_options> c_options;
        c_options.reserve(count);
        for (const TokenOptions &element : options) {
            c_options.push_back(detail::token_options(element, lists));
        }

        using Receiver = detail::Receiver<std::remove_reference_t<Callback>>;
        Receiver receiver(callback);
        char *message = nullptr;
        const tokmint_status status = tokmint_session_generate_tokens(session_.get(), c_options.data(), count,
                                                                      Receiver::receive, &receiver, &message);
        detail::check(status, message);
        receiver.rethrow();
    }

    /// The same with all results in a vector, in the order of the range.
    template <typename Range> [[nodiscard]] std::vector<TokenResult> generate_tokens(Range &&options) const {
        std::vector<TokenResult> results;
        generate_tokens(options, [&](std::size_t, const TokenResultView &result) {
            if (const auto *token = std::get_if<std::string_view>(&result)) {
                results.emplace_back(std::in_place_type<std::string>, *token);
            } else {
                results.emplace_back(std::get<Error>(result));
            }
        });
        return results;
    }

    /// Verifies a token as `OpenTok::verify_token` does. It must be for this session.
    [[nodiscard]] Token verify_token(std::string_view token, const VerifyOptions &options = {}) const {
        return detail::verified(tokmint_session_verify_token, session_.get(), token, options);
    }

private:
    friend class OpenTok;

    Session(const tokmint_opentok *opentok, std::string_view session_id) {
        tokmint_session *session = nullptr;
        char *message = nullptr;
        const tokmint_status status =
            tokmint_opentok_session(opentok, session_id.data(), session_id.size(), &session, &message);
        detail::check(status, message);
        session_.reset(session);
    }

    detail::Owner<tokmint_session, tokmint_session_free> session_;
};

/// The credentials of one project or of one application: immutable, safe to use from many threads at once, and the
/// owner of them. It can be moved, not copied; a moved-from one throws `null_pointer` at every call.
class OpenTok {
public:
    /// Takes a project's API key and API secret, as the account page shows them.
    OpenTok(std::string_view api_key, std::string_view api_secret)
        : OpenTok(tokmint_opentok_new, api_key, api_secret) {}

    /// Takes the ID of a Vonage application and its RSA private key: what the key's file holds, PEM or DER, never its
    /// path.
    [[nodiscard]] static OpenTok for_application(std::string_view application_id, std::string_view private_key) {
        return OpenTok(tokmint_opentok_new_application, application_id, private_key);
    }

    /// Takes the ID of a Vonage application and its public key: PEM, a certificate, a JWK or DER. It verifies and
    /// inspects; the calls that generate throw `no_private_key`.
    [[nodiscard]] static OpenTok verifier(std::string_view application_id, std::string_view public_key) {
        return OpenTok(tokmint_opentok_new_verifier, application_id, public_key);
    }

    /// The API key of a project; none for an application and for a moved-from object. A view of what this object owns.
    [[nodiscard]] std::optional<std::string_view> api_key() const noexcept {
        return detail::optional_view(tokmint_opentok_api_key(opentok_.get()));
    }

    /// The ID of an application in lower case; none for a project and for a moved-from object. A view of what this
    /// object owns.
    [[nodiscard]] std::optional<std::string_view> application_id() const noexcept {
        return detail::optional_view(tokmint_opentok_application_id(opentok_.get()));
    }

    /// Generates a token that admits its holder to a session.
    [[nodiscard]] std::string generate_token(std::string_view session_id, const TokenOptions &options = {}) const {
        detail::ClassLists lists(options.initial_layout_class_list.size());
        const tokmint_token_options c_options = detail::token_options(options, lists);
        return detail::generated([&](char **token, std::size_t *token_length, char **message) {
            return tokmint_generate_token(opentok_.get(), session_id.data(), session_id.size(), &c_options, token,
                                          token_length, message);
        });
    }

    /// Prepares a session. Worth it from about five tokens on.
    [[nodiscard]] Session session(std::string_view session_id) const { return Session(opentok_.get(), session_id); }

    /// Generates a JWT for the platform's REST calls, such as creating a session: the value of the header
    /// `X-OPENTOK-AUTH` for a project, and what follows `Authorization: Bearer ` for an application. It is for servers
    /// only, and admits nobody to a session.
    [[nodiscard]] std::string generate_rest_token(const RestTokenOptions &options = {}) const {
        tokmint_rest_token_options c_options = TOKMINT_REST_TOKEN_OPTIONS_INIT;
        c_options.expires_in = detail::integer(options.expires_in);
        c_options.create_time = detail::integer(options.create_time);
        c_options.jti = detail::pointer(options.jti);
        c_options.jti_length = detail::length(options.jti);

        return detail::generated([&](char **token, std::size_t *token_length, char **message) {
            return tokmint_generate_rest_token(opentok_.get(), &c_options, token, token_length, message);
        });
    }

    /// Verifies a token of this project, JWT or T1, or of this application: signature, issuer, session and time.
    [[nodiscard]] Token verify_token(std::string_view token, const VerifyOptions &options = {}) const {
        return detail::verified(tokmint_verify_token, opentok_.get(), token, options);
    }

    /// Inspects a token with the credentials: what it says, and everything for which a server would
    /// refuse it. It throws for no token, whatever its bytes.
    [[nodiscard]] Inspection inspect_token(std::string_view token, const InspectOptions &options = {}) const {
        if (opentok_ == nullptr) {
            // To C it would mean an inspection without credentials.
            throw Error(TOKMINT_STATUS_NULL_POINTER,
                        "this OpenTok was moved from; inspect with the one that it became");
        }
        return Inspection(opentok_.get(), token, options);
    }

private:
    /// Calls one of the functions that take an issuer and its secret or key.
    OpenTok(decltype(tokmint_opentok_new) *create, std::string_view issuer, std::string_view secret) {
        tokmint_opentok *opentok = nullptr;
        char *message = nullptr;
        const tokmint_status status =
            create(issuer.data(), issuer.size(), secret.data(), secret.size(), &opentok, &message);
        detail::check(status, message);
        opentok_.reset(opentok);
    }

    detail::Owner<tokmint_opentok, tokmint_opentok_free> opentok_;
};

/// The version of the library that is running; `TOKMINT_VERSION` is that of the header.
[[nodiscard]] inline std::string_view version() noexcept { return tokmint_version(); }

} // namespace tokmint

#endif
