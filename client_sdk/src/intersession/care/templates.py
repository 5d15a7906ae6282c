"""Templates to start from: those that come with Intersession, and the practice's own."""

from __future__ import annotations

import builtins
from typing import Any
from uuid import UUID

from intersession.documents.records import StoredRecord
from intersession.documents.tables.pages import Whole, cut
from intersession.inputs import checks
from intersession.inputs.windows import ReadWindow
from intersession.models.records import Template
from intersession.replica.scope import LibraryScope
from intersession_schemas.documents.care import templates
from intersession_schemas.documents.care.templates import TemplateFor
from intersession_schemas.library import TEMPLATES
from intersession_schemas.streams import Kind

_PLACES = {key: place for place, key in enumerate(TEMPLATES)}
LIST = Whole[Template](
    "templates",
    lambda one: (True, _PLACES[one.key], "") if one.id is None else (False, one.title.casefold(), str(one.id)),
    lambda one: one.key if one.id is None else one.id,
)
"""The practice's own by title, then those that come with Intersession as they come."""


class Templates:
    """Templates, as `caseload.templates`: those of Intersession from the start, the practice's own after a sync."""

    def __init__(self, scope: LibraryScope) -> None:
        self._scope = scope

    def list(
        self, makes: TemplateFor | None = None, *, limit: int | None = None, after: UUID | str | None = None
    ) -> builtins.list[Template]:
        """The practice's own by title, then those that come with Intersession; with `makes` those for that alone.

        `limit` and `after`, an `id` or one of Intersession's by its `key`, as in `Journal.entries`.
        """
        window = _window(limit, after)
        with self._scope.replica.reading() as store:
            own = [_own(row) for row in self._scope.rows(Kind.TEMPLATE)] if self._scope.is_here() else []
            return cut(store, LIST, [*own, *_built_in()], window, lambda one: makes is None or one.makes == makes)

    def get(self, id: UUID | str) -> Template:
        """One of the practice's own by its id, or one that comes with Intersession by its key. Raises `NotFound`."""
        if isinstance(id, str) and id in TEMPLATES:
            return _with(TEMPLATES[id], key=id)
        return _own(self._scope.row(Kind.TEMPLATE, id))

    def add(self, template: templates.Template) -> Template:
        """Add a template to the practice's library, for all its therapists.

        Raises `NotFound` before the library is here, `InvalidField`, `StoreFull`.
        """
        with self._scope.replica.writing() as writing:
            value = templates.Template(**_content(template) | {"rule": checks.rule(template.rule)})
            return self.get(self._scope.add(writing, Kind.TEMPLATE, value))


def _window(limit: int | None, after: UUID | str | None) -> ReadWindow:
    """As `checks.listed`, after a template."""
    if isinstance(after, str) and after in TEMPLATES:
        return ReadWindow(limit=checks.count("limit", limit), after=after)
    return checks.listed(limit, None if after is None else checks.uuid("after", after))


def _own(row: StoredRecord[templates.Template]) -> Template:
    return _with(row.model, id=row.id)


def _built_in() -> builtins.list[Template]:
    return [_with(one, key=key) for key, one in TEMPLATES.items()]


def _with(template: templates.Template, *, id: UUID | None = None, key: str = "") -> Template:
    return Template(**_content(template), id=id, key=key, problems=template.problems)


def _content(template: templates.Template) -> dict[str, Any]:
    fields = templates.Template.__struct_fields__
    return {name: getattr(template, name) for name in fields if name != "problems"}
