"""Pure modules ask for the time, for ids and for random numbers; they never take them.

Import rules (`./run check`) keep whole modules out. They cannot see `datetime.now()`, `uuid4()` or `open()`, which
come with modules that a pure one may import, or with none.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tests.project.workspace import DISTRIBUTIONS, ROOT, read_toml

IDS = {"uuid1", "uuid4", "uuid6", "uuid7", "uuid8", "getnode"}
# `hash` of a text differs from process to process.
BUILTINS = {"open", "input", "print", "breakpoint", "exec", "eval", "__import__", "hash"}


def impurities(source: str) -> list[str]:
    """`line: what` for everything in a source that reads a clock, draws a random number or touches the outside."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(ast.parse(source)):
        match node:
            # `.today` and `.utcnow` under any name, called or handed on; `.now` may be a field, so only when it is
            # called or taken from the class.
            case ast.Attribute(attr="utcnow" | "today" as name):
                found.append((node.lineno, name))
            case ast.Attribute(attr="now", value=ast.Name(id="datetime" | "dt") | ast.Attribute(attr="datetime")):
                found.append((node.lineno, "datetime.now"))
            case ast.Call(func=ast.Attribute(attr="now")):
                found.append((node.lineno, "now()"))
            case ast.Call(func=ast.Attribute(attr="astimezone"), args=[], keywords=[]):
                found.append((node.lineno, "astimezone() into this machine's zone"))
            case ast.Attribute(attr=name) | ast.Name(id=name) if name in IDS:
                found.append((node.lineno, name))
            case ast.Call(func=ast.Name(id=name)) if name in BUILTINS:
                found.append((node.lineno, f"{name}()"))
    return [f"{line}: {what}" for line, what in sorted(set(found))]


def pure_modules() -> dict[str, Path]:
    """Module -> file, for what the import rule `pure` names and everything beneath it."""
    contracts = read_toml(ROOT / "pyproject.toml")["tool"]["importlinter"]["contracts"]
    (pure,) = (contract for contract in contracts if contract["id"] == "pure")
    tops = tuple(pure["source_modules"])
    modules = {name: path for distribution in DISTRIBUTIONS for name, path in distribution.modules()}
    assert not (missing := set(tops) - set(modules)), (
        f"the import rule `pure` names modules that do not exist: {missing}"
    )
    return {name: path for name, path in modules.items() if any(f"{name}.".startswith(f"{top}.") for top in tops)}


def test_pure_modules_take_no_time_no_ids_and_nothing_from_outside() -> None:
    found = {name: wrong for name, path in pure_modules().items() if (wrong := impurities(path.read_text("utf-8")))}
    assert not found, "make it an argument"


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nx = datetime.now()",
        "from datetime import datetime, UTC\nx = datetime.now(tz=UTC)",
        "import datetime\nx = datetime.datetime.now",
        "from datetime import datetime as clock\nx = clock.now()",
        "from datetime import datetime\nx = field(default_factory=datetime.now)",
        "from datetime import datetime\nx = datetime.utcnow()",
        "from datetime import date\ndef f():\n    return date.today()",
        "def f(at):\n    return at.astimezone()",
        "import uuid\nx = uuid.uuid4()",
        "from uuid import uuid1\nx = uuid1()",
        "from uuid import uuid4\nx = field(default_factory=uuid4)",
        "x = open('entry.txt').read()",
        "print('entry')",
        "x = hash('entry')",
    ],
)
def test_it_would_be_noticed(source: str) -> None:
    assert impurities(source)


@pytest.mark.parametrize(
    "source",
    [
        "from uuid import UUID\nx = UUID(bytes=b'0' * 16)",
        "def f(state, now):\n    return state.now, now",
        "def f(at, zone):\n    return at.astimezone(zone)",
        "x = change.hash",
    ],
)
def test_what_is_handed_in_is_no_clock(source: str) -> None:
    assert not impurities(source)
