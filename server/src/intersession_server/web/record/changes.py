"""What a request may change of a plan, homework, a goal, a session …: some fields, and elements one by one. Pure.

The types are made of the read models, so that they cannot fall out of step: every field may be left out, and a map of
elements holds those to be added or changed, and null for those to be removed. An id that begins with `+` asks for a
new element whose id is made here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from intersession_schemas.documents.care.episodes import Baseline, Episode
from intersession_schemas.documents.care.homework import Homework
from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.documents.care.resources import Resource
from intersession_schemas.documents.care.sessions import Session
from intersession_schemas.documents.care.templates import Template
from intersession_schemas.documents.fields import StoredField
from intersession_schemas.documents.names import tidy_name
from intersession_schemas.documents.recurrence import check_rule
from intersession_schemas.documents.shapes import Element, Prose, Shape

T = TypeVar("T", bound=Struct)
E = TypeVar("E", bound=Element)

NEW = "+"
BASED_ON = "based_on"
_RULES = frozenset({"rule", "journal_rule"})
_NAME = "name"
_NOT_GIVEN = frozenset({"problems", "assigned_at", "made_at", "predecessor"})
"""What is said by the server, and no field of a request."""

Heads = Annotated[
    list[Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]],
    Meta(
        min_length=1,
        max_length=100,
        description="`heads` of the view that was edited. Changes made by others since then are kept and"
        " merged; a value that they have set as well is refused (`changed_meanwhile`).",
    ),
]


def _elements_of(model: type[Struct]) -> dict[str, type[Struct]]:
    """The fields of a model that are maps of elements, and what those are."""
    found = {}
    for name, hint in get_type_hints(model).items():
        if get_origin(hint) is dict and issubclass(get_args(hint)[1], Struct):
            found[name] = get_args(hint)[1]
    return found


def _partial(name: str, model: type[Struct], **more: Any) -> type[Struct]:
    """A Struct of the model's fields in which each may be left out."""
    elements = _elements_of(model)
    hints = get_type_hints(model, include_extras=True)
    fields: list[tuple[str, Any, Any]] = []
    for field in model.__struct_fields__:
        if field in _NOT_GIVEN:
            continue
        hint = _bounded(hints[field])
        if field in elements:
            hint = dict[str, _element(elements[field]) | None]  # type: ignore[misc]
        fields.append((field, hint | UnsetType, UNSET))
    fields += [(key, hint | UnsetType, UNSET) for key, hint in more.items()]
    doc = f"Fields of {model.__name__}; omitted fields stay unchanged."
    return msgspec.defstruct(
        name, fields, frozen=True, kw_only=True, forbid_unknown_fields=True, module=__name__, namespace={"__doc__": doc}
    )


def _bounded(hint: Any) -> Any:
    """A field as a request gives it: of prose, what one may write."""
    of = next((one for one in getattr(hint, "__metadata__", ()) if isinstance(one, Prose)), None)
    return hint if of is None else Annotated[str, Meta(max_length=of.most)]


_made: dict[type[Struct], type[Struct]] = {}


def _element(model: type[Struct]) -> type[Struct]:
    if model not in _made:
        _made[model] = _partial(f"{model.__name__}Change", model)
    return _made[model]


def new_of(model: type[Struct]) -> type[Struct]:
    """What a request says of a new document."""
    return _partial(f"New{model.__name__}", model)


def change_of(model: type[Struct]) -> type[Struct]:
    """What a request changes of a document."""
    return _partial(f"{model.__name__}Change", model, based_on=Heads)


if TYPE_CHECKING:
    PlanChange: TypeAlias = Struct
    HomeworkChange: TypeAlias = Struct
    NewHomework: TypeAlias = Struct
    NewTemplate: TypeAlias = Struct
    TemplateChange: TypeAlias = Struct
    NewResource: TypeAlias = Struct
    ResourceChange: TypeAlias = Struct
    NewEpisode: TypeAlias = Struct
    EpisodeChange: TypeAlias = Struct
    BaselineChange: TypeAlias = Struct
    NewSession: TypeAlias = Struct
    SessionChange: TypeAlias = Struct
else:
    PlanChange = change_of(Plan)
    HomeworkChange = change_of(Homework)
    NewHomework = new_of(Homework)
    NewTemplate = new_of(Template)
    TemplateChange = change_of(Template)
    NewResource = new_of(Resource)
    ResourceChange = change_of(Resource)
    NewEpisode = new_of(Episode)
    EpisodeChange = change_of(Episode)
    BaselineChange = _element(Baseline)
    NewSession = new_of(Session)
    SessionChange = change_of(Session)


