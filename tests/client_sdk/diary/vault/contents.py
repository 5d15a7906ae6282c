"""What a device shows of its vault, and what the server has of it."""

from __future__ import annotations

from uuid import UUID

from tests.client_sdk.practice import Practice

from intersession import Tracker
from intersession.models.private import VaultStatus

PASSPHRASE = "correct horse"
OPEN = VaultStatus("open", 0, 0)


def texts(device: Tracker) -> set[str]:
    return {entry.text for entry in device.journal.entries()}


def blobs(practice: Practice, document: UUID) -> list[bytes]:
    """The blobs of a document that the server has."""
    return [row.change for row in practice.vault_rows if row.document == document and row.change]
