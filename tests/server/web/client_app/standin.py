"""A built app in small: what `client_sdk/web` writes, with a few bytes in each file."""

from __future__ import annotations

import gzip
from pathlib import Path

SCRIPT = "main-ABCDEFG2.js"
WASM = "sqlite3-0123456789abcdef.wasm"
SCRIPT_TEXT = b"export const all = 'the app';\n" * 9000
FILES: dict[str, bytes] = {
    "index.html": b'<!doctype html><title>App</title><script type="module" src="/app/main-ABCDEFG2.js"></script>',
    "sw.js": b"self.addEventListener('fetch', () => {});",
    "manifest.webmanifest": b'{"name": "Intersession", "start_url": "/app/", "scope": "/app/"}',
    "version.json": b'{"hash": "0"}',
    "apple-touch-icon.png": b"\x89PNG",
    "icons/icon-maskable.png": b"\x89PNG",
    SCRIPT: SCRIPT_TEXT,
    f"{SCRIPT}.gz": gzip.compress(SCRIPT_TEXT),
    f"{SCRIPT}.br": b"as if by brotli",
    WASM: b"\x00asm",
    f"{WASM}.gz": gzip.compress(b"\x00asm"),
    "stamp": b"0",
    "main.js.map": b"{}",
}


def build(folder: Path) -> Path:
    """Write it into a folder; the folder."""
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder
