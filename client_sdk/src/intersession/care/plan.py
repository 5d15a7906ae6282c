"""The plan as the care team edits it: as one change that merges with concurrent edits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from msgspec.structs import asdict, replace

from intersession.care.plan_editor import PlanEditor
from intersession.documents import records
from intersession.documents.records import StoredRecord
from intersession.documents.writing import Writing
from intersession.errors import NotFound
from intersession.inputs import versions
from intersession.models.records import Plan
from intersession.replica.scope import Scope
from intersession.scoring import asking
from intersession_schemas.documents.care import plan as documents
from intersession_schemas.streams import Kind


class ClientPlan:
    """One client's plan, as `client.plan`. Every call raises `NotFound` once the assignment has ended."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def read(self) -> Plan:
        """The plan as it is on this device. Raises `NotFound` before it has arrived: sync first."""
        return plan_view(self._row())

    @contextmanager
    def edit(self) -> Iterator[PlanEditor]:
        """A `PlanEditor` for the current plan; leaving the block writes all edits as one change.

        An exception in the block discards the edits. The block may stay open for long: it holds no lock, and
        what has come meanwhile, from here or elsewhere, is merged: the edits are based on the plan as it was when the
        block was entered. Raises `NotFound`, `StoreFull`.
        """
        before = self._row()
        entered = _view(before)
        editor = PlanEditor(entered, self._scope.today(), partial(asking.check_schedulable, self._scope))
        yield editor
        if editor.plan == entered:
            return
        with self._scope.replica.writing() as writing:
            self._bring_wordings(writing, editor)
            row, seen = self._row(), versions.read(before.version)
            # Where some of it was refused meanwhile, what differs is written all the same.
            based_on = seen if seen and writing.holds(row.position, seen) else None
            self._scope.edit(writing, row, records.difference(Kind.PLAN, before.model, editor.plan), based_on=based_on)

    def _bring_wordings(self, writing: Writing, editor: PlanEditor) -> None:
        """The words of what was scheduled go into the record, so that it can be answered offline."""
        scheduled = {one.instrument for one in editor.plan.assessments.values()}
        for key in sorted(scheduled & editor.instruments):
            asking.bring(self._scope, writing, key)

    def _row(self) -> StoredRecord[documents.Plan]:
        row = self._scope.plan()
        if row is None:
            raise NotFound("This device does not have this client's plan yet. Sync it.")
        return row


def plan_view(row: StoredRecord[documents.Plan] | None) -> Plan:
    """A plan as apps read it; an empty one before it has arrived."""
    return Plan() if row is None else replace(_view(row), changed_by=row.last.by, changed_at=row.last.at)


def _view(row: StoredRecord[documents.Plan]) -> Plan:
    return Plan(**asdict(row.model), version=row.version)
