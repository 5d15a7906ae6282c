"""Automerge documents: the only package that imports automerge.

It offers what the binding lacks (raw changes applied in batches, conflicts, prose edits from before and after) and
turns every failure, panics of the Rust side included, into `DocumentError`.
"""

from intersession_schemas.crdt.document import Document
from intersession_schemas.crdt.edits import ROOT, Edit
from intersession_schemas.crdt.object_ids import ObjectId
from intersession_schemas.operations import Scalar

__all__ = ["ROOT", "Document", "Edit", "ObjectId", "Scalar"]
