"""The built app's files, read once, and which of them answers a request.

`hatch_build.py` has them built into `static/app`. Some are there compressed as well, as `NAME.br` and `NAME.gz`. Where
the build did not come about, a file `missing` says why, in one word.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from msgspec import Struct

FOLDER = Path(__file__).parent.parent / "static" / "app"
INDEX = "index.html"
MANIFEST = "manifest.webmanifest"
TOUCH_ICON = "apple-touch-icon.png"
NOTE = "missing"
NOT_BUILT = "not_built"
"""Why there is no app where nothing says why: nobody tried to build it."""

_TYPES = {
    "css": "text/css",
    "html": "text/html",
    "ico": "image/x-icon",
    "js": "text/javascript",
    "json": "application/json",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "wasm": "application/wasm",
    "webmanifest": "application/manifest+json",
    "webp": "image/webp",
    "woff2": "font/woff2",
}
_ENCODINGS = {"br": "br", "gz": "gzip"}
"""By the ending of a compressed file, the better one first."""
_NAMES_ITS_CONTENT = re.compile(r"-([A-Z2-7]{8}|[0-9a-f]{8,64})\.\w+$")
"""The name of a file with a hash in it, as esbuild writes it. Its content never changes."""
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_EACH_TIME = "no-cache"


class Encoded(Struct, frozen=True):
    """The bytes of a file in one encoding, and their mark."""

    content: bytes
    etag: str


class AppFile(Struct, frozen=True):
    """A file of the app. `bodies`: by encoding, the better ones first and the plain one, `identity`, last."""

    media_type: str
    cache_control: str
    bodies: dict[str, Encoded]

    def chosen(self, accept_encoding: str) -> tuple[str, Encoded]:
        """The encoding to send, and what is sent: the best one that is accepted, plain where none is."""
        accepted = _accepted(accept_encoding)
        return next(
            (pair for pair in self.bodies.items() if pair[0] in accepted), ("identity", self.bodies["identity"])
        )


class BuiltApp(Struct, frozen=True):
    """The app: its files by their paths. `missing`: why there are none."""

    files: dict[str, AppFile]
    missing: str = ""

    def at(self, path: str) -> AppFile | None:
        """What answers to a path below `/app/`: a file, or for a screen of the app its only page.

        A name with a dot is a file's: where there is none, an older page asks for what has gone, and the page in its
        place would be taken for a script.
        """
        found = self.files.get(path)
        if found is None and "." not in path.rpartition("/")[2]:
            return self.files.get(INDEX)
        return found


def built_app() -> BuiltApp:
    """The app that was built into this server."""
    return read_app(FOLDER)


@cache
def read_app(folder: Path) -> BuiltApp:
    """Read a folder once: a server hands out one build for as long as it runs."""
    if not (folder / INDEX).is_file():
        note = folder / NOTE
        return BuiltApp({}, note.read_text(encoding="utf-8").strip() if note.is_file() else NOT_BUILT)
    files = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        kind = path.suffix.removeprefix(".")
        if kind in _TYPES:
            name = path.relative_to(folder).as_posix()
            cache_control = _FOR_EVER if _NAMES_ITS_CONTENT.search(name) else _ASK_EACH_TIME
            files[name] = AppFile(_TYPES[kind], cache_control, _bodies(path))
    return BuiltApp(files)


def _bodies(path: Path) -> dict[str, Encoded]:
    found = {}
    for ending, encoding in _ENCODINGS.items():
        compressed = path.with_name(f"{path.name}.{ending}")
        if compressed.is_file():
            found[encoding] = _body(compressed)
    return {**found, "identity": _body(path)}


def _body(path: Path) -> Encoded:
    content = path.read_bytes()
    return Encoded(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')


def is_known(etag: str, if_none_match: str) -> bool:
    """Whether a browser that sends this `If-None-Match` has what the mark stands for."""
    marks = [mark.strip().removeprefix("W/") for mark in if_none_match.split(",")]
    return etag in marks or "*" in marks


def _accepted(accept_encoding: str) -> set[str]:
    """The encodings that an `Accept-Encoding` names and does not refuse by `q=0`."""
    return {name for name, weight in _weighted(accept_encoding.split(",")) if weight > 0}


def _weighted(parts: Iterable[str]) -> Iterable[tuple[str, float]]:
    for part in parts:
        name, _, parameter = part.partition(";")
        key, _, value = parameter.partition("=")
        try:
            weight = float(value) if key.strip().lower() == "q" else 1.0
        except ValueError:
            weight = 0.0
        yield name.strip().lower(), weight
