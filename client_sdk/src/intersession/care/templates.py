"""Templates to start from: those that come with Intersession, and the practice's own."""

from __future__ import annotations

import builtins
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from intersession.documents.records import StoredRecord
from intersession.documents.tables.pages import Whole, cut
from intersession.inputs import checks
from intersession.inputs.windows import ReadWindow
from intersession.models.records import Template
from intersession.replica.scope import LibraryScope
from intersession_schemas.documents.care import templates
from intersession_schemas.documents.care.templates import TemplateFor
from intersession_schemas.library import TEMPLATES, template_in, templates_in
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
        self,
        makes: TemplateFor | None = None,
        *,
        limit: int | None = None,
        after: UUID | str | None = None,
        locale: str = "en",
        retired: bool = False,
    ) -> builtins.list[Template]:
        """The practice's own by title, then those that come with Intersession; with `makes` those for that alone.

        With `retired` those of the practice's own that were put away, and no others. `limit` and `after`, an `id`
        or one of Intersession's by its `key`, as in `Journal.entries`. Those of Intersession are in the language of
        `locale`.
        """
        window = _window(limit, after)
        with self._scope.replica.reading() as store:
            own = [_own(row) for row in self._scope.rows(Kind.TEMPLATE)] if self._scope.is_here() else []
            kept = [one for one in [*own, *_built_in(locale)] if one.retired is retired]
            return cut(store, LIST, kept, window, lambda one: makes is None or one.makes == makes)

    def get(self, id: UUID | str, *, locale: str = "en") -> Template:
        """One of the practice's own by its id, or one that comes with Intersession by its key, in the language of
        `locale`. Raises `NotFound`."""
        if isinstance(id, str) and id in TEMPLATES:
            return _with(template_in(id, locale), key=id)
        return _own(self._scope.row(Kind.TEMPLATE, id))

    def add(self, template: templates.Template) -> Template:
        """Add a template to the practice's library, for all its therapists.

        Raises `NotFound` before the library is here, `InvalidField`, `StoreFull`.
        """
        with self._scope.replica.writing() as writing:
            value = templates.Template(**_content(template) | {"rule": checks.rule(template.rule), "retired": False})
            return self.get(self._scope.add(writing, Kind.TEMPLATE, value))

    def retire(self, id: UUID) -> Template:
        """Put away a template of the practice's own: it is no longer listed to start from, and can still be read.

        What was made from it stays as it is. Raises `NotFound`, `StoreFull`.
        """
        return self._put(id, retired=True)

    def bring_back(self, id: UUID) -> Template:
        """Undo `retire`. Raises as that."""
        return self._put(id, retired=False)

    def _put(self, id: UUID, *, retired: bool) -> Template:
        with self._scope.replica.writing() as writing:
            row = self._scope.row(Kind.TEMPLATE, id)
            self._scope.change(writing, Kind.TEMPLATE, row, lambda value: replace(value, retired=retired))
            return self.get(id)


def _window(limit: int | None, after: UUID | str | None) -> ReadWindow:
    """As `checks.listed`, after a template."""
    if isinstance(after, str) and after in TEMPLATES:
        return ReadWindow(limit=checks.count("limit", limit), after=after)
    return checks.listed(limit, None if after is None else checks.uuid("after", after))


def _own(row: StoredRecord[templates.Template]) -> Template:
    return _with(row.model, id=row.id)


def _built_in(locale: str) -> builtins.list[Template]:
    return [_with(one, key=key) for key, one in templates_in(locale).items()]


def _with(template: templates.Template, *, id: UUID | None = None, key: str = "") -> Template:
    return Template(**_content(template), id=id, key=key, problems=template.problems)


def _content(template: templates.Template) -> dict[str, Any]:
    fields = templates.Template.__struct_fields__
    return {name: getattr(template, name) for name in fields if name != "problems"}
