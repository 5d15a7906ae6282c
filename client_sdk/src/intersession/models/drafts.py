"""Unfinished forms."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class DraftAnswer(Struct, frozen=True):
    """What was typed for a prompt; `question` is the app's own name for it."""

    question: str
    prompt: str
    text: str


class FormDraft(Struct, frozen=True):
    """An unfinished form: its `title`, its answers in order, and when the last one was saved."""

    name: str
    title: str
    answers: tuple[DraftAnswer, ...]
    kept_at: datetime
