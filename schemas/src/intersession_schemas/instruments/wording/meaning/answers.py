"""How much an answer says, from "not at all" to "always": read from its words, or from its LOINC code.

A reading is an interval of 0 to 10, wide where the words of one language mean more than one thing. Two answers are
compared only where their intervals lie apart; what cannot be compared says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from intersession_schemas.instruments.wording.meaning.stems import alternatives, folded, spellings

Extent = tuple[float, float]

NOTHING: Extent = (0, 0)
_EXTENTS: dict[Extent, str] = {
    NOTHING: (
        "not at all|never|none|no.|nothing|at no time|not once|not true|did not apply|does not apply"
        "|not difficult|not a problem|no problem|not distressed|uberhaupt nicht|gar nicht|nie.|niemals|kein"
        "|zu keinem zeitpunkt|trifft nicht|traf nicht|nein.|keinmal|an keinem tag|pas du tout|jamais|aucun|non."
        "|absolument pas|nul.|nunca|ningun|nada.|para nada|en absoluto|jamas|en ningun momento|helemaal niet"
        "|nooit|geen.|nee.|niet.|nimmer|mai.|per niente|per nulla|affatto|nessun|niente|nenhum|de modo nenhum"
        "|de forma alguma|em nenhum momento|nao.|de maneira nenhuma"
    ),
    (0.5, 1): (
        "hardly|almost never|nearly never|very rarely|barely|fast nie.|kaum|so gut wie nie.|beinahe nie."
        "|presque jamais|a peine|casi nunca|apenas|bijna nooit|nauwelijks|quasi mai.|a malapena|quase nunca"
        "|presque pas"
    ),
    (0.5, 1.8): (
        "rarely|seldom|less than monthly|less than once a month|selten|seltener als|weniger als einmal im monat"
        "|rarement|moins d une fois par mois|moins d une fois|rara vez|raramente|menos de una vez|zelden"
        "|minder dan maandelijks|minder dan een keer|meno di una volta|menos de uma vez|menos que mensual"
    ),
    (0.5, 2): (
        "not very|not often|not much|not so often|nicht sehr|nicht oft|nicht viel|pas tres|pas souvent"
        "|pas beaucoup|no muy|no mucho|niet erg|niet vaak|niet veel|non molto|non spesso|nao muito|definitely not"
        "|definitely less|much less|deutlich weniger|viel weniger|bien moins|beaucoup moins|mucho menos"
        "|veel minder|molto meno|muito menos|claramente menos|dissatisf|unzufrieden|insatisf|ontevreden|insoddisf"
        "|pas satisf"
    ),
    (1, 2): (
        "a little|a bit|little|slight|mild.|mildly|ein wenig|ein bisschen|etwas.|wenig.|leicht|gering|un peu|peu."
        "|leger|un poco|poco.|leve|ligera|een beetje|een klein beetje|weinig|licht.|lichte|un po.|un poco|lieve"
        "|leggerment|um pouco|pouco.|ligeira|monthly or less|einmal im monat oder|mal pro monat oder"
        "|une fois par mois ou|una o menos|una vez al mes o|maandelijks of|una volta al mese o|uma vez por mes ou"
        "|mensalmente ou"
    ),
    (2.1, 3.4): (
        "month|*monat|mois.|mes.|mensual|maand|mese.|mensil|mensal|a month|a year ago|not in the last"
        "|not in the past|nicht im letzten|nicht in den letzten|mais pas|pero no.|maar niet|ma non.|mas nao."
    ),
    (2.1, 4): (
        "sometimes|several|some.|somewhat|some days|now and then|occasional|once in a while|from time to time"
        "|einzelnen|mehrere|einige|manchmal|ab und zu|gelegentlich|hin und wieder|parfois|plusieurs|quelques"
        "|de temps|quelquefois|varios|alguna|algunos|a veces|algo.|de vez en cuando|soms.|meerdere|verschillende"
        "|af en toe|enkele|alcuni|alcune|diversi|qualche|a volte|talvolta|vari.|alguns|algumas|as vezes|por vezes"
        "|ocasional|manchen|not quite|rather less|nicht ganz|etwas weniger|pas autant|plutot moins"
        "|pas tout a fait|no tanto|tanto.|algo menos|niet zoveel|iets minder|non proprio|un po meno|nao tanto"
        "|um pouco menos|bastante menos"
    ),
    (2.1, 4.5): (
        "less than half|weniger als die halfte|weniger als der halfte|moins de la moitie|menos de la mitad"
        "|minder dan de helft|meno della meta|menos de metade|menos da metade"
    ),
    (3.5, 5.5): "moderate|massig|mittel|moyen|modere|moderad|medio.|matig|moderat|medianamente|definitely.|deutlich.",
    (3.5, 6): "week|*woche|semaine|hebdomad|semana|settiman",
    (4.6, 6): (
        "more than half|over half|over the half|mehr als die halfte|mehr als der halfte|uber die halfte"
        "|plus de la moitie|mas de la mitad|meer dan de helft|piu della meta|oltre la meta|piu di meta"
        "|mais da metade|mais de metade|mais do que metade"
    ),
    (4.1, 6): "fairly often|quite often|ziemlich oft|assez souvent|bastante a menudo|vrij vaak|abbastanza spesso",
    (4.1, 7): (
        "often|frequent|quite a|quite|considerabl|a good|a lot|much.|fairly|marked|*oft.|haufig|ziemlich|stark."
        "|erheblich|souvent|beaucoup|assez|nettement|a menudo|mucho|bastante|con frecuencia|vaak|veel.|behoorlijk"
        "|tamelijk|nogal|spesso|molto|abbastanza|parecchi|muitas vezes|muito|bastantes|satisf|zufrieden|tevreden"
        "|soddisf|during the last|during the past|ja im letzten|ja in den letzten|pendant|durante|gedurende"
        "|nell ultimo"
    ),
    (6.1, 7.5): (
        "most.|mostly|usually|almost always|nearly always|meist|fast immer|presque toujours|la plupart"
        "|casi siempre|la mayor|bijna altijd|de meeste|meestal|quasi sempre|la maggior|quase sempre|a maior parte"
        "|a maioria|most days|meisten tagen"
    ),
    (6.1, 8.5): (
        "severe|nearly every|nearly all|almost every|almost all|daily|fast jed|beinahe|nahezu|fast alle"
        "|fast taglich|taglich|schwer.|schwere|presque tous|presque chaque|grave|casi todo|casi a diario|diari"
        "|bijna elke|bijna iedere|bijna alle|dagelijks|ernstig|quasi ogni|quasi tutti|giornalm|quotidian"
        "|quase todo|quotidien|diariamente|very often|sehr oft|sehr haufig|tres souvent|muy a menudo|heel vaak"
        "|zeer vaak|molto spesso|con muita frequencia|muy frecuente"
    ),
    (7.1, 9.5): "very much|sehr viel|sehr stark|sehr gut|enormement|muchisimo|heel veel|zeer veel|heel erg|moltissimo",
    (7.6, 10): (
        "always|all of the time|all the time|every day|whole time|constant|extreme|very severe|very satisf"
        "|as much as|immer.|standig|die ganze zeit|jeden tag|dauernd|ausserst|extrem|sehr schwer|so viel wie"
        "|sehr zufrieden|toujours|tout le temps|tous les jours|chaque jour|autant|aussi|tres satisf|siempre"
        "|todo el tiempo|cada dia|todos los dias|tanto como|muy satisf|altijd|de hele tijd|elke dag|iedere dag"
        "|evenveel|zoveel als|zeer tevreden|sempre|tutto il tempo|ogni giorno|tutti i giorni|estremament"
        "|tanto quanto|molto soddisf|todo o tempo|o tempo todo|todos os dias|tanto quanto|muito satisf|permanent"
        "|very severely|as can be"
    ),
}
_BY_STEM = {stem: extent for extent, pattern in _EXTENTS.items() for (stem,) in alternatives(pattern)}
_YES, _NO = {"yes", "ja", "oui", "si", "sim"}, {"no", "nein", "non", "nee", "nao"}
_NEGATIONS = _NO | {"not", "nicht", "pas", "niet"}
_LED_BY_NO = 2.0
_LED_BY_YES: Extent = (4.1, 8.5)
_NEGATED: Extent = (0, 4)
_NUMBER = re.compile(r"\s*\(?(\d{1,3})(?!\d)")
_BARE = re.compile(r"[\s(]*\d{1,3}[\s.):]*")


def said_yes(text: str) -> bool | None:
    """Whether an answer begins with a yes or with a no; None for neither."""
    first = folded(text).split()[:1]
    return True if first and first[0] in _YES else False if first and first[0] in _NO else None


def extent(text: str) -> Extent | None:
    """How much an answer says by its words; None when none of them is known."""
    return next((found for words in spellings(text) if (found := _extent(words, text)) is not None), None)


def _extent(words: str, text: str) -> Extent | None:
    led = said_yes(text)
    after = words if led is None else f" {' '.join(words.split()[1:])} "
    stem = max((one for one in _BY_STEM if one in after), key=lambda one: len(one.strip()), default=None)
    if stem is None:
        return None if led is None else _LED_BY_YES if led else NOTHING
    found = _BY_STEM[stem]
    if led is False:
        return NOTHING if found == NOTHING else (0, _LED_BY_NO)
    before = after[: after.index(stem)].split()
    if found[0] > 0 and before and before[-1] in _NEGATIONS:
        return _NEGATED
    return found


def extents(texts: Sequence[str], codes: Sequence[int | None]) -> tuple[list[Extent | None], list[Extent | None]]:
    """How much each of a question's answers says: by words, or by the numbers that they begin with; and by `codes`.

    `codes` are the scores that LOINC has for the answers' codes, None for any other.
    """
    by_words = [extent(text) for text in texts]
    if all(one is None for one in by_words):
        numbers = [_NUMBER.match(text) for text in texts]
        by_words = [None if one is None else (float(one[1]), float(one[1])) for one in numbers]
    by_codes: list[Extent | None] = [None if one is None else (float(one), float(one)) for one in codes]
    return by_words, by_codes


def runs(values: Sequence[int | None], read: Sequence[Extent | None]) -> tuple[int | None, bool]:
    """Whether values rise (1) or fall (-1) with what the answers say, or both (0), None where that cannot be read;
    and whether the answers with the lowest and the highest value are among those that can be compared."""
    pairs = [(value, one) for value, one in zip(values, read, strict=True) if value is not None and one is not None]
    signs = {
        1 if more[0] > less[1] else -1
        for value, less in pairs
        for other, more in pairs
        if other > value and _apart(less, more)
    }
    known = [value for value in values if value is not None]
    ends = dict[int, Extent](pairs)
    low, high = (ends.get(min(known)), ends.get(max(known))) if known else (None, None)
    whole = low is not None and high is not None and _apart(low, high)
    way = None if not signs else next(iter(signs)) if len(signs) == 1 else 0
    return way, whole


def _apart(one: Extent, other: Extent) -> bool:
    return one[1] < other[0] or other[1] < one[0]


def bare_numbers(texts: Sequence[str]) -> bool:
    """Whether answers are numbers and nothing else: which end is more, no word of theirs says."""
    return all(_BARE.fullmatch(text) for text in texts)
