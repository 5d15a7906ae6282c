"""A client's plan, changed by the care team: one way for the HTTP API and the pages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct

from intersession_schemas.documents.care.episodes import is_scale
from intersession_schemas.documents.care.plan import MISSED_RUN, SILENCE, Plan
from intersession_schemas.documents.care.templates import Template
from intersession_schemas.documents.shapes import Element
from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments import INSTRUMENTS
from intersession_schemas.library import TEMPLATES, safety_steps_from, sections_from_template, template_in, templates_in
from intersession_schemas.streams import Kind
from intersession_server import library
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.language.language import current, say
from intersession_server.passage import ClientAccess
from intersession_server.projections import record_reading
from intersession_server.projections.read_models import PlanView, RecordView
from intersession_server.services import Services
from intersession_server.web.record.changes import PlanChange, changed, heads_of
from intersession_server.web.record.documents import check_there, move_element
from intersession_server.web.record.library import library_of, wordings_to_copy
from intersession_server.web.record.writing import DraftChange, change_draft, new_id, not_found, target_of, write

E = TypeVar("E", bound=Element)


async def change_plan(
    services: Services, session: CurrentSession, access: ClientAccess, change: PlanChange
) -> PlanView:
    """The plan with what `change` names, durable.

    Scheduling an instrument copies the practice's wording into the record, so that the client can be asked. Raises
    `InvalidField`, also for an instrument without a wording; `Refused`, `StorageError`.
    """
    _check_thresholds(change)
    given = _instruments_given(change)
    if given:
        await _check_offered(services, session, access, given)
    draft = await _draft(services, session, access, lambda before: changed(before, change, new_id), heads_of(change))
    check_there(change, draft.value)
    return await _written(services, session, access, draft, scheduling=_names(change, "assessments"))


async def move_in_plan(
    services: Services,
    session: CurrentSession,
    access: ClientAccess,
    of: str,
    element: str,
    after: str | None,
) -> RecordView:
    """The plan with an element of its field `of` right after another one, or first; durable.

    Raises `Refused` (`not_found`), `StorageError`.
    """
    if access.plan is None:
        raise not_found()
    return await move_element(services, session, access, Kind.PLAN, access.plan, of, element, after)


async def use_template(
    services: Services,
    session: CurrentSession,
    access: ClientAccess,
    key: str,
    based_on: Sequence[bytes] | None = None,
) -> PlanView:
    """The plan with a template's sections, or its steps of a safety plan, at the end; durable.

    A journal template also sets the introduction and the rule, unless the plan has them. `key` names one that comes
    with Intersession, or is the id of one of the practice's. Raises `InvalidField`, `Refused`, `StorageError`.
    """
    template = await _template(services, session, key)
    draft = await _draft(services, session, access, lambda before: _with_template(before, template), based_on)
    return await _written(services, session, access, draft)


async def templates_for_plans(services: Services, session: CurrentSession, makes: str) -> list[tuple[str, Template]]:
    """The templates that make a journal or a safety plan, with their keys: the practice's own by title, then ours."""
    found = await library.shelved(services.log, await library_of(services, session), Kind.TEMPLATE)
    own = [(str(one.id), one.value) for one in found if one.value.makes == makes and not one.value.retired]
    own.sort(key=lambda one: (one[1].title.casefold(), one[0]))
    return own + [(key, one) for key, one in templates_in(current().tag).items() if one.makes == makes]


# --- writing ----------------------------------------------------------------------------------------------------------


async def _draft(
    services: Services,
    session: CurrentSession,
    access: ClientAccess,
    apply: Any,
    based_on: Sequence[bytes] | None,
) -> DraftChange:
    if access.plan is None:
        raise not_found()
    return await change_draft(services, session, target_of(access), Kind.PLAN, access.plan, apply, based_on)


async def _written(
    services: Services, session: CurrentSession, access: ClientAccess, draft: DraftChange, *, scheduling: bool = False
) -> PlanView:
    scheduled = [one.instrument for one in draft.value.assessments.values()] if scheduling else []
    wordings = await wordings_to_copy(services, session, access, scheduled)
    await write(services, session, target_of(access), [*wordings, draft])
    return PlanView(**msgspec.structs.asdict(draft.record), plan=draft.value)


# --- what a plan may not hold, though its shape allows it -------------------------------------------------------------


def _names(change: Struct, field: str) -> bool:
    return getattr(change, field) is not UNSET


def _given_elements(change: Struct, field: str) -> Mapping[str, Any]:
    return getattr(change, field) if _names(change, field) else {}


def _check_thresholds(change: Struct) -> None:
    for key, given in _given_elements(change, "thresholds").items():
        if given is not None and key not in (SILENCE, MISSED_RUN) and not is_scale(key):
            raise InvalidField(
                f'thresholds: a threshold is of "{SILENCE}", "{MISSED_RUN}", or a scale such as "phq-9/total".'
            )


def _instruments_given(change: Struct) -> set[str]:
    given = _given_elements(change, "assessments").values()
    return {one.instrument for one in given if one is not None and one.instrument is not UNSET and one.instrument}


async def _check_offered(
    services: Services, session: CurrentSession, access: ClientAccess, keys: Collection[str]
) -> None:
    """Raise `InvalidField` unless clients can be asked each of these instruments, or are asked it already."""
    asked = {one.instrument for one in (await record_reading.agreed(access.client)).assessments.values()}
    own = {key for key, one in INSTRUMENTS.items() if one.wording is not None}
    missing = set(keys) - own - asked
    if missing - (await library.wordings(services.log, await library_of(services, session))).keys():
        raise InvalidField(
            say(
                "The practice has not imported the wording of this instrument, so clients cannot be asked. "
                "Import it first, or enter scores from paper."
            )
        )


# --- templates --------------------------------------------------------------------------------------------------------


async def _template(services: Services, session: CurrentSession, key: str) -> Template:
    if key in TEMPLATES:
        return template_in(key, current().tag)
    try:
        id_ = UUID(key)
    except ValueError:
        raise not_found() from None
    found = await library.shelved(services.log, await library_of(services, session), Kind.TEMPLATE)
    template: Template | None = next((one.value for one in found if one.id == id_), None)
    if template is None:
        raise not_found()
    return template


def _with_template(before: Plan, template: Template) -> Plan:
    if template.makes == "safety_plan":
        more: dict[str, Any] = {"safety_plan": _appended(before.safety_plan, safety_steps_from(template))}
    else:
        more = {"sections": _appended(before.sections, sections_from_template(template))}
    if template.makes == "journal":
        if template.rule and not before.journal_rule:
            more["journal_rule"] = template.rule
        if not before.introduction.strip():
            more["introduction"] = template.what
    return msgspec.structs.replace(before, **more)


def _appended(before: Mapping[str, E], new: Mapping[str, E]) -> dict[str, E]:
    last = max((one.order for one in before.values()), default=0.0)
    return {**before, **{new_id(): msgspec.structs.replace(one, order=last + one.order) for one in new.values()}}
