"""The folder listing tells the story: names that say something, modules that can be read at one sitting."""

from __future__ import annotations

import ast
import re

import pytest
from tests.project.workspace import DISTRIBUTIONS, Distribution

SAYS_NOTHING = {"base", "common", "core", "helper", "helpers", "lib", "manager", "misc", "util", "utilities", "utils"}
LINES = {"schemas": 450, "client_sdk": 400, "server": 450}  # about 400 is what we aim for

each_distribution = pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=lambda one: one.folder)


@each_distribution
def test_a_module_name_says_what_is_in_it(distribution: Distribution) -> None:
    words = {name: set(name.split(".")[-1].split("_")) for name, _ in distribution.modules()}
    assert not [name for name, found in words.items() if found & SAYS_NOTHING]


@each_distribution
def test_a_module_can_be_read_at_one_sitting(distribution: Distribution) -> None:
    lines = {name: len(path.read_text("utf-8").splitlines()) for name, path in distribution.modules()}
    assert not {name: count for name, count in lines.items() if count > LINES[distribution.folder]}


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


# Names that stand for one thing seen from two sides; each is there once in every one of the two distributions.
WRITTEN_AND_READ = """Assessment Baseline Comment Completion Episode Goal GoalStep HomeworkProgress HomeworkReview Note
    Plan Resource ResourceStep Session Template"""  # a document's content, and what the SDK makes of it for apps
OPENED_BY_APPS = "Change Homework"  # named by the SDK's contract, and by the field
CALLS_AND_LISTS = (
    "Assessments Episodes Goals Resources Sessions Templates"  # the SDK's calls of a kind, the API's list of it
)
SEEN_AND_KEPT = "Assignment Device Entry Point SymptomLog"  # what apps see of one, and the server's row or answer
BOTH_ENDS = "Received Send Tick"  # the two halves of the protocol
MEANT = {
    **{name: ["client_sdk", "schemas"] for name in f"{WRITTEN_AND_READ} {OPENED_BY_APPS}".split()},
    **{name: ["client_sdk", "server"] for name in f"{CALLS_AND_LISTS} {SEEN_AND_KEPT} {BOTH_ENDS}".split()},
}


def test_a_class_is_the_only_one_of_its_name() -> None:
    found: dict[str, list[str]] = {}
    for distribution in DISTRIBUTIONS:
        for _, path in distribution.modules():
            for node in ast.parse(path.read_text("utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    found.setdefault(node.name, []).append(distribution.folder)
    twice = {name: folders for name, folders in found.items() if len(folders) > 1}
    assert not {name: folders for name, folders in twice.items() if sorted(folders) != MEANT.get(name)}
    assert not MEANT.keys() - twice.keys(), "no longer there twice"
