"""The wire as data, from `intersession_schemas.messages` and what stands beside it; and its frames as types."""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import cleandoc
from typing import Any

import msgspec
from msgspec import NODEFAULT, inspect

from intersession.protocol import outgoing, pace, problems, reconnect, session
from intersession.sealing import recovery_code, sealing
from intersession_schemas import changes, codec, messages, nesting, work
from intersession_schemas.errors import (
    CLOSE_REASONS,
    NOT_FINAL,
    REFUSAL_TEXT,
    STREAM_STOPPED_TEXT,
    ErrorCode,
    RefusalCode,
)
from intersession_schemas.streams import Kind

MOST = 2**53
"""The greatest number that JavaScript counts to. The server may count further and never will: it is refused here."""
_OTHER_NAMES = {"Error": "ErrorFrame"}
"""Names that JavaScript has itself."""
_SEALED = (sealing.Content, sealing.WrappedKey)
_COLUMNS = (
    *("OBJECT_ACTOR", "OBJECT_COUNTER", "KEY_ACTOR", "KEY_COUNTER", "KEY_STRING", "INSERT", "ACTION"),
    *("VALUE_META", "VALUE", "PREDECESSOR_COUNT", "PREDECESSOR_ACTOR", "PREDECESSOR_COUNTER"),
)

Json = Any


def data() -> Json:
    """Frames by direction, what they and sealed blobs are made of, and every number and text of the protocol."""
    return {
        "protocol": messages.PROTOCOL,
        "up": {tag: _name(frame) for tag, frame in codec.UP_FRAMES.items()},
        "down": {tag: _name(frame) for tag, frame in codec.DOWN_FRAMES.items()},
        "structs": {_name(info.cls): _struct(info) for info in _structs()},
        "limits": {
            "frameUp": codec.MAX_FRAME_UP,
            "frameDown": codec.MAX_FRAME_DOWN,
            "valuesUp": codec.MAX_VALUES_UP,
            "valuesDown": codec.MAX_VALUES_DOWN,
            "depth": nesting.DEPTH,
            "pushes": messages.MOST_PUSHES,
            "chain": messages.CHAIN_BYTES,
            "known": messages.KNOWN_BYTES,
        },
        "changes": {
            "bytes": changes.MAX_CHANGE_BYTES,
            "operations": changes.MAX_CHANGE_OPERATIONS,
            "documentOperations": changes.MAX_DOCUMENT_OPERATIONS,
            "documentBytes": changes.MAX_DOCUMENT_BYTES,
            "dependencies": changes.MAX_DEPENDENCIES,
            "messageBytes": changes.MAX_MESSAGE_BYTES,
            "actorBytes": changes.MAX_ACTOR_BYTES,
            "time": changes.MAX_TIME,
            "runsForNothing": changes.RUNS_FOR_NOTHING,
            "runsAByte": changes.RUNS_A_BYTE,
        },
        "columns": {_camel(name.lower()): getattr(changes, name) for name in _COLUMNS},
        "actions": sorted(changes.ACTIONS),
        "valueTypes": sorted(changes.VALUE_TYPES),
        "work": {
            "frame": work.FRAME,
            "push": work.PUSH,
            "row": work.ROW,
            "kib": work.KIB,
            "operation": work.OPERATION,
        },
        "sealing": _sealing(),
        "session": _session(),
        "errorCodes": [code.value for code in ErrorCode],
        "refusals": {code.value: {"final": code not in NOT_FINAL, "text": REFUSAL_TEXT[code]} for code in RefusalCode},
        "stopped": {code.value: text for code, text in STREAM_STOPPED_TEXT.items()},
        "closeReasons": {str(code): reason for code, reason in CLOSE_REASONS.items()},
        "closed": {str(code): msgspec.structs.asdict(trouble) for code, trouble in problems.CLOSED.items()},
        "lost": msgspec.structs.asdict(problems.LOST),
    }


