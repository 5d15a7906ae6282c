"""Answer lists of LOINC that are known by their codes: which answers they have, and what those score.

LOINC's words for the answers are not part of it. Where a file names a list and brings no texts along, short words of
our own stand for them, in the language of the file; the import says so.
"""

from __future__ import annotations

import re

from intersession_schemas.instruments.known import INSTRUMENTS
from intersession_schemas.instruments.wording.questionnaires import LOINC

FREQUENCIES = "LL358-3"
DIFFICULTIES = "LL359-1"
LISTS: dict[str, tuple[str, ...]] = {
    FREQUENCIES: ("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"),
    DIFFICULTIES: ("LA6572-7", "LA6573-5", "LA6575-0", "LA6574-3"),
}
PLACES = dict(INSTRUMENTS["phq-9"].codes.answers)
"""Which of its list's answers a code is, from the one that says least."""
SCORES = {code: PLACES[code] for code in LISTS[FREQUENCIES]}
"""Of the answers that LOINC scores. How difficult something is has an order and no score."""

_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    FREQUENCIES: {
        "en": ("Never", "On some days", "On most days", "On nearly all days"),
        "de": ("Nie", "An manchen Tagen", "An den meisten Tagen", "An fast allen Tagen"),
        "fr": ("Jamais", "Quelques jours", "La plupart des jours", "Presque chaque jour"),
        "es": ("Nunca", "Algunos días", "La mayor parte de los días", "Casi a diario"),
        "nl": ("Nooit", "Op enkele dagen", "Op de meeste dagen", "Op bijna alle dagen"),
        "it": ("Mai", "In alcuni giorni", "La maggior parte dei giorni", "Quasi tutti i giorni"),
        "pt": ("Nunca", "Em alguns dias", "Na maior parte dos dias", "Quase todos os dias"),
    },
    DIFFICULTIES: {
        "en": ("Not hard", "A little hard", "Hard", "As hard as can be"),
        "de": ("Gar nicht schwer", "Ein wenig schwer", "Schwer", "Äußerst schwer"),
        "fr": ("Pas dur", "Un peu dur", "Dur", "Extrêmement dur"),
        "es": ("Nada duro", "Un poco duro", "Duro", "Lo más duro posible"),
        "nl": ("Niet zwaar", "Een beetje zwaar", "Zwaar", "Zo zwaar als kan"),
        "it": ("Per niente duro", "Un poco duro", "Duro", "Il più duro possibile"),
        "pt": ("Nada duro", "Um pouco duro", "Duro", "O mais duro possível"),
    },
}
_NAMED = re.compile(r"(?:^|[/#:])(LL\d{1,7}-\d)$")


def list_named(reference: str) -> str | None:
    """The list that an address like `http://loinc.org/vs/LL358-3` names; None where it is none that is known."""
    found = _NAMED.search(reference.partition("|")[0])
    return found[1] if found and found[1] in LISTS else None


def own_words(code: str | None, system: str | None, language: str | None) -> str | None:
    """Our own words for a coded answer of a known list, in a language; None where there are none."""
    if system not in {LOINC, None} or code is None:
        return None
    for key, codes in LISTS.items():
        if code in codes:
            spoken = _WORDS[key].get((language or "en").partition("-")[0].lower())
            return None if spoken is None else spoken[codes.index(code)]
    return None
