"""What the forms of homework are sent to. Each calls what the HTTP API calls."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from litestar.params import FromPath
from msgspec import UNSET, Struct, UnsetType

from intersession_schemas.documents.care.homework import Decision
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.forms.answering import SentForm, form
from intersession_server.web.homework.assignment_fields import sent_assignment
from intersession_server.web.record.care.assigning import (
    GOES_ON,
    NewReview,
    assign,
    assign_again,
    change_assignment,
    end_assignment,
    review,
)
from intersession_server.web.record.changes import Heads, HomeworkChange, NewHomework
from intersession_server.web.record.documents import make_document
from intersession_server.web.record.resources import BY_PATH, NewComment

SUCCESSOR = "successor."
"""What the names of the fields begin with that say what homework goes on as."""


class _BasedOn(Struct, frozen=True):
    based_on: Heads | UnsetType = UNSET


class _End(_BasedOn, frozen=True):
    ended_on: date | None = None


class _Review(Struct, frozen=True):
    decision: Decision
    reason: str = ""
    evidence: tuple[UUID, ...] = ()
    goes_on: bool = False


@form("/clients/{client:uuid}/homework")
async def assign_form(
    form: SentForm, services: GivenServices, session: GivenSession, client_access: GivenAccess
) -> str:
    """Assign homework; then to all of it."""
    made = await assign(services, session, client_access, sent_assignment(form.fields, NewHomework))
    return f"/clients/{client_access.client}/homework#homework-{made.id}"


@form("/clients/{client:uuid}/homework/{homework:uuid}")
async def change_form(
    form: SentForm,
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    homework: FromPath[UUID],
) -> str:
    """Change an assignment."""
    change = sent_assignment(form.fields, HomeworkChange)
    await change_assignment(services, session, client_access, homework, change)
    return _address(client_access.client, homework)


@form("/clients/{client:uuid}/homework/{homework:uuid}/end")
async def end_form(
    form: SentForm,
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    homework: FromPath[UUID],
) -> str:
    """End an assignment on a day; without one today."""
    said = form.read(_End)
    await end_assignment(services, session, client_access, homework, said.ended_on, said.based_on)
    return _address(client_access.client, homework)


@form("/clients/{client:uuid}/homework/{homework:uuid}/resume")
async def resume_form(
    form: SentForm,
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    homework: FromPath[UUID],
) -> str:
    """Let an assignment go on as if it had not been ended."""
    change = HomeworkChange(ended_on=None, based_on=form.read(_BasedOn).based_on)
    await change_assignment(services, session, client_access, homework, change)
    return _address(client_access.client, homework)


@form("/clients/{client:uuid}/homework/{homework:uuid}/again")
async def again_form(
    form: SentForm,
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    homework: FromPath[UUID],
) -> str:
    """Assign homework again from today; then to the new assignment."""
    made = await assign_again(services, session, client_access, homework, NewHomework())
    return _address(client_access.client, made.id)


@form("/clients/{client:uuid}/homework/{homework:uuid}/reviews")
async def review_form(
    form: SentForm,
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    homework: FromPath[UUID],
) -> str:
    """Review homework; where it goes on as another, then to that one."""
    given = form.read(_Review)
    new = NewReview(decision=given.decision, reason=given.reason, evidence=given.evidence)
    if given.goes_on and given.decision in GOES_ON:
        successor = sent_assignment(form.fields, NewHomework, SUCCESSOR)
        new = NewReview(decision=given.decision, reason=given.reason, evidence=given.evidence, successor=successor)
    made = await review(services, session, client_access, homework, new)
    return _address(client_access.client, homework if made.successor is None else made.successor.id)


@form("/clients/{client:uuid}/homework/{homework:uuid}/comments")
async def comment_form(
    form: SentForm,
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    homework: FromPath[UUID],
) -> str:
    """Comment on a report."""
    await make_document(services, session, client_access, BY_PATH["comments"], form.read(NewComment))
    return _address(client_access.client, homework)


def _address(client: UUID, homework: UUID) -> str:
    return f"/clients/{client}/homework/{homework}"


FORMS = (assign_form, change_form, end_form, resume_form, again_form, review_form, comment_form)
