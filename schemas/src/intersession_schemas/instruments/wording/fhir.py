"""Reading FHIR R4 Questionnaires: liberal in what is accepted, exact in what is said.

Every problem is found at one reading and named with its path. No bytes raise anything but `QuestionnaireInvalid`.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from typing import Any

from intersession_schemas import nesting
from intersession_schemas.instruments.wording.answer_options import Terminology, answer_options
from intersession_schemas.instruments.wording.conditions import Read, read_conditions
from intersession_schemas.instruments.wording.fhir_xml import from_xml, looks_like_xml
from intersession_schemas.instruments.wording.findings import Findings, Json
from intersession_schemas.instruments.wording.questionnaires import (
    LOINC,
    Coding,
    Instruction,
    Option,
    Questionnaire,
    QuestionnaireInvalid,
    QuestionnaireItem,
    QuestionnaireProblem,
    QuestionType,
)

BYTES = 4 * 1024 * 1024
ITEMS = 1_000
DEPTH = 20

TYPES: dict[str, QuestionType] = {
    "choice": "choice",
    "open-choice": "choice",
    "coding": "choice",
    "boolean": "boolean",
    "integer": "number",
    "decimal": "number",
    "quantity": "number",
    "string": "other",
    "text": "other",
    "url": "other",
    "date": "other",
    "dateTime": "other",
    "time": "other",
    "attachment": "other",
    "reference": "other",
}
CALCULATED = {
    "sdc-questionnaire-calculatedExpression",
    "questionnaire-calculatedExpression",
    "calculatedExpression",
    "cqf-calculatedValue",
}
TERMINOLOGY = {"ValueSet", "CodeSystem"}
_CODE = re.compile(r"(?:^|[/._])(\d{2,7}-\d)$")
_TAG = re.compile(r"<[^>]*>")
_SCORE_WORD = re.compile(r"\b(total score|score|sum score|gesamtpunktzahl|punktwert|summenwert)\b", re.IGNORECASE)


def read_questionnaire(data: bytes, beside: Sequence[bytes] = ()) -> Questionnaire:
    """Read a Questionnaire in JSON or XML, alone or in a Bundle with its value sets.

    `beside` are files that came with it: value sets and code systems, each alone or in a Bundle. Raises
    `QuestionnaireInvalid` with all that has to be mended.
    """
    findings = Findings()
    whole = _parse(data)
    resource, path, resources = _resource(findings, whole)
    if resource is None:
        raise QuestionnaireInvalid(findings.problems)
    for raw in beside:
        resources += _terminology(findings, _parse(raw))
    language = findings.text(resource, "language", path)
    questionnaire = _Reader(findings, Terminology(findings, resources, language)).read(resource, path)
    if findings.problems:
        raise QuestionnaireInvalid(findings.problems)
    return questionnaire


def only_terminology(data: bytes) -> bool:
    """Whether a file holds value sets or code systems and no Questionnaire. What cannot be read is no such file."""
    try:
        whole = _parse(data)
    except QuestionnaireInvalid:
        return False
    return bool(_terminology(Findings(), whole)) and _resource(Findings(), whole)[0] is None


def _terminology(findings: Findings, whole: object) -> list[tuple[Json, str]]:
    if not isinstance(whole, dict):
        return []
    kind = whole.get("resourceType")
    if kind in TERMINOLOGY:
        return [(whole, str(kind))]
    found = []
    for entry, path in findings.objects(whole, "entry", "Bundle"):
        resource = entry.get("resource")
        if isinstance(resource, dict) and resource.get("resourceType") in TERMINOLOGY:
            found.append((resource, f"{path}.resource"))
    return found


def _parse(data: bytes) -> object:
    if len(data) > BYTES:
        raise _unreadable(f"Larger than {BYTES // 1024 // 1024} MiB.")
    if looks_like_xml(data):
        return from_xml(data)
    try:
        text = data.decode(json.detect_encoding(data)).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        raise _unreadable(f"Not UTF-8 from byte {error.start} on. Save the file as UTF-8.") from None
    if not text.strip():
        raise _unreadable("Empty.")
    try:
        nesting.check_json(text)
        return json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise QuestionnaireInvalid(
            [QuestionnaireProblem(where=f"line {error.lineno}, column {error.colno}", what=f"Not JSON: {error.msg}.")]
        ) from None
    except nesting.TooDeep:
        raise _unreadable(
            f"Nested too deeply: more than {nesting.DEPTH} lists and objects inside one another."
        ) from None
    except ValueError:
        raise _unreadable(
            "Not JSON: it holds a number that JSON does not have, or one with thousands of digits."
        ) from None


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _unreadable(what: str) -> QuestionnaireInvalid:
    return QuestionnaireInvalid([QuestionnaireProblem(where="file", what=what)])


def _resource(findings: Findings, whole: object) -> tuple[Json | None, str, list[tuple[Json, str]]]:
    """The Questionnaire, its path, and the resources beside and inside it."""
    if not isinstance(whole, dict):
        findings.wrong("file", "Must be one Questionnaire: an object in braces.")
        return None, "", []
    kind = whole.get("resourceType")
    if kind == "Questionnaire":
        return whole, "Questionnaire", list(findings.objects(whole, "contained", "Questionnaire"))
    if kind == "Bundle":
        entries = list(findings.objects(whole, "entry", "Bundle"))
        beside = [
            (entry["resource"], f"{path}.resource")
            for entry, path in entries
            if isinstance(entry.get("resource"), dict)
        ]
        found = [one for one in beside if one[0].get("resourceType") == "Questionnaire"]
        if len(found) == 1:
            resource, path = found[0]
            return resource, path, [*findings.objects(resource, "contained", path), *beside]
        findings.wrong("Bundle.entry", f"Must hold one Questionnaire; it holds {len(found)}.")
        return None, "", []
    if kind is None:
        findings.wrong("resourceType", 'Missing. A Questionnaire begins with "resourceType": "Questionnaire".')
    elif kind == "QuestionnaireResponse":
        findings.wrong("resourceType", "This is a QuestionnaireResponse, somebody's answers. Give the Questionnaire.")
    else:
        findings.wrong("resourceType", "Must be Questionnaire (or a Bundle that holds one).")
    return None, "", []


class _Reader:
    """One reading of one Questionnaire."""

    def __init__(self, findings: Findings, terminology: Terminology) -> None:
        self._findings = findings
        self._terminology = terminology
        self._links: dict[str, str] = {}
        self._questions: list[QuestionnaireItem] = []
        self._instructed: list[Instruction] = []
        self._totals: list[str] = []
        self._items = 0

    def read(self, resource: Json, path: str) -> Questionnaire:
        findings = self._findings
        codes = findings.codings(resource, "code", path)
        if findings.text(resource, "status", path) == "retired":
            findings.note("The file marks this questionnaire as retired.")
        if not resource.get("item"):
            findings.wrong(f"{path}.item", "Missing or empty: there is nothing to ask.")
        self._walk(resource, path, 0, (False, ()))
        if resource.get("item") and not self._questions and not findings.problems:
            findings.wrong(f"{path}.item", "Contains no questions.")
        return Questionnaire(
            questions=tuple(self._questions),
            url=findings.text(resource, "url", path),
            version=findings.text(resource, "version", path),
            name=findings.text(resource, "name", path),
            title=findings.text(resource, "title", path),
            title_translations=findings.translations(resource, "title", path),
            language=findings.text(resource, "language", path),
            publisher=findings.text(resource, "publisher", path),
            copyright=findings.text(resource, "copyright", path),
            loinc=_loinc(codes),
            instructed=tuple(self._instructed),
            totals=tuple(self._totals),
            notes=tuple(findings.notes),
        )

    def _walk(self, parent: Json, path: str, depth: int, around: Read) -> None:
        if depth > DEPTH:
            if parent.get("item"):
                self._findings.wrong(f"{path}.item", f"Items are nested more than {DEPTH} levels deep.")
            return
        for item, where in self._findings.objects(parent, "item", path):
            self._items += 1
            if self._items > ITEMS:
                if self._items == ITEMS + 1:
                    self._findings.wrong(where, f"More than {ITEMS} items.")
                return
            conditions = read_conditions(self._findings, item, where, around)
            self._read(item, where, conditions)
            self._walk(item, where, depth + 1, conditions)

    def _read(self, item: Json, path: str, conditions: Read) -> None:
        findings = self._findings
        link = self._link(item, path)
        kind = self._type(item, path)
        text, translations = self._text(item, path)
        if kind in {"group", "display"}:
            if text:
                self._instructed.append(Instruction(text=text, path=path, translations=translations))
            elif kind == "display":
                findings.note(f"{path}.text: a display item without a text; left out.")
            return
        options = answer_options(findings, self._terminology, item, path)
        if kind is None:
            return
        codes = findings.codings(item, "code", path)
        if self._calculated(item, path, kind, [text or "", *(code.display or "" for code in codes)], options):
            self._totals.append(link or path)
            return
        if self._hidden(item, path):
            findings.note(f"{path}: hidden in the file; not asked.")
            return
        if not text:
            findings.lacks(f"{path}.text", "The question has no text.")
        if TYPES[kind] == "choice" and not options and not item.get("answerValueSet") and not item.get("options"):
            findings.lacks(f"{path}.answerOption", f"A {kind} question without answers. Add answerOption.")
        low, high = self._bounds(item, path)
        question = QuestionnaireItem(
            link_id=link or path,
            path=path,
            text=text or "",
            type="choice" if options else TYPES[kind],
            fhir_type=kind,
            prefix=findings.text(item, "prefix", path),
            required=findings.boolean(item, "required", path),
            repeats=findings.boolean(item, "repeats", path),
            conditional=conditions[0],
            conditions=conditions[1],
            loinc=tuple(dict.fromkeys([*_loinc(codes), *_codes_in(link)])),
            options=options,
            low=low,
            high=high,
            translations=translations,
        )
        self._remark(question)
        self._questions.append(question)

    def _link(self, item: Json, path: str) -> str | None:
        link = self._findings.text(item, "linkId", path)
        if link is None:
            self._findings.lacks(f"{path}.linkId", "Missing. Every item needs a linkId of its own.")
        elif link in self._links:
            self._findings.wrong(f"{path}.linkId", f"The same as at {self._links[link]}. Every item needs its own.")
        else:
            self._links[link] = path
        return link

    def _type(self, item: Json, path: str) -> str | None:
        """The type, or what it must be where the file leaves it out."""
        findings = self._findings
        kind = findings.text(item, "type", path)
        if kind is None:
            answers = any(item.get(name) for name in ("answerOption", "option", "options", "answerValueSet"))
            kind = "choice" if answers else "group" if item.get("item") else None
            if kind is None:
                findings.lacks(f"{path}.type", "Missing. Say choice, integer, text, display, group …")
            else:
                findings.note(f"{path}.type: missing; read as {kind}.")
        elif kind not in TYPES and kind not in {"group", "display"}:
            findings.wrong(
                f"{path}.type", "No type of FHIR R4. It has choice, boolean, integer, text, display, group …"
            )
            return None
        return kind

    def _text(self, item: Json, path: str) -> tuple[str | None, tuple[tuple[str, str], ...]]:
        text = self._findings.text(item, "text", path)
        translations = self._findings.translations(item, "text", path)
        if text is None and isinstance(beside := item.get("_text"), dict):
            for kind, extension, where in self._findings.extensions(beside, f"{path}._text"):
                if kind == "rendering-markdown":
                    text = self._findings.text(extension, "valueMarkdown", where)
                elif kind == "rendering-xhtml":
                    text = _without_tags(self._findings.text(extension, "valueString", where) or "")
        if text is None and translations:
            text = translations[0][1]
            self._findings.note(f"{path}.text: missing; its translation ({translations[0][0]}) is used.")
        return text, translations

    def _calculated(self, item: Json, path: str, kind: str, texts: list[str], options: tuple[Option, ...]) -> bool:
        """Whether the file means to reckon this itself: a total, not a question."""
        if self._findings.boolean(item, "readOnly", path):
            return True
        if CALCULATED & self._extensions(item, path):
            return True
        if TYPES[kind] == "number" and not options and any(_SCORE_WORD.search(text) for text in texts):
            self._findings.note(f"{path}: a number that is called a score; taken as a total and not asked.")
            return True
        return False

    def _extensions(self, item: Json, path: str) -> set[str]:
        return {name for name, _, _ in self._findings.extensions(item, path)}

    def _hidden(self, item: Json, path: str) -> bool:
        return any(
            name == "questionnaire-hidden" and extension.get("valueBoolean") is True
            for name, extension, _ in self._findings.extensions(item, path)
        )

    def _bounds(self, item: Json, path: str) -> tuple[int | None, int | None]:
        found: dict[str, int | None] = {}
        for name, extension, where in self._findings.extensions(item, path):
            if name in {"minValue", "maxValue"}:
                value = extension.get("valueInteger", extension.get("valueDecimal"))
                whole = isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1
                found[name] = self._findings.score(value, where) if whole else None
        return found.get("minValue"), found.get("maxValue")

    def _remark(self, question: QuestionnaireItem) -> None:
        """Say what of a question is not used as its author may expect."""
        findings = self._findings
        if question.conditional and not question.conditions:
            findings.note("Conditions between questions (enableWhen) are not applied.")
        if question.fhir_type == "open-choice":
            findings.note(f"{question.path}: answers in free text are not scored.")
        if question.repeats and question.options:
            findings.note(f"{question.path}: takes several answers; read as unscored.")
        elif question.options and not question.scored:
            findings.note(f"{question.path}: its answers state no scores; read as unscored.")
        elif any(option.score is None for option in question.options):
            findings.note(f"{question.path}: answers without a score count as not answered.")


def _without_tags(xhtml: str) -> str | None:
    return " ".join(html.unescape(_TAG.sub(" ", xhtml)).split()) or None


def _loinc(codes: list[Coding]) -> tuple[str, ...]:
    """The LOINC codes among codings; one without a system counts when it looks like a code of LOINC."""
    return tuple(
        code.code
        for code in codes
        if code.code and (code.system == LOINC or (code.system is None and _CODE.fullmatch(code.code)))
    )


def _codes_in(link: str | None) -> list[str]:
    """The LOINC code that a linkId like `/44249-1/44250-9` ends with."""
    found = _CODE.search(link or "")
    return [found.group(1)] if found else []
