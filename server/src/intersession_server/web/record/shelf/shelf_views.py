"""What is read of a practice's library. Pure."""

from __future__ import annotations

from intersession_schemas.documents.care.resources import Resource
from intersession_schemas.documents.care.templates import Template
from intersession_server.projections.read_models import RecordView


class TemplateView(RecordView, frozen=True, kw_only=True):
    """A template of the practice."""

    template: Template


class LibraryResourceView(RecordView, frozen=True, kw_only=True):
    """A resource of the practice's library."""

    resource: Resource
