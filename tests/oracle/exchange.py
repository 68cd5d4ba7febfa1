"""Exchanges tokens between tokmint and the official SDKs, both ways, with random inputs that are others at each run.

    python3 tests/oracle/exchange.py target/debug/tokmint       the command line to ask

    tokmint mints        application: the token equals that of `@vonage/video`, byte for byte; `verifySignature` of
                         `@vonage/jwt` and `PyJWT` accept it, and refuse it once it is changed
                         project: `verify_signature` of `vonage-jwt` accepts it
                         REST calls: both kinds likewise
    an SDK mints         `@vonage/video`, `vonage-video`: tokmint verifies it and reports what went in; it refuses the
                         REST tokens of `@vonage/jwt` and `vonage-jwt`

The vectors are not read here: these are the programs that users have, asked about each other's tokens.
"""

import argparse
import json
import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import applications
import jwt
import projects
import vonage_node_sdk
import vonage_python_sdk
from generate_vectors import random_application_grant
from vonage_jwt import verify_signature

TOKENS = 25
REFUSED = 1


class CommandLine:
    """`tokmint`, with the credentials of one issuer in its environment and its files."""

    def __init__(self, program, **environment):
        self.program = program
        own = {name: value for name, value in os.environ.items() if not name.startswith("TOKMINT_")}
        self.environment = {**own, **environment}

    def finished(self, *arguments, token=None):
        return subprocess.run(
            [self.program, *(str(argument) for argument in arguments)],
            env=self.environment,
            input=token,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    def run(self, *arguments, token=None):
        finished = self.finished(*arguments, token=token)
        assert finished.returncode == 0, (finished.stderr, token)
        return finished.stdout.rstrip("\n")

    def generate(self, grant):
        return self.run(
            "generate",
            *("--session-id", grant["session_id"]),
            *("--role", grant["role"]),
            *("--data", grant["data"]),
            *(word for name in grant["initial_layout_class_list"] for word in ("--layout-class", name)),
            *("--create-time", grant["create_time"]),
            *("--expire-time", grant["expire_time"]),
            *("--jti", grant["jti"]),
        )

    def verify(self, token, now):
        return json.loads(self.run("verify", "--json", "--now", now, token=token))

    def refuses(self, token, now, code):
        finished = self.finished("verify", "--json", "--now", now, token=token)
        return finished.returncode == REFUSED and json.loads(finished.stdout)["error"]["code"] == code


def random_grants(generator, private_key):
    """What a command line can carry (no NUL), of now on: helpers of the SDKs look at the clock."""
    now = int(time.time())
    for _ in range(TOKENS):
        grant = random_application_grant(generator)
        lifetime = grant["expire_time"] - grant["create_time"]
        yield {
            **grant,
            "private_key": private_key,
            "data": grant["data"].replace("\0", " "),
            "create_time": now,
            "expire_time": now + max(lifetime, 60),
        }


def changed(token):
    """The token with one bit of its claims flipped; it stays base64url."""
    header, claims, signature = token.split(".")
    middle = len(claims) // 2
    other = "B" if claims[middle] == "A" else "A"
    return f"{header}.{claims[:middle]}{other}{claims[middle + 1 :]}.{signature}"


def assert_sdks_accept(tokens, public_key, now):
    assert vonage_node_sdk.accepts(tokens, public_key, now) == [True] * len(tokens)
    assert vonage_node_sdk.accepts([changed(token) for token in tokens], public_key, now) == [False] * len(tokens)
    for token in tokens:
        jwt.decode(token, public_key, algorithms=["RS256"])


def tokens_of_applications(signers, grants, public_key):
    tokens = [signer.generate(grant) for signer, grant in zip(signers, grants, strict=True)]
    assert tokens == vonage_node_sdk.client_tokens(grants)
    assert_sdks_accept(tokens, public_key, grants[0]["create_time"])


def tokens_of_sdks(verifiers, grants):
    """Each SDK's tokens, by verifiers that hold the public key only."""
    of_node = vonage_node_sdk.client_tokens(grants)
    of_python = [vonage_python_sdk.client_token(grant) for grant in grants]
    for tokens in (of_node, of_python):
        for verifier, grant, token in zip(verifiers, grants, tokens, strict=True):
            said = verifier.verify(token, grant["create_time"])
            expected = {
                "format": "jwt",
                "application_id": grant["application_id"].lower(),
                "session_id": grant["session_id"],
                "role": grant["role"],
                "create_time": grant["create_time"],
                "expire_time": grant["expire_time"],
                "data": grant["data"],
                "initial_layout_class_list": grant["initial_layout_class_list"],
                "nonce": grant["jti"],
            }
            assert said == expected, (said, expected)
            assert verifier.refuses(changed(token), grant["create_time"], "invalid_signature"), token


def rest_tokens_of_applications(signer, verifier, grant, public_key):
    tokens = [signer.run("rest-token"), signer.run("rest-token", "--expires-in", "60")]
    assert_sdks_accept(tokens, public_key, grant["create_time"])
    usual = {**grant, "expire_time": grant["create_time"] + vonage_python_sdk.REST_LIFETIME}
    of_sdks = [*vonage_node_sdk.rest_tokens([usual]), vonage_python_sdk.rest_token(usual)]
    same = signer.run("rest-token", "--create-time", grant["create_time"], "--jti", grant["jti"])
    assert same == of_sdks[1]
    for token in (*tokens, *of_sdks):
        assert verifier.refuses(token, grant["create_time"], "malformed_token"), token


def tokens_of_projects(project):
    """`verify_signature` of `vonage-jwt` knows HS256 only, so that these are what it is for."""
    now = int(time.time())
    session = ("--session-id", projects.SESSION_ID)
    tokens = [
        project.run("generate", *session),
        project.run("generate", *session, "--role", "moderator", "--data", "Ada"),
        project.run("rest-token"),
    ]
    for token in tokens:
        assert verify_signature(token, projects.API_SECRET)
        assert not verify_signature(changed_signature(token), projects.API_SECRET)
    assert vonage_node_sdk.accepts(tokens, projects.API_SECRET, now) == [True] * len(tokens)
    assert project.verify(tokens[0], now)["api_key"] == projects.API_KEY
    assert project.refuses(tokens[2], now, "malformed_token")


def changed_signature(token):
    """Claims that are changed need not be JSON, for which the SDK raises another error."""
    signed, _, signature = token.rpartition(".")
    return f"{signed}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def exchange(program, seed):
    generator = random.Random(seed)
    pair = applications.KEYS["main"]
    with tempfile.TemporaryDirectory() as folder:
        key_files = {half: Path(folder) / f"{half}.pem" for half in ("private_key", "public_key")}
        for half, file in key_files.items():
            file.write_text(pair[half], encoding="ascii")

        def command_lines(half, grants):
            """Half of them read the key from the environment, half from a file."""
            for number, grant in enumerate(grants):
                application = {"TOKMINT_APPLICATION_ID": grant["application_id"]}
                line = CommandLine(program, **application, **{f"TOKMINT_{half.upper()}": pair[half]})
                yield line if number % 2 else WithKeyFile(program, half, key_files[half], application)

        grants = list(random_grants(generator, pair["private_key"]))
        signers = list(command_lines("private_key", grants))
        verifiers = list(command_lines("public_key", grants))
        tokens_of_applications(signers, grants, pair["public_key"])
        tokens_of_sdks(verifiers, grants)
        for number in (0, 1):
            rest_tokens_of_applications(signers[number], verifiers[number], grants[number], pair["public_key"])
        tokens_of_projects(
            CommandLine(program, TOKMINT_API_KEY=projects.API_KEY, TOKMINT_API_SECRET=projects.API_SECRET)
        )


class WithKeyFile(CommandLine):
    """A command line that is given its key as a file."""

    def __init__(self, program, half, file, environment):
        super().__init__(program, **environment)
        self.key = (f"--{half.replace('_', '-')}-file", file)

    def finished(self, command, *arguments, token=None):
        return super().finished(command, *self.key, *arguments, token=token)


def main():
    parser = argparse.ArgumentParser(description="Exchange tokens between tokmint and the official SDKs.")
    parser.add_argument("program", help="the command line of tokmint")
    program = str(Path(parser.parse_args().program).resolve())
    seed = secrets.randbits(64)
    try:
        exchange(program, seed)
    except AssertionError:
        print(f"the seed of the inputs was {seed}", file=sys.stderr)
        raise
    print(f"{TOKENS} sets of inputs: the SDKs accept tokmint's tokens, and tokmint accepts theirs")
    return 0


if __name__ == "__main__":
    if not __debug__:
        sys.exit("run without -O: every check here is an assertion")
    sys.exit(main())
