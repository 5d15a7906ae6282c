"""Resources: helpful texts, steps and links, readable offline; provided by the care team, rated by the client."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from intersession.care import comments
from intersession.documents import records
from intersession.documents.long_prose import stages
from intersession.documents.records import StoredRecord
from intersession.errors import InvalidField
from intersession.inputs import checks, elements
from intersession.inputs.versions import heads_of
from intersession.models.records import Comment, Resource, ResourceStep
from intersession.replica.scope import LibraryScope, Scope
from intersession_schemas.documents.care import resources
from intersession_schemas.documents.care.templates import Template
from intersession_schemas.streams import Kind


class ResourceReader:
    """What everybody reads of resources."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def list(
        self, *, tag: str | None = None, limit: int | None = None, after: UUID | None = None
    ) -> builtins.list[Resource]:
        """Resources, newest first; those with a tag, if one is given. `limit` and `after` as in `Journal.entries`."""
        return self._listed(tag, limit, after, retired=None)

    def _listed(
        self, tag: str | None, limit: int | None, after: UUID | None, retired: bool | None
    ) -> builtins.list[Resource]:
        """Those with a tag, if one is given, and put away or not, if that is said."""

        def keep(row: StoredRecord[resources.Resource]) -> bool:
            return (tag is None or tag in row.model.tags) and retired in (None, row.model.retired)

        window = checks.listed(limit, after)
        with self._scope.replica.reading():
            return [self._resource(row) for row in self._scope.rows(Kind.RESOURCE, window=window, keep=keep)]

    def get(self, id: UUID) -> Resource:
        """The resource with that id. Raises `NotFound`."""
        with self._scope.replica.reading():
            return self._resource(self._scope.row(Kind.RESOURCE, id))

    def _resource(self, row: StoredRecord[resources.Resource]) -> Resource:
        return _resource(row, self._scope.rows(Kind.COMMENT, about=row.id))


class Resources(ResourceReader):
    """The client's resources, as `tracker.resources`. Thread-safe; when a call returns, its data is on disk."""

    def helped(self, id: UUID, helped: bool, text: str = "") -> Comment:
        """Say whether a resource helped, and how; the care team can read it. The latest answer counts.

        Raises `NotFound`, `InvalidField`, `StoreFull`.
        """
        if not isinstance(helped, bool):
            raise InvalidField("helped must be True or False.")
        with self._scope.replica.reading():
            row = self._scope.row(Kind.RESOURCE, id)
            return comments.comment(self._scope, row.id, text, helped)


class WrittenResources(ResourceReader):
    """What a therapist writes of resources."""

    def add(
        self,
        title: str = "",
        text: str = "",
        steps: Iterable[str] = (),
        link: str = "",
        tags: Iterable[str] = (),
        *,
        template: Template | None = None,
    ) -> Resource:
        """Add a resource: a `title`, and a `text`, `steps`, a `link` to the web, or several of them.

        Omitted fields come from `template`. Raises `NotFound` if the library or record is not (or no longer)
        available, `InvalidField`, `StoreFull`; then nothing is added.
        """
        if template is not None:
            title, text, tags = title or template.title, text or template.what, tuple(tags) or template.tags
            steps = tuple(steps) or [field.prompt for _, field in elements.in_order(template.fields)]
        with self._scope.replica.writing() as writing:
            value = resources.Resource(
                title=checks.text("title", title),
                text=checks.text("text", text),
                steps=elements.numbered(_steps(steps)),
                link=checks.text("link", link),
                tags=tuple(dict.fromkeys(checks.tags(tags))),
                made_at=self._scope.now(),
            )
            return self.get(self._scope.add(writing, Kind.RESOURCE, value))

    def edit(
        self,
        id: UUID,
        *,
        title: str | UnsetType = UNSET,
        text: str | UnsetType = UNSET,
        steps: Iterable[str] | UnsetType = UNSET,
        link: str | UnsetType = UNSET,
        tags: Iterable[str] | UnsetType = UNSET,
        based_on: Resource | str | None = None,
    ) -> Resource:
        """Change the given fields. `steps` are all of them: those left out are removed.

        `based_on` is the resource that they were made from, or its `version`, as in `Journal.edit`: what a colleague
        wrote meanwhile is kept, and a step that they added stays. Raises as `add`, and `NotFound`.
        """
        given, seen = dict[str, Any](), heads_of(based_on)
        if title is not UNSET:
            given["title"] = checks.text("title", title)
        if link is not UNSET:
            given["link"] = checks.text("link", link)
        if tags is not UNSET:
            given["tags"] = tuple(dict.fromkeys(checks.tags(tags)))
        new_steps = None if steps is UNSET else _steps(steps)
        new_text = text if text is UNSET else checks.text("text", text)

        def steps_to(value: resources.Resource) -> builtins.list[resources.Resource]:
            after = replace(value, **given)
            if new_steps is not None:
                after = replace(after, steps=elements.rewritten(value.steps, new_steps))
            if new_text is UNSET:
                return [after]
            # One change holds so many characters at most; the last stage has the whole text.
            *between, last = stages(value.text, new_text)
            return [*(replace(value, text=stage) for stage in between), replace(after, text=last)]

        with self._scope.replica.writing() as writing:
            row = self._scope.row(Kind.RESOURCE, id)
            self._scope.edit(writing, row, records.revision(Kind.RESOURCE, steps_to), based_on=seen)
            return self.get(row.id)


