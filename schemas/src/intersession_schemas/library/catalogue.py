"""All templates that come with Intersession, by a key that stays."""

from __future__ import annotations

from intersession_schemas.documents.care.templates import Template
from intersession_schemas.library.acting import ACTIVITY_PLAN, BEHAVIOURAL_EXPERIMENT, EXPOSURE_LADDER
from intersession_schemas.library.direction import GRATITUDE, VALUES_AND_GOALS
from intersession_schemas.library.resting import BREATHING, SLEEP_DIARY
from intersession_schemas.library.safety import SAFETY_PLAN
from intersession_schemas.library.thinking import THOUGHT_RECORD, WORRY_TIME

TEMPLATES: dict[str, Template] = {
    "thought_record": THOUGHT_RECORD,
    "behavioural_activation": ACTIVITY_PLAN,
    "exposure_ladder": EXPOSURE_LADDER,
    "sleep_diary": SLEEP_DIARY,
    "breathing": BREATHING,
    "worry_time": WORRY_TIME,
    "behavioural_experiment": BEHAVIOURAL_EXPERIMENT,
    "gratitude": GRATITUDE,
    "values_and_goals": VALUES_AND_GOALS,
    "safety_plan": SAFETY_PLAN,
}
"""Keys are never reused: what was made from a template may name it."""
