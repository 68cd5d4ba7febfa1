"""Writes dist/sbom/tokmint-VERSION-ARTEFACT.cdx.json: for each kind of artefact, what code of others is in it.

A bill of materials in the format CycloneDX 1.6. It lists the crates that are linked in on any of the targets, with the
hashes in Cargo.lock, and what the package manager installs beside the artefact. Two runs write the same bytes: the time
is SOURCE_DATE_EPOCH, and is left out without that. An argument names another folder than dist/sbom.
"""

import json
import os
import sys
import uuid
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tomllib
from linked import ARTEFACTS, ROOT, Crate, graph, metadata

SCHEMA = "http://cyclonedx.org/schema/bom-1.6.schema.json"
REPOSITORY = "https://github.com/tokmint/tokmint"
LICENCE = "MIT OR Apache-2.0"

# What each kind of artefact is to a package manager.
PURLS = {
    "wheel": "pkg:pypi/tokmint@{}",
    "node": "pkg:npm/tokmint@{}",
    "c": "pkg:generic/tokmint-c@{}",
    "cli": "pkg:cargo/tokmint-cli@{}",
    "jar": "pkg:maven/dev.tokmint/tokmint@{}",
    "swift": "pkg:swift/github.com/tokmint/tokmint-swift/Tokmint@{}",
    "wasm": "pkg:generic/tokmint-wasm@{}",
}

# A pom names licences in words of its own.
MAVEN_LICENCES = {
    "org.jetbrains.kotlin/kotlin-stdlib": "Apache-2.0",
    "net.java.dev.jna/jna": "Apache-2.0 OR LGPL-2.1-or-later",
}


def component(kind: str, purl: str, name: str, version: str, licence: str) -> dict[str, Any]:
    """Return what every component has. Others refer to it by its purl."""
    return {
        "type": kind,
        "bom-ref": purl,
        "name": name,
        "version": version,
        "licenses": [{"expression": licence}],
        "purl": purl,
    }


def crate_component(crate: Crate, checksums: dict[Crate, str]) -> dict[str, Any]:
    """Return a crate. Of this repository's own there is no hash yet."""
    package = metadata()[crate]
    # Cargo once separated licences by slashes.
    licence = package["license"].replace("/", " OR ")
    said = component("library", purl_of(crate), *crate, licence)
    if package["source"] is not None:
        said["hashes"] = [{"alg": "SHA-256", "content": checksums[crate]}]
    if package["repository"]:
        said["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
    return said


def purl_of(crate: Crate) -> str:
    """Return the package URL of a crate."""
    return "pkg:cargo/{}@{}".format(*crate)


def installed_beside(artefact: str) -> list[dict[str, Any]]:
    """Return what the package manager installs for an artefact. Those of npm and PyPI need nothing."""
    if artefact == "node" and "dependencies" in json.loads((ROOT / "node/package.json").read_text("utf-8")):
        raise SystemExit("node/package.json has dependencies, which this script leaves out")
    project = tomllib.loads((ROOT / "python/pyproject.toml").read_text("utf-8"))["project"]
    if artefact == "wheel" and "dependencies" in project:
        raise SystemExit("python/pyproject.toml has dependencies, which this script leaves out")
    if artefact != "jar":
        return []
    pom = ET.parse(ROOT / "bindings/kotlin/pom.xml").getroot()
    space = {"": "http://maven.apache.org/POM/4.0.0"}
    properties = {f"${{{entry.tag.split('}')[1]}}}": entry.text for entry in pom.find("properties", space)}
    found = []
    for entry in pom.find("dependencies", space):
        group, name, version = (entry.findtext(tag, "", space) for tag in ("groupId", "artifactId", "version"))
        if entry.findtext("scope", "", space) != "test":
            version = properties.get(version, version)
            purl, licence = f"pkg:maven/{group}/{name}@{version}", MAVEN_LICENCES[f"{group}/{name}"]
            found.append(component("library", purl, name, version, licence) | {"group": group})
    return found


def bill(artefact: str, version: str, checksums: dict[Crate, str], epoch: str | None) -> dict[str, Any]:
    """Return the bill of materials of an artefact."""
    purl = PURLS[artefact].format(version)
    root = component("application" if artefact == "cli" else "library", purl, f"tokmint-{artefact}", version, LICENCE)
    root["externalReferences"] = [{"type": "vcs", "url": REPOSITORY}]
    crates = graph(artefact)
    beside = installed_beside(artefact)
    # The crates of bindings are the artefact itself.
    itself = {crate for crate in crates if crate[0] in ARTEFACTS[artefact]}
    depends_on = {purl: {purl_of(other) for crate in itself for other in crates[crate]}}
    depends_on[purl] |= {other["bom-ref"] for other in beside}
    depends_on |= {purl_of(crate): set(map(purl_of, crates[crate])) for crate in crates.keys() - itself}
    depends_on |= {other["bom-ref"]: set() for other in beside}
    said: dict[str, Any] = {
        "$schema": SCHEMA,
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": root},
        "components": [crate_component(crate, checksums) for crate in sorted(crates.keys() - itself)] + beside,
        "dependencies": [{"ref": ref, "dependsOn": sorted(depends_on[ref])} for ref in sorted(depends_on)],
    }
    if epoch:
        said["metadata"]["timestamp"] = datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    said["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(said, sort_keys=True))}"
    return said


def bills(epoch: str | None) -> dict[str, str]:
    """Return all of them by the names of their files, made at a time in Unix seconds."""
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text("utf-8"))["package"]
    checksums = {(package["name"], package["version"]): package.get("checksum", "") for package in lock}
    version = next(version for name, version in metadata() if name == "tokmint")
    return {
        f"tokmint-{version}-{artefact}.cdx.json": json.dumps(bill(artefact, version, checksums, epoch), indent=2) + "\n"
        for artefact in ARTEFACTS
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist/sbom"
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in bills(os.environ.get("SOURCE_DATE_EPOCH")).items():
        (folder / file).write_text(text, "utf-8", newline="\n")
