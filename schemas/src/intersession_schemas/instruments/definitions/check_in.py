"""A check-in of our own wording: it works out of the box, for following one person. It has no norms."""

from __future__ import annotations

from intersession_schemas.instruments.definitions.numbering import keys, numbered, whole
from intersession_schemas.instruments.values import (
    BoundWording,
    Choice,
    Instrument,
    Licence,
    Prompt,
    Scale,
    Source,
)

OURS = Source(text="Written for this project; nobody has tested it", sure="own")
SCHEME = "check-in sum 0-60"
CHOICES = (
    Choice(text="0, not at all", value=0),
    *(Choice(text=str(value), value=value) for value in range(1, 10)),
    Choice(text="10, as much as can be", value=10),
)
PROMPTS = (
    "How much did low mood weigh on you?",
    "How much did worry or fear weigh on you?",
    "How much did bad sleep trouble you?",
    "How hard was it to find the energy for your day?",
    "How hard was it to do the things that matter to you?",
    "How alone did you feel?",
)

CHECK_IN = Instrument(
    key="check-in",
    scheme=SCHEME,
    title="Check-in",
    window="the last 7 days",
    direction="higher is worse",
    items=numbered(("Mood", "Worry", "Sleep", "Energy", "What matters", "Alone"), whole(0, 10)),
    scales=(Scale(key="total", label="Burden", items=keys(1, 2, 3, 4, 5, 6), low=0, high=60),),
    missing="Not scored unless all six items are answered.",
    licence=Licence(status="own", holder="Intersession", terms="As the rest of the project.", source=OURS),
    sources=(OURS,),
    names=("intersession check in",),
    left_out=("Norms, bands, cut-offs, reliable change: there are none. Compare a person with themselves only.",),
    wording=BoundWording(
        instrument="check-in",
        scheme=SCHEME,
        status="own",
        hash="",
        instructions=(
            "Think of the last 7 days. 0 means not at all, 10 as much as can be.",
            "This check-in has no norms: no number here means ill or well. It shows how your own weeks differ.",
        ),
        prompts=tuple(Prompt(item=f"q{number}", text=text, choices=CHOICES) for number, text in enumerate(PROMPTS, 1)),
        language="en",
    ),
)
