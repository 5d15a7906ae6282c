"""The targets by name. Each is imported where it is used, as what it needs takes its time."""

from __future__ import annotations

from importlib import import_module

from tests.fuzz.cases import Target

TARGETS = {
    "codec": "tests.fuzz.codec_target:CodecTarget",
    "seam": "tests.fuzz.seam_target:SeamTarget",
    "server": "tests.fuzz.server_target:ServerTarget",
    "client": "tests.fuzz.client_target:ClientTarget",
}


def target_of(name: str) -> Target:
    """A new target of a name, or of a class given as `module:class`."""
    module, _, of = TARGETS.get(name, name).partition(":")
    made: Target = getattr(import_module(module), of)()
    return made
