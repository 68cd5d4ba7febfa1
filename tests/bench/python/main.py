"""What a token costs in Python beside core, beside PyPI's `opentok`, `vonage-video`, PyJWT and joserfc with the same
claims, beside the bare signature of `cryptography`, and what importing costs.

All contenders take turns in short batches, so that whatever else the machine does falls on all of them; the median
batch counts. Time of the processor is measured, since others may have it in the middle of a batch. The ratios are what
a shared machine can show. Run with `make bench-python`, which gives the path of the program that measures core.
"""

import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

import joserfc.jwt
import jwt
import opentok as official
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from joserfc.jwk import OctKey, RSAKey
from vonage_http_client import Auth, HttpClient
from vonage_video import Video
from vonage_video.models import TokenOptions

import tokmint
from tokmint import _self_test

API_KEY = "123456"
API_SECRET = "1234567890abcdef1234567890abcdef1234567890"
SESSION_ID = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"
DATA = "name=Johnny&level=4"
CLASSES = ["focus", "main"]

ROUNDS = 101
"""Batches that each contender runs."""
BATCH_SECONDS = 0.001

TOKENS = 100
"""Tokens that one call of `Session.generate_tokens` makes."""
RUNS = 5
"""Runs beside core, of which each has its own figures."""
TARGET = 250
"""Nanoseconds that Python may add to core's `Session::generate_token`."""

APPLICATION_ID = _self_test.APPLICATION_ID
SESSION_OF_APPLICATION = _self_test.SESSION_ID
PRIVATE_KEY: str = _self_test.keys()["main"]["private_key"]  # of 2,048 bits
PUBLIC_KEY: str = _self_test.keys()["main"]["public_key"]

ours = tokmint.OpenTok(API_KEY, API_SECRET)
session = ours.session(SESSION_ID)
application = tokmint.OpenTok.for_application(APPLICATION_ID, PRIVATE_KEY)
verifier = tokmint.OpenTok.verifier(APPLICATION_ID, PUBLIC_KEY)
theirs = official.Client(API_KEY, API_SECRET)
MODERATOR = official.Roles.moderator
video = Video(HttpClient(Auth(application_id=APPLICATION_ID, private_key=PRIVATE_KEY)))
loaded = serialization.load_pem_private_key(PRIVATE_KEY.encode(), None)
assert isinstance(loaded, rsa.RSAPrivateKey)
loaded_public = loaded.public_key()
joserfc_key = OctKey.import_key(API_SECRET)
joserfc_rsa_key = RSAKey.import_key(PRIVATE_KEY)
joserfc_rules = joserfc.jwt.JWTClaimsRegistry(iss={"essential": True, "value": API_KEY})

USERS = [f"{DATA[:-1]}{user % 10}" for user in range(TOKENS)]
OPTIONS = [{"role": "moderator", "data": data, "initial_layout_class_list": CLASSES} for data in USERS]
T1_OPTIONS = [{**options, "token_format": "t1"} for options in OPTIONS]


class Core:
    """Core's `Session::generate_token` with role and data, in a process of its own."""

    def __init__(self, program: str) -> None:
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def seconds(self, calls: int) -> float:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{calls}\n")
        return int(self.process.stdout.readline()) / 1e9