def _sealing() -> Json:
    return {
        "version": sealing.VERSION,
        "contentDomain": sealing.CONTENT_DOMAIN.decode(),
        "wrappingDomain": sealing.WRAPPING_DOMAIN.decode(),
        "bytes": {"id": sealing.ID_BYTES, "key": sealing.KEY_BYTES, "nonce": sealing.NONCE_BYTES},
        "saltBytes": sealing.SALT_BYTES,
        "smallestPassphrase": sealing.SMALLEST_PASSPHRASE,
        "work": msgspec.structs.asdict(sealing.WORK),
        "codeBytes": recovery_code.CODE_BYTES,
    }


def _session() -> Json:
    """How a replica paces itself, and when it comes back: sizes in bytes, times in seconds."""
    return {
        "pushBytes": session.PUSH_BYTES,
        "overhead": {"frame": outgoing.FRAME, "change": outgoing.CHANGE, "hash": outgoing.HASH},
        "leastFrame": outgoing.LEAST_FRAME,
        "tooLarge": session.TOO_LARGE,
        "steadyRetry": session.STEADY_RETRY,
        "few": session.FEW,
        "aboutAll": [code.value for code in session.ABOUT_ALL],
        "finalErrors": [code.value for code in session.FINAL_ERRORS],
        "pace": {
            "atOnce": pace.AT_ONCE,
            "steady": pace.STEADY,
            "untoldAtOnce": pace.UNTOLD_AT_ONCE,
            "untoldSteady": pace.UNTOLD_STEADY,
        },
        "reconnect": {
            "first": reconnect.FIRST,
            "longest": reconnect.LONGEST,
            "mostSpread": reconnect.MOST_SPREAD,
            "stood": reconnect.STOOD,
        },
    }


def _structs() -> Iterator[inspect.StructType]:
    """All that frames and sealed blobs are made of, each once: those that others hold come after them."""
    waiting: list[Any] = [*codec.UP_FRAMES.values(), *codec.DOWN_FRAMES.values(), *_SEALED]
    seen: set[type] = set()
    while waiting:
        info = inspect.type_info(waiting.pop(0))
        assert isinstance(info, inspect.StructType)
        if info.cls not in seen:
            seen.add(info.cls)
            yield info
            waiting += [one.cls for field in info.fields for one in _within(field.type)]


def _within(info: inspect.Type) -> Iterator[inspect.StructType]:
    match info:
        case inspect.StructType():
            yield info
        case inspect.Metadata(type=inner) | inspect.ListType(item_type=inner):
            yield from _within(inner)
        case inspect.UnionType(types=types):
            for one in types:
                yield from _within(one)


def _name(type_: type) -> str:
    return _OTHER_NAMES.get(type_.__name__, type_.__name__)


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


def _struct(info: inspect.StructType) -> Json:
    """`asList`: on the wire its fields are a list. `sparse`: what has its default is left out."""
    shape: dict[str, Json] = {"fields": [_field(field) for field in info.fields]}
    if info.tag is not None:
        shape["tag"] = info.tag
    if info.array_like:
        shape["asList"] = True
    if info.cls.__struct_config__.omit_defaults:
        shape["sparse"] = True
    return shape


def _field(field: inspect.Field) -> Json:
    """A field; `key` is its name on the wire, where that is another one."""
    told: dict[str, Json] = {"name": _camel(field.name), "type": _type(field.type)}
    if field.name != told["name"]:
        told["key"] = field.name
    if not field.required:
        told["default"] = _default(field)
    return told


def _default(field: inspect.Field) -> Json:
    value = field.default_factory() if field.default is NODEFAULT else field.default
    return msgspec.to_builtins(value, builtin_types=(bytes,)) if value != b"" else ""


def _type(info: inspect.Type) -> Json:
    match info:
        case inspect.Metadata(type=inner):
            return _type(inner)
        case inspect.ListType(item_type=item, min_length=least, max_length=most):
            return {"is": "list", "of": _type(item)} | _lengths(least, most)
        case inspect.TupleType(item_types=items):
            return {"is": "tuple", "of": [_type(one) for one in items]}
        case inspect.StructType(cls=cls):
            return {"is": "struct", "name": _name(cls)}
        case inspect.UnionType(types=types):
            return _union([one for one in types if not isinstance(one, inspect.NoneType)], len(types))
    return _scalar(info)


