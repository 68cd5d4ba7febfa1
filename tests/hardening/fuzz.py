"""Runs the fuzz targets of core/fuzz, plain and with AddressSanitizer, and adds up what they did.

Each target starts from seeds that are made from tests/vectors here, and keeps what it finds in target/fuzz/corpus.
Besides inputs of the length at which libFuzzer stops by itself, each is given ones beyond the longest token.

    python3 tests/hardening/fuzz.py --short           ASAN only, a second a target
    python3 tests/hardening/fuzz.py --long            both builds, SECONDS a target, and the coverage
    python3 tests/hardening/fuzz.py --coverage        regions of core's parsers that the corpora reach
    python3 tests/hardening/fuzz.py --seeds           only make the seeds

Executions add up over runs in target/fuzz/totals.json, by commit.
"""

import argparse
import base64
import concurrent.futures
import hashlib
import hmac
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

SECONDS = 150  # of a target in the long form; see RUNS
TARGETS = (
    "verify_bytes", "inspect_bytes", "resign", "resign_rs256", "generate", "generate_rs256",
    "json", "form", "session_id", "key_text", "base64", "c_api",
)  # fmt: skip
# Build, longest input in bytes, share of the seconds. Long inputs are rare, since each takes long.
RUNS = (("none", 4096, 0.6), ("none", 70_000, 0.1), ("address", 4096, 0.25), ("address", 70_000, 0.05))
TIMEOUT = 60  # seconds for one input; the targets have bounds of their own, in processor time
RSS_MEGABYTES = 2048

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "tests/vectors"
FUZZ = ROOT / "target/fuzz"
TRIPLE = "x86_64-unknown-linux-gnu"
SECRET = b"1234567890abcdef1234567890abcdef1234567890"

# The files of core that read what others wrote.
PARSERS = (
    "format/base64.rs", "format/json.rs", "format/jwt.rs", "format/mod.rs", "format/scanner.rs", "format/t1.rs",
    "inspect/reader.rs", "inspect/repair.rs", "keys/pem.rs", "session_id.rs", "uuid.rs", "wrapping.rs",
)  # fmt: skip
COVERAGE_GOAL = 95.0

# What can end a run, and the word for several.
FAULTS = {"crash": "crashes", "timeout": "timeouts", "leak": "leaks", "disagreement": "disagreements"}

WORDS = (
    "T1==", "partner_id=", "&sig=", ":", "session_id", "create_time", "expire_time", "role", "nonce", "&", "=", "%3D",
    "initial_layout_class_list", "connection_data", "publisher", "moderator", "subscriber", "publisheronly", "1_", "2_",
    "scope", "session.connect", "iss", "ist", "project", "iat", "exp", "nbf", "sub", "video", "jti", "application_id",
    "alg", "HS256", "RS256", "typ", "JWT", "crit", "b64", "zip", "null", "true", "1e400", "\\\\ud800", "\\\\u0072",
    "eyJ", ".", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.", "cGFydG5lcl9pZD", "Bearer ", "b'", "&quot;", "=3D",
    "\\\\u003d", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "\\\\n", "{\\\"kty\\\":\\\"RSA\\\"",
)  # fmt: skip


def decoded(text: str) -> bytes:
    """Decodes base64 of either alphabet, with padding or without."""
    text = text.replace("-", "+").replace("_", "/").rstrip("=")
    return base64.b64decode(text + "=" * (-len(text) % 4))


