"""Careful steps into JSON that anybody may have written: what is amiss becomes a problem with its path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from intersession_schemas.instruments.wording.questionnaires import Coding, QuestionnaireProblem

TEXT = 8_000
PROBLEMS = 200
SCORE = 1_000_000

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NUMBER = re.compile(r"[+-]?\d{1,7}(\.0*)?")

Json = dict[str, Any]


class Findings:
    """What was found wrong (`problems`) and what is worth saying (`notes`) while one file is read."""

    def __init__(self) -> None:
        self.problems: list[QuestionnaireProblem] = []
        self.notes: list[str] = []

    def wrong(self, where: str, what: str) -> None:
        """Note a problem; from `PROBLEMS` on they are no longer listed."""
        if len(self.problems) < PROBLEMS:
            self.problems.append(QuestionnaireProblem(where=where, what=what))
        elif len(self.problems) == PROBLEMS:
            self.problems.append(
                QuestionnaireProblem(where="file", what=f"There are more than {PROBLEMS} problems; fix these first.")
            )

    def lacks(self, where: str, what: str) -> None:
        """Note that something is missing, unless this place has a problem already, which is then why it is missing."""
        if all(problem.where != where for problem in self.problems):
            self.wrong(where, what)

    def note(self, text: str) -> None:
        """Say something once."""
        if text not in self.notes and len(self.notes) < PROBLEMS:
            self.notes.append(text)

    def text(self, parent: Json, name: str, path: str) -> str | None:
        """A text without its outer spaces and control characters; None when there is none, or only spaces."""
        value = parent.get(name)
        where = f"{path}.{name}"
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and name in {"linkId", "code", "version"}:
            self.note(f"{where}: a number where a text belongs; read as text.")
            value = str(value)
        if not isinstance(value, str):
            self.wrong(where, f"Must be a text in quotation marks, not {_kind(value)}.")
            return None
        if _SURROGATE.search(value):
            self.wrong(where, "Contains half a character (a lone surrogate). Save the file as UTF-8 again.")
            return None
        if len(value) > TEXT:
            self.wrong(where, f"Longer than {TEXT} characters.")
            return None
        return _CONTROL.sub("", value).strip() or None

    def boolean(self, parent: Json, name: str, path: str) -> bool:
        """True or false; false when it is not there."""
        value = parent.get(name, False)
        if isinstance(value, str) and value.lower() in {"true", "false"}:
            self.note(f"{path}.{name}: true or false in quotation marks; read without.")
            return value.lower() == "true"
        if value is None or isinstance(value, bool):
            return bool(value)
        self.wrong(f"{path}.{name}", f"Must be true or false, not {_kind(value)}.")
        return False

    def mapping(self, parent: Json, name: str, path: str) -> Json | None:
        """An object in braces; None when it is not there."""
        value = parent.get(name)
        if value is None or isinstance(value, dict):
            return value
        self.wrong(f"{path}.{name}", f"Must be an object in braces, not {_kind(value)}.")
        return None

    def objects(self, parent: Json, name: str, path: str) -> Iterator[tuple[Json, str]]:
        """The objects of a list, each with its path. One object without a list around it is taken as one."""
        value = parent.get(name)
        where = f"{path}.{name}"
        if isinstance(value, dict):
            self.note(f"{where}: not in a list; read as a list of one.")
            value = [value]
        if value is None:
            return
        if not isinstance(value, list):
            self.wrong(where, f"Must be a list in brackets, not {_kind(value)}.")
            return
        for index, element in enumerate(value):
            if isinstance(element, dict):
                yield element, f"{where}[{index}]"
            elif element is not None:
                self.wrong(f"{where}[{index}]", f"Must be an object in braces, not {_kind(element)}.")

    def extensions(self, element: Json, path: str) -> Iterator[tuple[str, Json, str]]:
        """The extensions of an element: the last part of the url, the extension, its path."""
        for extension, where in self.objects(element, "extension", path):
            url = self.text(extension, "url", where)
            if url is not None:
                yield url.rstrip("/").rpartition("/")[2], extension, where

    def codings(self, parent: Json, name: str, path: str) -> list[Coding]:
        """A list of codings."""
        return [self.coding(element, where) for element, where in self.objects(parent, name, path)]

    def coding(self, element: Json, path: str) -> Coding:
        """One coding."""
        return Coding(
            system=self.text(element, "system", path),
            code=self.text(element, "code", path),
            display=self.text(element, "display", path),
        )

    def translations(self, element: Json, name: str, path: str) -> tuple[tuple[str, str], ...]:
        """(language, text) of the translations of a text, which stand beside it under `_name`."""
        beside = element.get(f"_{name}")
        if beside is None:
            return ()
        if not isinstance(beside, dict):
            self.wrong(f"{path}._{name}", f"Must be an object in braces, not {_kind(beside)}.")
            return ()
        found = []
        for kind, extension, where in self.extensions(beside, f"{path}._{name}"):
            if kind != "translation":
                continue
            parts = {
                self.text(part, "url", there): (part, there)
                for part, there in self.objects(extension, "extension", where)
            }
            language = self._part(parts, "lang", ("valueCode", "valueString"))
            content = self._part(parts, "content", ("valueString", "valueMarkdown"))
            if language and content:
                found.append((language, content))
        return tuple(found)

    def _part(self, parts: dict[str | None, tuple[Json, str]], name: str, values: tuple[str, ...]) -> str | None:
        part, path = parts.get(name, ({}, ""))
        return next((text for value in values if (text := self.text(part, value, path))), None)

    def score(self, value: object, where: str) -> int | None:
        """A whole number, also as 2.0 or "2"; anything else is a problem."""
        if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
            self.note(f"{where}: a number in quotation marks; read as a number.")
            value = float(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(where, f"A score must be a number, not {_kind(value)}.")
            return None
        if abs(value) > SCORE:
            self.wrong(where, f"A score must be between -{SCORE} and {SCORE}.")
            return None
        if value != int(value):
            self.wrong(where, "A score must be a whole number; this one has a fraction.")
            return None
        return int(value)


def _kind(value: object) -> str:
    match value:
        case bool():
            return "true or false"
        case str():
            return "a text"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case dict():
            return "an object"
        case _:
            return "nothing (null)"
