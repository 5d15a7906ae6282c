"""The page that says where on the pages a call of the SDK is: none is missing, none is named that does not exist."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from typing import Any

from litestar import Router
from tests.project.documentation.public_types import public_callables
from tests.project.workspace import ROOT

import intersession
from intersession_server.sync.wakeups import Wakeups
from intersession_server.web.routes import web_routes

PAGE = ROOT / "docs" / "explanation" / "pages-and-sdk.md"


def faces() -> dict[str, type[Any]]:
    """What a therapist's app calls: `Caseload` and `Client`, and whatever public face hangs on an object of theirs."""
    found: dict[str, type[Any]] = {}
    waiting: list[type[Any]] = [intersession.Caseload, intersession.Client]
    while waiting:
        face = waiting.pop()
        found[face.__name__] = face
        # The annotations of what its `__init__` sets are not kept: the source names them.
        named = re.findall(r"self\.[a-z]\w* = (\w+)\(", _source_of(face))
        named += [hint for _, function in public_callables(face) for hint in re.findall(r"\w+", _returns(function))]
        for name in named:
            one = getattr(intersession, name, None)
            if isinstance(one, type) and name not in found and _is_face(one):
                waiting.append(one)
    return found


def _source_of(face: type[Any]) -> str:
    return inspect.getsource(face.__init__) if "__init__" in vars(face) else ""


def _returns(function: Any) -> str:
    return str(getattr(function, "__annotations__", {}).get("return", ""))


def _is_face(one: type[Any]) -> bool:
    """Not a value: a class with calls of its own."""
    return not hasattr(one, "__struct_fields__") and not issubclass(one, BaseException) and any(public_callables(one))


def calls() -> set[str]:
    return {f"{name}.{called}" for name, face in faces().items() for called, _ in public_callables(face)}


def rows() -> list[str]:
    """The first column of each table's row."""
    lines = PAGE.read_text("utf-8").splitlines()
    return [line.split("|")[1] for line in lines if line.startswith("| `")]


def test_what_hangs_on_a_caseload_and_a_client_is_found() -> None:
    expected = """Caseload Client AsyncCaseloadCalls ClientPlan PlanEditor ClientHomework Goals ClientResources
        LibraryResources Templates ClientAssessments ClientSessions Topics Episodes Notes"""
    assert faces().keys() == set(expected.split())


def test_each_call_has_one_row_and_no_row_is_left_over() -> None:
    named = Counter(word for row in rows() for word in re.findall(r"`(\w+\.\w+)`", row))
    assert not calls() - named.keys(), "no row for these"
    assert not named.keys() - calls(), "there are no such calls"
    assert not [name for name, count in named.items() if count > 1], "more than one row"


def test_each_row_says_where_or_why_not() -> None:
    for line in PAGE.read_text("utf-8").splitlines():
        if line.startswith("| `"):
            _, _, told, _ = (cell.strip() for cell in line.split("|"))
            assert len(told) > 8, line


def routes() -> set[str]:
    """The addresses that are served: `{}` stands for whatever is put in."""
    found: set[str] = set()
    for one in web_routes(Wakeups()):
        found |= {route.path for route in one.routes} if isinstance(one, Router) else set(getattr(one, "paths", ()))
    return {re.sub(r"\{[^}]*\}", "{}", path) for path in found}


def test_each_address_that_is_named_is_one_of_a_page() -> None:
    served = routes()
    assert "/clients/{}/plan/journal" in served
    named = re.findall(r"`(/[^`]*)`", PAGE.read_text("utf-8"))
    assert len(named) > 30
    assert not [one for one in named if re.sub(r"\{[^}]*\}", "{}", one) not in served]
