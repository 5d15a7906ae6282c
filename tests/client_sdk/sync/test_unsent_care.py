"""Whatever a therapist wrote and had not sent when their assignment ended is kept as text, and nothing of others."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import pytest
from tests.client_sdk.care_practice import Care

from intersession.cli.output.printing import status

MINE = "words of the therapist that nobody has read"
WRITES: dict[str, Callable[[Care], object]] = {
    "comment": lambda care: care.client.comment(care.tracker.journal.entries()[0].id, MINE),
    "note": lambda care: care.client.notes.add(MINE),
    "homework": lambda care: care.client.homework.assign(MINE),
    "an edit of homework": lambda care: care.client.homework.edit(care.client.homework.list()[0].id, why=MINE),
    "an edit of the plan": lambda care: _plan(care),
    "a review": lambda care: care.client.homework.review(care.client.homework.list()[0].id, "keep", reason=MINE),
    "a resource": lambda care: care.client.resources.add("Reading", text=MINE),
    "a goal": lambda care: care.client.goals.add(MINE),
    "an edit of the client's goal": lambda care: care.client.goals.edit(care.client.goals.list()[0].id, why=MINE),
    "an episode": lambda care: care.client.episodes.begin(MINE),
}


def _plan(care: Care) -> None:
    with care.client.plan.edit() as plan:
        plan.add_section(MINE)


@pytest.mark.parametrize("what", WRITES)
def test_it_is_kept_as_text_and_shown(care: Care, what: str) -> None:
    theirs = secrets.token_hex(12)
    care.tracker.journal.write(f"the client's {theirs}", shared=True)
    care.tracker.goals.add(f"the client's {theirs}", why=f"because {theirs}")
    care.client.homework.assign("Walk", why="sent before")
    care.sync()
    WRITES[what](care)
    side = care.sides[1]
    side.purge(care.practice.stream, care.practice.grant)
    side.purge(care.practice.chart, care.practice.chart_grant)
    found = care.caseload.status()
    assert found.pending == 0
    assert MINE in "\n".join(refusal.text for refusal in found.refusals)
    assert {refusal.code for refusal in found.refusals} == {"access_ended"}
    shown = status(found)
    assert MINE in shown
    assert theirs not in shown
    assert care.caseload.clients() == []
    # Nothing of the client is left in the file, free pages included.
    path = care.caseload._replica.store.path
    care.caseload.close()
    assert theirs.encode() not in path.read_bytes()
