"""The disclosure checker: finds a sentence wherever it could still be read.

Automerge deflates what it stores and keeps every letter that was ever deleted, and SQLite leaves what was deleted in
free pages and in its log, so searching files for bytes proves nothing. Places are searched in these ways:

- their bytes as they lie there, in several encodings, whole files with free pages, log and journal;
- every cell of every table, and what is packed in it (MessagePack, JSON, base64, gzip);
- every Automerge chunk that begins anywhere in them, inflated by hand, damaged ones as far as that goes;
- every document that the changes of one place make together, read at each of them;
- every letter ever inserted into a text, in its place, without asking Automerge and whatever changes are missing;
- the terms of full-text indexes, deleted ones too.

What it cannot find: less than `SHORTEST_PART` letters in a row of which no word is whole; what is encrypted; the end of
a deflated chunk whose beginning was overwritten.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct
from tests.disclosure import chunks, histories
from tests.disclosure.chunks import Chunk, Damaged
from tests.disclosure.database_files import BESIDE, Image, Unreadable, is_database, terms
from tests.disclosure.histories import Broken, History
from tests.disclosure.sentences import Needles, Sentence

from intersession_schemas import codec
from intersession_schemas.errors import WireError

_DEEPEST = 6
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{40,}={0,2}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){20,}")
_ZLIB = b"\x78"
_GZIP = b"\x1f\x8b\x08"


class Files(Struct, frozen=True):
    """A folder with all that is in it, or one file; of a database also what lies beside it.

    `encrypted`: it is known that the databases cannot be read, and their bytes alone are searched.
    """

    name: str
    path: Path
    encrypted: bool = False


class Frames(Struct, frozen=True):
    """Messages of websockets, as they went up and down."""

    name: str
    up: Sequence[bytes]
    down: Sequence[bytes]


class Texts(Struct, frozen=True):
    """Other things said: lines of a log, bodies of answers, whole HTTP conversations."""

    name: str
    texts: Sequence[str | bytes]


Place = Files | Frames | Texts


class Finding(Struct, frozen=True, order=True):
    """Something of a sentence (by its number) was found: where, and in which way. It quotes nothing."""

    sentence: int
    where: str
    how: str


class Seen(Struct):
    """How much was looked at: a search that finds nothing has to have searched something."""

    files: int = 0
    cells: int = 0
    terms: int = 0
    frames: int = 0
    changes: int = 0
    saved: int = 0
    documents: int = 0
    states: int = 0


def search(sentences: Sequence[Sentence | str], places: Iterable[Place], seen: Seen | None = None) -> list[Finding]:
    """All places where something of the sentences can be read. Raises `Unreadable` where that cannot be told."""
    given = [Sentence(each) if isinstance(each, str) else each for each in sentences]
    needles, counted = Needles(given), Seen() if seen is None else seen
    findings: set[Finding] = set()
    for place in places:
        search_ = _Search(needles, counted, findings)
        match place:
            case Files():
                search_.files(place)
            case Frames():
                search_.frames(place)
            case Texts():
                for number, text in enumerate(place.texts):
                    search_.data(text.encode() if isinstance(text, str) else text, f"{place.name} {number}")
        search_.documents(place.name)
    return sorted(findings)


class _Change(Struct, frozen=True):
    """A change, where it was found first, and what is in it by itself."""

    chunk: Chunk
    where: str
    found: dict[int, str]


class _Search:
    """The search of one place, whose changes are read together."""

    def __init__(self, needles: Needles, seen: Seen, findings: set[Finding]) -> None:
        self._needles = needles
        self._seen = seen
        self._findings = findings
        self._known: dict[bytes, dict[int, str]] = {}
        """What was found in bytes that were searched already."""
        self._changes: dict[bytes, _Change] = {}
        """By hash."""

    def files(self, place: Files) -> None:
        """Search a folder or a file."""
        paths = sorted(path for path in place.path.rglob("*") if path.is_file()) or [place.path]
        databases = [path for path in paths if is_database(path) or (place.encrypted and path.suffix == ".db")]
        beside = {path.with_name(path.name + ending) for path in databases for ending in BESIDE}
        for path in databases:
            self._database(Image(path), place)
        for path in paths:
            if path in databases or path in beside:
                continue
            if path.suffix == ".db" and path.stat().st_size:
                raise Unreadable(f"{place.name}/{path.name} is no plain database")
            self._seen.files += 1
            self.data(path.read_bytes(), f"{place.name}/{path.name}")

    def frames(self, place: Frames) -> None:
        """Search messages both ways. Each must be a frame: what cannot be decoded cannot be searched."""
        for way, messages in (("up", place.up), ("down", place.down)):
            for number, message in enumerate(messages):
                where = f"{place.name} {way} {number}"
                try:
                    _ = codec.decode_up(message) if way == "up" else codec.decode_down(message)
                except WireError as failure:
                    raise Unreadable(f"{where} is no frame: {failure}") from None
                self._seen.frames += 1
                self.data(message, where)

    def _database(self, image: Image, place: Files) -> None:
        where = f"{place.name}/{image.name}"
        for name, data in image.files.items():
            self._seen.files += 1
            self._report(self._needles.in_bytes(data), f"{place.name}/{name}", "its bytes")
            for chunk in chunks.chunks(data):
                self._chunk(chunk, f"{place.name}/{name}")
        if image.is_encrypted():
            return
        for chunk in image.chunks():
            self._chunk(chunk, f"{where}, its pages")
        for cell in image.cells():
            self._seen.cells += 1
            cell_is = f"{where} {cell.table}.{cell.column} row {cell.row}"
            self.data(cell.data, cell_is)
            if cell.table.endswith("_data"):
                found = list(terms(cell.data))
                self._seen.terms += len(found)
                self.data(b"\n".join(found), f"{cell_is}, its terms")

    def data(self, data: bytes, where: str, depth: int = 0) -> dict[int, str]:
        """Search bytes, and what is packed in them; what was found of which sentence."""
        found = self._known.get(data)
        if found is None:
            found = self._needles.in_bytes(data)
            if depth < _DEEPEST:
                for inner in _packed(data):
                    found |= {number: f"packed, {what}" for number, what in self.data(inner, where, depth + 1).items()}
            with suppress(UnicodeDecodeError):
                found |= self._needles.in_text(data.decode())
            self._known[data] = found
        self._report(found, where, "its text" if depth == 0 else "something packed in it")
        for chunk in chunks.chunks(data):
            self._chunk(chunk, where)
        return found

    def _chunk(self, chunk: Chunk, where: str) -> None:
        if chunk.type != chunks.SAVED:
            self._change(chunk, where)
            return
        self._seen.saved += 1
        how = "a saved document" if chunk.whole else "part of a saved document"
        for number, column in enumerate(chunks.saved_columns(chunk)):
            self._report(self._needles.in_bytes(column), where, f"{how}, column {number}")
        with suppress(Broken):
            for change in histories.changes_of(chunk.data) if chunk.whole else ():
                for inner in chunks.chunks(change):
                    self._change(inner, f"{where}, {how}")

    def _change(self, chunk: Chunk, where: str) -> None:
        key = chunk.hash if chunk.whole else chunk.data
        change = self._changes.get(key)
        if change is None:
            found = self._needles.in_bytes(chunk.body)
            for text in () if chunk.whole else chunks.letters_ever([chunk.body]):  # of whole ones, in `documents`
                found |= self._needles.in_bytes(text.encode()) | self._needles.in_text(text)
            change = self._changes[key] = _Change(chunk, where, found)
            self._seen.changes += chunk.whole
        self._report(change.found, where, "a change" if chunk.whole else "part of a change")

    def documents(self, name: str) -> None:
        """Read all documents that the changes found here make, at each of them."""
        deps: dict[bytes, tuple[bytes, ...]] = {}
        for hash, change in self._changes.items():
            with suppress(Damaged):
                if change.chunk.whole:
                    deps[hash] = chunks.header(change.chunk.body).deps
        for together in histories.components(deps):
            self._seen.documents += 1
            made_of = [self._changes[hash] for hash in together]
            where = f"{name}, the document of a change in {made_of[0].where}"
            for text in chunks.letters_ever(each.chunk.body for each in made_of):
                self.data(text.encode(), f"{where}, all its letters")
            history, said = History([each.chunk.data for each in made_of]), set[bytes]()
            for head in history.heads:
                self._seen.states += 1
                for each in history.said(head):
                    data = each if isinstance(each, bytes) else each.encode("utf-8", "surrogatepass")
                    if data not in said:
                        said.add(data)
                        self.data(data, f"{where}, as it was at {head[:4].hex()}")

    def _report(self, found: dict[int, str], where: str, how: str) -> None:
        self._findings.update(Finding(number, where, f"{how}: {what}") for number, what in found.items())


def _packed(data: bytes) -> Iterable[bytes]:
    """What is packed in bytes, one layer of it."""
    with suppress(msgspec.DecodeError, RecursionError, UnicodeDecodeError, ValueError):
        yield from _leaves(msgspec.msgpack.decode(data))
    if data[:1] in (b"{", b"[", b'"'):
        with suppress(msgspec.DecodeError, RecursionError, UnicodeDecodeError, ValueError):
            yield from _leaves(msgspec.json.decode(data))
    for match in _BASE64.finditer(data):
        letters = match.group().rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        with suppress(binascii.Error):
            yield base64.b64decode(letters + b"=" * (-len(letters) % 4))
    for match in _HEX.finditer(data):
        yield bytes.fromhex(match.group().decode())
    if data[:1] == _ZLIB:
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(data)
    at = data.find(_GZIP)
    while at >= 0:
        with suppress(zlib.error):
            yield zlib.decompressobj(31).decompress(data[at:])
        at = data.find(_GZIP, at + 1)


def _leaves(value: object) -> Iterable[bytes]:
    """The texts and bytes in something decoded, with the keys; numbers tell nothing."""
    if isinstance(value, bytes):
        yield value
    elif isinstance(value, str):
        yield value.encode("utf-8", "surrogatepass")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(key)
            yield from _leaves(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner)
    elif isinstance(value, msgspec.msgpack.Ext):
        yield bytes(value.data)
