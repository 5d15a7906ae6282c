"""Homework and a symptom of one record, week by week: what `together` is given, from material. Pure."""

from __future__ import annotations

from uuid import UUID

from intersession_schemas.documents.care.adherence import occurrences_with_progress
from intersession_schemas.documents.care.homework import Homework
from intersession_schemas.documents.care.plan import scales_in
from intersession_schemas.documents.local_days import day_of
from intersession_schemas.documents.names import name_key, value_of
from intersession_schemas.errors import InvalidField
from intersession_schemas.measures.material import Cut, Material
from intersession_schemas.measures.progress import progress_by_homework
from intersession_schemas.measures.together import Together, together, weekly_homework, weekly_means
from intersession_schemas.streams import Kind


def together_in(material: Material, cut: Cut, symptom: str, homework: UUID | None = None) -> Together:
    """Whether homework (all of a record's, or one assignment) and a symptom moved together, as of the cut's local day.

    A symptom that was never logged has too little data. Raises `InvalidField` for an assignment the record has not.
    """
    assigned = {one.id: model for one, model in material.of(Kind.HOMEWORK, Homework)}
    if homework is not None and homework not in assigned:
        raise InvalidField("homework must be the id of an assignment in this record.")
    plan, today = material.plan, material.local_day(cut)
    key, scales = name_key(symptom), scales_in(plan)
    logged = [
        (day_of(noted.log.at, plan.day_begins), value, noted.log.scale or scales.get(key))
        for noted in material.symptom_logs()
        if (value := value_of(noted.log.values, key)) is not None
    ]
    # Values on two scales have no mean: those count that are on the scale of the last one.
    values = [(day, value) for day, value, scale in logged if scale == logged[-1][2]]
    progress = progress_by_homework(material)
    occurrences = [
        occurrence
        for id_, one in assigned.items()
        if homework in (None, id_)
        for occurrence in occurrences_with_progress(one, progress.get(id_, ()), plan, cut.local(cut.now))
    ]
    return together(weekly_homework(occurrences, today), weekly_means(values, today))