def expanded(part: object) -> bytes:
    """A string of a vector in the notation of the file's generators."""
    if isinstance(part, str):
        return part.encode()
    if "concat" in part:
        return b"".join(expanded(piece) for piece in part["concat"])
    if "repeat" in part:
        return (part["repeat"] * min(part["times"], 70_000 // len(part["repeat"]))).encode()
    if "base64" in part:
        return base64.b64decode(part["base64"])
    if "jwt" in part:
        header, payload = (expanded(part["jwt"][name]) for name in ("header", "payload"))
        return jwt(header, payload)
    if "t1" in part:
        data = expanded(part["t1"]["data"])
        head = f"partner_id=123456&sig={hmac.new(SECRET, data, hashlib.sha1).hexdigest()}:"
        return b"T1==" + base64.b64encode(head.encode() + data)
    return json.dumps(part).encode()


def jwt(header: bytes, payload: bytes) -> bytes:
    """A JWT with these parts, signed with HS256."""
    signed = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in (header, payload))
    signature = hmac.new(SECRET, signed, hashlib.sha256).digest()
    return signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")


def found(value: object, name: str) -> list:
    """Every value under this name in a document."""
    if isinstance(value, list):
        return [hit for element in value for hit in found(element, name)]
    if not isinstance(value, dict):
        return []
    here = [value[name]] if name in value else []
    return here + [hit for member in value.values() for hit in found(member, name)]


def seeds() -> dict[str, set[bytes]]:
    """The inputs from which each target starts."""
    documents = [json.loads(path.read_text()) for path in sorted(VECTORS.glob("*.json"))]
    tokens = {
        expanded(token) for document in documents for name in ("token", "input") for token in found(document, name)
    }
    tokens = {token for token in tokens if token}
    # The limits of a token, in every part of one.
    payload = b'{"session_id":"1_MX4x","x":"%s"}' % (b"y" * 45_000)
    deep = b'{"x":%s}' % (b"[" * 20_000 + b"]" * 20_000)
    tokens |= {jwt(b'{"alg":"HS256"}', payload), jwt(deep, b"{}"), b"T1==" + b"QUFB" * 16_383}
    json_parts, form_parts = {payload, deep}, {b"a=1&" * 16_000, b"%41" * 20_000}
    for token in tokens:
        try:
            if token.startswith(b"T1=="):
                form_parts.add(decoded(token[4:].decode()).split(b":", 1)[1])
            elif token.count(b".") == 2:
                json_parts |= {decoded(part) for part in token.decode().split(".")[:2]}
        except (ValueError, IndexError):
            continue  # One of the malformed tokens.
    key_names = ("private_key", "public_key")
    texts = [text for document in documents for name in key_names for text in found(document, name)]
    keys = {text.encode() for text in texts if isinstance(text, str)}
    keys |= {base64.b64decode(key) for document in documents for key in found(document, "key_base64")}
    keys |= {path.read_bytes() for path in VECTORS.glob("*.pem")}
    ids = {str(id_).encode() for document in documents for id_ in found(document, "session_id")}
    # Targets whose inputs have a structure start from noise, which is the same every time.
    noise = {hashlib.shake_256(bytes([at])).digest(16 << at % 10) for at in range(100)}
    long_noise = noise | {hashlib.shake_256(b"long").digest(70_000)}
    by_target = dict.fromkeys(TARGETS, long_noise)
    by_target["verify_bytes"] = by_target["inspect_bytes"] = {b"\0" + token for token in tokens}
    by_target["json"] = {bytes([place]) + part for part in json_parts for place in range(3)}
    by_target["form"] = {bytes([place]) + part for part in form_parts for place in range(2)}
    by_target["session_id"] = {b"\0" + id_ for id_ in ids}
    by_target["key_text"] = {b"\0" + key for key in keys} | {b"\1" + change for change in long_noise}
    by_target["base64"] = long_noise | {b"\1" + part for part in json_parts} | {b"\2" + part for part in form_parts}
    return by_target


def make_seeds() -> dict[str, int]:
    """Writes the seeds, short and long ones apart, and the dictionary; returns how many there are."""
    counts = {}
    for target, inputs in seeds().items():
        for name in ("short", "long"):
            (FUZZ / "seeds" / target / name).mkdir(parents=True, exist_ok=True)
        for content in inputs:
            kind = "short" if len(content) <= 4096 else "long"
            path = FUZZ / "seeds" / target / kind / hashlib.sha1(content).hexdigest()
            if not path.exists():
                path.write_bytes(content)
        counts[target] = len(inputs)
    (FUZZ / "tokens.dict").write_text("".join(f'"{word}"\n' for word in WORDS))
    return counts


def build(sanitizer: str) -> None:
    """Builds all targets. A sanitizer needs an option of the compiler that stable ones have only if told so."""
    environment = {**os.environ, "CARGO_TARGET_DIR": str(FUZZ / sanitizer)}
    if sanitizer != "none":
        environment["RUSTC_BOOTSTRAP"] = "1"
    command = ["cargo", "fuzz", "build", "--sanitizer", sanitizer]
    if sanitizer == "none":
        # Watching comparisons halves the speed. The other build does, and both share what they find.
        command.append("--no-trace-compares")
    result = subprocess.run(command, cwd=ROOT / "core", env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"{result.stderr}\nRESULT 0 executions | cannot build the targets")
    symbols = subprocess.run(["nm", program(sanitizer, TARGETS[0])], capture_output=True, text=True, check=True).stdout
    if ("__asan_init" in symbols) != (sanitizer == "address"):
        sys.exit("RESULT 0 executions | the targets are not built with the sanitizer that was asked for")


def program(sanitizer: str, target: str) -> Path:
    """Where a target is built."""
    return FUZZ / sanitizer / TRIPLE / "release" / target


def run(target: str, sanitizer: str, length: int, seconds: int) -> dict:
    """Runs one target for some seconds, and says what happened."""
    corpus = FUZZ / "corpus" / target / ("short" if length == 4096 else "long")
    if seconds == 1:
        # A second is too short for what long runs have found.
        corpus = FUZZ / "corpus" / target / "last"
        shutil.rmtree(corpus, ignore_errors=True)
    artifacts = FUZZ / "artifacts"
    for folder in (corpus, artifacts):
        folder.mkdir(parents=True, exist_ok=True)
    inputs = [corpus, FUZZ / "seeds" / target / "short"]
    length_options = []
    if length > 4096:
        inputs.append(FUZZ / "seeds" / target / "long")
        length_options = ["-len_control=0"]
    command = [
        str(program(sanitizer, target)), f"-max_total_time={seconds}", f"-max_len={length}", *length_options,
        f"-timeout={TIMEOUT}", f"-rss_limit_mb={RSS_MEGABYTES}", f"-dict={FUZZ / 'tokens.dict'}",
        f"-artifact_prefix={artifacts}/{target}-", "-print_final_stats=1", "-verbosity=0", "-print_funcs=0",
        *map(str, inputs),
    ]  # fmt: skip
    start = time.monotonic()
    result = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    took = time.monotonic() - start
    executed = re.search(r"number_of_executed_units: (\d+)", result.stderr)
    fault = None
    if result.returncode or not executed:
        fault = kind_of_fault(result.stderr)
        (artifacts / f"{target}-{sanitizer}.log").write_text(result.stderr)
    executions = int(executed[1]) if executed else 0
    return {"target": target, "build": sanitizer, "executions": executions, "seconds": took, "fault": fault}


def kind_of_fault(output: str) -> str:
    """What ended a run, by what it printed."""
    if "detected memory leaks" in output:
        return "leak"
    if "ERROR: libFuzzer: timeout" in output:
        return "timeout"
    # An assertion of a target is a disagreement with its oracle.
    if re.search(r"panicked at fuzz_targets/", output):
        return "disagreement"
    return "crash"


def commit() -> str:
    """The commit that is tested."""
    head = subprocess.run(["git", "rev-parse", "--short=10", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    changed = subprocess.run(["git", "status", "--porcelain", "core", "bindings/c"], cwd=ROOT, capture_output=True)
    return head.stdout.strip() + ("+changes" if changed.stdout else "")


def add_to_totals(results: list[dict]) -> dict[str, dict[str, float]]:
    """Adds results to the file of totals, and returns the totals by target over all commits."""
    path = FUZZ / "totals.json"
    totals = json.loads(path.read_text()) if path.exists() else {}
    of_commit = totals.setdefault(commit(), {})
    for result in results:
        of_target = of_commit.setdefault(result["target"], {"executions": 0, "seconds": 0, "faults": 0})
        of_target["executions"] += result["executions"]
        of_target["seconds"] += result["seconds"]
        of_target["faults"] += bool(result["fault"])
    path.write_text(json.dumps(totals, indent=1))
    sums: dict[str, dict[str, float]] = {}
    for by_target in totals.values():
        for target, counts in by_target.items():
            for name, count in counts.items():
                of_target = sums.setdefault(target, {})
                of_target[name] = of_target.get(name, 0) + count
    return sums


def fuzz(runs: list[tuple[str, str, int, int]], workers: int) -> tuple[str, str, bool]:
    """Makes runs: target, build, longest input and seconds of each. Prints a line for each target.

    Returns the size, the result, and whether it holds.
    """
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        results = list(pool.map(lambda arguments: run(*arguments), runs))
    totals = add_to_totals(results)
    print(f"{'target':<16} {'plain':>14} {'ASAN':>12} {'seconds':>8} {'faults':<24} {'so far, all runs':>16}")
    for target in dict.fromkeys(target for target, *_ in runs):
        own = [result for result in results if result["target"] == target]
        plain, asan = (sum(r["executions"] for r in own if r["build"] == name) for name in ("none", "address"))
        faults = ", ".join(f"{r['fault']} ({r['build']})" for r in own if r["fault"]) or "none"
        seconds = sum(result["seconds"] for result in own)
        print(f"{target:<16} {plain:>14,} {asan:>12,} {seconds:>8.0f} {faults:<24} {totals[target]['executions']:>16,}")
    so_far, hours = (sum(total[name] for total in totals.values()) for name in ("executions", "seconds"))
    print(f"all runs so far: {so_far:,} executions in {hours / 3600:.1f} hours of one core, in target/fuzz/totals.json")
    counts = {kind: sum(result["fault"] == kind for result in results) for kind in FAULTS}
    if any(counts.values()):
        print("inputs and output of what failed are in target/fuzz/artifacts")
    executions = sum(result["executions"] for result in results)
    targets = len({result["target"] for result in results})
    said = ", ".join(f"{count} {FAULTS[kind]}" for kind, count in counts.items())
    holds = not any(counts.values()) and all(result["executions"] for result in results)
    return f"{executions:,} executions of {targets} targets", said, holds


def coverage(targets: list[str]) -> tuple[str, str, bool]:
    """Runs the corpora once, and prints the regions of core's parsers that they reach. Returns as `fuzz` does."""
    folder = FUZZ / "coverage"
    environment = {
        **os.environ,
        "CARGO_TARGET_DIR": str(folder),
        "RUSTFLAGS": "-Cinstrument-coverage --cfg fuzzing",
        "LLVM_PROFILE_FILE": os.devnull,  # of what runs while it builds
    }
    command = ["cargo", "build", "--quiet", "--locked", "--release", "--bins"]
    subprocess.run(command, cwd=ROOT / "core/fuzz", env=environment, check=True)
    profiles = []
    for target in targets:
        profile = folder / f"{target}.profraw"
        inputs = [FUZZ / kind / target / name for kind in ("corpus", "seeds") for name in ("short", "long")]
        command = [
            folder / "release" / target,
            "-runs=0",
            "-max_len=70000",
            *(path for path in inputs if path.exists()),
        ]
        environment = {**os.environ, "LLVM_PROFILE_FILE": str(profile)}
        subprocess.run(command, env=environment, capture_output=True, check=True)
        profiles.append(profile)
    sysroot = subprocess.run(["rustc", "--print", "sysroot"], capture_output=True, text=True, check=True).stdout.strip()
    tools = Path(sysroot) / "lib/rustlib" / TRIPLE / "bin"
    merged = folder / "merged.profdata"
    subprocess.run([tools / "llvm-profdata", "merge", "--sparse", "-o", merged, *profiles], check=True)
    objects = [option for target in targets for option in ("--object", folder / "release" / target)]
    command = [tools / "llvm-cov", "export", "--summary-only", f"--instr-profile={merged}", *objects[1:]]
    report = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    files = {file["filename"]: file["summary"]["regions"] for file in json.loads(report)["data"][0]["files"]}
    regions = {name: files[str(ROOT / "core/src" / name)] for name in PARSERS}
    for name, counts in regions.items():
        print(f"{name:<24} {counts['covered']:>5} of {counts['count']:>5} regions  {counts['percent']:6.2f} %")
    covered, count = (sum(counts[name] for counts in regions.values()) for name in ("covered", "count"))
    percent = 100 * covered / count
    said = f"{covered} reached, {percent:.1f} % (goal {COVERAGE_GOAL:.0f} %)"
    return f"{count} regions of {len(PARSERS)} files of readers", said, percent >= COVERAGE_GOAL


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    form = parser.add_mutually_exclusive_group(required=True)
    for name in ("short", "long", "coverage", "seeds"):
        form.add_argument(f"--{name}", action="store_const", const=name, dest="form")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="of each target in the long form")
    parser.add_argument("--targets", default=",".join(TARGETS), help="some of the targets, separated by commas")
    parser.add_argument("--workers", type=int, default=2, help="targets that run at once")
    arguments = parser.parse_args()
    targets = arguments.targets.split(",")
    counts = make_seeds()
    if arguments.form == "seeds":
        results = [(f"{sum(counts.values())} seeds", "in target/fuzz/seeds", True)]
    elif arguments.form == "coverage":
        results = [coverage(targets)]
    elif arguments.form == "short":
        build("address")
        results = [fuzz([(target, "address", 4096, 1) for target in targets], arguments.workers)]
    else:
        for sanitizer in ("none", "address"):
            build(sanitizer)
        runs = [
            (target, sanitizer, length, max(1, round(share * arguments.seconds)))
            for target in targets
            for sanitizer, length, share in RUNS
        ]
        results = [fuzz(runs, arguments.workers), coverage(targets)]
    sizes, said, hold = zip(*results, strict=True)
    print(f"RESULT {', '.join(sizes)} | {', '.join(said)}")
    sys.exit(not all(hold))


if __name__ == "__main__":
    main()
