"""The words of signals, in one table. Plain and calm: what was said or did not arrive, and how old that is.

Never a diagnosis, never what somebody must do. Locales without a table of their own are told in English.
"""

from __future__ import annotations

from datetime import date

from intersession_schemas.languages import Tables, phrase

WORDS: Tables = {
    "en": {
        "risk": "{title}, “{item}”: answered “{answer}” {age}{where}.",
        "risk completed": "",
        "risk draft": " in an unfinished assessment",
        "risk overridden": "; the answer was changed afterwards",
        "risk not kept": "; the assessment was completed with another answer",
        "risk amended": "; the assessment was corrected later",
        "risk level": " Published risk level: “{level}”.",
        "risk others": " Also answered yes: {items}.",
        "quoted": "“{what}”",
        "late": " Received {days} later, on {arrived}.",
        "odd": " The device dated it {day}, which cannot be right: it counts as of when it was received.",
        "deterioration": "{title}, {scale}: {first} on {first_day} and {after} on {day}.",
        "deterioration once": "{title}, {scale}: {after} on {day}.",
        "level": " The best level before was {level} (median from {level_day} to {level_to}).",
        "level once": " Before, it was {level} on {level_day}.",
        "evidence reliable": (
            " This is a reliable deterioration: more than measurement error explains ({threshold} points)."
        ),
        "evidence published": " This is more than the published important difference ({threshold} points).",
        "evidence varies": " It is also more than this client's own scores usually vary.",
        "evidence own": (
            " This is more than this client's own scores usually vary ({threshold} points). "
            "No reliable change is published for this scale."
        ),
        "evidence band": " Severity band: “{after}”, before “{before}”.",
        "evidence severest": " Severity band: “{after}”, the most severe one, before “{before}”.",
        "evidence limit": " This is at or above the threshold set in the plan ({threshold} points).",
        "over": " From {day} on, scores were back near that level.",
        "missed_run": "“{what}”: not done or not reported {count} times in a row, from {first} to {last}.",
        "silence": "No entries, logs, homework or assessments received since {day} ({days}).",
        "silence from the beginning": "Nothing received yet. The plan has asked for something since {day} ({days}).",
        "without pauses": "{days} without pauses",
        "usual gap": " Nine times in ten, this client writes again within {gap}.",
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
    },
    "de": {
        "risk": "{title}, „{item}“: {age} mit „{answer}“ beantwortet{where}.",
        "risk completed": "",
        "risk draft": ", in einem noch nicht abgeschlossenen Fragebogen",
        "risk overridden": "; die Antwort wurde danach geändert",
        "risk not kept": "; der Fragebogen wurde mit einer anderen Antwort abgeschlossen",
        "risk amended": "; der Fragebogen wurde später korrigiert",
        "risk level": " Veröffentlichte Risikostufe: „{level}“.",
        "risk others": " Ebenfalls mit Ja beantwortet: {items}.",
        "quoted": "„{what}“",
        "late": " {days} später eingegangen, am {arrived}.",
        "odd": " Das Gerät gibt als Datum {day} an, was nicht stimmen kann: Es zählt der Tag des Eingangs.",
        "deterioration": "{title}, {scale}: {first} am {first_day} und {after} am {day}.",
        "deterioration once": "{title}, {scale}: {after} am {day}.",
        "level": " Der beste Stand davor war {level} (Median vom {level_day} bis {level_to}).",
        "level once": " Davor waren es {level} am {level_day}.",
        "evidence reliable": (
            " Das ist eine reliable Verschlechterung: mehr, als der Messfehler erklärt ({threshold} Punkte)."
        ),
        "evidence published": " Das ist mehr als der veröffentlichte bedeutsame Unterschied ({threshold} Punkte).",
        "evidence varies": " Es ist auch mehr, als die Werte dieser Person sonst schwanken.",
        "evidence own": (
            " Das ist mehr, als die Werte dieser Person sonst schwanken ({threshold} Punkte). "
            "Für diese Skala ist keine reliable Veränderung veröffentlicht."
        ),
        "evidence band": " Schweregrad: „{after}“, davor „{before}“.",
        "evidence severest": " Schweregrad: „{after}“, der höchste, davor „{before}“.",
        "evidence limit": " Damit ist die im Plan vereinbarte Schwelle erreicht ({threshold} Punkte).",
        "over": " Ab {day} lagen die Werte wieder nahe diesem Stand.",
        "missed_run": "„{what}“: {count}-mal in Folge nicht gemacht oder nicht berichtet, von {first} bis {last}.",
        "silence": "Seit {day} sind keine Einträge, Protokolle, Übungen oder Fragebögen eingegangen ({days}).",
        "silence from the beginning": "Noch ist nichts eingegangen. Der Plan sieht seit {day} etwas vor ({days}).",
        "without pauses": "{days} ohne Pausen",
        "usual gap": " In neun von zehn Fällen vergehen bis zum nächsten Eintrag höchstens {gap}.",
        "not_accepted": (
            "Eine am {day} gesendete Antwort zu einem Fragebogen wurde nicht angenommen: Sie hätte eine endgültige "
            "Antwort geändert oder war nicht lesbar. Sie wird nirgends angezeigt."
        ),
        "heard": " Letzter Abgleich: {day}.",
        "yes": "ja",
        "no": "nein",
        "today": "heute",
        "one day ago": "vor 1 Tag",
        "days ago": "vor {days} Tagen",
        "one day": "1 Tag",
        "days": "{days} Tage",
    },
}
"""By locale, then by what is said. Names in braces are filled in."""


def say(locale: str, told: str, /, **values: object) -> str:
    """The text for `told`, in the language of `locale` where there is a table for it."""
    return phrase(WORDS, locale, told, **values)


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
