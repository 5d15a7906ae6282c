"""What the forms of a plan's pages are sent to. Each says where to go on: to the element that it was about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, get_args
from uuid import UUID

from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from intersession_schemas.documents.care.plan import PLAN
from intersession_schemas.errors import InvalidField
from intersession_server.passage import ClientAccess
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.forms.answering import SentForm, form
from intersession_server.web.plan.elements import slug
from intersession_server.web.plan.sent import sent_change, sent_heads
from intersession_server.web.record.care import planning
from intersession_server.web.record.changes import PlanChange
from intersession_server.web.record.documents import change_document, make_document, move_element
from intersession_server.web.record.resources import BY_PATH

PARTS = Literal["", "journal", "trackers", "assessments", "safety", "days", "goals", "resources"]
"""The pages of a plan, by the last part of their address."""
_NUMBER = re.compile(r"[1-9]\d{0,3}")


@form("/clients/{client:uuid}/plan")
async def change_plan(
    form: SentForm, services: GivenServices, session: GivenSession, client_access: GivenAccess
) -> str:
    """Changes the plan: some of its own fields, or one element, which is added, changed or removed."""
    await planning.change_plan(services, session, client_access, sent_change(form.fields, PlanChange))
    return _back(client_access, form)


@form("/clients/{client:uuid}/plan/moves")
async def move_in_plan(
    form: SentForm, services: GivenServices, session: GivenSession, client_access: GivenAccess
) -> str:
    """Puts an element of the plan after another one, or first."""
    of = form.text("of")
    if of not in PLAN.elements:
        raise InvalidField("of: no elements of a plan.")
    element, after = form.text("element"), _after(form)
    await planning.move_in_plan(services, session, client_access, of, element, after)
    return _back(client_access, form)


@form("/clients/{client:uuid}/plan/templates")
async def use_template(
    form: SentForm, services: GivenServices, session: GivenSession, client_access: GivenAccess
) -> str:
    """Adds the content of a template to the plan."""
    heads = sent_heads(form.fields)
    await planning.use_template(services, session, client_access, form.text("template"), heads)
    return _back(client_access, form)


def _beside(path: str) -> Iterator[HTTPRouteHandler]:
    """What the forms of a list that is shaped beside the plan are sent to: goals, resources."""
    resource, page = BY_PATH[path], f"/clients/{{client:uuid}}/plan/{path}"

    @form(page)
    async def make(form: SentForm, services: GivenServices, session: GivenSession, client_access: GivenAccess) -> str:
        """Makes one."""
        assert resource.new is not None
        new = sent_change(form.fields, resource.new)
        made = await make_document(services, session, client_access, resource, new)
        return f"/clients/{client_access.client}/plan/{path}#{path}-{made.id}"

    @form(f"{page}/{{document:uuid}}")
    async def change(
        form: SentForm,
        services: GivenServices,
        session: GivenSession,
        client_access: GivenAccess,
        document: FromPath[UUID],
    ) -> str:
        """Changes one, or one of its steps."""
        assert resource.change is not None
        sent = sent_change(form.fields, resource.change)
        await change_document(services, session, client_access, resource, document, sent)
        return f"/clients/{client_access.client}/plan/{path}#{path}-{document}"

    @form(f"{page}/{{document:uuid}}/moves")
    async def move(
        form: SentForm,
        services: GivenServices,
        session: GivenSession,
        client_access: GivenAccess,
        document: FromPath[UUID],
    ) -> str:
        """Puts one of its steps after another one, or first."""
        element, after = form.text("element"), _after(form)
        await move_element(services, session, client_access, resource.kind, document, "steps", element, after)
        return f"/clients/{client_access.client}/plan/{path}#{path}-{document}"

    yield from (make, change, move)


FORMS = (change_plan, move_in_plan, use_template, *_beside("goals"), *_beside("resources"))


def _after(form: SentForm) -> str | None:
    """What an element is put after, None for the first place: as a button says, or where it was dragged."""
    button = form.text("move")
    return form.text(button if button in ("up", "down") else "after") or None


def _back(access: ClientAccess, form: SentForm) -> str:
    """The page that a form was on, at the element that it was about."""
    part, first, element = form.text("part"), form.text("from"), form.text("element")
    path = f"/clients/{access.client}/plan" + (f"/{part}" if part and part in get_args(PARTS) else "")
    query = f"?from={first}" if _NUMBER.fullmatch(first) and first != "1" else ""
    return path + query + (f"#element-{slug(element)}" if element and element != "+" else "")
