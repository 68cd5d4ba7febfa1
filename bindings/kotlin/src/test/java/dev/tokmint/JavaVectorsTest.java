package dev.tokmint;

import java.util.function.Consumer;
import java.util.stream.Stream;

/** With builders, and keys as arrays. */
class JavaVectorsTest extends Vectors {
    @Override
    public OpenTok application(String applicationId, byte[] privateKey) {
        return OpenTok.forApplication(applicationId, privateKey);
    }

    @Override
    public OpenTok verifier(String applicationId, byte[] publicKey) {
        return OpenTok.verifier(applicationId, publicKey);
    }

    @Override
    public String generateRest(OpenTok opentok, RestOptions given) {
        RestTokenOptions.Builder options = RestTokenOptions.builder();
        ifGiven(given.getExpiresIn(), options::expiresIn);
        ifGiven(given.getCreateTime(), options::createTime);
        ifGiven(given.getJti(), options::jti);
        return opentok.generateRestToken(options.build());
    }

    @Override
    public String generate(OpenTok opentok, String sessionId, GenerateOptions given) {
        return opentok.generateToken(sessionId, options(given));
    }

    @Override
    public String generate(Session session, GenerateOptions given) {
        return session.generateToken(options(given));
    }

    @Override
    public TokenResult generateBatch(Session session, GenerateOptions given) {
        return session.generateTokens(Stream.of(options(given))).findAny().orElseThrow();
    }

    private static TokenOptions options(GenerateOptions given) {
        TokenOptions.Builder options = TokenOptions.builder();
        ifGiven(given.getRole(), options::role);
        ifGiven(given.getExpireTime(), options::expireTime);
        ifGiven(given.getExpiresIn(), options::expiresIn);
        ifGiven(given.getData(), options::data);
        ifGiven(given.getInitialLayoutClassList(), options::initialLayoutClassList);
        ifGiven(given.getTokenFormat(), options::tokenFormat);
        ifGiven(given.getCreateTime(), options::createTime);
        ifGiven(given.getNonce(), options::nonce);
        ifGiven(given.getJti(), options::jti);
        return options.build();
    }

    @Override
    public Token verify(OpenTok opentok, String token, CheckOptions given) {
        VerifyOptions.Builder options = VerifyOptions.builder();
        ifGiven(given.getNow(), options::now);
        ifGiven(given.getLeeway(), options::leeway);
        ifGiven(given.getSessionId(), options::sessionId);
        return opentok.verifyToken(token, options.build());
    }

    @Override
    public Inspection inspect(OpenTok opentok, String token, CheckOptions given) {
        InspectOptions.Builder options = InspectOptions.builder();
        ifGiven(given.getNow(), options::now);
        ifGiven(given.getSessionId(), options::sessionId);
        return opentok == null
                ? Tokmint.inspectToken(token, options.build())
                : opentok.inspectToken(token, options.build());
    }

    private static <T> void ifGiven(T value, Consumer<T> option) {
        if (value != null) {
            option.accept(value);
        }
    }
}
