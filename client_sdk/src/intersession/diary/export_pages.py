"""An export as people read it: one page of HTML, and tables for spreadsheets. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from html import escape

from intersession.models.exports import Export
from intersession.models.measures import Assessment
from intersession.models.records import Answer, Entry, Section

ABOUT = """Your own record, as text. Anybody who has these files can read them: they include your private entries. Keep
them safe, or delete them when you no longer need them.

everything.html  to read, in any browser
export.json      for programs; `intersession import store` takes it into a new store
*.csv            for spreadsheets. A text that a spreadsheet would take for a formula has an apostrophe before it;
                 export.json has it as it was written.
"""

_STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:45rem;margin:2rem auto;padding:0 1rem}"
    "article{border-top:1px solid #999;padding:.5rem 0}.said{white-space:pre-wrap}small{color:#444}"
)


def page(export: Export) -> str:
    """Everything as one page: no script, nothing from elsewhere."""
    source = f" from {_text(export.practice)}" if export.practice else ""
    left_out = "".join(f"<li>{_text(one)}</li>" for one in export.left_out)
    blocks = [
        f"<h1>{_text(export.name or 'My record')}</h1>",
        f"<p>Exported on {_moment(export.exported_at)}{source}. <strong>It includes private entries.</strong></p>",
        *_part("Journal", map(_entry, export.entries)),
        *_part("Symptoms", _logs(export)),
        *_part("Homework", _homework(export)),
        *_part("Assessments", _assessments(export)),
        *_part("Goals", _goals(export)),
        *_part("To talk about", _topics(export)),
        *_part("Comments", (_article(one.made_at, [_said(one.text)]) for one in export.comments)),
        *_part(
            "Safety plan",
            _safety(export),
        ),
        *_part("Started, not finished", _drafts(export)),
        *_part("Not accepted by the practice", (_article(one.at, [_said(one.text)]) for one in export.refusals)),
        *_part("What is not in this export", [f"<ul>{left_out}</ul>"]),
    ]
    head = f'<meta charset="utf-8"><title>{_text(export.name or "My record")}</title><style>{_STYLE}</style>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>\n' + "\n".join(blocks) + "\n</body></html>\n"


def tables(export: Export) -> dict[str, str]:
    """Tables by file name."""
    return {
        "entries.csv": _table(
            ("written_at", "private", "mood", "tags", "text", "sections", "id"),
            (
                (
                    one.written_at.isoformat(),
                    _yes(not one.shared),
                    one.mood,
                    ", ".join(one.tags),
                    one.text,
                    "\n\n".join(f"{section.prompt}\n{answered(section)}" for section in one.sections),
                    one.id,
                )
                for one in export.entries
            ),
        ),
        "symptoms.csv": _table(
            ("at", "symptom", "value", "lowest", "highest", "note", "private", "id"),
            (
                (
                    log.at.isoformat(),
                    name,
                    value,
                    *(log.scale or ("", "")),
                    log.note,
                    "no" if log.shared else "yes",
                    log.id,
                )
                for log in export.symptom_logs
                for name, value in log.values.items()
            ),
        ),
        "homework.csv": _table(
            (
                "done_at",
                "homework",
                "occurrence",
                "status",
                "difficulty",
                "helpfulness",
                "answers",
                "learned",
                "barrier",
            ),
            (
                (
                    one.done_at.isoformat(),
                    homework.what,
                    one.occurrence,
                    one.status,
                    one.difficulty,
                    one.helpfulness,
                    "\n".join(f"{answer.prompt}: {shown(answer)}" for answer in one.answers),
                    one.learned,
                    " ".join(filter(None, (one.barrier, one.barrier_note))),
                )
                for homework in export.homework
                for one in homework.progress
            ),
        ),
        "assessments.csv": _table(
            ("completed_at", "instrument", "item", "answer", "scores"),
            (
                (
                    one.completed_at.isoformat() if one.completed_at else "not completed",
                    one.title,
                    item,
                    answer,
                    _scores(one),
                )
                for one in export.assessments
                for item, answer in one.answers.items()
            ),
        ),
        "topics.csv": _table(
            ("made_at", "text", "talked_on"),
            (
                ("" if one.made_at is None else one.made_at.isoformat(), one.text, one.talked_on or "")
                for one in export.topics
            ),
        ),
        "goals.csv": _table(
            ("what", "why", "state", "steps"),
            (
                (one.what, one.why, one.state, "\n".join(f"{'x' if s.done_on else '-'} {s.text}" for s in one.steps))
                for one in export.goals
            ),
        ),
    }


def answered(section: Section) -> str:
    """What a section says, of whatever type."""
    return "\n".join(filter(None, (section.text, "" if section.value is None else _value(section.value, section.unit))))


def shown(answer: Answer) -> str:
    """An answer of a worksheet in words."""
    return _value(answer.value, answer.unit)


def _value(value: object, unit: str) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return f"{value} {unit}".rstrip()


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return file.getvalue()


def _yes(true: bool) -> str:
    return "yes" if true else "no"


def _cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula, whoever wrote what is in it."""
    if not isinstance(value, str):
        return "" if value is None else value
    begins = value.lstrip(" \t\r\n\u00a0\u3000")[:1]
    return f"'{value}" if begins in tuple("=+-@＝＋－＠") or value[:1] in ("\t", "\r") else value


