"""The PHQ-9 in short words of our own, in seven languages and in one that nobody reads: for tests of meaning."""

from __future__ import annotations

import copy

from tests.schemas.instruments.wording.forms import MOOD, Json, loinc, option, question, questionnaire

QUESTIONS: dict[str, tuple[str, ...]] = {
    "en": (
        "Less pleasure", "Sad", "Bad sleep", "No energy", "No appetite", "Worthless", "Concentration", "Slow, restless",
        "Thoughts of self-harm",
    ),
    "de": (
        "Wenig Freude", "Niedergeschlagen", "Schlechter Schlaf", "Müde", "Kein Appetit", "Sich als Versager sehen",
        "Konzentration", "Verlangsamt, rastlos", "Daran denken, sich umzubringen",
    ),
    "fr": (
        "Moins de plaisir", "Triste", "Mauvais sommeil", "Fatigue", "Sans appétit", "Sentiment d'échec",
        "Se concentrer", "Bouger lentement", "Envie de mourir",
    ),
    "es": (
        "Menos interés", "Triste", "Dormir mal", "Sin energía", "Sin apetito", "Sentirse un fracaso", "Concentración",
        "Moverse lento", "Ideas de suicidio",
    ),
    "nl": (
        "Minder plezier", "Somber", "Slecht slapen", "Vermoeid", "Geen eetlust", "Zich mislukt voelen",
        "Concentreren", "Langzaam bewegen", "Denken aan zelfmoord",
    ),
    "it": (
        "Meno piacere", "Triste", "Poco sonno", "Stanco", "Senza appetito", "Sentirsi un fallimento", "Concentrarsi",
        "Muoversi piano", "Pensare al suicidio",
    ),
    "pt": (
        "Menos prazer", "Triste", "Dormir mal", "Cansado", "Sem apetite", "Sentir-se um fracasso", "Concentrar-se",
        "Falar devagar", "Vontade de morrer",
    ),
}  # fmt: skip
ANSWERS: dict[str, tuple[str, ...]] = {
    "en": ("Never", "Now and then", "Often", "Always"),
    "de": ("Nie", "Manchmal", "Oft", "Immer"),
    "fr": ("Jamais", "Parfois", "Souvent", "Toujours"),
    "es": ("Nunca", "A veces", "A menudo", "Siempre"),
    "nl": ("Nooit", "Soms", "Vaak", "Altijd"),
    "it": ("Mai", "A volte", "Spesso", "Sempre"),
    "pt": ("Nunca", "Às vezes", "Muitas vezes", "Sempre"),
}
UNKNOWN = "unknown"
FREQUENCY = ("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9")


def mood_in(language: str, *, codes: bool = False, answer_codes: bool = False, title: str = "PHQ-9") -> Json:
    """The PHQ-9 in a language; of the unknown one nothing can be read but its codes."""
    texts = QUESTIONS.get(language) or tuple(f"Xyzzy {'abcdefghi'[n]}" for n in range(9))
    labels = ANSWERS.get(language) or tuple(f"Plugh {'abcd'[n]}" for n in range(4))
    items = []
    for number, text in enumerate(texts):
        answers = [option(label, value) for value, label in enumerate(labels)]
        if answer_codes:
            for answer, code in zip(answers, FREQUENCY, strict=True):
                answer["valueCoding"] = loinc(code, answer["valueCoding"]["display"])
        made = question(f"q{number + 1}", text, answers)
        items.append(made | ({"code": [loinc(MOOD[number])]} if codes else {}))
    form = questionnaire(*items, title=title)
    return copy.deepcopy(form if language == UNKNOWN else form | {"language": language})
