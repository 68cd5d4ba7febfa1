"""Archives whose bytes depend on nothing but the files in them and the time of the commit."""

import gzip
import os
import tarfile
from pathlib import Path

from repository import output


def epoch() -> int:
    """Return the time that archives state, in Unix seconds: SOURCE_DATE_EPOCH, or else that of the commit."""
    return int(os.environ.get("SOURCE_DATE_EPOCH") or output("git", "log", "-1", "--format=%ct"))


def pack(folder: Path, archive: Path) -> None:
    """Write a .tar.gz of a folder, which becomes the only one at the top of the archive."""

    def without_owner(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        entry.mtime = epoch()
        entry.mode = 0o755 if entry.isdir() or entry.mode & 0o100 else 0o644
        return entry

    archive.parent.mkdir(parents=True, exist_ok=True)
    with (
        archive.open("wb") as file,
        gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in [folder, *sorted(folder.rglob("*"))]:
            tar.add(path, path.relative_to(folder.parent), recursive=False, filter=without_owner)
