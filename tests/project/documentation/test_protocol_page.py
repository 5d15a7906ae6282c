"""docs/reference/protocol.md is the specification: every frame and every code has its heading there, and none more."""

from __future__ import annotations

import re
from pathlib import Path

from intersession_schemas.codec import DOWN_FRAMES, UP_FRAMES
from intersession_schemas.errors import CLOSE_REASONS, ErrorCode, RefusalCode
from intersession_schemas.messages import PROTOCOL

PAGE = (Path(__file__).parents[3] / "docs/reference/protocol.md").read_text(encoding="utf-8")


def headings(section: str) -> set[str]:
    """The third-level headings under a second-level one."""
    _, _, rest = PAGE.partition(f"\n## {section}\n")
    assert rest, f"the page has no section {section!r}"
    return set(re.findall(r"^### (.+)$", rest.partition("\n## ")[0], re.MULTILINE))


def test_version() -> None:
    assert PAGE.startswith(f"# The sync protocol, version {PROTOCOL}\n")


def test_every_frame_has_its_heading() -> None:
    assert headings("Frames up") == set(UP_FRAMES)
    assert headings("Frames down") == set(DOWN_FRAMES)


def test_every_refusal_has_its_heading() -> None:
    assert headings("Refusals") == set(RefusalCode)


def test_every_error_code_has_its_heading() -> None:
    assert {heading.removesuffix(" (error)") for heading in headings("Error codes")} == set(ErrorCode)


def test_every_close_code_has_its_heading_with_its_reason() -> None:
    assert headings("Close codes") == {f"{code} {reason}" for code, reason in CLOSE_REASONS.items()}
