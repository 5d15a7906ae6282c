"""The folder listing tells the story: names that say something, modules that can be read at one sitting."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from tests.project.workspace import DISTRIBUTIONS, ROOT, Distribution

SAYS_NOTHING = {"base", "common", "core", "helper", "helpers", "lib", "manager", "misc", "util", "utilities", "utils"}

LINES_OF_A_MODULE = 400
LINES_OF_A_TEST_MODULE = 450
MODULES_OF_A_FOLDER = 15  # __init__.py and conftest.py, which hold no story of their own, are not counted

# What may be larger: its path from the root -> why. The same stands in the architecture page, under its Exceptions.
LONGER_MODULES: dict[str, str] = {}
LONGER_TEST_MODULES: dict[str, str] = {}
FULLER_FOLDERS: dict[str, str] = {}

each_distribution = pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=lambda one: one.folder)


@each_distribution
def test_a_module_name_says_what_is_in_it(distribution: Distribution) -> None:
    words = {name: set(name.split(".")[-1].split("_")) for name, _ in distribution.modules()}
    assert not [name for name, found in words.items() if found & SAYS_NOTHING]


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
    Plan Resource ResourceStep Session Template Topic"""  # a document's content, and what the SDK makes of it for apps
OPENED_BY_APPS = "Change Homework"  # named by the SDK's contract, and by the field
CALLS_AND_LISTS = "Templates"  # the SDK's calls of a kind, the API's list of it
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


# --- how large a part may be ------------------------------------------------------------------------------------------

SOURCES = [distribution.source for distribution in DISTRIBUTIONS]
TESTS = [ROOT / "tests"]
PAGE = ROOT / "docs" / "explanation" / "architecture.md"


def lines_in(folders: Iterable[Path]) -> dict[str, int]:
    """How many lines each module below these folders has, by its path from the root."""
    paths = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    return {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in paths}


def modules_by_folder(modules: Iterable[str]) -> dict[str, int]:
    """How many of these modules lie right in each folder."""
    paths = map(Path, modules)
    return dict(Counter(one.parent.as_posix() for one in paths if one.name not in {"__init__.py", "conftest.py"}))


def sizes() -> list[tuple[dict[str, int], int, dict[str, str]]]:
    """What is counted, how much there may be of it, and what may be larger."""
    modules, tests = lines_in(SOURCES), lines_in(TESTS)
    return [
        (modules, LINES_OF_A_MODULE, LONGER_MODULES),
        (tests, LINES_OF_A_TEST_MODULE, LONGER_TEST_MODULES),
        (modules_by_folder([*modules, *tests]), MODULES_OF_A_FOLDER, FULLER_FOLDERS),
    ]


def too_large(counts: dict[str, int], most: int, exceptions: dict[str, str]) -> dict[str, int]:
    """Which are larger than they may be, with their size."""
    return {path: count for path, count in counts.items() if count > most and path not in exceptions}


def stale(counts: dict[str, int], most: int, exceptions: dict[str, str]) -> list[str]:
    """Which exceptions are none: what they name is gone, or as small as all else."""
    return [path for path in exceptions if counts.get(path, 0) <= most]


def exceptions_told(page: str) -> dict[str, str]:
    """The list of exceptions of the architecture page: path -> reason."""
    _, heading, rest = page.partition("\n### Exceptions\n")
    assert heading, "the page has no list of exceptions"
    section = re.split(r"^#", rest, maxsplit=1, flags=re.MULTILINE)[0]
    items = [" ".join(item.split()) for item in re.findall(r"^- (.+(?:\n  .+)*)", section, re.MULTILINE)]
    matches = [re.fullmatch(r"`([^`]+)`: (.+)", item) for item in items]
    return {match[1]: match[2] for match in matches if match}


def test_a_module_can_be_read_at_one_sitting_and_a_folder_taken_in_at_a_glance() -> None:
    found = {path: count for one in sizes() for path, count in too_large(*one).items()}
    assert not found


def test_every_exception_is_one() -> None:
    assert not [path for one in sizes() for path in stale(*one)]


def test_every_exception_stands_in_the_architecture_page_with_its_reason() -> None:
    exceptions = {path: reason for _, _, excepted in sizes() for path, reason in excepted.items()}
    assert exceptions_told(PAGE.read_text("utf-8")) == exceptions


def test_sizes_are_counted_and_exceptions_read() -> None:
    assert modules_by_folder(["a/b/c.py", "a/b/__init__.py", "a/b/conftest.py", "a/d.py"]) == {"a/b": 1, "a": 1}
    counts = {"a.py": 401, "b.py": 400, "c.py": 500, "d.py": 3}
    reasons = {"c.py": "A table.", "d.py": "It was long.", "gone.py": "It was long, too."}
    assert too_large(counts, 400, reasons) == {"a.py": 401}
    assert stale(counts, 400, reasons) == ["d.py", "gone.py"]
    page = "\n### Exceptions\n\nThese:\n\n- `c.py`: a table,\n  in one piece\n- `e/f`: so\n\n## Next\n\n- `g.py`: no\n"
    assert exceptions_told(page) == {"c.py": "a table, in one piece", "e/f": "so"}
