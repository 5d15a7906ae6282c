"""Style sheet, scripts and icon: few, and public. Each is served under an address that names its content.

What npm brought lies in `packages`, a folder for each package: see hatch_build.py.
"""

from __future__ import annotations

import hashlib
import importlib.resources

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


class Asset(Struct, frozen=True):
    """A file: its type, its content, and a mark that changes with the content."""

    media_type: str
    content: bytes
    version: str


def _read_all() -> dict[str, Asset]:
    folder = importlib.resources.files("intersession_server.web") / "static"
    found = {}
    packages = [package for package in (folder / "packages").iterdir() if package.is_dir()]
    for file in (file for place in (folder, *packages) for file in place.iterdir()):
        kind = file.name.rpartition(".")[2]
        if kind in _TYPES:
            content = file.read_bytes()
            found[file.name] = Asset(_TYPES[kind], content, hashlib.sha256(content).hexdigest()[:12])
    return found


ASSETS = _read_all()


def asset_url(name: str) -> str:
    """The address of an asset. Raises `KeyError` where there is no such file."""
    return f"/static/{name}?v={ASSETS[name].version}"


@get("/static/{name:str}", opt={"access": "public"}, include_in_schema=False)
async def static(name: FromPath[str]) -> Response[bytes]:
    """One asset."""
    asset = ASSETS.get(name)
    if asset is None:
        raise NotFoundException
    # Its address changes when it does, so it may be kept.
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(asset.content, media_type=asset.media_type, headers=headers)
