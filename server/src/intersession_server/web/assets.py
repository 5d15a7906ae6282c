"""Style sheet, scripts and icon: few, and public. Each is served under an address that names its content.

What npm brought lies in `packages`, a folder for each package: see hatch_build.py. The style sheet is written in parts,
`styles`, in the order of their names.
"""

from __future__ import annotations

import hashlib
import importlib.resources

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

STYLE_SHEET = "style.css"
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


class Asset(Struct, frozen=True):
    """A file: its type, its content, and a mark that changes with the content."""

    media_type: str
    content: bytes
    version: str


def _read_all() -> dict[str, Asset]:
    folder = importlib.resources.files("intersession_server.web") / "static"
    found = {}
    fetched = folder / "packages"
    packages = [package for package in fetched.iterdir() if package.is_dir()] if fetched.is_dir() else []
    for file in (file for place in (folder, *packages) for file in place.iterdir()):
        kind = file.name.rpartition(".")[2]
        if kind in _TYPES:
            content = file.read_bytes()
            found[file.name] = _asset(kind, content)
    parts = sorted((folder / "styles").iterdir(), key=lambda part: part.name)
    found[STYLE_SHEET] = _asset("css", b"\n".join(part.read_bytes() for part in parts))
    return found


def _asset(kind: str, content: bytes) -> Asset:
    return Asset(_TYPES[kind], content, hashlib.sha256(content).hexdigest()[:12])


ASSETS = _read_all()
SCRIPTED = {"htmx.min.js", "idiomorph.min.js"} <= ASSETS.keys()
"""Whether what npm brings is there. Without it pages have no script: they work, and do not move by themselves."""


def asset_url(name: str) -> str:
    """The address of an asset. Raises `KeyError` where there is no such file."""
    return f"/static/{name}?v={ASSETS[name].version}"


@get("/static/{name:str}", opt={"access": "public", "part": "both"}, include_in_schema=False)
async def static(name: FromPath[str]) -> Response[bytes]:
    """One asset."""
    asset = ASSETS.get(name)
    if asset is None:
        raise NotFoundException
    # Its address changes when it does, so it may be kept.
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(asset.content, media_type=asset.media_type, headers=headers)
