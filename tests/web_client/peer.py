"""Replicas of the TypeScript core under Node.js, asked from Python line by line."""

from __future__ import annotations

import json
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from client_sdk.web.node import node

_SCRIPT = """
import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
const folder = process.argv[1];
await import(`file://${folder}/main.js`);
const files = {};
for (const name of readdirSync(folder)) {
  if (name.endsWith(".wasm")) files[name.split("-")[0]] = new Uint8Array(readFileSync(`${folder}/${name}`));
}
await start(files);
for await (const line of createInterface({ input: process.stdin })) {
  const [call, given] = JSON.parse(line);
  process.stdout.write(JSON.stringify(await ask(call, given)) + "\\n");
}
"""


class Refused(Exception):
    """What a call was refused with, by its code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Peer:
    """One Node.js; stores in it have names."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, call: str, store: str = "one", **given: Any) -> Any:
        """What a call answers. Raises `Refused`; a defect raises `AssertionError`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([call, {"store": store, **given}]) + "\n")
        self._process.stdin.flush()
        said = json.loads(self._process.stdout.readline() or '{"failed": "Node.js has ended"}')
        if "refused" in said:
            raise Refused(said["refused"], said["message"])
        assert "answer" in said, f"{call}: {said['failed']}"
        return said["answer"]

    def open(self, store: str = "one", file: Path | None = None, **given: Any) -> None:
        """Open a store, new or of a file's content."""
        content = {} if file is None else {"file": b64encode(file.read_bytes()).decode()}
        self.ask("open", store, **content, **given)

    def save(self, file: Path, store: str = "one") -> None:
        """Write a store into a file."""
        file.write_bytes(b64decode(self.ask("file", store)))

    def rows(self, sql: str, store: str = "one") -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return [tuple(_value(value) for value in row) for row in self.ask("rows", store, sql=sql)]


def _value(told: Any) -> Any:
    if not isinstance(told, dict):
        return told
    return b64decode(told["bytes"]) if "bytes" in told else int(told["whole"])


@contextmanager
def running(folder: Path) -> Iterator[Peer]:
    """Node.js with what was bundled of `entries/replica.ts`."""
    words = [node(), "--input-type=module", "--eval", _SCRIPT, "--", str(folder)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Peer(process)
        finally:
            process.kill()
