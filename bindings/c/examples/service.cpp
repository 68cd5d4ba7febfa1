// Serves GET /token?name=... with a token for one session, as a web page asks for it before it joins.
//
// Reads API_KEY, API_SECRET and SESSION_ID from the environment and listens on PORT of this machine, or on any port
// that is free. Uses cpp-httplib. The library is safe to use from the server's many threads.
//
//     g++ -std=c++17 service.cpp $(pkg-config --cflags --libs tokmint) -lcpp-httplib -pthread

#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>

#include <httplib.h>
#include <tokmint.hpp>

static std::string required(const char *name) {
    const char *value = std::getenv(name);
    if (value == nullptr) {
        throw std::runtime_error(std::string("set ") + name + " in the environment");
    }
    return value;
}

int main() {
    try {
        const std::string api_key = required("API_KEY");
        const tokmint::OpenTok opentok(api_key, required("API_SECRET"));
        const std::string session_id = required("SESSION_ID");

        httplib::Server server;
        server.Get("/token", [&](const httplib::Request &request, httplib::Response &response) {
            tokmint::TokenOptions options;
            // The role is the server's to decide, from who is logged in. It must never come from the request.
            options.role = "subscriber";
            options.expires_in = std::chrono::minutes(10);
            options.data = request.get_param_value("name");
            try {
                response.set_header("Cache-Control", "no-store");
                response.set_content(opentok.generate_token(session_id, options), "text/plain");
            } catch (const tokmint::Error &error) {
                // Only the data is the visitor's; any other error is one of this server.
                const bool is_visitors = error.code() == "data_too_long" || error.code() == "invalid_data";
                response.status = is_visitors ? 400 : 500;
                response.set_content(std::string(error.code()) + ": " + error.what() + "\n", "text/plain");
            }
        });

        const char *wanted = std::getenv("PORT");
        const int port = wanted == nullptr ? server.bind_to_any_port("127.0.0.1") : std::atoi(wanted);
        if (port <= 0 || (wanted != nullptr && !server.bind_to_port("127.0.0.1", port))) {
            throw std::runtime_error("the port cannot be used");
        }
        std::cout << "http://127.0.0.1:" << port << "/token" << std::endl;
        server.listen_after_bind();
    } catch (const std::exception &error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
