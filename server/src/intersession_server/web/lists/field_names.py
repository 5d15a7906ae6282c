"""What lists, fields and the values of fields are called where a kind of document has no card of its own. Pure."""

from __future__ import annotations

from intersession_schemas.instruments import INSTRUMENTS, labels
from intersession_server.language.language import current, say


def list_heading(path: str, heading: str) -> str:
    """The heading of a list by its path; `heading` where nothing else is known."""
    return {
        "homework": say("Homework"),
        "homework-progress": say("Homework progress"),
        "homework-reviews": say("Homework reviews"),
        "goals": say("Goals"),
        "resources": say("Resources"),
        "comments": say("Comments"),
        "assessments": say("Assessments"),
        "acknowledgements": say("Acknowledgements"),
        "sessions": say("Sessions"),
        "episodes": say("Episodes"),
        "topics": say("Topics"),
        "scores": say("Scores"),
        "signals": say("Signals"),
    }.get(path, heading)


def field_words(name: str) -> str:
    """What a field is called; its own name where there are no words for it."""
    return _FIELDS[name]() if name in _FIELDS else name.replace("_", " ").capitalize()


def value_words(field: str, value: str) -> str:
    """What one of the values that a field can have is called; any other text as it is."""
    if field == "instrument" and value in INSTRUMENTS:
        return labels.title(INSTRUMENTS[value], current().tag)
    if field not in ("state", "status", "phase", "barrier", "decision", "type"):
        return value
    return _VALUES[value]() if value in _VALUES else value


_FIELDS = {
    "answers": lambda: say("Answers"),
    "at": lambda: say("At"),
    "barrier": lambda: say("Barrier"),
    "barrier_note": lambda: say("Barrier note"),
    "baseline": lambda: say("Baseline"),
    "began_on": lambda: say("Began on"),
    "completed_at": lambda: say("Completed at"),
    "completions": lambda: say("Completions"),
    "conflicts": lambda: say("Conflicts"),
    "corrected_at": lambda: say("Corrected at"),
    "decision": lambda: say("Decision"),
    "difficulty": lambda: say("Difficulty"),
    "done_at": lambda: say("Done at"),
    "draft": lambda: say("Draft"),
    "earlier": lambda: say("Earlier"),
    "ended_on": lambda: say("Ended on"),
    "entered_at": lambda: say("Entered at"),
    "helped": lambda: say("Helped"),
    "helpfulness": lambda: say("Helpfulness"),
    "instrument": lambda: say("Instrument"),
    "key": lambda: say("Key"),
    "label": lambda: say("Label"),
    "learned": lambda: say("Learned"),
    "made_at": lambda: say("Made at"),
    "minutes": lambda: say("Minutes"),
    "note": lambda: say("Note"),
    "occurrence": lambda: say("Occurrence"),
    "overridden": lambda: say("Overridden"),
    "phase": lambda: say("Phase"),
    "phase_began_on": lambda: say("Phase began on"),
    "planned_at": lambda: say("Planned at"),
    "prompt": lambda: say("Prompt"),
    "reason": lambda: say("Reason"),
    "reviewed_at": lambda: say("Reviewed at"),
    "said_at": lambda: say("Said at"),
    "signal": lambda: say("Signal"),
    "started_at": lambda: say("Started at"),
    "state": lambda: say("State"),
    "status": lambda: say("Status"),
    "talked_on": lambda: say("Talked on"),
    "text": lambda: say("Text"),
    "type": lambda: say("Type"),
    "unit": lambda: say("Unit"),
    "value": lambda: say("Value"),
    "wording": lambda: say("Wording"),
    "zone": lambda: say("Zone"),
}
_VALUES = {
    "done": lambda: say("done"),
    "partly": lambda: say("partly"),
    "not": lambda: say("not done"),
    "could_not": lambda: say("could not"),
    "forgot": lambda: say("forgot"),
    "no_chance": lambda: say("no chance"),
    "too_hard": lambda: say("too hard"),
    "unclear": lambda: say("unclear"),
    "felt_worse": lambda: say("felt worse"),
    "no_point": lambda: say("did not see the point"),
    "keep": lambda: say("Kept as it is"),
    "adapt": lambda: say("Adapted"),
    "step_up": lambda: say("Stepped up"),
    "step_down": lambda: say("Stepped down"),
    "replace": lambda: say("Replaced"),
    "stop": lambda: say("Stopped"),
    "own": lambda: say("own"),
    "verified": lambda: say("verified"),
    "imported": lambda: say("imported"),
    "paper": lambda: say("paper"),
    "draft": lambda: say("draft"),
    "completed": lambda: say("completed"),
    "planned": lambda: say("planned"),
    "attended": lambda: say("attended"),
    "missed": lambda: say("did not attend"),
    "cancelled": lambda: say("cancelled"),
    "assessment": lambda: say("assessment"),
    "treatment": lambda: say("treatment"),
    "follow_up": lambda: say("follow-up"),
    "ended": lambda: say("ended"),
    "prose": lambda: say("text"),
    "scale": lambda: say("scale"),
    "number": lambda: say("number"),
    "yes_no": lambda: say("yes or no"),
    "one_of": lambda: say("single choice"),
    "several_of": lambda: say("multiple choice"),
    "checklist": lambda: say("checklist"),
    "time": lambda: say("time of day"),
}
