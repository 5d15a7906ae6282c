"""A FHIR resource in XML, as the same resource in JSON has it. Pure: nothing outside the file is ever read.

Of XML only what FHIR has is taken: a document type, and with it every entity, is refused before it is expanded.
"""

from __future__ import annotations

import re
from typing import Any
from xml.parsers import expat

from intersession_schemas.instruments.wording.findings import Json
from intersession_schemas.instruments.wording.questionnaires import QuestionnaireInvalid, QuestionnaireProblem

FHIR = "http://hl7.org/fhir"
DEPTH = 100
ELEMENTS = 500_000

_LISTS = {
    "item", "answerOption", "option", "extension", "modifierExtension", "contained", "entry", "include", "exclude",
    "concept", "contains", "property", "designation", "enableWhen", "initial", "identifier", "useContext",
    "jurisdiction", "subjectType", "derivedFrom", "filter", "coding", "valueSet", "contact", "telecom", "parameter",
}  # fmt: skip
_BOOLEANS = {
    "required", "repeats", "readOnly", "experimental", "abstract", "inactive", "initialSelected", "valueBoolean",
    "answerBoolean", "immutable", "caseSensitive",
}  # fmt: skip
_NUMBERS = {
    "valueDecimal", "valueInteger", "answerDecimal", "answerInteger", "maxLength", "valuePositiveInt",
    "valueUnsignedInt", "total", "count",
}  # fmt: skip
_QUANTITIES = {"valueQuantity", "answerQuantity"}
_TEXTS = {"text", "display", "title", "prefix", "valueString", "valueCode", "valueInteger"}
_RESOURCES = {"contained", "resource"}
_WHOLE = re.compile(r"[+-]?\d{1,15}")
_FRACTION = re.compile(r"[+-]?\d{1,15}\.\d{1,15}")
_BEGINS = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")


class _Element:
    """One element while it is read."""

    def __init__(self, name: str, value: str | None, attributes: Json, *, skipped: bool) -> None:
        self.name, self.value, self.skipped = name, value, skipped
        self.content: Json = dict(attributes)


def looks_like_xml(data: bytes) -> bool:
    """Whether a file begins as XML does, in UTF-8 or UTF-16."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data[2:64].replace(b"\0", b"").lstrip().startswith(b"<")
    return _BEGINS.match(data[:1024]) is not None


def from_xml(data: bytes) -> Json:
    """The resource of an XML file as JSON has it. Raises `QuestionnaireInvalid` with the line of what is wrong."""
    reader = _Reader()
    try:
        return reader.read(data)
    except expat.ExpatError as error:
        what = f"Not XML: {expat.ErrorString(error.code)}."
        where = f"line {error.lineno}, column {error.offset + 1}"
        raise QuestionnaireInvalid([QuestionnaireProblem(where=where, what=what)]) from None
    except QuestionnaireInvalid:
        raise
    except (LookupError, ValueError):
        raise _refused("file", "Its encoding cannot be read. Save the file as UTF-8.") from None


def _refused(where: str, what: str) -> QuestionnaireInvalid:
    return QuestionnaireInvalid([QuestionnaireProblem(where=where, what=what)])


class _Reader:
    """One reading of one file."""

    def __init__(self) -> None:
        self._open: list[_Element] = []
        self._count = 0
        self._root: Json | None = None
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._document_type
        self._parser.EntityDeclHandler = self._document_type
        self._parser.ExternalEntityRefHandler = self._document_type

    def read(self, data: bytes) -> Json:
        self._parser.Parse(data, True)
        if self._root is None:
            raise self._stop("It holds no resource of FHIR.")
        return self._root

    def _stop(self, what: str) -> QuestionnaireInvalid:
        return _refused(f"line {self._parser.CurrentLineNumber}", what)

    def _document_type(self, *_: object) -> int:
        raise self._stop("Has a document type (DOCTYPE), which files of FHIR do not. Take it out.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, plain = name.rpartition(" ")
        self._count += 1
        if self._count > ELEMENTS or len(self._open) >= DEPTH:
            raise self._stop(f"More than {ELEMENTS} elements, or more than {DEPTH} inside one another.")
        if not self._open and space != FHIR:
            raise _refused("file", f"This is XML or a web page, and no resource of FHIR (namespace {FHIR}).")
        # Narrative and whatever else is not of FHIR says nothing that is asked.
        skipped = space != FHIR or bool(self._open and self._open[-1].skipped)
        kept = {key: value for key, value in attributes.items() if key in {"id", "url"}}
        self._open.append(_Element(plain, attributes.get("value"), kept, skipped=skipped))

    def _end(self, _: str) -> None:
        element = self._open.pop()
        if element.skipped:
            return
        if not self._open:
            self._root = {"resourceType": element.name, **element.content}
            return
        above = self._open[-1]
        if above.name in _RESOURCES:
            above.content = {"resourceType": element.name, **element.content}
        elif element.value is None and element.name in _TEXTS and element.content.keys() <= {"id", "extension"}:
            above.content[f"_{element.name}"] = element.content
        elif element.value is None:
            self._add(above, element.name, element.content, as_list=element.name in _LISTS | {"code"})
        else:
            numbered = element.name in _NUMBERS or (element.name == "value" and above.name in _QUANTITIES)
            value = _primitive(element.name, element.value, numbered=numbered)
            self._add(above, element.name, value, as_list=element.name in _LISTS)
            if element.content:
                above.content[f"_{element.name}"] = element.content

    @staticmethod
    def _add(above: _Element, name: str, value: Any, *, as_list: bool) -> None:
        there = above.content.get(name)
        if isinstance(there, list):
            there.append(value)
        elif as_list or there is not None:
            above.content[name] = [value] if there is None else [there, value]
        else:
            above.content[name] = value


def _primitive(name: str, text: str, *, numbered: bool) -> Any:
    """A value as JSON has it: `true` and numbers where the element has them, a text otherwise."""
    if name in _BOOLEANS and text in {"true", "false"}:
        return text == "true"
    if numbered:
        if _WHOLE.fullmatch(text):
            return int(text)
        if _FRACTION.fullmatch(text):
            return float(text)
    return text
