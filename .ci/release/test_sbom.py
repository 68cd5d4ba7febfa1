"""Checks the bills of materials in FOLDER, which sbom.py wrote: test_sbom.py FOLDER.

It needs cyclonedx-python-lib, which holds the schema.
"""

import json
import re
import sys
from datetime import datetime
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from license_expression import get_spdx_licensing
from linked import ROOT
from sbom import bills

NOTICES = set(re.findall(r"^(\S+ \d\S*) \(.*\)$", (ROOT / "LICENSE-THIRD-PARTY").read_text("utf-8"), re.MULTILINE))


def check(text: str) -> set[str]:
    """Fail if a bill is not in the format or not complete; return the crates of others in it."""
    if error := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        raise SystemExit(f"not CycloneDX 1.6: {error}")
    bill = json.loads(text)
    root = bill["metadata"]["component"]
    refs = {component["bom-ref"] for component in [root, *bill["components"]]}
    assert len(refs) == len(bill["components"]) + 1, "a component is listed twice"
    assert {entry["ref"] for entry in bill["dependencies"]} == refs, "a component without its dependencies"
    reached, found = set(), {root["bom-ref"]}
    while found:
        reached |= found
        needed = [set(entry["dependsOn"]) for entry in bill["dependencies"] if entry["ref"] in found]
        found = set().union(*needed) - reached
    assert reached == refs, f"what nothing depends on, or what is not listed: {reached ^ refs}"
    for component in [root, *bill["components"]]:
        for licence in component["licenses"]:
            errors = get_spdx_licensing().validate(licence["expression"]).errors
            assert not errors, f"{component['name']}: {errors}"
    for folder in (ROOT, Path.home()):
        assert f"{folder}/" not in text, f"it names the folder {folder}"
    crates = [component for component in bill["components"] if component["purl"].startswith("pkg:cargo/")]
    others = [component for component in crates if component["name"] not in ("tokmint", "tokmint-cli")]
    assert len(others) >= 20, "there are more crates"
    assert all(re.fullmatch("[0-9a-f]{64}", component["hashes"][0]["content"]) for component in others)
    return {f"{component['name']} {component['version']}" for component in others}


texts = {path.name: path.read_text("utf-8") for path in sorted(Path(sys.argv[1]).iterdir())}
crates = set().union(*map(check, texts.values()))
assert crates == NOTICES, f"LICENSE-THIRD-PARTY has other crates: {crates ^ NOTICES}"
(time,) = {json.loads(text)["metadata"].get("timestamp") for text in texts.values()}
epoch = time and str(int(datetime.fromisoformat(time).timestamp()))
assert texts == bills(epoch), "sbom.py writes other bytes at another time"
