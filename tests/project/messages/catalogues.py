"""The messages of the server's source, and its catalogues: `python -m tests.project.messages.catalogues` (`./run
messages`) brings every catalogue up to date with the source, keeping what is translated.

A message that has changed stands untranslated beside nothing: a guess is worse than a gap that a test reports.
"""

from __future__ import annotations

import io
import sys
import warnings

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from tests.project.workspace import ROOT

from intersession_schemas.errors import REFUSAL_TEXT
from intersession_schemas.instruments import INSTRUMENTS
from intersession_schemas.instruments.wording.binding import ALL_ITEMS, NO_SCORE, OWN_WINDOW

SOURCE = ROOT / "server" / "src" / "intersession_server"
CATALOGUES = SOURCE / "language" / "catalogues"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "say": None,
    "say_as": ((1, "c"), 2),
    "ngettext": (1, 2),
    "count": (1, 2),
}
METHODS = [("web/**.py", "python"), ("web/**.html", "jinja2")]
ERRORS = {"InvalidField": None, "Refused": (2,)}
"""What a form shows of errors that are raised elsewhere: their texts, where they hold no values."""
_DOCUMENTS = ROOT / "schemas" / "src" / "intersession_schemas" / "documents"
ERROR_SOURCES = (SOURCE / "web", SOURCE / "accounts", _DOCUMENTS / "care", _DOCUMENTS / "assessments")
OPTIONS = {"web/**.html": {"trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
WIDTH = 110


def messages() -> Catalog:
    """Every message of the source."""
    found = Catalog(charset="utf-8")
    for file, _, message, _, context in extract_from_dir(
        str(SOURCE), METHODS, OPTIONS, keywords=KEYWORDS, callback=None
    ):
        flags = ["python-format"] if "%(" in str(message) else []
        found.add(message, locations=[(file, 0)], flags=flags, context=context)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # an error whose text holds values is shown as it is
        for folder in ERROR_SOURCES:
            for _, _, message, _, _ in extract_from_dir(str(folder), [("**.py", "python")], keywords=ERRORS):
                if str(message)[0].isupper():  # not what follows a value
                    found.add(message)
    for text in REFUSAL_TEXT.values():
        found.add(text)
    for one in INSTRUMENTS.values():
        for text in (one.window, one.missing, one.licence.terms):
            found.add(text)
    for text in (ALL_ITEMS, NO_SCORE, OWN_WINDOW):
        found.add(text)
    return found


def catalogue(tag: str) -> Catalog:
    """What is translated into a language."""
    with (CATALOGUES / f"{tag}.po").open("rb") as file:
        return read_po(file, locale=tag)


def tags() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(file.stem for file in CATALOGUES.glob("*.po"))


def brought_up_to_date(tag: str) -> bytes:
    """A catalogue with every message of the source and no other, as it is to be written."""
    known, found = catalogue(tag), messages()
    made = Catalog(locale=tag, charset="utf-8", fuzzy=False, header_comment=f"# Messages of the pages: {tag}.")
    for message in found:
        if message.id:
            old = known.get(message.id, message.context)
            made.add(message.id, old.string if old is not None else None, flags=message.flags, context=message.context)
    written = io.BytesIO()
    write_po(written, made, width=WIDTH, no_location=True, sort_output=True, ignore_obsolete=True)
    kept = [line for line in written.getvalue().decode().split("\n") if not line.startswith(_CHANGING)]
    return "\n".join(kept).encode()


_CHANGING = (
    '"POT-Creation-Date',
    '"PO-Revision-Date',
    '"Last-Translator',
    '"Language-Team',
    '"Generated-By',
    '"Report-Msgid',
    '"Project-Id',
)


def main() -> None:
    """Write every catalogue anew, and say what is missing."""
    for tag in tags():
        (CATALOGUES / f"{tag}.po").write_bytes(brought_up_to_date(tag))
        missing = [one for one in catalogue(tag) if one.id and not _translated(one.string)]
        sys.stdout.write(f"{tag}: {len(catalogue(tag))} messages, {len(missing)} not translated\n")


def _translated(string: object) -> bool:
    return all(string) if isinstance(string, (list, tuple)) else bool(string)


if __name__ == "__main__":
    main()
