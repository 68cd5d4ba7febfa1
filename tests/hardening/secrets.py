"""No message and no visible form of an object holds eight bytes in a row of a secret or a private key, in any language.

    secrets.py --short | --long [--size N] [LANGUAGE...]

To SIZE secrets come a fifth as many keys.

Random secrets, and texts made of real private keys (whole, broken, cut, of another kind, in the place of a secret), go
through every call of the programs in `languages`; their every form and message, their logs and their standard error are
searched. Of a key are searched: the base64 of its text, and the bytes of its DER.
"""

import argparse
import base64
import itertools
import random
import string
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent / "languages"))
import programs

WINDOW = 8
LONG, SHORT = 100_000, 100
SEED = 17
REQUESTS_OF_A_PROCESS = 5_000
# One of so many requests is shown in every form that a language has, the others in the usual ones.
THOROUGH = 50
# Bytes of what one request makes visible.
LEAST_VISIBLE = 1_000

# Those of API secrets come first: they are the usual ones.
ALPHABETS = (
    string.hexdigits.lower()[:16],
    string.hexdigits.lower()[:16],
    string.ascii_letters + string.digits,
    "".join(map(chr, range(0x21, 0x7F))),
    "пароль-секрет-ключ0123456789абвгдежз",  # noqa: RUF001
)


class Request(NamedTuple):
    kind: str
    text: bytes
    windows: "frozenset[bytes]"
    """Those that must not become visible, but for those of the keys."""


def secret(source: random.Random) -> Request:
    """A secret, of which some are written as none may be."""
    text = "".join(source.choices(source.choice(ALPHABETS), k=source.choice((24, 40, 40, 42, 64))))
    wrap = source.choice(("", "", "", "", "", "", " ", "'", '"', "\n", "API_SECRET=", "\0", "${"))
    wrapped = wrap + text + (wrap if len(wrap) == 1 else "")
    return Request("secret", wrapped.encode(), windows(text.encode()))


class Keys:
    """Real private keys, and the windows of all of them."""

    def __init__(self) -> None:
        # That of 8192 bits takes a tenth of a second for each signature.
        names = ("main", "main, private.pkcs1.pem", "other", "rsa3072", "rsa4096", "exponent3")
        self.pool = [programs.keys()[name]["private_key"] for name in names]
        with tempfile.TemporaryDirectory() as folder:
            for number in range(8):
                file = Path(folder) / f"{number}.pem"
                options = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", file]
                programs.must("openssl", "genpkey", *options)
                self.pool.append(file.read_text())
                programs.must("openssl", "rsa", "-traditional", "-in", file, "-out", file)
                self.pool.append(file.read_text())
        self.windows: set[bytes] = set()
        for text in self.pool:
            body = "".join(text.splitlines()[1:-1]).encode()
            # What begins every key is no secret.
            for form in (body[40:], base64.b64decode(body)[40:], base64.b64encode(text.encode())[100:-60]):
                self.windows |= windows(form)

    def text(self, source: random.Random) -> Request:
        """A key as it is, or as careless hands leave it."""
        key = source.choice(self.pool)
        place = source.randrange(len(key))
        changes = (
            lambda: key,
            lambda: key[:place],
            lambda: key[place:],
            lambda: key[:place] + source.choice(string.printable) + key[place + 1 :],
            lambda: key[:place] + key[place + source.randrange(1, 80) :],
            lambda: key.replace("\n", source.choice(("", " ", "\\n", "\r\n", "\n\n"))),
            lambda: key.replace("PRIVATE", source.choice(("PUBLIC", "EC PRIVATE", "ENCRYPTED PRIVATE"))),
            lambda: "".join(line for line in key.splitlines() if "-----" not in line),
            lambda: base64.b64encode(key.encode()).decode(),
            lambda: f'"{key}"',
        )
        return Request("private_key", source.choice(changes)().encode(), frozenset())


def windows(text: bytes) -> "frozenset[bytes]":
    return frozenset(text[at : at + WINDOW] for at in range(len(text) - WINDOW + 1))


def run(command: "list[str]", requests: "list[Request]") -> "tuple[list[bytes], bytes]":
    """What each request made visible, and what the process wrote to standard error."""
    lines = "".join(
        f"{request.kind} {request.text.hex()} {'usual' if number % THOROUGH else 'all'}\n"
        for number, request in enumerate(requests)
    )
    process = subprocess.run(
        [*command, "secrets", str(programs.PRIVATE_KEY)], input=lines.encode(), capture_output=True, check=False
    )
    if process.returncode != 0:
        sys.exit(f"{process.stderr.decode(errors='replace')[-2000:]}\n{command}: status {process.returncode}")
    output, seen, at = process.stdout, [], 0
    while at < len(output):
        end = output.index(b"\n", at)
        at = end + 1 + int(output[at:end])
        seen.append(output[end + 1 : at])
    if len(seen) != len(requests):
        sys.exit(f"{len(seen)} results of {len(requests)} requests")
    return seen, process.stderr


def leaks(keys: Keys, requests: "list[Request]", seen: "list[bytes]", errors: bytes) -> "Iterator[bytes]":
    """The windows that became visible."""
    # The same few messages come back for all the keys: each is searched once.
    lines = {*errors.splitlines()}
    for request, shown in zip(requests, seen, strict=True):
        if len(shown) < LEAST_VISIBLE:
            sys.exit(f"a request made next to nothing visible: {shown!r}")
        yield from (window for window in request.windows if window in shown or window in errors)
        if request.kind == "private_key":
            lines.update(shown.splitlines())
    for line in lines:
        yield from windows(line) & keys.windows


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--size", type=int)
    parser.add_argument("languages", nargs="*")
    arguments = parser.parse_args()
    size = arguments.size or (LONG if arguments.long else SHORT)
    keys = Keys()
    found = 0
    visible = 0
    commands = programs.chosen(arguments.languages)
    for language, command in commands.items():
        source = random.Random(SEED)
        made = (secret(source) if number % 6 else keys.text(source) for number in range(size * 6 // 5))
        leaked: set[bytes] = set()
        bytes_seen = 0
        while requests := list(itertools.islice(made, REQUESTS_OF_A_PROCESS)):
            seen, errors = run(command, requests)
            bytes_seen += sum(map(len, seen)) + len(errors)
            leaked.update(leaks(keys, requests, seen, errors))
        print(f"{language}: {bytes_seen:,} bytes became visible, with {len(leaked):,} windows of secrets", flush=True)
        for window in sorted(leaked)[:5]:
            print(f"  {window!r}")
        found += len(leaked)
        visible += bytes_seen
    print(
        f"RESULT {size:,} secrets and {size // 5:,} texts of {len(keys.pool)} private keys in {', '.join(commands)} | "
        f"{found} windows of {WINDOW} bytes in {visible:,} bytes of messages, forms and logs"
    )
    sys.exit(found > 0)


if __name__ == "__main__":
    main()