class LibraryResources(WrittenResources):
    """The resources of the practice's library, as `caseload.resources`; every therapist writes and gives them."""

    def list(
        self, *, tag: str | None = None, limit: int | None = None, after: UUID | None = None, retired: bool = False
    ) -> builtins.list[Resource]:
        """As every list of resources; with `retired` those that were put away, and no others."""
        return self._listed(tag, limit, after, retired)

    def retire(self, id: UUID) -> Resource:
        """Put a resource away: it is no longer listed to be given, and can still be read.

        What was given to clients stays as it is. Raises `NotFound`, `StoreFull`.
        """
        return self._put(id, retired=True)

    def bring_back(self, id: UUID) -> Resource:
        """Undo `retire`. Raises as that."""
        return self._put(id, retired=False)

    def _put(self, id: UUID, *, retired: bool) -> Resource:
        with self._scope.replica.writing() as writing:
            row = self._scope.row(Kind.RESOURCE, id)
            self._scope.change(writing, Kind.RESOURCE, row, lambda value: replace(value, retired=retired))
            return self.get(id)


class ClientResources(WrittenResources):
    """One client's resources, as `client.resources`. Every call raises `NotFound` once the assignment has ended."""

    def give(self, id: UUID) -> Resource:
        """Copy a resource of the library into the client's record, as it is now. Raises `NotFound`, `StoreFull`."""
        with self._scope.replica.writing() as writing:
            library = LibraryScope(self._scope.replica).row(Kind.RESOURCE, id)
            value = replace(library.model, made_at=self._scope.now(), retired=False, problems=())
            return self.get(self._scope.add(writing, Kind.RESOURCE, value))


def _steps(texts: Iterable[str]) -> builtins.list[resources.ResourceStep]:
    return [resources.ResourceStep(text=text) for text in checks.texts("steps", texts)]


def _resource(row: StoredRecord[resources.Resource], said: Sequence[StoredRecord[Any]]) -> Resource:
    """`said` are comments, newest first. Only what the client says counts."""
    model = row.model
    words = (
        one.model.helped
        for one in said
        if one.model.on == row.id and one.model.helped is not None and one.author in (None, one.client)
    )
    return Resource(
        id=row.id,
        title=model.title,
        text=model.text,
        steps=tuple(ResourceStep(id=id, text=step.text) for id, step in elements.in_order(model.steps)),
        link=model.link,
        tags=model.tags,
        retired=model.retired,
        made_at=model.made_at,
        arrived_at=row.arrived_at,
        changed_by=row.last.by,
        changed_at=row.last.at,
        version=row.version,
        helped=next(words, None),
        problems=model.problems,
    )
