package dev.tokmint

/** With named arguments. */
class KotlinVectorsTest : Vectors() {
    override fun generate(opentok: OpenTok, sessionId: String, options: GenerateOptions): String =
        opentok.generateToken(
            sessionId,
            role = options.role,
            expireTime = options.expireTime,
            expiresIn = options.expiresIn,
            data = options.data,
            initialLayoutClassList = options.initialLayoutClassList,
            tokenFormat = options.tokenFormat,
            createTime = options.createTime,
            nonce = options.nonce,
        )

    override fun verify(opentok: OpenTok, token: String, options: CheckOptions): Token =
        opentok.verifyToken(token, now = options.now, leeway = options.leeway, sessionId = options.sessionId)

    override fun inspect(opentok: OpenTok?, token: String, options: CheckOptions): Inspection =
        opentok?.inspectToken(token, now = options.now, sessionId = options.sessionId)
            ?: inspectToken(token, now = options.now, sessionId = options.sessionId)
}
