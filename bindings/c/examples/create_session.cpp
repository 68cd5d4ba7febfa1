// Creates a session with a REST call of the platform, and prints its ID and a token for it.
//
// The credentials of a project are API_KEY and API_SECRET in the environment; those of a Vonage application are
// APPLICATION_ID and PRIVATE_KEY_FILE. Uses cpp-httplib for HTTP, and nlohmann-json for the response. The library
// itself makes no calls.
//
//     g++ -std=c++17 create_session.cpp $(pkg-config --cflags --libs tokmint cpp-httplib) -lssl -lcrypto -pthread

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>

#include <httplib.h>
#include <nlohmann/json.hpp>
#include <tokmint.hpp>

static std::string required(const char *name) {
    const char *value = std::getenv(name);
    if (value == nullptr) {
        throw std::runtime_error(std::string("set ") + name + " in the environment");
    }
    return value;
}

static tokmint::OpenTok credentials() {
    if (std::getenv("APPLICATION_ID") == nullptr) {
        const std::string api_key = required("API_KEY");
        return tokmint::OpenTok(api_key, required("API_SECRET"));
    }
    const std::string path = required("PRIVATE_KEY_FILE");
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw std::runtime_error("the file of the private key cannot be read");
    }
    const std::string private_key(std::istreambuf_iterator<char>(file), {});
    return tokmint::OpenTok::for_application(required("APPLICATION_ID"), private_key);
}

// Returns the ID of a new session whose media goes through the platform's servers.
static std::string create_session(const tokmint::OpenTok &opentok) {
    const bool is_project = opentok.api_key().has_value();
    const char *server = std::getenv("API_URL");
    if (server == nullptr) {
        server = is_project ? "https://api.opentok.com" : "https://video.api.vonage.com";
    }
    httplib::Client client(server);
    // A token lives for minutes, so each call gets its own.
    const std::string token = opentok.generate_rest_token();
    const httplib::Headers headers = {
        {"Accept", "application/json"},
        is_project ? std::pair("X-OPENTOK-AUTH", token) : std::pair("Authorization", "Bearer " + token),
    };
    const httplib::Params form = {{"archiveMode", "manual"}, {"p2p.preference", "disabled"}};
    const httplib::Result result = client.Post("/session/create", headers, form);
    if (!result) {
        throw std::runtime_error("the call failed: " + httplib::to_string(result.error()));
    }
    if (result->status != 200) {
        throw std::runtime_error("the platform answers " + std::to_string(result->status) + ": " + result->body);
    }
    return nlohmann::json::parse(result->body).at(0).at("session_id");
}

int main() {
    try {
        const tokmint::OpenTok opentok = credentials();
        const std::string session_id = create_session(opentok);
        std::cout << session_id << '\n' << opentok.generate_token(session_id) << '\n';
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