def _part(title: str, blocks: Iterable[str]) -> list[str]:
    found = [block for block in blocks if block]
    return [f"<h2>{title}</h2>", *found] if found else []


def _entry(one: Entry) -> str:
    marks = ["shared" if one.shared else "private", *([f"mood {one.mood}"] if one.mood is not None else [])]
    marks += [f"#{tag}" for tag in one.tags]
    sections = [f"<h4>{_text(section.prompt)}</h4>{_said(answered(section))}" for section in one.sections]
    return _article(one.written_at, [_said(one.text), *sections], ", ".join(marks))


def _logs(export: Export) -> Iterator[str]:
    for one in export.symptom_logs:
        values = ", ".join(f"{name} {value}" for name, value in one.values.items())
        scale = f" ({one.scale[0]} to {one.scale[1]})" if one.scale else ""
        yield _article(
            one.at, [f"<p>{_text(values + scale)}</p>", _said(one.note)], "shared" if one.shared else "private"
        )


def _homework(export: Export) -> Iterator[str]:
    for homework in export.homework:
        yield f"<h3>{_text(homework.what)}</h3>{_said(homework.why)}"
        for one in homework.progress:
            answers = [f"<h4>{_text(answer.prompt)}</h4>{_said(shown(answer))}" for answer in one.answers]
            yield _article(one.done_at, [*answers, _said(one.learned), _said(one.barrier_note)], one.status)


def _assessments(export: Export) -> Iterator[str]:
    for one in export.assessments:
        answers = [f"<p>{_text(item)}: {_text(str(answer))}</p>" for item, answer in one.answers.items()]
        yield _article(one.completed_at or one.started_at, [*answers, _said(_scores(one))], f"{one.title}, {one.state}")


def _scores(one: Assessment) -> str:
    return "; ".join(f"{score.key} {'not scored' if score.score is None else score.score}" for score in one.scores)


def _goals(export: Export) -> Iterator[str]:
    for one in export.goals:
        steps = "".join(f"<li>{_text(step.text)}{' (done)' if step.done_on else ''}</li>" for step in one.steps)
        yield f"<article><h3>{_text(one.what)}</h3>{_said(one.why)}<ul>{steps}</ul></article>"


def _topics(export: Export) -> Iterator[str]:
    for one in export.topics:
        mark = f"talked about on {one.talked_on}" if one.talked_on is not None else ""
        said = _said(one.text)
        yield _article(one.made_at, [said], mark) if one.made_at is not None else f"<article>{said}</article>"


def _drafts(export: Export) -> Iterator[str]:
    for one in export.drafts:
        answers = [f"<h4>{_text(answer.prompt)}</h4>{_said(answer.text)}" for answer in one.answers]
        yield _article(one.kept_at, answers, one.title)


def _safety(export: Export) -> Iterator[str]:
    for one in export.plan.safety_plan.values():
        yield f"<p>{_text(one.text)} {_text(one.contact)}</p>"


def _article(at: datetime, blocks: Iterable[str], marks: str = "") -> str:
    return f"<article><h3>{_moment(at)}</h3><small>{_text(marks)}</small>{''.join(blocks)}</article>"


def _said(text: str) -> str:
    return f'<div class="said">{_text(text)}</div>' if text else ""


def _text(text: str) -> str:
    return escape(text)


def _moment(at: datetime) -> str:
    return at.isoformat(sep=" ", timespec="minutes")
