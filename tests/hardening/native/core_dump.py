#!/usr/bin/env python3
"""Look for secrets in core dumps of programs that have dropped their credentials: core_dump.py --short|--long.

The programs are `src/bin/dropped.rs` and `dropped.c`. Each signs, verifies and inspects, and waits twice: while its
credentials live, where a dump must hold the secrets that are looked for, or the search would prove nothing; and once
they are dropped, where a dump must hold none. A dump is that of gcore (Debian's package gdb): all memory, and the
registers of the processor.

Looked for is every 8-byte piece of the API secret, of what HMAC hashes first (RFC 2104), of its inner and outer
states, and of the inner states behind what all tokens of the session start with; of the numbers of the private key, as
DER and as words; and every 12 characters of its text.

Left out: the copies of the kernel, which no dump of a process holds; and a process that has read a private key and
never signs: 8 bytes of the last number of the key can stay on its stack.
"""

import base64
import os
import secrets
import struct
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PRIVATE_KEY = ROOT / "tests/vectors/private_key.pem"
SESSION = "1_MX4xMjM0NTZ-flNhdCBNYXIgMTUgMTQ6NDI6MjMgUERUIDIwMTR-MC40OTAxMzAyNX4"
# Bytes of a piece.
PIECE = 8
# Characters of a piece of base64, which are as many bits of the key.
TEXT_PIECE = 12
# Times that each program runs, each with a new secret.
RUNS = {"--short": 1, "--long": 20}

SHA1_START = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0)
MASK = 0xFFFFFFFF


def primes(count: int) -> list[int]:
    """Return the first primes."""
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % prime for prime in found):
            found.append(number)
        number += 1
    return found


def fraction_of_root(number: int, degree: int) -> int:
    """Return the first 32 bits of the fraction of a root (FIPS 180-4 sections 4.2.2 and 5.3.3)."""
    scaled = number << 32 * degree
    low, high = 0, 1 << 40
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**degree <= scaled else (low, middle)
    return low & MASK


SHA256_START = tuple(fraction_of_root(prime, 2) for prime in primes(8))
SHA256_CONSTANTS = tuple(fraction_of_root(prime, 3) for prime in primes(64))


def left(word: int, count: int) -> int:
    """Rotate a word."""
    return (word << count | word >> 32 - count) & MASK


