"""A browser's profile as it lies on disk: what the disclosure checker has to be shown to read all of it.

SQLite's pool gives each of its files a header of its own and a name that tells nothing, so that a store in there does
not begin like a database. It is taken out, and searched as the database that it is, beside the bytes of all files.
"""

from __future__ import annotations

from pathlib import Path

from tests.disclosure.checker import Files, Place
from tests.disclosure.database_files import HEADER

POOL_HEADER = 4096
"""Bytes before the content of a file of the pool."""


def places(profile: Path, folder: Path) -> list[Place]:
    """Everything in a profile. The stores that lie there readable are taken out into `folder`, which is made."""
    folder.mkdir(parents=True)
    found: list[Place] = [Files("profile", profile)]
    for path in sorted(one for one in profile.rglob("*") if one.is_file()):
        content = path.read_bytes()[POOL_HEADER:]
        if content.startswith(HEADER):
            store = folder / f"{path.name}.db"
            store.write_bytes(content)
            found.append(Files(f"the store in {path.name}", store))
    return found
