"""The official Node SDK of Vonage applications (`@vonage/video`, `@vonage/jwt` on npm) as an oracle, by vonage.cjs.

Versions are pinned in package-lock.json. Its clock and its UUIDs are frozen. All requests go to one process, because
starting Node takes longer than a hundred signatures.

Left out: the application ID in lower case. The SDK writes it as it is given, tokmint in lower case.
"""

import json
import subprocess
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent.parent / "target/oracle/node"
VERSIONS = json.loads((Path(__file__).resolve().parent / "package.json").read_text(encoding="utf-8"))["dependencies"]
NAME_AND_VERSION = f"@vonage/video {VERSIONS['@vonage/video']} (npm)"
REST_NAME_AND_VERSION = f"@vonage/jwt {VERSIONS['@vonage/jwt']} (npm)"


def results(requests):
    finished = subprocess.run(
        ["node", "vonage.cjs"],
        cwd=FOLDER,
        input=json.dumps(requests),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return json.loads(finished.stdout)


def client_token_request(grant):
    options = {
        "role": grant["role"],
        "data": grant["data"],
        "initialLayoutClassList": grant["initial_layout_class_list"],
    }
    # Where the vector gives no expiry the SDK must come to the same one by its own default.
    if grant["expiry_is_given"]:
        options["expireTime"] = grant["expire_time"]
    return {
        "call": "generateClientToken",
        "now": grant["create_time"],
        "uuid": grant["jti"],
        "application_id": grant["application_id"].lower(),
        "private_key": grant["private_key"],
        "session_id": grant["session_id"],
        "options": options,
    }


def client_tokens(grants):
    return results([client_token_request(grant) for grant in grants])


def rest_tokens(grants):
    """Tokens of `tokenGenerate`, which the SDK sends with REST calls."""
    return results(
        [
            {
                "call": "tokenGenerate",
                "now": grant["create_time"],
                "uuid": grant["jti"],
                "application_id": grant["application_id"].lower(),
                "private_key": grant["private_key"],
                "options": {"exp": grant["expire_time"]} if grant["expiry_is_given"] else {},
            }
            for grant in grants
        ]
    )


def accepts(tokens, key, now):
    """Whether `verifySignature` of the SDK accepts each token: its signature and its `exp`."""
    return results(
        [{"call": "verifySignature", "now": now, "uuid": "", "token": token, "key": key} for token in tokens]
    )
