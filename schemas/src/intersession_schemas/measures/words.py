"""The words of signals, in one table. Plain and calm: what was said or did not arrive, and how old that is.

Never a diagnosis, never what somebody must do. Locales without a table of their own are told in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "risk": "{title}, “{item}”: answered “{answer}” {age}{where}.",
        "risk completed": "",
        "risk draft": " in an unfinished assessment",
        "risk overridden": "; the answer was changed afterwards",
        "risk not kept": "; the assessment was completed with another answer",
        "risk amended": "; the assessment was corrected later",
        "risk level": " Published risk level: “{level}”.",
        "late": " Received {days} later, on {arrived}.",
        "deterioration": (
            "{title}, {scale}: {after} on {day}, {before} on {before_day} ({against}). "
            "This is a reliable deterioration: more than measurement error explains ({threshold} points)."
        ),
        "against baseline": "the baseline",
        "against first of the episode": "the first of this episode",
        "against last": "the one before",
        "missed_run": "“{what}”: not done or not reported {count} times in a row, from {first} to {last}.",
        "silence": (
            "No journal entries or symptom logs received since {day} ({days}). "
            "Nine times in ten, this client writes again within {gap}."
        ),
        "not_accepted": (
            "An answer sent on {day} for an assessment was not accepted: it would have changed a final answer, or "
            "could not be read. It is not shown anywhere."
        ),
        "heard": " Last sync: {day}.",
        "yes": "yes",
        "no": "no",
        "today": "today",
        "one day ago": "1 day ago",
        "days ago": "{days} days ago",
        "one day": "1 day",
        "days": "{days} days",
    }
}
"""By locale, then by what is said. Names in braces are filled in."""


def say(locale: str, told: str, /, **values: object) -> str:
    """The text for `told`, in the language of `locale` where there is a table for it."""
    table = WORDS.get(locale) or WORDS.get(locale.replace("_", "-").split("-")[0]) or WORDS["en"]
    return table.get(told, WORDS["en"][told]).format(**values)


def days_text(locale: str, days: int) -> str:
    """So many days."""
    return say(locale, "one day") if days == 1 else say(locale, "days", days=days)


def ago_text(locale: str, days: int) -> str:
    """So many days ago; today for none, and for what a wrong clock puts ahead."""
    if days <= 0:
        return say(locale, "today")
    return say(locale, "one day ago") if days == 1 else say(locale, "days ago", days=days)


def day_text(day: date) -> str:
    """A day, as 2026-05-04: the same in every language."""
    return day.isoformat()


def number_text(value: float) -> str:
    """A number without needless digits."""
    return str(int(value)) if float(value).is_integer() else f"{value:.1f}"
