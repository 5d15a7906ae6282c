"""The folder listing tells the story: names that say something, modules that can be read at one sitting."""

from __future__ import annotations

import ast
import re

import pytest
from tests.project.workspace import DISTRIBUTIONS, Distribution

SAYS_NOTHING = {"base", "common", "core", "helper", "helpers", "lib", "manager", "misc", "util", "utilities", "utils"}
LINES = 450  # about 400 is what we aim for

each_distribution = pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=lambda one: one.folder)


@each_distribution
def test_a_module_name_says_what_is_in_it(distribution: Distribution) -> None:
    words = {name: set(name.split(".")[-1].split("_")) for name, _ in distribution.modules()}
    assert not [name for name, found in words.items() if found & SAYS_NOTHING]


@each_distribution
def test_a_module_can_be_read_at_one_sitting(distribution: Distribution) -> None:
    lines = {name: len(path.read_text("utf-8").splitlines()) for name, path in distribution.modules()}
    assert not {name: count for name, count in lines.items() if count > LINES}


@each_distribution
def test_a_package_file_only_exports(distribution: Distribution) -> None:
    found = {}
    for name, path in distribution.modules():
        if path.name == "__init__.py":
            found[name] = [node.lineno for node in ast.parse(path.read_text("utf-8")).body if not only_exports(node)]
    assert not {name: lines for name, lines in found.items() if lines}


def only_exports(node: ast.stmt) -> bool:
    """Whether a statement is an import, `__all__ = …`, `__version__ = …` or the docstring."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name.startswith("__")
    return False


@each_distribution
def test_no_sql_numbers_its_placeholders(distribution: Distribution) -> None:
    """Python 3.12.0 to 3.12.3 take `?1` for a name, and warn of a sequence that is given for it."""
    found = {}
    for name, path in distribution.modules():
        nodes = ast.walk(ast.parse(path.read_text("utf-8")))
        texts = [node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        found[name] = [node.lineno for node in texts if re.search(r"\?\d", str(node.value))]
    assert not {name: lines for name, lines in found.items() if lines}


@each_distribution
def test_its_types_are_published(distribution: Distribution) -> None:
    assert (distribution.source / "py.typed").is_file()
