"""Versions of documents, as answers carry them and edits name them: which changes had been read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from intersession.errors import InvalidField

Heads = tuple[bytes, ...]
"""The hashes of a document's latest changes, sorted."""
_HASH = re.compile("[0-9a-f]{64}")
_VERSION = re.compile(f"(?:{_HASH.pattern})+")


class Versioned(Protocol):
    """An answer that says which version of its document it is."""

    @property
    def version(self) -> str:
        """As `told` says it; empty for what is no document on this device."""


def told(heads: Iterable[bytes]) -> str:
    """A version as text. Two devices that hold the same changes say the same."""
    return "".join(head.hex() for head in sorted(heads))


def heads_of(based_on: Versioned | str | None) -> Heads | None:
    """The heads that an answer, or its version, stands for; None where none is given. Raises `InvalidField`."""
    if based_on is None:
        return None
    version = based_on if isinstance(based_on, str) else getattr(based_on, "version", None)
    if not isinstance(version, str) or _VERSION.fullmatch(version) is None:
        raise InvalidField("based_on must be what was read from this store, or its version.")
    return read(version)


def read(version: str) -> Heads:
    """What `told` told."""
    return tuple(sorted(bytes.fromhex(one) for one in _HASH.findall(version)))


def unknown() -> InvalidField:
    """What is raised where this device does not have such a version of the document."""
    return InvalidField(
        "This device does not have the version that this was made from (based_on). Read it again, and edit that.",
        code="unknown_heads",
    )
