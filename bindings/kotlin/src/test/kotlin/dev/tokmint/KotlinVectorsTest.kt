package dev.tokmint

/** With named arguments, and keys as strings. */
class KotlinVectorsTest : Vectors() {
    override fun application(applicationId: String, privateKey: ByteArray): OpenTok =
        text(privateKey)?.let { OpenTok.forApplication(applicationId, privateKey = it) }
            ?: OpenTok.forApplication(applicationId, privateKey = privateKey)

    override fun verifier(applicationId: String, publicKey: ByteArray): OpenTok =
        text(publicKey)?.let { OpenTok.verifier(applicationId, publicKey = it) }
            ?: OpenTok.verifier(applicationId, publicKey = publicKey)

    /** Keys as strings, where they are text. */
    private fun text(key: ByteArray): String? = String(key).takeIf { it.toByteArray().contentEquals(key) }

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
            jti = options.jti,
        )

    override fun generate(session: Session, options: GenerateOptions): String = session.generateToken(
        role = options.role,
        expireTime = options.expireTime,
        expiresIn = options.expiresIn,
        data = options.data,
        initialLayoutClassList = options.initialLayoutClassList,
        tokenFormat = options.tokenFormat,
        createTime = options.createTime,
        nonce = options.nonce,
        jti = options.jti,
    )

    override fun generateBatch(session: Session, options: GenerateOptions): TokenResult = options.run {
        val item = TokenOptions(
            role, expireTime, expiresIn, data, initialLayoutClassList, tokenFormat, createTime, nonce, jti,
        )
        session.generateTokens(sequenceOf(item)).single()
    }

    override fun generateRest(opentok: OpenTok, options: RestOptions): String =
        opentok.generateRestToken(expiresIn = options.expiresIn, createTime = options.createTime, jti = options.jti)

    override fun verify(opentok: OpenTok, token: String, options: CheckOptions): Token =
        opentok.verifyToken(token, now = options.now, leeway = options.leeway, sessionId = options.sessionId)

    override fun inspect(opentok: OpenTok?, token: String, options: CheckOptions): Inspection =
        opentok?.inspectToken(token, now = options.now, sessionId = options.sessionId)
            ?: inspectToken(token, now = options.now, sessionId = options.sessionId)
}
