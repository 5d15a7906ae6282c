"""Cases of layout: how values lie in documents, what an edit changes there, and what is read from odd ones."""

from __future__ import annotations

from tests.vectors.cases import Json, Subject, plain
from tests.vectors.documents import create, edited_as, told, with_changes, written
from tests.vectors.layout import layout_edits, layout_odd, layout_values

from intersession_schemas.prose import splices


def _create(given: dict[str, Json]) -> Json:
    """The changes that write a value as a new document, and what there is then."""
    changes = [written(one) for one in create(given["kind"], given["actor"], given["value"])]
    document = with_changes(changes, given["actor"])
    return {"changes": changes, "heads": plain(document.heads), **told(given["kind"], document)}


def _read(given: dict[str, Json]) -> Json:
    """What lies in a document, and what is read from it."""
    return told(given["kind"], with_changes(given["changes"], "00" * 16))


def _splices(given: dict[str, Json]) -> Json:
    """What a rewriting takes out of a text and puts in, the last place first; places are counted in code points."""
    return splices(given["before"], given["after"])


SUBJECT = Subject(
    "How a value of each kind of document lies in Automerge, what an edit of each sort changes, and what is read from "
    "what another app may have written.",
    {"create": _create, "edit": edited_as, "read": _read, "splices": _splices},
    (*layout_values.CASES, *layout_edits.CASES, *layout_odd.CASES),
)
