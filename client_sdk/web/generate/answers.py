"""The types of what the SDK answers with, as TypeScript: the faces of the core answer with the same."""

from __future__ import annotations

from client_sdk.web.generate import shapes
from client_sdk.web.generate.models import PLAIN, comment
from msgspec import inspect

from intersession.models import devices, drafts, found, measures, private, records, symptoms

ANSWERS = (
    devices.Change,
    devices.Pairing,
    devices.Status,
    devices.SyncReport,
    drafts.FormDraft,
    found.Found,
    measures.Assessment,
    measures.Available,
    measures.Progress,
    measures.Safety,
    measures.Session,
    private.VaultStatus,
    private.Withdrawal,
    records.Assignment,
    records.Comment,
    records.Due,
    records.Entry,
    records.Goal,
    records.Plan,
    records.Resource,
    records.Topic,
    symptoms.Point,
    symptoms.SymptomLog,
)
"""Those from which all others are reached."""

_HEAD = """\
// What the faces answer with: as the Python SDK, under the same names. Written from its code by `./run vectors`.
// Moments are ISO 8601 with their offset, spans of time seconds.
"""
_Class = inspect.StructType | inspect.NamedTupleType


def text() -> str:
    """The file."""
    known = {one.cls: name for name, one in shapes.structs().items()}
    here: dict[str, _Class] = {}
    elsewhere: set[str] = set()
    for info in inspect.multi_type_info(ANSWERS):
        _gather(info, known, here, elsewhere)
    imported = "".join(f"  {name},\n" for name in sorted(elsewhere | {"Id", "IsoDay", "IsoMoment"}))
    imports = f'import type {{\n{imported}}} from "./models.ts";\n'
    return "\n".join([_HEAD, imports, *(_interface(name, one) for name, one in sorted(here.items()))])


def _gather(info: inspect.Type, known: dict[type, str], here: dict[str, _Class], elsewhere: set[str]) -> None:
    if isinstance(info, _Class):
        if info.cls in known:
            elsewhere.add(known[info.cls])
            return
        if info.cls.__name__ in here:
            assert here[info.cls.__name__].cls is info.cls
            return
        here[info.cls.__name__] = info
    for one in shapes.within(info):
        _gather(one, known, here, elsewhere)


def _interface(name: str, info: _Class) -> str:
    lines = [f"  readonly {field.name}: {_type(field.type)};" for field in info.fields]
    return "\n".join([*comment(info.cls.__doc__ or name), f"export interface {name} {{", *lines, "}", ""])


def _type(info: inspect.Type) -> str:
    match info:
        case inspect.UnionType():
            found = dict.fromkeys(map(_type, info.types))
            return " | ".join(sorted(found, key=lambda each: each == "null"))
        case inspect.LiteralType():
            return " | ".join(f'"{word}"' for word in info.values)
        case inspect.VarTupleType():
            inner = _type(info.item_type)
            return f"readonly ({inner})[]" if " " in inner else f"readonly {inner}[]"
        case inspect.TupleType():
            return f"readonly [{', '.join(map(_type, info.item_types))}]"
        case inspect.DictType():
            return f"Readonly<Record<string, {_type(info.value_type)}>>"
        case inspect.TimeDeltaType():
            return "number"
        case inspect.StructType() | inspect.NamedTupleType():
            return shapes.name_of(info.cls)
    return PLAIN[shapes.type_of(info)["is"]]
