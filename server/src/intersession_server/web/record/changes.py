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

from intersession_schemas.documents.care.homework import Homework
from intersession_schemas.documents.care.plan import Plan
from intersession_schemas.documents.care.templates import Template
from intersession_schemas.documents.names import tidy_name
from intersession_schemas.documents.recurrence import check_rule
from intersession_schemas.documents.shapes import Prose

T = TypeVar("T", bound=Struct)

NEW = "+"
BASED_ON = "based_on"
_RULES = frozenset({"rule", "journal_rule"})
_NAME = "name"
_NOT_GIVEN = frozenset({"problems", "assigned_at", "made_at", "predecessor"})
"""What is said by the server, and no field of a request."""

Heads = Annotated[
    list[Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]],
    Meta(
        max_length=100,
        description="`heads` of the view that was edited. Changes made by others since then are kept and merged.",
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
else:
    PlanChange = change_of(Plan)
    HomeworkChange = change_of(Homework)
    NewHomework = new_of(Homework)
    NewTemplate = new_of(Template)


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
