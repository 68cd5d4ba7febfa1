/* Core's own calls: tests/bench/c/core. */
void core_generate_jwt(void);
void core_session_jwt(void);
void core_verify_jwt(void);
void core_inspect_jwt(void);
void core_generate_application(void);
void core_verify_application(void);
