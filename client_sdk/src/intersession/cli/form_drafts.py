"""A form as it is filled in at a terminal: each answer is kept as a draft at once, and taken up again next time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from typing import Self
from uuid import uuid4

import rich_click as click

from intersession.cli.output import printing as output
from intersession.errors import InvalidField
from intersession.models.drafts import DraftAnswer, FormDraft
from intersession.models.records import Due
from intersession.tracker import Tracker

_TYPED = "write:"
"""Begins the name of a draft of what `write -` has read."""
_REST = ":rest"
"""Ends the name of a draft of what had no place in what was written."""


class Later(Exception):
    """Somebody left a form for later."""


class Form:
    """One form of a store. `ask` is `click.prompt`, but for what was answered before; `write` ends it."""

    def __init__(self, tracker: Tracker, name: str, title: str) -> None:
        self._tracker = tracker
        self._name = name
        self._title = title
        self._answers: dict[str, DraftAnswer] = {}
        self._again: dict[str, str] = {}
        self._used: set[str] = set()

    @classmethod
    def of(cls, tracker: Tracker, due: Due) -> Self:
        """The form of something that is due. Says if it was begun before; raises `Later` if it is left as it is."""
        form = cls(tracker, name_of(due), f"{due.title} ({due.day})")
        begun = next((one for one in tracker.drafts.list() if one.name == form._name), None)
        if begun is None:
            return form
        output.say(told(begun))
        if click.confirm("Continue this draft?", default=True):
            form._answers = {one.question: one for one in begun.answers}
            form._again = {one.question: one.text for one in begun.answers}
        elif click.confirm("Delete this draft and start again?", default=False):
            tracker.drafts.delete(form._name)
        else:
            output.say("The draft is kept.")
            raise Later
        return form

    def ask(self, question: str, prompt: str, hint: str = "") -> str:
        """What is answered to a question; Enter alone is an empty answer."""
        self._used.add(question)
        before = self._again.pop(question, None)
        if before is not None:
            output.say(f"{prompt}: {before or '(skipped)'}")
            return before
        return asked(f"{prompt}{hint}")

    def note(self, question: str, prompt: str, text: str) -> None:
        """Keep an answer, on disk when this returns."""
        self._used.add(question)
        if text or question in self._answers:
            self._answers[question] = DraftAnswer(question, prompt, text)
        if any(one.text for one in self._answers.values()):
            self._tracker.drafts.keep(self._name, self._title, self._answers.values())

    @property
    def begun(self) -> bool:
        """Whether there is a draft of it."""
        return any(one.text for one in self._answers.values())

    def write(self, keep: Callable[[], object]) -> bool:
        """Write what was answered in the draft's place; where that is refused, the draft stays."""
        rest = [one for question, one in self._answers.items() if question not in self._used and one.text.strip()]
        try:
            with self._tracker.drafts.finishing(self._name):
                keep()
                if rest:
                    self._tracker.drafts.keep(self._name + _REST, self._title, rest)
        except InvalidField as refused:
            output.say(f"Not saved: {refused}")
            if self.begun:
                output.say("What you wrote is saved as a draft on this device; continue it with `intersession today`.")
            return False
        output.say("Kept.")
        if rest:
            output.say("What you wrote for questions that are no longer asked is kept as a draft on this device.")
        return True


def asked(prompt: str) -> str:
    """One line from the terminal, as text whatever the code page."""
    given = str(click.prompt(output.shown(prompt), default="", show_default=False, prompt_suffix=": "))
    return given.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def typed() -> tuple[str, bool]:
    """What is typed, or comes through a pipe, up to its end; and whether Ctrl-C was that end."""
    lines = list[str]()
    try:
        for line in sys.stdin:
            lines.append(line)
    except KeyboardInterrupt:
        return "".join(lines).strip(), True
    return "".join(lines).strip(), False


def keep(tracker: Tracker, words: str) -> None:
    """Keep what was typed and is no entry as a draft, and say so."""
    made = tracker.drafts.keep(f"{_TYPED}{uuid4()}", "An entry", [DraftAnswer("text", "What you wrote", words)])
    output.say("\n".join(lines([made])), err=True)


def name_of(due: Due) -> str:
    """What the draft of something that is due is called."""
    return f"today:{due.kind}:{due.id}:{due.occurrence or due.day}"


def told(draft: FormDraft) -> str:
    """A draft with all that it holds."""
    lines = [f"There is a draft of this from {output.moment(draft.kept_at)}, saved on this device only:"]
    lines += [f"    {one.prompt}: {one.text}" for one in draft.answers if one.text]
    return "\n".join(lines)


def others(tracker: Tracker, due: Collection[Due]) -> list[FormDraft]:
    """The drafts of what is not due any more."""
    named = {name_of(one) for one in due}
    return [one for one in tracker.drafts.list() if one.name not in named]


def offer(tracker: Tracker, draft: FormDraft) -> None:
    """What is not due any more can be kept as an entry, deleted, or left."""
    why = "was not saved" if draft.name.startswith(_TYPED) else "is no longer due"
    output.say(f"\n{draft.title}, which {why}.\n{told(draft)}")
    chosen = asked("[k]eep it as a private journal entry, [d]elete it, Enter to leave it").strip().casefold()[:1]
    if chosen == "k":
        said = [draft.title, *(f"{one.prompt}\n{one.text}" for one in draft.answers if one.text)]
        try:
            with tracker.drafts.finishing(draft.name):
                made = tracker.journal.write("\n\n".join(said), at=draft.kept_at, shared=False)
        except InvalidField as refused:
            output.say(f"Not saved as an entry: {refused} The draft is kept.")
            return
        output.say(output.entry(made))
    elif chosen == "d" and click.confirm("This cannot be undone. Delete it?", default=False):
        tracker.drafts.delete(draft.name)
        output.say("Deleted.")
    else:
        output.say("The draft is kept.")


def lines(drafts: Collection[FormDraft]) -> list[str]:
    """That there are drafts, and what goes on with them."""
    return [
        f"A draft from {output.moment(one.kept_at)} is saved on this device: {one.title}. Continue it with"
        " `intersession today`."
        for one in drafts
    ]