def _scalar(info: inspect.Type) -> Json:
    match info:
        case inspect.BoolType():
            return {"is": "truth"}
        case inspect.IntType(ge=least, le=most):
            bounds = {"least": -MOST if least is None else least, "most": MOST if most is None else min(most, MOST)}
            return {"is": "whole", **bounds}
        case inspect.FloatType(ge=least, le=most):
            return {"is": "number", "least": least, "most": most}
        case inspect.StrType(max_length=most):
            return {"is": "text"} | _lengths(None, most)
        case inspect.BytesType(min_length=least, max_length=most):
            return {"is": "bytes"} | _lengths(least, most)
        case inspect.UUIDType():
            return {"is": "uuid"}
        case inspect.DateTimeType():
            return {"is": "moment"}
        case inspect.EnumType(cls=enum):
            return {"is": "choice", "of": [one.value for one in enum], "name": enum.__name__}
    raise TypeError(f"No frame has a {type(info).__name__}.")


def _union(types: list[Any], count: int) -> Json:
    if len(types) == 1 and count == 2:
        return {"is": "optional", "of": _type(types[0])}
    return {"is": "either", "of": {one.tag: _name(one.cls) for one in types}}


def _lengths(least: int | None, most: int | None) -> Json:
    return {name: bound for name, bound in (("least", least), ("most", most)) if bound is not None}


# -- as types ----------------------------------------------------------------------------------------------------------


def types() -> str:
    """The same as TypeScript."""
    shapes = [(info, _struct(info)) for info in _structs()]
    choices = {
        one["name"]: one["of"] for _, shape in shapes for field in shape["fields"] for one in _choices(field["type"])
    }
    parts = ["// Made by `./run vectors` from the Python code (generate/wire.py); not to be edited."]
    choices["ErrorCode"] = [code.value for code in ErrorCode]
    choices["Kind"] = [kind.value for kind in Kind]
    choices["RefusalCode"] = [code.value for code in RefusalCode]
    parts += [f"export type {name} = {_either(values)};" for name, values in sorted(choices.items())]
    parts += [_interface(info, shape) for info, shape in shapes]
    for name, frames in (("Up", codec.UP_FRAMES), ("Down", codec.DOWN_FRAMES)):
        members = [_name(frame) for tag, frame in frames.items() if tag != "packed"]
        what = "What a replica sends." if name == "Up" else "What a server sends, unpacked."
        parts.append(f"/** {what} */\nexport type {name} = {' | '.join(members)};")
    return "\n\n".join(parts) + "\n"


def _choices(type_: Json) -> Iterator[Json]:
    if type_["is"] == "choice":
        yield type_
    elif type_["is"] in ("list", "optional"):
        yield from _choices(type_["of"])


def _either(texts: list[str]) -> str:
    return " | ".join(f'"{text}"' for text in texts)


def _interface(info: inspect.StructType, shape: Json) -> str:
    lines = [f"  readonly {field['name']}: {_in_typescript(field['type'])};" for field in shape["fields"]]
    if "tag" in shape:
        lines.insert(0, f'  readonly frame: "{shape["tag"]}";')
    says = cleandoc(info.cls.__doc__ or "").replace("\n", "\n * ").replace(" * \n", " *\n")
    return f"/**\n * {says}\n */\nexport interface {_name(info.cls)} {{\n" + "\n".join(lines) + "\n}"


_PLAIN = {"truth": "boolean", "whole": "number", "number": "number", "text": "string", "bytes": "Uint8Array"}
_PLAIN |= {"uuid": "string", "moment": "string"}


def _in_typescript(type_: Json) -> str:
    match type_["is"]:
        case "choice" | "struct":
            return str(type_["name"])
        case "list":
            inner = _in_typescript(type_["of"])
            return f"readonly ({inner})[]" if " " in inner else f"readonly {inner}[]"
        case "tuple":
            return f"readonly [{', '.join(map(_in_typescript, type_['of']))}]"
        case "optional":
            return f"{_in_typescript(type_['of'])} | null"
        case "either":
            return " | ".join(type_["of"].values())
        case plain:
            return _PLAIN[plain]
