"""Copies the test vectors to FOLDER, with the tokens of attacks.json that are to be signed signed.

For runners that have no HMAC. What else is in the notation of the vectors stays, since all files use it. The file holds
the hash of each token that is signed, which is compared.

Usage: prepare_vectors.py FOLDER
"""

import base64
import hashlib
import hmac
import json
import shutil
import sys
from pathlib import Path
from typing import Any

VECTORS = Path(__file__).resolve().parents[2] / "tests" / "vectors"


def base64url(data: bytes) -> bytes:
    """Return base64 for URLs, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def expand(value: Any) -> bytes:
    """Return the bytes of a part of a token in the notation of the vectors."""
    match value:
        case str():
            return value.encode()
        case {"repeat": once, "times": times}:
            return expand(once) * times
        case {"concat": parts}:
            return b"".join(map(expand, parts))
    raise SystemExit(f"no part of a token that is to be signed: {value}")


def sign(parts: dict[str, Any], context: dict[str, Any]) -> bytes | None:
    """Return the token with these parts, or None where there is nothing to sign."""
    match parts:
        case {"jwt": {"header": header, "payload": payload}}:
            signed = base64url(expand(header)) + b"." + base64url(expand(payload))
            return signed + b"." + base64url(hmac.digest(context["secret"].encode(), signed, "sha256"))
        case {"t1": {"data": data}}:
            signed = expand(data)
            signature = hmac.digest(context["secret"].encode(), signed, "sha1").hex()
            return b"T1==" + base64.b64encode(f"partner_id={context['api_key']}&sig={signature}:".encode() + signed)
    return None


def main(folder: Path) -> None:
    """Copy the files, and write the attacks anew."""
    shutil.copytree(VECTORS, folder, dirs_exist_ok=True)
    attacks = json.loads((VECTORS / "attacks.json").read_text("utf-8"))
    for case in attacks["cases"]:
        if (token := sign(case["input"], case["context"])) is not None:
            if hashlib.sha256(token).hexdigest() != case["sha256"]:
                raise SystemExit(f"{case['id']} is another token than the file says")
            case["input"] = token.decode()
    (folder / "attacks.json").write_text(json.dumps(attacks, indent=1) + "\n", "utf-8", newline="\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