def sha1(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    """Compress a block (FIPS 180-4 section 6.1.2)."""
    words = list(struct.unpack(">16I", block))
    for t in range(16, 80):
        words.append(left(words[t - 3] ^ words[t - 8] ^ words[t - 14] ^ words[t - 16], 1))
    a, b, c, d, e = state
    for t, word in enumerate(words):
        f, k = (
            ((b & c) | (~b & d), 0x5A827999),
            (b ^ c ^ d, 0x6ED9EBA1),
            ((b & c) | (b & d) | (c & d), 0x8F1BBCDC),
            (b ^ c ^ d, 0xCA62C1D6),
        )[t // 20]
        a, b, c, d, e = (left(a, 5) + (f & MASK) + e + k + word) & MASK, a, left(b, 30), c, d
    return tuple((old + new) & MASK for old, new in zip(state, (a, b, c, d, e), strict=True))


def sha256(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    """Compress a block (FIPS 180-4 section 6.2.2)."""
    words = list(struct.unpack(">16I", block))

    def sigma(word: int, first: int, second: int, shift: int) -> int:
        return left(word, 32 - first) ^ left(word, 32 - second) ^ word >> shift

    for t in range(16, 64):
        words.append(
            (sigma(words[t - 2], 17, 19, 10) + words[t - 7] + sigma(words[t - 15], 7, 18, 3) + words[t - 16]) & MASK
        )
    a, b, c, d, e, f, g, h = state
    for constant, word in zip(SHA256_CONSTANTS, words, strict=True):
        first = h + (left(e, 26) ^ left(e, 21) ^ left(e, 7)) + ((e & f) ^ (~e & MASK & g)) + constant + word
        second = (left(a, 30) ^ left(a, 19) ^ left(a, 10)) + ((a & b) ^ (a & c) ^ (b & c))
        a, b, c, d, e, f, g, h = (first + second) & MASK, a, b, c, (d + first) & MASK, e, f, g
    return tuple((old + new) & MASK for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True))


def windows(data: bytes, length: int = PIECE, step: int = 1) -> set[bytes]:
    """Return the pieces of a string."""
    return {data[at : at + length] for at in range(0, len(data) - length + 1, step)}


def state_pieces(state: tuple[int, ...]) -> set[bytes]:
    """Return the pieces of a hash state: neighbouring words, also in the order of the SHA instructions."""
    return {struct.pack("=2I", *pair) for a, b in pairwise(state) for pair in ((a, b), (b, a))}


def secret_pieces(secret: bytes) -> dict[str, set[bytes]]:
    """Return what to look for of a secret."""
    payload = f'{{"session_id":"{SESSION}","role":"'.encode()
    payload = base64.urlsafe_b64encode(payload[: len(payload) // 3 * 3])
    starts = {
        "SHA-1": (sha1, SHA1_START, f"session_id={SESSION}&create_time=".encode()),
        "SHA-256": (sha256, SHA256_START, b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." + payload),
    }
    pieces = {"secret": windows(secret)}
    for name, constant in (("inner", 0x36), ("outer", 0x5C)):
        block = bytes(byte ^ constant for byte in secret.ljust(64, b"\0"))
        pieces[f"{name} block"] = windows(block[: len(secret)])
        for algorithm, (compress, start, message) in starts.items():
            state = compress(start, block)
            pieces[f"{algorithm}, {name} state"] = state_pieces(state)
            if name == "inner":
                for at in range(0, len(message) - 63, 64):
                    state = compress(state, message[at : at + 64])
                pieces[f"{algorithm}, state of the session"] = state_pieces(state)
    return pieces


def der_value(der: bytes) -> tuple[bytes, bytes]:
    """Take one value off DER; return it and the rest."""
    length, at = der[1], 2
    if length > 0x7F:
        at += length & 0x7F
        length = int.from_bytes(der[2:at])
    return der[at : at + length], der[at + length :]


def key_pieces(text: str) -> dict[str, set[bytes]]:
    """Return what to look for of a private key in PKCS #8."""
    body = "".join(line for line in text.splitlines() if not line.startswith("-"))
    der = base64.b64decode(body)
    rest, _ = der_value(der)
    for _ in range(2):
        _, rest = der_value(rest)
    rest, _ = der_value(der_value(rest)[0])
    for _ in range(3):
        _, rest = der_value(rest)
    public = len(der) - len(rest)
    pieces = {"private key, text": windows(body[public // 3 * 4 + 4 :].encode(), TEXT_PIECE, 4)}
    for name in ("d", "p", "q", "dP", "dQ", "qInv"):
        number, rest = der_value(rest)
        number = number.lstrip(b"\0")
        words = number[len(number) % 8 :]
        pieces[f"private key, {name}"] = windows(number, step=4) | windows(words[::-1], step=8)
    return pieces


def found(dump: bytes, pieces: dict[str, set[bytes]]) -> dict[str, int]:
    """Return which pieces a dump holds: how many of each name."""
    counts = {name: sum(piece in dump for piece in parts) for name, parts in pieces.items()}
    return {name: count for name, count in counts.items() if count}


def dump(process: subprocess.Popen, folder: str) -> bytes:
    """Return a core dump of a process that waits."""
    gcore = ["gcore", "-a", "-o", f"{folder}/core", str(process.pid)]
    subprocess.run(gcore, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    file = Path(f"{folder}/core.{process.pid}")
    core = file.read_bytes()
    file.unlink()
    return core


def faults(program: Path, folder: str) -> tuple[list[str], int]:
    """Run a program once; return what is wrong, and the bytes that were searched."""
    secret = secrets.token_hex(20).encode()
    secret_file = Path(folder, "secret")
    secret_file.write_bytes(secret)
    pieces = secret_pieces(secret) | key_pieces(PRIVATE_KEY.read_text())
    command = [program, secret_file, PRIVATE_KEY]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        dumps = {}
        for state in ("alive", "dropped"):
            if process.stdout.readline() != f"{state}\n":
                process.kill()
                return [f"{program.name} does not reach the state {state}"], 0
            dumps[state] = dump(process, folder)
            process.stdin.write("\n")
    wrong = [f"{program.name} ends with {process.returncode}"] if process.returncode else []
    # The blocks and the text are in use only for a moment.
    lasting = [name for name in pieces if not name.endswith((" block", ", text", ", d"))]
    missing = set(lasting) - found(dumps["alive"], pieces).keys()
    wrong += [f"{program.name}: the search does not find what is there: {name}" for name in sorted(missing)]
    left_over = found(dumps["dropped"], pieces)
    wrong += [f"{program.name}: a dump holds {count} pieces of: {name}" for name, count in left_over.items()]
    return wrong, len(dumps["dropped"])


def build(folder: str) -> list[Path]:
    """Build both programs, each with the library as it is released."""
    cargo = ["cargo", "build", "--quiet", "--locked", "--release"]
    subprocess.run([*cargo, "--package", "tokmint-hardening", "--bin", "dropped"], cwd=ROOT, check=True)
    prefix = f"{folder}/prefix"
    subprocess.run(["make", "--silent", "install", f"PREFIX={prefix}"], cwd=ROOT, check=True)
    in_c = Path(folder, "dropped-c")
    source = HERE / "dropped.c"
    gcc = ["gcc", "-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", f"-I{prefix}/include"]
    subprocess.run([*gcc, source, f"{prefix}/lib/libtokmint.a", "-o", in_c], check=True)
    return [TARGET / "release/dropped", in_c]


def main() -> None:
    """Run both programs and print the result."""
    runs = RUNS[sys.argv[1]]
    wrong, searched = [], 0
    with tempfile.TemporaryDirectory() as folder:
        programs = build(folder)
        for _ in range(runs):
            for program in programs:
                faults_of_run, size = faults(program, folder)
                wrong += faults_of_run
                searched += size
    print(*wrong, sep="\n" if wrong else "")
    print(
        f"RESULT {runs} runs of a Rust and of a C program | {len(wrong)} findings in {searched:,} bytes of core dumps"
        " after drop: no piece of the secret, of its HMAC states or of the private key"
        if not wrong
        else f"RESULT {runs} runs of a Rust and of a C program | {len(wrong)} findings"
    )
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
