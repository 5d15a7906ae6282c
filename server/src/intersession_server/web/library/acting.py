"""What the forms of the library are sent to. Each calls what the HTTP API calls."""

from __future__ import annotations

from uuid import UUID

from litestar.params import FromPath

from intersession_schemas.documents.care.resources import Resource, ResourceStep
from intersession_schemas.documents.care.templates import Template
from intersession_schemas.streams import Kind
from intersession_server.web.dependencies import GivenServices, GivenSession
from intersession_server.web.forms.answering import SentForm, form
from intersession_server.web.library.shelf_fields import sent_resource, sent_template
from intersession_server.web.record.changes import NewResource, NewTemplate, ResourceChange, TemplateChange
from intersession_server.web.record.shelf.templates import change_shelved, shelve


@form("/library/templates", access="therapist")
async def make_template_form(form: SentForm, services: GivenServices, session: GivenSession) -> str:
    """Add a template."""
    made = await shelve(services, session, Kind.TEMPLATE, sent_template(form.fields, NewTemplate))
    return f"/library/templates/{made.record.id}"


@form("/library/templates/{document:uuid}", access="therapist")
async def change_template_form(
    form: SentForm, services: GivenServices, session: GivenSession, document: FromPath[UUID]
) -> str:
    """Change a template."""
    change = sent_template(form.fields, TemplateChange)
    await change_shelved(services, session, Kind.TEMPLATE, document, change)
    return f"/library/templates/{document}"


@form("/library/resources", access="therapist")
async def make_resource_form(form: SentForm, services: GivenServices, session: GivenSession) -> str:
    """Add a resource."""
    made = await shelve(services, session, Kind.RESOURCE, sent_resource(form.fields, NewResource))
    return f"/library/resources/{made.record.id}"


@form("/library/resources/{document:uuid}", access="therapist")
async def change_resource_form(
    form: SentForm, services: GivenServices, session: GivenSession, document: FromPath[UUID]
) -> str:
    """Change a resource."""
    change = sent_resource(form.fields, ResourceChange)
    await change_shelved(services, session, Kind.RESOURCE, document, change)
    return f"/library/resources/{document}"


def resource_of(template: Template) -> Resource:
    """The resource that a template makes, before it is changed: its questions are the steps."""
    steps = {id_: ResourceStep(order=one.order, text=one.prompt) for id_, one in template.fields.items()}
    return Resource(title=template.title, text=template.what, steps=steps, tags=template.tags)


FORMS = (make_template_form, change_template_form, make_resource_form, change_resource_form)
