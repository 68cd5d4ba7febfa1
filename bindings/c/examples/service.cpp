// A backend with cpp-httplib: whoever belongs to a room gets a token for the room's video session.
//
//     g++ -std=c++17 service.cpp $(pkg-config --cflags --libs tokmint cpp-httplib) -lssl -lcrypto -pthread -o service
//     export TOKMINT_API_KEY=... TOKMINT_API_SECRET=... ADA_PASSWORD=... BOB_PASSWORD=...
//     ./service
//     curl --user ada --data-urlencode nickname=Ada localhost:8080/rooms/physics/token
//
// For an application, set TOKMINT_APPLICATION_ID and TOKMINT_PRIVATE_KEY instead of the first two. Uses nlohmann-json
// for JSON. The library is safe to use from the server's many threads.

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

#include <httplib.h>
#include <nlohmann/json.hpp>
#include <tokmint.hpp>

using httplib::Request;
using httplib::Response;
using nlohmann::json;

static std::string setting(const char *name, const char *otherwise = nullptr) {
    const char *value = std::getenv(name);
    if (value == nullptr && otherwise == nullptr) {
        throw std::runtime_error(std::string("set ") + name + " in the environment");
    }
    return value != nullptr ? value : otherwise;
}

static tokmint::OpenTok credentials() {
    const std::string application_id = setting("TOKMINT_APPLICATION_ID", "");
    if (!application_id.empty()) {
        return tokmint::OpenTok::for_application(application_id, setting("TOKMINT_PRIVATE_KEY"));
    }
    const std::string api_key = setting("TOKMINT_API_KEY");
    return tokmint::OpenTok(api_key, setting("TOKMINT_API_SECRET"));
}

// Creates sessions with the platform's REST API.
class Platform {
public:
    explicit Platform(const tokmint::OpenTok &opentok)
        : opentok_(opentok), is_project_(opentok.api_key().has_value()),
          url_(setting("API_URL", is_project_ ? "https://api.opentok.com" : "https://video.api.vonage.com")) {}

    // The first who comes creates it.
    const tokmint::Session &session_of(const std::string &room) {
        const std::lock_guard lock(mutex_);
        const auto found = sessions_.find(room);
        return found != sessions_.end() ? found->second : sessions_.emplace(room, create()).first->second;
    }

private:
    tokmint::Session create() const {
        httplib::Client client(url_);
        client.set_connection_timeout(std::chrono::seconds(10));
        client.set_read_timeout(std::chrono::seconds(10));
        // A token for REST calls lives for minutes, so each call gets its own.
        const std::string token = opentok_.generate_rest_token();
        const httplib::Headers headers = {
            {"Accept", "application/json"},
            is_project_ ? std::pair("X-OPENTOK-AUTH", token) : std::pair("Authorization", "Bearer " + token),
        };
        const httplib::Params form = {{"archiveMode", "manual"}, {"p2p.preference", "disabled"}};
        const httplib::Result result = client.Post("/session/create", headers, form);
        if (!result) {
            throw std::runtime_error("no session was created: " + httplib::to_string(result.error()));
        }
        if (result->status != 200) {
            throw std::runtime_error("no session was created: " + std::to_string(result->status) + ' ' + result->body);
        }
        const std::string session_id = json::parse(result->body).at(0).at("session_id");
        try {
            return opentok_.session(session_id);
        } catch (const tokmint::Error &error) {
            // No fault of the client, so not an error of tokmint that it is told.
            throw std::runtime_error(std::string("the platform's session cannot be used: ") + error.what());
        }
    }

    const tokmint::OpenTok &opentok_;
    const bool is_project_;
    const std::string url_;
    std::mutex mutex_;
    // In this process only: with several, keep the IDs in your database.
    std::map<std::string, tokmint::Session> sessions_;
};

// Replace this by your login: the name of whoever sent the request, or nothing.
class People {
public:
    std::string who(const Request &request) const {
        const auto found = names_.find(request.get_header_value("Authorization"));
        return found != names_.end() ? found->second : "";
    }

private:
    static std::pair<std::string, std::string> person(const char *name, const char *password) {
        return {httplib::make_basic_authentication_header(name, setting(password)).second, name};
    }

