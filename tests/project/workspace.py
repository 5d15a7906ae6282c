"""The working tree as the project's own tests see it: its files, its three distributions, its lock."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path
from typing import Any, NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]


class Distribution(NamedTuple):
    """One of the three: its folder here, its name for pip, its name for import."""

    folder: str
    name: str
    package: str
    tests: tuple[str, ...]
    """The folders of `tests` that need nothing else."""

    @property
    def source(self) -> Path:
        return ROOT / self.folder / "src" / self.package

    @property
    def requirements(self) -> list[Requirement]:
        """What its pyproject.toml asks for."""
        return [Requirement(text) for text in self._project["dependencies"]]

    @property
    def extras(self) -> dict[str, list[Requirement]]:
        """What its pyproject.toml asks for besides, by the name of the extra that brings it."""
        extras: dict[str, list[str]] = self._project.get("optional-dependencies", {})
        return {name: [Requirement(text) for text in texts] for name, texts in extras.items()}

    @property
    def with_extras(self) -> str:
        """Its name for pip, all its extras included."""
        return f"{self.name}[{','.join(self.extras)}]" if self.extras else self.name

    @property
    def _project(self) -> dict[str, Any]:
        project: dict[str, Any] = read_toml(ROOT / self.folder / "pyproject.toml")["project"]
        return project

    def modules(self) -> Iterator[tuple[str, Path]]:
        """Every module: its dotted name and its file."""
        for path in sorted(self.source.rglob("*.py")):
            yield module_name(path, self.source.parent), path


SCHEMAS = Distribution("schemas", "intersession-schemas", "intersession_schemas", ("schemas",))
CLIENT_SDK = Distribution("client_sdk", "intersession", "intersession", ("client_sdk",))
SERVER = Distribution("server", "intersession-server", "intersession_server", ("server", "contracts"))
DISTRIBUTIONS = (SCHEMAS, CLIENT_SDK, SERVER)


def read_toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def module_name(path: Path, above: Path) -> str:
    """`above/a/b/__init__.py` -> `a.b`."""
    parts = path.relative_to(above).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def kept_files() -> list[Path]:
    """Every file that is part of the repository, or would be after adding all that is not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    except (OSError, subprocess.CalledProcessError):  # an unpacked archive
        paths = [path for path in ROOT.rglob("*") if not made_here(path.relative_to(ROOT))]
    else:
        paths = [ROOT / name for name in listed if name]
    return sorted(path for path in paths if path.is_file())


def made_here(path: Path) -> bool:
    """Whether a path looks like something that a tool has made: in `__pycache__`, or in a hidden folder but `.ci`."""
    return any(part == "__pycache__" or (part.startswith(".") and part != ".ci") for part in path.parent.parts)


def imported_modules(source: str) -> set[str]:
    """The dotted names of all modules that a source imports, anywhere in it; `from a import b` counts as `a`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def locked_entries() -> dict[str, str]:
    """Canonical name -> its whole entry in requirements.lock: version, marker and hashes."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    entries = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {canonicalize_name(re.split(r"[=\s]", entry, maxsplit=1)[0]): entry for entry in entries}


def needed_by(*names: str) -> set[str]:
    """The canonical names of `names` and of all that they need here, as installed in this environment."""
    waiting = [node for text in names for node in nodes(Requirement(text))]
    seen: set[tuple[str, str]] = set()
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        for requirement in map(Requirement, requires(name) or ()):
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                waiting += nodes(requirement)
    return {name for name, _ in seen}


def nodes(requirement: Requirement) -> list[tuple[str, str]]:
    """The distribution itself, and once more for each extra, because an extra has requirements of its own."""
    return [(canonicalize_name(requirement.name), extra) for extra in ("", *requirement.extras)]
