"""Bytes of a file as text: by its byte order mark, by its shape, or as UTF-8 or Windows-1252. Pure."""

from __future__ import annotations

import re

from msgspec import Struct

from intersession_schemas.errors import InvalidField

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_OTHERS = (
    (b"PK\x03\x04", "a workbook (of Excel, LibreOffice, Numbers) or an archive"),
    (b"\xd0\xcf\x11\xe0", "a workbook of an older Excel"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "compressed"),
    (b"SQLite format 3\0", "a database"),
)
_OTHER_TEXTS = (
    (b"{\\rtf", "a document with formatting (RTF)"),
    (b"<", "a web page or XML"),
    (b'{"', "JSON"),
    (b"[{", "JSON"),
    (b"[[", "JSON"),
)
_SAMPLE = 4_096
# What Windows writes in western and in central Europe alike: a file of these alone is read the same by both.
_ALIKE = "ÄÖÜäöüßÁÉÍÓÚÝáéíóúýÂâÎîÔôËëÇç€‚„…†‡‰‹›‘’“”•–—™¤¦§¨©«¬®°±´µ¶·¸»×÷\u00a0\u00ad"
_UNLIKE = re.compile(f"[^\\x00-\\x7f{_ALIKE}]")


class Decoded(Struct, frozen=True):
    """A file's text. `guessed`: it says nowhere which encoding it is in, and is not UTF-8."""

    text: str
    encoding: str
    guessed: bool = False


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """The text of `data`, in `encoding` if one is given. Raises `InvalidField` for what is no text in it."""
    _check_kind(data)
    mark = next((one for one in _MARKS if data.startswith(one[0])), None)
    if encoding is not None:
        return Decoded(_decode(data, encoding).removeprefix("\ufeff"), encoding)
    if mark is not None:
        return Decoded(_decode(data[len(mark[0]) :], mark[1]), mark[1])
    wide = _utf_16(data[:_SAMPLE])
    if wide is not None:
        return Decoded(_decode(data, wide), wide)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        if b"\0" in data:
            raise InvalidField("The encoding of the file is not recognised. Save it as CSV in UTF-8.") from None
        # Every byte means something in Latin 1: those that Windows-1252 leaves out become control characters.
        return Decoded(_windows(data), "windows-1252", guessed=True)


def is_doubtful(text: str) -> bool:
    """Whether Windows would have written other characters with the same bytes elsewhere in Europe."""
    return _UNLIKE.search(text) is not None


def _decode(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError:
        raise InvalidField(f"There is no encoding {encoding!r}. Common ones: utf-8, utf-16, windows-1252.") from None
    except (UnicodeError, ValueError):
        raise InvalidField(
            f"The file is not text in {encoding}. Save it as CSV in UTF-8, or give its encoding."
        ) from None


def _windows(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _utf_16(sample: bytes) -> str | None:
    """UTF-16 without its mark: read the right way round it has digits, signs and line ends, read the other way few."""
    sample = sample[: len(sample) // 2 * 2]
    if len(sample) < 4 or sample.count(0) < len(sample) / 20:
        return None
    plain = {
        encoding: sum(map(str.isascii, sample.decode(encoding, "replace").replace("\0", "")))
        for encoding in ("utf-16-le", "utf-16-be")
    }
    likely, other = sorted(plain, key=lambda encoding: -plain[encoding])
    return likely if 10 * plain[likely] > len(sample) and 4 * plain[other] < plain[likely] else None


def _check_kind(data: bytes) -> None:
    """Raise `InvalidField` for a file of another kind, naming it."""
    kind = next((kind for mark, kind in _OTHERS if data.startswith(mark)), None)
    if kind is None:
        begins = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
        kind = next((kind for mark, kind in _OTHER_TEXTS if begins[: len(mark)].lower() == mark), None)
    if kind is not None:
        raise InvalidField(
            f"The file is {kind}, not CSV. Open it in the program it comes from and save it as CSV in UTF-8."
        )
