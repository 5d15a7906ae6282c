"""The test vectors for other implementations, one file a subject, made from what the code answers.

./run vectors      writes them anew
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.vectors import adherence, frames, recurrence, scores, sealing
from tests.vectors.agenda import agenda
from tests.vectors.cases import Subject, text_of
from tests.vectors.instruments import instruments_text
from tests.vectors.layout import layout
from tests.vectors.merge import merge
from tests.vectors.sessions import sessions
from tests.vectors.signals import signals

FOLDER = Path(__file__).parents[2] / "docs/reference/vectors"

SUBJECTS: dict[str, Subject] = {
    "recurrence": recurrence.SUBJECT,
    "agenda": agenda.SUBJECT,
    "adherence": adherence.SUBJECT,
    "scores": scores.SUBJECT,
    "signals": signals.SUBJECT,
    "frames": frames.SUBJECT,
    "layout": layout.SUBJECT,
    "merge": merge.SUBJECT,
    "sealing": sealing.SUBJECT,
    "sessions": sessions.SUBJECT,
}
"""By the name of its file."""


FILES: dict[str, Callable[[], str]] = {
    **{f"{name}.json": partial(text_of, subject) for name, subject in SUBJECTS.items()},
    "instruments.json": instruments_text,
}
"""Everything in the folder that is made here, by file."""


def write() -> None:
    """Write every file."""
    FOLDER.mkdir(exist_ok=True)
    for file, make in FILES.items():
        (FOLDER / file).write_text(make(), encoding="utf-8")
    count = sum(len(subject.cases) for subject in SUBJECTS.values())
    sys.stdout.write(f"{count} cases in {len(FILES)} files of {FOLDER.relative_to(FOLDER.parents[2])}\n")


if __name__ == "__main__":
    write()
