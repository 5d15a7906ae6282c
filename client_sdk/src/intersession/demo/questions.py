"""The practice's own questions for the evening, in words of the demo: a form that clients can be asked, with an item
about self-harm."""

from __future__ import annotations

import json
from typing import Any

from intersession_schemas.instruments import instrument_from, read_questionnaire

_ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
_ANSWERS = ("Not at all", "A little", "A good deal", "Very much")
_ASKED = (
    "How heavy were the last few days?",
    "How hard was it to get through what you had to do?",
    "How alone did you feel with it?",
    "Did you think of hurting yourself, or of not wanting to live?",
)
RISK = "e4"


def _option(text: str, value: int) -> dict[str, Any]:
    coding = {"system": "https://demo.example/answers", "code": f"a{value}", "display": text}
    return {"valueCoding": coding, "extension": [{"url": _ORDINAL, "valueDecimal": value}]}


QUESTIONS: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "status": "active",
    "title": "Questions for the evening",
    "language": "en",
    "publisher": "Demo practice",
    "copyright": "In the demo practice's own words. May be used freely.",
    "item": [
        {
            "linkId": f"e{number}",
            "text": text,
            "type": "choice",
            "answerOption": [_option(answer, value) for value, answer in enumerate(_ANSWERS)],
        }
        for number, text in enumerate(_ASKED, 1)
    ],
}
"""As a FHIR Questionnaire, for the practice to import."""
EVENING = instrument_from(read_questionnaire(json.dumps(QUESTIONS).encode())).key
"""The key that it is imported under."""
