"""What docs/how-to/extend.md says is enough: carried out on a copy of the sources, word for word, both examples work.

The page is the only place where the examples are written.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.project.documentation.page_edits import DoesNotFit, Edit, carry_out, edits
from tests.project.workspace import DISTRIBUTIONS, ROOT

PAGE = ROOT / "docs" / "how-to" / "extend.md"
MOST_FILES = {"kind": 6, "frame": 7}
HEADINGS = {"kind": "A kind of record", "frame": "A frame"}


def section(example: str) -> str:
    """What the page says of one of the examples."""
    (found,) = [one for one in PAGE.read_text("utf-8").split("\n## ") if one.startswith(f"{HEADINGS[example]}\n")]
    return found


def edits_of(example: str) -> list[Edit]:
    return edits(section(example))


def follow(text: str, root: Path) -> None:
    """Do what a text says in the tree at `root`."""
    for edit in edits(text):
        carry_out(edit, root)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three packages with both examples in them, and what checks them."""
    folder = tmp_path_factory.mktemp("extended")
    for one in DISTRIBUTIONS:
        source = one.source.parent.relative_to(ROOT)
        shutil.copytree(ROOT / source, folder / source, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for example in HEADINGS:
        follow(section(example), folder)
    return folder


def run(program: list[str], copy: Path, folder: Path) -> None:
    """Run a program in `folder` that finds the packages of the copy, and must succeed."""
    sources = [str(copy / one.folder / "src") for one in DISTRIBUTIONS]
    done = subprocess.run(
        [str(Path(sys.executable).with_name(program[0])), *program[1:]],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sources)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("example", HEADINGS)
def test_it_touches_few_files(example: str) -> None:
    touched = {edit.path for edit in edits_of(example)}
    assert all(path.startswith(tuple(f"{one.folder}/src/" for one in DISTRIBUTIONS)) for path in touched)
    assert len(touched) <= MOST_FILES[example]


@pytest.mark.parametrize("example", HEADINGS)
def test_it_works(example: str, copy: Path, tmp_path: Path) -> None:
    run(["python", "-m", "tests.project.documentation.extended", example, str(tmp_path), str(copy)], copy, ROOT)


def test_what_it_adds_is_typed(copy: Path) -> None:
    changed = [edit.path for example in HEADINGS for edit in edits_of(example)]
    run(["mypy", "--no-incremental", *changed], copy, copy)


def test_what_it_adds_is_written_like_the_rest(copy: Path) -> None:
    run(["ruff", "check", "--no-cache"], copy, copy)
    run(["ruff", "format", "--check", "--no-cache"], copy, copy)


def test_what_it_adds_keeps_the_borders(copy: Path) -> None:
    run(["lint-imports", "--no-logo", "--no-cache"], copy, copy)


WRONG = {
    "a place that is not there": ("`a.py`", "```diff\n nowhere\n+more\n```"),
    "a place that is there twice": ("`a.py`", "```diff\n twice\n+more\n```"),
    "half a line": ("`a.py`", "```diff\n on\n+more\n```"),
    "nothing to find it by": ("`a.py`", "```diff\n+more\n```"),
    "nothing to do": ("`a.py`", "```diff\n once\n```"),
    "no such file": ("`b.py`", "```diff\n once\n+more\n```"),
    "a new file that is there": ("`a.py` (new)", "```python\nmore\n```"),
    "an edit in another form": ("`a.py`", "```python\nmore\n```"),
    "a block without a path": ("The file:", "```diff\n once\n+more\n```"),
}


@pytest.mark.parametrize(("path", "block"), WRONG.values(), ids=WRONG)
def test_what_does_not_fit_is_no_edit(path: str, block: str, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("once\ntwice\ntwice\n", "utf-8")
    with pytest.raises(DoesNotFit):
        follow(f"{path}\n\n{block}\n", tmp_path)


def test_an_edit_is_carried_out_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("one\ntwo\n\nthree\n", "utf-8")
    follow("`a.py`\n\n```diff\n+zero\n one\n-two\n+2\n \n@@\n three\n+four\n```\n", tmp_path)
    assert (tmp_path / "a.py").read_text("utf-8") == "zero\none\n2\n\nthree\nfour\n"
