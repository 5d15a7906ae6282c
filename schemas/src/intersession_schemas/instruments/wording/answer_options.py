"""The answers of a question in a FHIR Questionnaire, and their scores, wherever the file keeps them.

Scores are taken from the file: `ordinalValue` or `itemWeight`, on the option, inside its coding, on a concept of a
value set or of a code system that came along. Where none is stated there is none, but for answers that are all coded
with an answer list of LOINC whose scores are known: those are LOINC's.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from intersession_schemas.instruments.wording.answer_lists import FREQUENCIES, LISTS, SCORES, list_named, own_words
from intersession_schemas.instruments.wording.findings import Findings, Json
from intersession_schemas.instruments.wording.questionnaires import LOINC, Option

OPTIONS = 200
DEPTH = 20
WEIGHTS = {
    "ordinalValue",
    "itemWeight",
    "questionnaire-ordinalValue",
    "valueset-ordinalValue",
    "codesystem-ordinalValue",
    "iso21090-CO-value",
}
PROPERTIES = {"ordinalValue", "itemWeight"}
VALUES = ("valueDecimal", "valueInteger", "valueQuantity", "valueString", "valueCode")
OTHER_VALUES = ("valueString", "valueDate", "valueTime")

ScoreKey = tuple[str | None, str]
Placed = tuple[Option, str]
"""An answer and the path of what it was read from."""


class Terminology:
    """The value sets and code systems that came with a questionnaire in a language."""

    def __init__(self, findings: Findings, resources: list[tuple[Json, str]], language: str | None = None) -> None:
        self._findings = findings
        self._language = language
        self._sets: dict[str, tuple[Json, str]] = {}
        self._systems: dict[str, tuple[Json, str]] = {}
        self._known: dict[str, tuple[Option, ...]] = {}
        self._concepts: dict[ScoreKey, Placed] = {}
        for resource, path in resources:
            kind = resource.get("resourceType")
            if kind == "ValueSet":
                self._keep(self._sets, resource, path)
            elif kind == "CodeSystem":
                self._keep(self._systems, resource, path)
                self._read_system(resource, path)

    def _keep(self, where: dict[str, tuple[Json, str]], resource: Json, path: str) -> None:
        if id := self._findings.text(resource, "id", path):
            where.setdefault(f"#{id.removeprefix('#')}", (resource, path))
        if url := self._findings.text(resource, "url", path):
            where.setdefault(url, (resource, path))

    def _read_system(self, system: Json, path: str) -> None:
        url = self._findings.text(system, "url", path)
        for option, where in self._walk(system, "concept", "concept", path, url):
            if option.code is not None:
                self._concepts.setdefault((url, option.code), (option, where))

    def of_set(self, reference: str, where: str) -> tuple[Option, ...]:
        """The answers of a value set that the file refers to at `where`; a problem when it did not come along."""
        reference = reference.partition("|")[0]
        last = f"#{reference.rpartition('/')[2]}"
        if reference not in self._sets and last in self._sets:
            reference = last
        if reference not in self._known:
            self._known[reference] = self._read_set(reference, where)
        return self._known[reference]

    def _read_set(self, reference: str, where: str) -> tuple[Option, ...]:
        if reference not in self._sets and (named := list_named(reference)) is not None:
            options = [Option(text="", system=LOINC, code=code) for code in LISTS[named]]
            return tuple(self.completed(option, where) for option in options)
        if reference not in self._sets:
            local = reference.startswith("#")
            what = "No contained value set has that id" if local else "The answers are in a value set outside this file"
            self._findings.wrong(
                where, f"{what}. Put it into `contained`, with its texts and scores, or give its file beside this one."
            )
            return ()
        found: dict[ScoreKey | int, Placed] = {}
        for option, place in self._members(reference, set()):
            key: ScoreKey | int = len(found) if option.code is None else (option.system, option.code)
            if key not in found or found[key][0].score is None:
                found[key] = option, place
            if len(found) > OPTIONS:
                self._findings.wrong(where, f"The value set has more than {OPTIONS} answers.")
                return ()
        if not found:
            what = "The value set lists no answers. Give it `compose.include.concept` or `expansion`."
            self._findings.lacks(where, what)
        return tuple(self.completed(option, place) for option, place in found.values())

    def _members(self, reference: str, seen: set[str]) -> Iterator[Placed]:
        """The answers of a value set: those of its expansion, else those it is composed of."""
        if reference in seen or reference not in self._sets:
            return
        seen.add(reference)
        value_set, path = self._sets[reference]
        composed = list(self._composed(value_set, path, seen))
        expansion = self._findings.mapping(value_set, "expansion", path)
        if expansion is None:
            yield from composed
            return
        scores = {(option.system, option.code): option.score for option, _ in composed if option.score is not None}
        expanded = list(self._walk(expansion, "contains", "contains", f"{path}.expansion", None))
        for option, where in expanded:
            score = scores.get((option.system, option.code)) if option.score is None else option.score
            yield replace(option, score=score), where
        if not expanded:
            yield from composed

    def _composed(self, value_set: Json, path: str, seen: set[str]) -> Iterator[Placed]:
        compose = self._findings.mapping(value_set, "compose", path)
        if compose is None:
            return
        if compose.get("exclude"):
            self._findings.note(f"{path}.compose.exclude: ignored; all included answers are used.")
        for include, where in self._findings.objects(compose, "include", f"{path}.compose"):
            system = self._findings.text(include, "system", where)
            concepts = list(self._walk(include, "concept", "concept", where, system))
            yield from concepts
            if not concepts and system is not None and not include.get("filter"):
                yield from (placed for (of, _), placed in self._concepts.items() if of == system)
            others = include.get("valueSet")
            for other in others if isinstance(others, list) else ():
                if isinstance(other, str):
                    yield from self._members(other.partition("|")[0], seen)

    def _walk(
        self, parent: Json, name: str, nested: str, path: str, system: str | None, depth: int = 0
    ) -> Iterator[Placed]:
        """The concepts below `parent[name]`, with those nested in them, each with its path."""
        if depth > DEPTH:
            self._findings.wrong(path, f"Concepts are nested more than {DEPTH} levels deep.")
            return
        for concept, where in self._findings.objects(parent, name, path):
            if concept.get("abstract") is not True:
                yield self._concept(concept, where, system), where
            yield from self._walk(concept, nested, nested, where, system, depth + 1)

    def _concept(self, concept: Json, where: str, system: str | None) -> Option:
        findings = self._findings
        scores = [*_weights(findings, concept, where), *_properties(findings, concept, where)]
        return Option(
            text=findings.text(concept, "display", where) or "",
            score=_agreed(findings, where, scores),
            system=findings.text(concept, "system", where) or system,
            code=findings.text(concept, "code", where),
            translations=(
                *findings.translations(concept, "display", where),
                *_designations(findings, concept, where),
            ),
        )

    def completed(self, option: Option, where: str) -> Option:
        """An answer with the text and the score that a code system of the file has for it; its text is needed."""
        placed = self._concepts.get((option.system, option.code or ""))
        if placed is not None:
            known, _ = placed
            option = replace(
                option,
                text=option.text or known.text,
                score=known.score if option.score is None else option.score,
                translations=option.translations or known.translations,
            )
        if not option.text and (words := own_words(option.code, option.system, self._language)) is not None:
            self._findings.note(
                "The file names answers by LOINC codes without their texts: short words of our own stand for them."
            )
            return replace(option, text=words)
        if not option.text:
            named = f" with the code {option.code[:40]}" if option.code else ""
            self._findings.lacks(f"{where}.display", f"An answer{named} has no text. Give it a `display`.")
        return option


def answer_options(findings: Findings, terminology: Terminology, item: Json, path: str) -> tuple[Option, ...]:
    """The answers of one item: `answerOption`, or the value set it refers to; those of FHIR STU3 are read as well."""
    options = _options(findings, terminology, item, path)
    known = [SCORES.get(option.code or "") if option.system in {LOINC, None} else None for option in options]
    if not options or any(option.score is not None for option in options) or None in known:
        return options
    findings.note(f"Answers without scores are scored as LOINC scores the list {FREQUENCIES}.")
    return tuple(replace(option, score=score) for option, score in zip(options, known, strict=True))


def _options(findings: Findings, terminology: Terminology, item: Json, path: str) -> tuple[Option, ...]:
    for name in ("answerOption", "option"):
        if item.get(name):
            if name == "option":
                findings.note(f"{path}.option: the FHIR STU3 name; read as answerOption.")
            if item.get("answerValueSet"):
                findings.note(f"{path}.answerValueSet: ignored, as there is an answerOption.")
            listed = list(findings.objects(item, name, path))
            if len(listed) > OPTIONS:
                findings.wrong(f"{path}.{name}", f"More than {OPTIONS} answers.")
                return ()
            options = [_option(findings, terminology, element, where) for element, where in listed]
            return tuple(option for option in options if option is not None)
    reference: object = item.get("answerValueSet")
    where = f"{path}.answerValueSet"
    if reference is None and isinstance(item.get("options"), dict):
        reference, where = item["options"].get("reference"), f"{path}.options.reference"
    if reference is None:
        return ()
    if not isinstance(reference, str) or not reference:
        findings.wrong(where, "Must be the address of a value set, or # and the id of a contained one.")
        return ()
    return terminology.of_set(reference, where)


def _option(findings: Findings, terminology: Terminology, element: Json, where: str) -> Option | None:
    """One `answerOption`."""
    stated = _weights(findings, element, where)
    prefix = _prefix(findings, element, where)
    if element.get("valueCoding") is not None:
        coding = findings.mapping(element, "valueCoding", where)
        if coding is None:
            return None
        inside = f"{where}.valueCoding"
        read = findings.coding(coding, inside)
        scores = [*stated, *_weights(findings, coding, inside)]
        option = Option(
            text=read.display or "",
            score=_agreed(findings, where, scores),
            system=read.system,
            code=read.code,
            prefix=prefix or _prefix(findings, coding, inside),
            translations=findings.translations(coding, "display", inside),
        )
        return terminology.completed(option, inside)
    if element.get("valueInteger") is not None:
        number = findings.score(element["valueInteger"], f"{where}.valueInteger")
        beside = _beside(findings, element, "valueInteger", where)
        if number is None:
            return None
        score = _agreed(findings, where, [*stated, *beside])
        return Option(text=str(number), score=score, number=number, prefix=prefix)
    for name in OTHER_VALUES:
        if element.get(name) is not None:
            text = findings.text(element, name, where)
            if text is None:
                findings.lacks(f"{where}.{name}", "The answer has no text.")
                return None
            scores = [*stated, *_beside(findings, element, name, where)]
            translations = findings.translations(element, name, where)
            score = _agreed(findings, where, scores)
            return Option(text=text, score=score, prefix=prefix, translations=translations)
    findings.wrong(where, "The answer has no value. Give it a valueCoding, a valueString or a valueInteger.")
    return None


def _beside(findings: Findings, element: Json, name: str, where: str) -> list[int]:
    beside = findings.mapping(element, f"_{name}", where)
    return [] if beside is None else _weights(findings, beside, f"{where}._{name}")


def _weights(findings: Findings, element: Json, path: str) -> list[int]:
    """The scores that the extensions of an element state."""
    found = []
    for kind, extension, where in findings.extensions(element, path):
        if kind not in WEIGHTS:
            continue
        name = next((name for name in VALUES if extension.get(name) is not None), None)
        if name is None:
            findings.wrong(where, "States no score. Give it a valueDecimal.")
            continue
        value = extension[name]
        if isinstance(value, dict):
            value = value.get("value")
        score = findings.score(value, f"{where}.{name}")
        if score is not None:
            found.append(score)
    return found


def _properties(findings: Findings, concept: Json, path: str) -> list[int]:
    """The scores among the properties of a code system's concept."""
    found = []
    for element, where in findings.objects(concept, "property", path):
        if findings.text(element, "code", where) in PROPERTIES:
            name = next((name for name in VALUES if element.get(name) is not None), None)
            score = None if name is None else findings.score(element[name], f"{where}.{name}")
            if score is not None:
                found.append(score)
    return found


def _agreed(findings: Findings, where: str, scores: list[int]) -> int | None:
    """The one score that was stated, be it several times."""
    if len(set(scores)) > 1:
        findings.wrong(where, f"States different scores for one answer: {', '.join(map(str, scores[:5]))}. Keep one.")
    return scores[0] if scores else None


def _prefix(findings: Findings, element: Json, path: str) -> str | None:
    for kind, extension, where in findings.extensions(element, path):
        if kind == "questionnaire-optionPrefix":
            return findings.text(extension, "valueString", where)
    return None


def _designations(findings: Findings, concept: Json, path: str) -> Iterator[tuple[str, str]]:
    """Translations as value sets and code systems have them."""
    for designation, where in findings.objects(concept, "designation", path):
        language = findings.text(designation, "language", where)
        value = findings.text(designation, "value", where)
        if language and value:
            yield language, value
