"""A client's assessments: all of them, one of them, and the form for scores from paper."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from litestar import Router
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, QueryParameter
from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.documents.assessments.wordings import Wording
from intersession_schemas.documents.care.comments import Comment
from intersession_schemas.errors import InvalidField
from intersession_schemas.streams import Kind
from intersession_server import library
from intersession_server.accounts.audit import Action
from intersession_server.accounts.people import names_of
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.language.language import current, say
from intersession_server.projections import record_reading
from intersession_server.projections.read_models import CommentView
from intersession_server.projections.windows import Window
from intersession_server.services import Services
from intersession_server.web.assessments.administrations import (
    Administration,
    administrations,
    of_instrument,
    used_instruments,
)
from intersession_server.web.assessments.paper_form import (
    PaperForm,
    paper_choices,
    paper_form,
    read_answers,
    read_at,
)
from intersession_server.web.assessments.views import AssessmentCard, assessment_card, short_title, title_of
from intersession_server.web.client.shell import Shell, shell_of
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.forms.answering import SentForm, form
from intersession_server.web.instruments.views import InstrumentFacts, instrument_facts
from intersession_server.web.page.live_page import live_page
from intersession_server.web.page.prose import FoldedText, prose
from intersession_server.web.record.as_of import outline_at
from intersession_server.web.record.disclosure import note_read
from intersession_server.web.record.instruments.paper import NewAssessment, take_down
from intersession_server.web.record.library import instrument_named, library_of
from intersession_server.web.record.paging import MAX_CURSOR, page_of
from intersession_server.web.record.writing import WriteTarget, new_draft, rows_in, write
from intersession_server.work import effort

CARDS_PER_PAGE = 20
MOST_COMMENTS = 100
AHEAD = timedelta(days=1)
"""How far in the future a paper form may be dated: clocks and days differ."""

OfInstrument = Annotated[str | None, QueryParameter(name="instrument", max_length=64)]
Amended = Annotated[UUID | None, QueryParameter(name="amends")]
Before = Annotated[str | None, QueryParameter(max_length=MAX_CURSOR)]


class AssessmentsPage(Struct, frozen=True, kw_only=True):
    """Assessments of a client, newest first. `used` are the instruments that were given: key and short title."""

    shell: Shell
    cards: list[AssessmentCard]
    used: list[tuple[str, str]]
    instrument: str | None
    before: str | None
    older: str | None
    total: int


class AssessmentComment(Struct, frozen=True):
    """A comment: who wrote it, when, what."""

    id: UUID
    by: str
    at: datetime
    text: FoldedText


class AssessmentPage(Struct, frozen=True, kw_only=True):
    """One assessment. `facts` are those of its instrument, None where the record does not have its definition."""

    shell: Shell
    card: AssessmentCard
    facts: InstrumentFacts | None
    comments: list[AssessmentComment]


class PaperPage(Struct, frozen=True, kw_only=True):
    """The form for scores from paper, or the choice of an instrument where none is named."""

    shell: Shell
    form: PaperForm | None
    again: list[tuple[str, str]]
    others: list[tuple[str, str]]


@live_page("/clients/{client:uuid}/assessments", "assessments/assessments.html")
async def assessments_page(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    instrument: OfInstrument = None,
    before: Before = None,
) -> AssessmentsPage:
    """A client's assessments, the newest first; of one instrument where that is asked for."""
    query = {"instrument": instrument or None, "before": before}
    shell = await shell_of(services, session, client_access, "assessments", query)
    found = await _found(services, shell)
    wanted = of_instrument(found, instrument or None)
    shown = page_of(wanted, lambda one: one.place, CARDS_PER_PAGE, before, descending=True)
    names = await _names(shown.items)
    cards = await effort.in_thread(lambda: [assessment_card(one, names, session.person) for one in shown.items])
    known = {one.assessment.instrument: one.instrument for one in reversed(found)}
    await note_read(services, session, client_access, shell.through, Action.ASSESSMENTS_READ)
    return AssessmentsPage(
        shell=shell,
        cards=cards,
        used=[(key, short_title(title_of(known[key], key))) for key in used_instruments(found)],
        instrument=instrument or None,
        before=before,
        older=shown.next,
        total=len(wanted),
    )


async def _found(services: Services, shell: Shell) -> list[Administration]:
    access = shell.access
    what = await outline_at(services, access, shell.through, shell.local, locale=current().tag)
    return await effort.in_thread(administrations, what.material, what.cut)


async def _names(shown: list[Administration]) -> dict[UUID, str]:
    takers = {one.assessment.administered_by for one in shown}
    return dict(await names_of([taker for taker in takers if taker is not None]))


