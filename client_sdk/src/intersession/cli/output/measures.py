"""What the command prints of assessments, scores and the safety plan: lines for people."""

from __future__ import annotations

from intersession.cli.output import care
from intersession.cli.output.language import told
from intersession.cli.output.printing import moment
from intersession.models.measures import Assessment, Available, Choice, CrisisLine, LocalHelp, Question, Safety
from intersession_schemas.instruments.scoring import ScaleScore

_INDENT = "    "


def available(one: Available) -> str:
    """An instrument that can be answered, in one line."""
    marks = [f"due {one.due.day}" if one.due is not None else "", "begun" if one.draft is not None else ""]
    said = ", ".join(filter(None, marks))
    return f"{one.title}  ({one.window}; {len(one.items)} questions)  intersession assess {one.instrument}" + (
        f"  {said}" if said else ""
    )


def introduction(one: Available) -> list[str]:
    """What stands above the questions."""
    rights = [text for text in (one.copyright, one.licence if one.status != "own" else "") if text]
    return [one.title, *one.instructions, *rights]


def question(one: Question) -> str:
    """A question with what may be answered."""
    answers = "; ".join(map(_choice, one.choices)) if one.choices else f"{one.allowed[0]} to {one.allowed[-1]}"
    return f"{one.prompt or one.label} ({answers}{'; Enter skips' if one.optional else ''})"


def _choice(one: Choice) -> str:
    """An answer after what is typed for it."""
    if one.value is None:
        return f"Enter {one.text}"
    typed = {True: "y", False: "n"}[one.value] if isinstance(one.value, bool) else str(one.value)
    return one.text if one.text.casefold().startswith(typed) else f"{typed} {one.text}"


def assessment(one: Assessment) -> str:
    """An assessment with what it comes to."""
    at = one.completed_at or one.started_at
    state = "begun" if one.state == "draft" else "completed"
    paper = ", entered by your care team" if one.administered_by is not None else ""
    amended = ", corrected since" if one.amended_by else ""
    lines = [f"{moment(at)}  {one.title}: {state}{paper}{amended}  ({str(one.id)[:8]})"]
    lines += [_INDENT + scale(each) for each in one.scores if each.score is not None]
    lines += [_INDENT + one.note] if one.note else []
    if len(one.completions) > 1:
        lines.append(f"{_INDENT}completed on {len(one.completions)} devices at once; the newest is shown")
    lines += [f"{_INDENT}answered differently on two devices: {', '.join(one.conflicts)}"] if one.conflicts else []
    lines += [f"{_INDENT}[{problem}]" for problem in one.problems]
    return "\n".join(lines)


def scale(one: ScaleScore) -> str:
    """A score with its range and its band."""
    return f"{one.key}: {one.score} ({one.low} to {one.high}){f', {one.band}' if one.band else ''}"


def safety(one: Safety) -> list[str]:
    """The safety plan with what belongs to it, under the words that nobody reads along."""
    help = [] if one.help is None else local_help(one.help)
    return [one.notice, *care.safety(one.steps), *(care.resource(each) for each in one.resources), *help]


def local_help(one: LocalHelp) -> list[str]:
    """Whom to call in the practice's country."""
    emergency = told("help emergency", number=" / ".join(one.emergency))
    return [emergency, *map(_crisis_line, one.lines), told("help looked up", day=one.looked_up)]


def _crisis_line(one: CrisisLine) -> str:
    said = {"name": one.name, "number": one.number}
    if one.by == "call":
        return told("help call", **said)
    return told("help text word", word=one.word, **said) if one.word else told("help text", **said)
