"""The targets by name."""

from __future__ import annotations

from collections.abc import Callable

from tests.fuzz.cases import Target
from tests.fuzz.client_target import ClientTarget
from tests.fuzz.codec_target import CodecTarget
from tests.fuzz.seam_target import SeamTarget
from tests.fuzz.server_target import ServerTarget

TARGETS: dict[str, Callable[[], Target]] = {
    "codec": CodecTarget,
    "seam": SeamTarget,
    "server": ServerTarget,
    "client": ClientTarget,
}
