"""Somebody who writes in the app, and what their screens have confirmed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from tests.disclosure.sentences import prose
from tests.web_client.app.phone import Phone

DRAFT = "Draft"
"""The name of what is typed into the form of a new entry."""


class Record:
    """What may be in a person's record, by what was confirmed on the screen and what was under way.

    Of everything by its name, which its text begins with: the texts that it may have. None: it is not there.
    """

    def __init__(self) -> None:
        self.may_be: dict[str, set[str | None]] = {DRAFT: {None}}
        self.shared: set[str] = set()
        self.confirmed = 0
        """How much was confirmed."""

    def begun(self, name: str, text: str | None) -> None:
        """Something is under way that makes it say this."""
        self.may_be.setdefault(name, {None}).add(text)

    def done(self, name: str, text: str | None) -> None:
        """The screen says so."""
        self.may_be[name] = {text}
        self.confirmed += 1

    def is_there(self, kind: str = "") -> dict[str, str]:
        """What is certainly there, of a kind or of all, by name."""
        sure = {name: min(texts, key=str) for name, texts in self.may_be.items() if len(texts) == 1}
        return {name: text for name, text in sure.items() if text is not None and name.startswith(kind)}

    def compare(self, found: dict[str, str]) -> None:
        """Hold it against what there is. From here on it is what there is."""
        assert set(found) <= set(self.may_be), "something is there that nobody wrote"
        wrong = [name for name, texts in self.may_be.items() if found.get(name) not in texts]
        assert not wrong, f"not as it was confirmed: {[(name, name in found) for name in wrong]}"
        self.may_be = {name: {found.get(name)} for name in self.may_be}


def name_of(text: str) -> str:
    """`Entry 7` of `Entry 7, version 2: …`."""
    return text.partition(",")[0]


def by_name(exported: dict[str, Any]) -> dict[str, str]:
    """What an export of the app has, by name; nothing twice."""
    texts = [one["text"] for one in exported["entries"]] + [one["note"] for one in exported["symptom_logs"]]
    found = {name_of(text): text for text in texts}
    assert len(found) == len(texts), "something is there twice"
    drafts = {one["name"]: json.loads(one["answers"][0]["text"]) for one in exported["drafts"]}
    draft = drafts.get("entry new", {"text": ""})["text"]
    return found | ({DRAFT: draft} if draft else {})


class Person:
    """Writes, edits, logs and deletes, one after the other, in an order that chance decides."""

    def __init__(self, phone: Phone, chance: random.Random) -> None:
        self.record = Record()
        self.locks = False
        """Whether there is a lock, which they turn now and then."""
        self._phone = phone
        self._chance = chance
        self._number = 0
        self._acts: dict[Callable[[], None], int] = {
            self._write: 6,
            self._edit: 4,
            self._type: 2,
            self._log: 2,
            self._drop: 2,
            self._turn_the_lock: 1,
        }

    def act(self) -> None:
        """Do something, to its end."""
        (act,) = self._chance.choices([*self._acts], [*self._acts.values()])
        act()

    def go_on(self) -> None:
        """Until the browser is ended: Playwright's `Error` comes out of it then."""
        while True:
            self.act()

    def _write(self) -> None:
        name = self._named("Entry")
        text = self._text(name)
        self._phone.begin_entry()
        self.record.begun(name, text)
        for draft in (text, None):  # what is put into the form is kept as its draft, until it is saved
            self.record.begun(DRAFT, draft)
        self._phone.save_entry(text, shared=name in self.record.shared)
        self.record.done(name, text)
        self.record.done(DRAFT, None)

    def _type(self) -> None:
        self._phone.begin_entry()
        (before,) = self.record.may_be[DRAFT]
        added = prose(30, self._chance.random())
        for length in range(len(added)):
            self.record.begun(DRAFT, (before or "") + added[: length + 1])
        self._phone.type(added)
        self.record.done(DRAFT, (before or "") + added)

    def _edit(self) -> None:
        for name, text in self._one("Entry"):
            after = self._text(name)
            self._phone.open_entry(text)
            self.record.begun(name, after)
            self._phone.edit_entry(after)
            self.record.done(name, after)

    def _log(self) -> None:
        name = self._named("Log")
        text = self._text(name, most=200)
        self.record.begun(name, text)
        self._phone.log("worry", 5, own=True, note=text, shared=name in self.record.shared)
        self.record.done(name, text)

    def _drop(self) -> None:
        for name, text in self._one("Entry"):
            self._phone.open_entry(text)
            self.record.begun(name, None)
            self._phone.drop_entry(shared=name in self.record.shared)
            self.record.done(name, None)

    def _turn_the_lock(self) -> None:
        if not self.locks:
            return
        if self._phone.has_lock():  # else the browser was killed between the two
            self._phone.remove_lock()
        self._phone.set_lock()

    def _one(self, kind: str) -> list[tuple[str, str]]:
        there = [*self.record.is_there(kind).items()][-10:]  # what the first screen of a list shows
        return [self._chance.choice(there)] if there else []

    def _named(self, kind: str) -> str:
        self._number += 1
        name = f"{kind} {self._number}"
        if self._chance.random() < 0.5:
            self.record.shared.add(name)
        return name

    def _text(self, name: str, most: int = 3_000) -> str:
        words = prose(self._chance.randrange(40, most), self._chance.random())
        return f"{name}, version {self._chance.randrange(10**6)}: {words}".strip()