class Many:
    """A function that makes `TOKENS` tokens, each of which counts as a call."""

    def __init__(self, generate: Callable[[], object]) -> None:
        self.generate = generate

    def seconds(self, calls: int) -> float:
        batches = max(1, calls // TOKENS)
        return batch_seconds(self.generate, batches) * calls / (batches * TOKENS)


Contender = tuple[str, Callable[[], object] | Core | Many]


# Each call is written out, so that no function of the benchmark's own is measured with it.


def our_jwt() -> str:
    return ours.generate_token(SESSION_ID, "moderator", data=DATA, initial_layout_class_list=CLASSES)


def our_t1() -> str:
    return ours.generate_token(SESSION_ID, "moderator", data=DATA, initial_layout_class_list=CLASSES, token_format="t1")


def session_jwt() -> str:
    return session.generate_token("moderator", data=DATA, initial_layout_class_list=CLASSES)


def session_t1() -> str:
    return session.generate_token("moderator", data=DATA, initial_layout_class_list=CLASSES, token_format="t1")


def many_jwts() -> list[str | Exception]:
    return list(session.generate_tokens(OPTIONS))


def many_t1s() -> list[str | Exception]:
    return list(session.generate_tokens(T1_OPTIONS))


def their_jwt() -> str:
    return theirs.generate_token(SESSION_ID, MODERATOR, data=DATA, initial_layout_class_list=CLASSES)


def their_t1() -> str:
    return theirs.generate_token(SESSION_ID, MODERATOR, data=DATA, initial_layout_class_list=CLASSES, use_jwt=False)


def hs256_claims() -> dict[str, object]:
    """The same claims, put together by hand as one does with a JWT library; nothing is checked."""
    now = int(time.time())
    return {
        "session_id": SESSION_ID,
        "role": "moderator",
        "iat": now,
        "exp": now + 86_400,
        "scope": "session.connect",
        "initial_layout_class_list": " ".join(CLASSES),
        "connection_data": DATA,
        "iss": API_KEY,
        "ist": "project",
        "nonce": secrets.randbits(53),
    }


def pyjwt_token() -> str:
    return jwt.encode(hs256_claims(), API_SECRET, "HS256")


def joserfc_token() -> str:
    return joserfc.jwt.encode({"alg": "HS256"}, hs256_claims(), joserfc_key)


def joserfc_verify(token: str) -> object:
    decoded = joserfc.jwt.decode(token, joserfc_key, ["HS256"])
    joserfc_rules.validate(decoded.claims)
    return decoded


def our_rs256() -> str:
    return application.generate_token(SESSION_OF_APPLICATION, "moderator", data=DATA, initial_layout_class_list=CLASSES)


def vonage_rs256() -> bytes:
    options = TokenOptions(
        session_id=SESSION_OF_APPLICATION, role="moderator", connection_data=DATA, initial_layout_class_list=CLASSES
    )
    return video.generate_client_token(options)


def rs256_claims() -> dict[str, object]:
    now = int(time.time())
    return {
        "scope": "session.connect",
        "session_id": SESSION_OF_APPLICATION,
        "role": "moderator",
        "initial_layout_class_list": " ".join(CLASSES),
        "exp": now + 86_400,
        "sub": "video",
        "acl": {"paths": {"/session/**": {}}},
        "connection_data": DATA,
        "jti": str(uuid4()),
        "iat": now,
        "application_id": APPLICATION_ID,
    }


def pyjwt_rs256() -> str:
    """The same claims, put together by hand; the key is loaded once."""
    return jwt.encode(rs256_claims(), loaded, "RS256")


def joserfc_rs256() -> str:
    return joserfc.jwt.encode({"alg": "RS256"}, rs256_claims(), joserfc_rsa_key)


def pyjwt_rs256_from_text() -> str:
    """The same with the text of the key, which PyJWT's documentation shows."""
    return jwt.encode(rs256_claims(), PRIVATE_KEY, "RS256")


def batch_seconds(call: Callable[[], object] | Core | Many, calls: int) -> float:
    if isinstance(call, Core | Many):
        return call.seconds(calls)
    turns = range(calls)
    start = time.thread_time()
    for _ in turns:
        call()
    return time.thread_time() - start


def run(contenders: list[Contender]) -> list[float]:
    """The median time of a call of each contender."""
    calls = [max(1, int(BATCH_SECONDS / (batch_seconds(call, TOKENS) / TOKENS))) for _, call in contenders]
    seconds: list[list[float]] = [[] for _ in contenders]
    for _ in range(ROUNDS):
        for (_, call), count, times in zip(contenders, calls, seconds, strict=True):
            times.append(batch_seconds(call, count) / count)
    return [statistics.median(times) for times in seconds]


def compare(title: str, contenders: list[Contender]) -> None:
    """Prints the median time of a call of each contender, and how many times faster the first one is."""
    print(f"\n{title}")
    medians = run(contenders)
    for (name, _), median in zip(contenders, medians, strict=True):
        print(f"  {name:<34}{median * 1e6:9.2f} us{median / medians[0]:9.1f} x")


def compare_with_core(program: str) -> None:
    """Prints what Python adds to core, with the target."""
    contenders: list[Contender] = [
        ("core, Session::generate_token", Core(program)),
        ("tokmint, session", lambda: session.generate_token("moderator", data=DATA)),
        ("tokmint", lambda: ours.generate_token(SESSION_ID, "moderator", data=DATA)),
    ]
    print(f"\nGenerate a JWT with role and data, beside core (median of {RUNS} runs)")
    runs = [run(contenders) for _ in range(RUNS)]
    for index, (name, _) in enumerate(contenders):
        median = statistics.median(times[index] for times in runs)
        ratio = statistics.median(times[index] / times[0] for times in runs)
        beyond = statistics.median(times[index] - times[0] for times in runs) * 1e9
        line = f"  {name:<34}{median * 1e6:9.2f} us{ratio:9.1f} x"
        if index > 0:
            line += f"  core + {beyond:.0f} ns"
        if index == 1:
            line += f"  target core + {TARGET} ns  {'met' if beyond <= TARGET else 'MISSED'}"
        print(line)


def processor() -> str:
    """The name of the processor, where Linux tells it."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown processor")


def compare_applications() -> None:
    """RSA dominates: what counts beside `cryptography` is how little is added to the bare signature."""
    token = our_rs256()
    for other in (token, vonage_rs256(), pyjwt_rs256(), pyjwt_rs256_from_text(), joserfc_rs256()):
        said = verifier.verify_token(other)
        assert (said.role, said.data, list(said.initial_layout_class_list)) == ("moderator", DATA, CLASSES)
    message, signature = token.rsplit(".", 1)[0].encode(), jwt.utils.base64url_decode(token.rsplit(".", 1)[1])
    pkcs1, sha256 = padding.PKCS1v15(), hashes.SHA256()
    compare(
        "Generate a token of an application (RS256, 2,048 bits) with role, data and two layout classes",
        [
            ("tokmint", our_rs256),
            ("cryptography, the bare signature", lambda: loaded.sign(message, pkcs1, sha256)),
            ("PyJWT, claims by hand", pyjwt_rs256),
            ("joserfc, claims by hand", joserfc_rs256),
        ],
    )
    # Apart from the others: whoever follows a batch of 50 ms pays for the caches, and for what waits for the processor.
    compare(
        "The same beside those who read the key for each token",
        [
            ("tokmint", our_rs256),
            ("PyJWT, with the text of the key", pyjwt_rs256_from_text),
            ("vonage-video", vonage_rs256),
        ],
    )
    compare(
        "Generate a token for REST calls",
        [
            ("tokmint, application", application.generate_rest_token),
            ("vonage-jwt", video.http_client.auth.generate_application_jwt),
        ],
    )
    compare("Generate a token for REST calls, project", [("tokmint", ours.generate_rest_token)])
    compare(
        "Verify a token of an application",
        [
            ("tokmint", lambda: verifier.verify_token(token)),
            ("cryptography, the bare signature", lambda: loaded_public.verify(signature, message, pkcs1, sha256)),
            ("PyJWT, signature and times", lambda: jwt.decode(token, loaded_public, ["RS256"])),
        ],
    )
    compare(
        "Read a private key",
        [
            ("tokmint", lambda: tokmint.OpenTok.for_application(APPLICATION_ID, PRIVATE_KEY)),
            ("cryptography", lambda: serialization.load_pem_private_key(PRIVATE_KEY.encode(), None)),
        ],
    )


def import_seconds(module: str) -> float:
    """Imports a module in a fresh interpreter; the interpreter's own start does not count."""
    script = f"import time; start = time.perf_counter(); import {module}; print(time.perf_counter() - start)"
    return float(subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout)


def main() -> None:
    names = ("tokmint", "opentok", "vonage-video", "PyJWT", "joserfc", "cryptography")
    print(f"Python {sys.version.split()[0]}, {', '.join(f'{name} {version(name)}' for name in names)}")
    print(processor())
    token, t1_token = our_jwt(), our_t1()
    # All contenders make tokens that say the same.
    made = [token, t1_token, session_jwt(), session_t1(), their_jwt(), their_t1(), pyjwt_token(), joserfc_token()]
    for other in made:
        said = ours.verify_token(other)
        assert (said.role, said.data, list(said.initial_layout_class_list)) == ("moderator", DATA, CLASSES)
    for many in (many_jwts(), many_t1s()):
        assert [ours.verify_token(other).data for other in many] == USERS
    compare(
        "Generate a JWT with role, data and two layout classes",
        [
            ("tokmint", our_jwt),
            ("tokmint, session", session_jwt),
            (f"tokmint, one of {TOKENS} at once", Many(many_jwts)),
            ("opentok", their_jwt),
            ("PyJWT, claims by hand", pyjwt_token),
            ("joserfc, claims by hand", joserfc_token),
        ],
    )
    compare(
        "Generate a T1 token with role, data and two layout classes",
        [
            ("tokmint", our_t1),
            ("tokmint, session", session_t1),
            (f"tokmint, one of {TOKENS} at once", Many(many_t1s)),
            ("opentok", their_t1),
        ],
    )
    compare_with_core(sys.argv[1])
    compare(
        "Verify",
        [
            ("tokmint, JWT", lambda: ours.verify_token(token)),
            ("tokmint, T1", lambda: ours.verify_token(t1_token)),
            ("PyJWT, signature, issuer and times", lambda: jwt.decode(token, API_SECRET, ["HS256"], issuer=API_KEY)),
            ("joserfc, the same", lambda: joserfc_verify(token)),
        ],
    )
    compare(
        "Inspect",
        [
            ("verify a JWT", lambda: ours.verify_token(token)),
            ("inspect it", lambda: ours.inspect_token(token)),
            ("inspect it without credentials", lambda: tokmint.inspect_token(token)),
            ("inspect a T1 token", lambda: ours.inspect_token(t1_token)),
        ],
    )
    compare_applications()
    print("\nImport, median of 15 fresh interpreters")
    modules = ("tokmint", "opentok", "jwt", "vonage_video")
    imports = {module: [import_seconds(module) for _ in range(15)] for module in modules}
    for module, times in imports.items():
        print(f"  {module:<34}{statistics.median(times) * 1e3:9.2f} ms")
    module = next(Path(tokmint.__file__).parent.glob("_tokmint*.so"))
    print(f"\nNative module: {module.stat().st_size} bytes")


if __name__ == "__main__":
    main()
