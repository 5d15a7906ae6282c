"""The plan as the care team edits it: as one change that merges with concurrent edits."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from msgspec.structs import asdict

from intersession.care.plan_editor import PlanEditor
from intersession.documents import records
from intersession.documents.records import StoredRecord
from intersession.documents.tables.last_change import LastChange
from intersession.documents.writing import Writing
from intersession.errors import DocumentError, NotFound
from intersession.models.records import Plan
from intersession.replica.scope import Scope
from intersession.scoring import asking
from intersession_schemas.documents.care import plan as documents
from intersession_schemas.documents.care.plan import PLAN
from intersession_schemas.streams import Kind

_ACTOR_BYTES = 16


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
        concurrent changes, here or elsewhere, are merged. Raises `NotFound`, `StoreFull`.
        """
        replica = self._scope.replica
        with replica.reading():
            row = self._row()
            # Written as another author than this store's, which goes on writing meanwhile.
            copy = replica.documents.read(row.position).fork(secrets.token_bytes(_ACTOR_BYTES))
            before = PLAN.read(copy)
        editor = PlanEditor(_view(before), self._scope.today(), partial(asking.check_schedulable, self._scope))
        yield editor
        change = PLAN.update(copy, before, editor.plan)
        if change is None:
            return
        try:
            with replica.writing() as writing:
                self._bring_wordings(writing, editor)
                self._scope.edit(writing, self._row(), records.merge(change))
        except DocumentError:  # what it builds on was refused meanwhile
            with replica.writing() as writing:
                self._bring_wordings(writing, editor)
                self._scope.edit(writing, self._row(), records.difference(Kind.PLAN, before, editor.plan))

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
    return Plan() if row is None else _view(row.model, row.last)


def _view(model: documents.Plan, last: LastChange | None = None) -> Plan:
    by, at = last or (None, None)
    return Plan(**asdict(model), changed_by=by, changed_at=at)
