"""The core's documents in a page, in a worker and under Node.js: alike, and without leaving memory behind."""

from __future__ import annotations

import json
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from client_sdk.web.node import node
from playwright.sync_api import Browser
from tests.web_client.core import bundle, opened, serving

from intersession_schemas.changes import read_change

# The memory of WebAssembly is not shown to anybody, so it is looked at where it is made.
_SCRIPT = """
import { readdirSync, readFileSync } from "node:fs";
let memory;
const instantiate = WebAssembly.instantiate;
WebAssembly.instantiate = async (...all) => {
  const made = await instantiate(...all);
  memory = (made.instance ?? made).exports.memory;
  return made;
};
const folder = process.argv[1];
await import(`file://${folder}/main.js`);
const wasm = readFileSync(`${folder}/${readdirSync(folder).find((name) => name.endsWith(".wasm"))}`);
const grown = async (times, frees) => {
  const before = memory.buffer.byteLength;
  await churn(wasm, times, frees);
  return memory.buffer.byteLength - before;
};
const answer = await run(wasm);
await churn(wasm, 20, true);
console.log(JSON.stringify({ answer, freed: await grown(100, true), kept: await grown(50, false) }));
"""
MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documents")
    bundle(Path(__file__).parent / "entries" / "documents.ts", folder)
    return folder


@pytest.fixture(scope="module")
def under_node(bundled: Path) -> Any:
    words = [node(), "--input-type=module", "--eval", _SCRIPT, "--", str(bundled)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=100)
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def answers(browser: Browser, bundled: Path) -> Iterator[dict[str, Any]]:
    """What is answered in a page and in a worker."""
    with serving(bundled) as address, opened(browser, address) as page:
        page.wait_for_function("() => 'run' in globalThis")
        asking = """() => new Promise((resolve, reject) => {
          const worker = new Worker("main.js", { type: "module" });
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = (failure) => reject(failure.message);
          worker.postMessage("run");
        })"""
        yield {"page": page.evaluate("() => run()"), "worker": page.evaluate(asking)}


@pytest.mark.page
@pytest.mark.parametrize("place", ["page", "worker"])
def test_answers_the_same_everywhere(answers: dict[str, Any], under_node: Any, place: str) -> None:
    assert told(answers[place]) == told(under_node["answer"])


def told(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer with its changes by their hashes: browsers deflate each in its own way."""
    return {**answer, "changes": [read_change(b64decode(one)).hash for one in answer["changes"]]}


def test_what_goes_wrong_leaves_a_document_as_it_was(under_node: Any) -> None:
    answer = under_node["answer"]
    assert answer["refused"] == {
        "waits": "missing_dependency",
        "garbage": "does_not_apply",
        "cut": "does_not_apply",
        "undone": "thought_better",
        "freed": "does_not_apply",
    }
    assert answer["heads"][0] == answer["heads"][1] == answer["heads"][2]
    assert answer["said"] == {"what": "Walk again", "length": 1_200, "state": "reached", "problems": []}
    assert answer["nothing"] is None


def test_a_long_change_is_sent_deflated_and_is_the_same(under_node: Any) -> None:
    plain, deflated = (b64decode(one) for one in under_node["answer"]["changes"])
    assert read_change(plain).hash == read_change(deflated).hash
    assert len(deflated) < len(plain) / 3
    assert under_node["answer"]["short"], "a short change is left as it is"


def test_freed_documents_leave_no_memory_behind(under_node: Any) -> None:
    assert under_node["freed"] < MEGABYTE / 4
    assert under_node["kept"] > 4 * MEGABYTE, "what is measured here does not grow with documents that are kept"