    const std::map<std::string, std::string> names_ = {person("ada", "ADA_PASSWORD"), person("bob", "BOB_PASSWORD")};
};

// Replace this by your own rule of who may join what, and as what: the role, or nothing.
static std::string role_in(const std::string &room, const std::string &person) {
    static const std::map<std::pair<std::string, std::string>, std::string> roles = {
        {{"physics", "ada"}, "moderator"},
        {{"physics", "bob"}, "publisher"},
    };
    const auto found = roles.find({room, person});
    return found != roles.end() ? found->second : "";
}

// Whether an error of tokmint is about what the client sent: options, a session or a token.
static bool is_clients(const tokmint::Error &error) { return error.number() >= 200 && error.number() < 500; }

static void reply(Response &response, const json &body, int status = 200) {
    response.status = status;
    response.set_header("Cache-Control", "no-store");
    // Bytes of the client that are not UTF-8 become U+FFFD.
    response.set_content(body.dump(-1, ' ', false, json::error_handler_t::replace), "application/json");
}

int main() {
    try {
        // Made once. Bad credentials end the start here, and not a request.
        const tokmint::OpenTok opentok = credentials();
        const std::string issuer(opentok.api_key() ? *opentok.api_key() : *opentok.application_id());
        const People people;
        Platform platform(opentok);

        // A handler gets the name and the role of a member of the room.
        const auto for_members = [&](auto handler) {
            return [&, handler](const Request &request, Response &response) {
                try {
                    const std::string person = people.who(request);
                    const std::string room = request.matches[1];
                    const std::string role = role_in(room, person);
                    if (person.empty()) {
                        response.set_header("WWW-Authenticate", "Basic realm=\"rooms\", charset=\"UTF-8\"");
                        response.status = 401;
                    } else if (role.empty()) {
                        response.status = 404;
                    } else {
                        handler(request, response, platform.session_of(room), person, role);
                    }
                } catch (const tokmint::Error &error) {
                    if (is_clients(error)) {
                        reply(response, {{"error", error.code()}}, 400);
                    } else {
                        std::cerr << error.what() << std::endl;
                        response.status = 500;
                    }
                } catch (const std::exception &error) {
                    // cpp-httplib would tell it to the client.
                    std::cerr << error.what() << std::endl;
                    response.status = 500;
                }
            };
        };

        httplib::Server server;
        server.Post(R"(/rooms/([^/]+)/token)",
                    for_members([&](const Request &request, Response &response, const tokmint::Session &session,
                                    const std::string &person, const std::string &role) {
                        tokmint::TokenOptions options;
                        // The role follows from who it is, never from the request.
                        options.role = role;
                        options.expires_in = std::chrono::hours(1);
                        // Everybody in the session can read the data.
                        const json data = {{"user", person}, {"nickname", request.get_param_value("nickname")}};
                        options.data = data.dump(-1, ' ', false, json::error_handler_t::replace);
                        reply(response, {{"apiKey", issuer},
                                         {"sessionId", session.session_id()},
                                         {"token", session.generate_token(options)}});
                    }));
        // Who presents a token of the room, for a service beside the video such as a chat.
        server.Post(R"(/rooms/([^/]+)/verify)",
                    for_members([](const Request &request, Response &response, const tokmint::Session &session,
                                   const std::string &, const std::string &) {
                        const tokmint::Token token = session.verify_token(request.get_param_value("token"));
                        reply(response, {{"sessionId", token.session_id}, {"role", token.role}, {"data", token.data}});
                    }));

        int port = std::stoi(setting("PORT", "8080"));
        if (port == 0) {
            port = server.bind_to_any_port("127.0.0.1");
        } else if (!server.bind_to_port("127.0.0.1", port)) {
            throw std::runtime_error("the port cannot be used");
        }
        std::cout << "http://127.0.0.1:" << port << std::endl;
        server.listen_after_bind();
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
