"""What each distribution imports it also declares, and the lock has it.

In the shared environment everything is there, so an SDK that imports a server's library would pass all its tests.
test_alone.py tries it for real; these read the sources, and take no time.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from tests.project.workspace import (
    CLIENT_SDK,
    DISTRIBUTIONS,
    ROOT,
    SCHEMAS,
    SERVER,
    Distribution,
    imported_modules,
    locked_entries,
    needed_by,
    read_toml,
)

each_distribution = pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=lambda one: one.folder)
OURS = {one.package: one.name for one in DISTRIBUTIONS}
TEST_TOOLS = {"hypothesis", "packaging", "pytest"}


def declared_by(*distributions: Distribution) -> set[str]:
    """The canonical names of what these ask for, extras included: test_alone.py finds an import that cannot wait."""
    return {canonicalize_name(one.name) for distribution in distributions for one in all_requirements(distribution)}


def all_requirements(distribution: Distribution) -> list[Requirement]:
    return [*distribution.requirements, *chain.from_iterable(distribution.extras.values())]


@cache
def providers(package: str) -> frozenset[str]:
    """The canonical names of the distributions that an import of `package` may come from."""
    if package in OURS:
        return frozenset({OURS[package]})
    return frozenset(canonicalize_name(name) for name in packages_distributions().get(package, [f"({package}?)"]))


def undeclared(path: Path, declared: set[str], own: str) -> set[str]:
    """Packages that one file imports from elsewhere than the standard library, `own`, and what is declared."""
    packages = {name.split(".")[0] for name in imported_modules(path.read_text("utf-8"))}
    foreign = packages - sys.stdlib_module_names - {own}
    return {package for package in foreign if not providers(package) & declared}


@each_distribution
def test_every_import_is_declared(distribution: Distribution) -> None:
    declared = declared_by(distribution)
    found = {name: undeclared(path, declared, distribution.package) for name, path in distribution.modules()}
    assert not {name: packages for name, packages in found.items() if packages}


@each_distribution
def test_its_tests_need_nothing_but_it_and_the_test_tools(distribution: Distribution) -> None:
    """Tests that need two distributions, or a browser, live elsewhere: end_to_end, simulation.

    What the tests of schemas forge, others may use: whoever is installed has the schemas.
    """
    own = tuple(f"tests.{folder}." for folder in (*SCHEMAS.tests, *distribution.tests))
    paths = [path for folder in distribution.tests for path in (ROOT / "tests" / folder).rglob("*.py")]
    declared = declared_by(distribution, SCHEMAS) | TEST_TOOLS
    found = {}
    for path in sorted(paths):
        modules = {name for name in imported_modules(path.read_text("utf-8")) if name.split(".")[0] == "tests"}
        elsewhere = {name for name in modules if not f"{name}.".startswith(own)}
        found[str(path.relative_to(ROOT))] = elsewhere | (undeclared(path, declared, distribution.package) - {"tests"})
    assert not {name: packages for name, packages in found.items() if packages}


def test_the_sdk_brings_no_server() -> None:
    """Whoever embeds the SDK does not install a web framework, by no detour either."""
    # h11 speaks HTTP for httpx, the SDK's client, as well as for uvicorn; rich sets rich-click's help, the SDK's too.
    only_servers = declared_by(SERVER) - declared_by(CLIENT_SDK, SCHEMAS) - {"h11", "rich"}
    assert {"litestar", "piccolo", "uvicorn"} <= only_servers
    assert not needed_by(CLIENT_SDK.with_extras) & (only_servers | {SERVER.name})


def asked_for() -> list[Requirement]:
    development = read_toml(ROOT / "pyproject.toml")["dependency-groups"]["dev"]
    everything = [one for distribution in DISTRIBUTIONS for one in all_requirements(distribution)]
    return [one for one in (*everything, *map(Requirement, development)) if one.name not in OURS.values()]


def test_the_lock_has_what_is_asked_for() -> None:
    entries = locked_entries()
    for requirement in asked_for():
        entry = entries.get(canonicalize_name(requirement.name))
        assert entry, f"{requirement} is not in requirements.lock: ./run lock"
        version = entry.split("==")[1].split()[0]
        assert requirement.specifier.contains(version, prereleases=True), f"{requirement}, but {version}: ./run lock"


@each_distribution
def test_no_range_reaches_what_may_break(distribution: Distribution) -> None:
    """A release that comes later and may break us is not installed: the next major, below 1.0 the next minor."""
    for requirement in all_requirements(distribution):
        if requirement.name in {*OURS.values(), "tzdata"}:  # of the data of time zones the newest is wanted
            continue
        locked = Version(locked_entries()[canonicalize_name(requirement.name)].split("==")[1].split()[0])
        # cryptography keeps what it deprecates for two majors, and our tests fail on a warning
        steps = 3 if requirement.name == "cryptography" else 1
        breaking = f"{locked.major + steps}.0" if locked.major else f"0.{locked.minor + 1}.0"
        assert not requirement.specifier.contains(breaking, prereleases=True), f"{requirement} admits {breaking}"


def test_every_locked_package_is_pinned_by_hash() -> None:
    entry_form = re.compile(r"[a-z0-9-]+==[\w.+!-]+( ; [^;]+?)?(\s+--hash=sha256:[0-9a-f]{64})+")
    assert not [entry for entry in locked_entries().values() if not entry_form.fullmatch(entry.strip())]


def test_constraints_are_the_lock_without_hashes() -> None:
    pins = [entry.split("--hash=")[0].strip() for name, entry in locked_entries().items() if name != "pip"]
    text = (ROOT / "docs" / "constraints.txt").read_text(encoding="utf-8")
    assert text.splitlines() == pins, "docs/constraints.txt is not of requirements.lock: ./run lock"


def test_distributions_move_together() -> None:
    projects = [read_toml(ROOT / one.folder / "pyproject.toml")["project"] for one in DISTRIBUTIONS]
    (version,) = {project["version"] for project in projects}
    for project in projects[1:]:
        assert f"{SCHEMAS.name}=={version}" in project["dependencies"]
