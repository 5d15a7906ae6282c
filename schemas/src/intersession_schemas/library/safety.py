"""The template of a safety plan: what to do, in which order, when thoughts of suicide come up."""

from __future__ import annotations

from intersession_schemas.documents.care.plan import SafetyStep
from intersession_schemas.documents.care.templates import Template

SAFETY_PLAN = Template(
    title="Safety plan",
    about=(
        "For times in which thoughts of ending your life or of harming yourself come up. You make it together"
        " with your therapist while it is calm, in your own words, so that it is there when thinking is hard. Each"
        " of these steps is a question: your answers take its place.\n\n"
        "It does not take the place of help. It does not fit as something to be filled in alone, and it is not"
        " enough when you are in danger now: then call the emergency number or go to the nearest hospital. Nobody"
        " reads along here in real time."
    ),
    makes="safety_plan",
    steps={
        "warning_signs": SafetyStep(
            order=1,
            part="warning_signs",
            text=(
                "How do you notice that it is getting dangerous for you? Thoughts, pictures, moods, things you do"
                " or stop doing."
            ),
        ),
        "on_my_own": SafetyStep(
            order=2,
            part="on_my_own",
            text=(
                "What can you do by yourself, at once and anywhere, to get through the next minutes without"
                " harming yourself?"
            ),
        ),
        "people_and_places": SafetyStep(
            order=3,
            part="people_and_places",
            text=(
                "Where can you go, and whom can you be with, so that you are not alone and your mind is on"
                " something else?"
            ),
        ),
        "people_to_ask": SafetyStep(
            order=4,
            part="people_to_ask",
            text="Whom can you tell that it is bad just now, and ask for help? Put down how to reach each of them.",
        ),
        "professionals": SafetyStep(
            order=5,
            part="professionals",
            text=(
                "Who helps professionally, by day and by night? Put down your practice, the crisis line and the"
                " emergency number of the place where you live, with the hours in which somebody answers."
            ),
        ),
        "safe_place": SafetyStep(
            order=6,
            part="safe_place",
            text="What could you harm yourself with, and who keeps it for you, or how do you put it out of reach?",
        ),
        "reasons": SafetyStep(
            order=7,
            part="on_my_own",
            text="What do you stay alive for? People, animals, something you still want to see or do.",
        ),
    },
    tags=("safety",),
)