@live_page("/clients/{client:uuid}/assessments/{document:uuid}", "assessments/assessment.html")
async def assessment_page(
    services: GivenServices, session: GivenSession, client_access: GivenAccess, document: FromPath[UUID]
) -> AssessmentPage:
    """One assessment: every item, its scores, how they come about, and what was said of it."""
    shell = _at(await shell_of(services, session, client_access, "assessments"), str(document))
    found = next((one for one in await _found(services, shell) if one.id == document), None)
    if found is None:
        raise NotFoundException
    said, names = await asyncio.gather(
        record_reading.page(CommentView, client_access.client, Window(MOST_COMMENTS), about=document), _names([found])
    )
    authors = dict(await names_of(list({one.author for one in said.items})))
    card = await effort.in_thread(assessment_card, found, names, session.person)
    await note_read(services, session, client_access, shell.through, Action.ASSESSMENTS_READ, Action.COMMENTS_READ)
    return AssessmentPage(
        shell=shell,
        card=card,
        facts=None if found.instrument is None else instrument_facts(found.instrument, None),
        comments=[_comment(one, authors, shell) for one in reversed(said.items)],
    )


def _at(shell: Shell, place: str) -> Shell:
    """The shell of a page below the list."""
    return replace(shell, address=f"{shell.here}/assessments/{place}")


def _comment(one: CommentView, authors: dict[UUID, str], shell: Shell) -> AssessmentComment:
    at = (one.comment.made_at or one.arrived_at).astimezone(shell.local.tzinfo)
    return AssessmentComment(one.id, authors.get(one.author, ""), at, prose(one.comment.text))


@live_page("/clients/{client:uuid}/assessments/paper", "assessments/paper.html")
async def paper_page(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    instrument: OfInstrument = None,
    amends: Amended = None,
) -> PaperPage:
    """The form for scores from paper or an interview; of what it `amends`, with the answers that were given."""
    shell = await shell_of(services, session, client_access, "assessments")
    query = f"?amends={amends}" if amends is not None else f"?instrument={instrument}" if instrument else ""
    shell = _at(shell, f"paper{query}")
    found = await _found(services, shell)
    brought = await library.wordings(services.log, await library_of(services, session))
    again, others = paper_choices(brought, used_instruments(found))
    made = None
    if amends is not None:
        before = next((one for one in found if one.id == amends), None)
        if before is None or not _is_mine(before, session):
            raise NotFoundException
        made = await _correction(services, session, before, brought, shell.local)
    elif instrument:
        try:
            one = await instrument_named(services, session, instrument)
        except InvalidField:
            raise NotFoundException from None
        made = paper_form(one, brought.get(one.key), shell.local)
    await note_read(services, session, client_access, shell.through, Action.ASSESSMENTS_READ)
    return PaperPage(shell=shell, form=made, again=again, others=others)


def _is_mine(one: Administration, session: CurrentSession) -> bool:
    return one.author == session.person and one.assessment.administered_by is not None


async def _correction(
    services: Services,
    session: CurrentSession,
    before: Administration,
    brought: Mapping[str, Wording],
    local: datetime,
) -> PaperForm:
    instrument = before.instrument or await instrument_named(services, session, before.assessment.instrument)
    completion = before.assessment.completions[-1] if before.assessment.completions else None
    given = before.assessment.answers if completion is None else completion.answers
    at = before.at if completion is None else completion.completed_at
    at = at.astimezone(local.tzinfo)
    return paper_form(instrument, brought.get(instrument.key), at, given, (before.id, before.at))


@form("/clients/{client:uuid}/assessments/paper")
async def enter_from_paper(
    form: SentForm, services: GivenServices, session: GivenSession, client_access: GivenAccess
) -> str:
    """Write down what a paper form or an interview says, item by item."""
    instrument = await instrument_named(services, session, form.text("instrument"))
    answers = read_answers(instrument, form.fields)
    amends = _amended(form)
    clock = await record_reading.local_time(client_access.client)
    at = read_at(form.text("at"), clock)
    if at is not None and at > services.clock() + AHEAD:
        raise InvalidField(say("The date lies in the future."))
    given = NewAssessment(instrument=instrument.key, answers=answers, at=at, amends=amends)
    made = await take_down(services, session, client_access, given)
    return f"/clients/{client_access.client}/assessments/{made.record.id}"


def _amended(form: SentForm) -> UUID | None:
    """What a form corrects."""
    text = form.text("amends")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise InvalidField(say("There is no such assessment.")) from None


@form("/clients/{client:uuid}/assessments/{document:uuid}/comments")
async def comment_on_assessment(
    form: SentForm,
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    document: FromPath[UUID],
) -> str:
    """Comment on an assessment; the client reads it."""
    target, now = WriteTarget(client_access.record_stream, client_access.client), services.clock().astimezone(UTC)
    await rows_in(services, target, document, Kind.ASSESSMENT)
    if not form.text("text").strip():
        raise InvalidField(say("Write something first."))
    comment = Comment(on=document, text=form.text("text"), made_at=now)
    await write(services, session, target, [new_draft(session, Kind.COMMENT, comment, now)])
    return f"/clients/{client_access.client}/assessments/{document}"


def assessments_router() -> Router:
    """The pages, and what their forms are sent to."""
    pages = [*assessments_page, *assessment_page, *paper_page]
    return Router("/", route_handlers=[*pages, enter_from_paper, comment_on_assessment])