def changed(before: T, change: Struct, new_id: Callable[[], str]) -> T:
    """`before` with what `change` names; `new_id` gives ids for new elements. Raises `InvalidField` for a bad rule."""
    elements = _elements_of(type(before))
    after: dict[str, Any] = {}
    for name, given in _given(change).items():
        if name in elements:
            after[name] = _elements(elements[name], getattr(before, name), given, new_id)
        else:
            after[name] = given
    return msgspec.structs.replace(before, **after)


def elements_given(change: Struct) -> dict[str, list[str]]:
    """The ids of the elements that a change names without removing or adding them, by their field."""
    found = {}
    for name, given in _given(change).items():
        if isinstance(given, dict):
            found[name] = [id_ for id_, one in given.items() if one is not None and not id_.startswith(NEW)]
    return found


def differing(change: T, before: Struct, after: Struct) -> T:
    """`change` without the elements that are `after` it what they were `before`."""
    less: dict[str, Any] = {}
    for name in change.__struct_fields__:
        given = getattr(change, name)
        if isinstance(given, dict):
            was, now = getattr(before, name), getattr(after, name)
            less[name] = {id_: one for id_, one in given.items() if id_ not in was or was[id_] != now.get(id_)}
    return msgspec.structs.replace(change, **less)


def clashes(shape: Shape[Any], before: Any, now: Any, after: Any) -> bool:
    """Whether an edit from `before` to `after` and what others made of it `now` cannot both stay.

    Prose merges and elements are kept one by one; of a value that both have set only one would be left, and a change
    inside an element would be out of sight where the edit removes that element.
    """
    if any(_clash(field, before, now, after) for field in shape.fields if field.name not in shape.elements):
        return True
    for name, fields in shape.elements.items():
        was, there, wanted = getattr(before, name), getattr(now, name), getattr(after, name)
        for id_ in was.keys() & there.keys():
            if id_ not in wanted:
                if any(_differ(field, was[id_], there[id_]) for field in fields):
                    return True
            elif any(_clash(field, was[id_], there[id_], wanted[id_]) for field in fields):
                return True
    return False


def _clash(field: StoredField, before: Struct, now: Struct, after: Struct) -> bool:
    if field.is_prose:
        return False
    return all(_differ(field, *two) for two in ((before, now), (before, after), (now, after)))


def _differ(field: StoredField, one: Struct, other: Struct) -> bool:
    # Where an element stands is no loss: the later move counts.
    return field.name != "order" and getattr(one, field.name) != getattr(other, field.name)


def heads_of(change: Struct) -> tuple[bytes, ...] | None:
    """The heads that a change is based on; None where it names none."""
    given = getattr(change, BASED_ON, UNSET)
    return None if given is UNSET else tuple(bytes.fromhex(head) for head in given)


def _given(change: Struct) -> dict[str, Any]:
    found = {}
    for name in change.__struct_fields__:
        given = getattr(change, name)
        if given is not UNSET and name != BASED_ON:
            found[name] = _plain(name, given) if isinstance(given, str) and given else given
    return found


def _plain(name: str, given: str) -> str:
    """A rule in its plain form, a name without what cannot be seen; any other text as it is."""
    return check_rule(given) if name in _RULES else tidy_name(given) if name == _NAME else given


def _elements(
    model: type[Struct], before: Mapping[str, Any], given: Mapping[str, Struct | None], new_id: Callable[[], str]
) -> dict[str, Any]:
    after = dict(before)
    for id_, change in given.items():
        if change is None:
            after.pop(id_, None)
        elif id_ in after:
            after[id_] = msgspec.structs.replace(after[id_], **_given(change))
        else:
            last = max((element.order for element in after.values()), default=-1.0)
            values = {"order": last + 1.0} | _given(change)
            after[new_id() if id_.startswith(NEW) else id_] = model(**values)
    return after


# --- order ------------------------------------------------------------------------------------------------------------


def moved(elements: Mapping[str, E], id_: str, after: str | None) -> dict[str, E]:
    """`elements` with the one that has that id right after the one `after`, or first.

    Its own number alone changes, as long as there is one between its new neighbours. What is not there (any more)
    leaves everything where it is.
    """
    if id_ not in elements or after == id_ or (after is not None and after not in elements):
        return dict(elements)
    others = [one for one in sorted(elements, key=lambda one: (elements[one].order, one)) if one != id_]
    at = 0 if after is None else others.index(after) + 1
    order = _between(
        elements[others[at - 1]].order if at > 0 else None, elements[others[at]].order if at < len(others) else None
    )
    if order is not None:
        return {**elements, id_: msgspec.structs.replace(elements[id_], order=order)}
    others.insert(at, id_)
    return {one: msgspec.structs.replace(elements[one], order=float(n)) for n, one in enumerate(others, start=1)}


def _between(below: float | None, above: float | None) -> float | None:
    """A number between the two; None where there is none left."""
    if below is None:
        return 1.0 if above is None else above - 1.0
    if above is None:
        return below + 1.0
    middle = (below + above) / 2
    return middle if below < middle < above else None
