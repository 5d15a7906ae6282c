"""Which of seven languages a text is in, by small words that no other of them has."""

from __future__ import annotations

from intersession_schemas.instruments.wording.meaning.stems import folded

_SMALL_WORDS = {
    "en": "the of and you your have been how with that were feel feeling which what from has not been",
    "de": "der das und ist nicht sich sie ihre ihr haben wie oft auf mit im fuhlten waren von bei zu einer ihnen",
    "fr": "les des vous votre avez dans pas est etre avec sur aux ete qui etes cette",
    "es": "los las usted el sus muy cuando y su sentido esta sin",
    "nl": "het een niet u uw heeft hoe zich hebt werd bent dat ik van voor",
    "it": "gli della che nel sono di piu degli hai lei delle nelle stato",
    "pt": "voce nao uma os ao com em seu sua pela tem sentiu",
}
_OWN = {
    language: frozenset(words.split()).difference(
        *(other.split() for name, other in _SMALL_WORDS.items() if name != language)
    )
    for language, words in _SMALL_WORDS.items()
}
LANGUAGES = tuple(_SMALL_WORDS)
LEAST = 2
"""How many small words of another language make a text one of that language."""


def language_of(text: str) -> str | None:
    """The language whose small words a text has, two different ones at least, and none of any other; else None."""
    words = set(folded(text).split())
    found = {language: len(words & own) for language, own in _OWN.items() if words & own}
    if len(found) != 1:
        return None
    ((language, count),) = found.items()
    return language if count >= LEAST else None


def known_language(tag: str | None) -> str | None:
    """The language of a tag such as `de-AT`, where it is one of the seven."""
    base = (tag or "").replace("_", "-").partition("-")[0].casefold()
    return base if base in _OWN else None
