"""Forms that somebody has begun."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class DraftAnswer(Struct, frozen=True):
    """What was typed under a prompt; `question` is what the app knows it by."""

    question: str
    prompt: str
    text: str


class FormDraft(Struct, frozen=True):
    """A form that was begun: what it is (`title`), its answers in their order, and when the last one was kept."""

    name: str
    title: str
    answers: tuple[DraftAnswer, ...]
    kept_at: datetime
