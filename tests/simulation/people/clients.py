"""What clients do on their devices, through the SDK's face, and what of it must be found again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.simulation.nodes.replica_node import ReplicaNode
from tests.simulation.people.practice import PASSPHRASE, Client
from tests.simulation.world import World

from intersession import DraftAnswer
from intersession.documents import records
from intersession.errors import IntersessionError
from intersession_schemas.streams import Kind


@dataclass(frozen=True)
class Written:
    """A word that was written into an entry: by which client, on which device, into which document."""

    client: Client
    node: ReplicaNode
    document: UUID


class Kept:
    """What was written and has to be found at the end, by the word or id that it is known by."""

    def __init__(self) -> None:
        self.words: dict[str, Written] = {}
        self.logs: dict[UUID, Written] = {}
        self.completed: dict[UUID, tuple[Written, Any]] = {}
        self.to_withdraw: list[tuple[Client, UUID]] = []
        """What holds a client's sentence that is to be erased."""
        self._number = 0

    def word(self) -> str:
        """A word that occurs nowhere else."""
        self._number += 1
        return f"m{self._number}x"

    def shared(self, before: UUID, after: UUID) -> None:
        """A private entry has a copy in its place."""
        for word, one in self.words.items():
            if one.document == before:
                self.words[word] = Written(one.client, one.node, after)


class ClientHand:
    """One client at one of their devices."""

    def __init__(self, world: World, client: Client, node: ReplicaNode, kept: Kept) -> None:
        self.world = world
        self.client = client
        self.node = node
        self.kept = kept
        self.tracker = node.tracker

    def acts(self) -> list[tuple[int, Callable[[], object]]]:
        """What may be done, and how often."""
        return [
            (8, self.write),
            (12, self.edit),
            (3, self.write_private),
            (3, self.delete_then_share),
            (3, self.share),
            (3, self.withdraw),
            (3, self.write_what_is_withdrawn),
            (8, self.log),
            (2, self.correct_log),
            (2, self.withdraw_log),
            (2, self.correct_then_share_log),
            (2, self.draft),
            (3, self.vault),
            (3, self.goal),
            (4, self.homework),
            (6, self.assessment),
            (3, self.comment),
        ]

    # --- the journal ---

    def _note_word(self, word: str, document: UUID) -> None:
        self.kept.words[word] = Written(self.client, self.node, document)

    def write(self) -> None:
        word = self.kept.word()
        entry = self.tracker.journal.write(
            f"{word} and some words", at=self.node.clock(), mood=self.world.random.randint(0, 10), tags=["evening"]
        )
        self._note_word(word, entry.id)

    def edit(self) -> None:
        entries = self.tracker.journal.entries()
        if not entries:
            return
        chance = self.world.random
        entry, word = chance.choice(entries), self.kept.word()
        at = chance.randint(0, len(entry.text))
        while 0 < at < len(entry.text) and entry.text[at - 1] != " ":
            at -= 1  # never inside a word
        self.tracker.journal.edit(entry.id, text=f"{entry.text[:at]}{word} {entry.text[at:]}", based_on=entry)
        self._note_word(word, entry.id)

    def write_private(self) -> None:
        word = self.kept.word()
        entry = self.tracker.journal.write(f"{word} {self.client.private.text} ", shared=False)
        self._note_word(word, entry.id)

    def delete_then_share(self) -> None:
        """What is deleted from a private entry before it is shared is nobody else's."""
        word, journal = self.kept.word(), self.tracker.journal
        entry = journal.write(f"{self.client.private.text} ", shared=False, tags=[self.client.private.words[0]])
        journal.edit(entry.id, text=f"{word} and the rest", tags=[])
        self._note_word(word, entry.id)
        self.client.given_up.add(entry.id)
        copy = journal.share(entry.id)
        self.kept.shared(entry.id, copy.id)

    def share(self) -> None:
        said = self.client.private.words[0].casefold()
        private = [one for one in self.tracker.journal.entries() if not one.shared and said not in one.text.casefold()]
        if private:
            entry = self.world.random.choice(private)
            self.client.given_up.add(entry.id)
            copy = self.tracker.journal.share(entry.id)
            self.kept.shared(entry.id, copy.id)

    def withdraw(self) -> None:
        entries = [one for one in self.tracker.journal.entries() if one.shared]
        if entries:
            entry = self.world.random.choice(entries)
            self.client.given_up.add(entry.id)
            self.tracker.journal.withdraw(entry.id)
            self.client.withdrawn[entry.id] = self.node

    def write_what_is_withdrawn(self) -> None:
        entry = self.tracker.journal.write(f"{self.client.erased.text} ", shared=True)
        self.kept.to_withdraw.append((self.client, entry.id))
        self.world.later(self.world.random.uniform(1, 60), lambda: take_back(self.client, entry.id))

    # --- symptoms ---

    def log(self) -> None:
        chance = self.world.random
        log = self.tracker.symptoms.log({"worry": chance.randint(1, 5)}, at=self.node.clock(), shared=True)
        self.kept.logs[log.id] = Written(self.client, self.node, log.id)
        if chance.random() < 0.2:
            self.tracker.symptoms.log({"worry": 1}, note=self.client.private.text, shared=False)

    def correct_log(self) -> None:
        logs = self.tracker.symptoms.logs()
        if logs:
            log = self.world.random.choice(logs)
            self.tracker.symptoms.correct(log.id, values={"worry": self.world.random.randint(1, 5)})

    def correct_then_share_log(self) -> None:
        """What a private log said before it was corrected is nobody else's, nor are the others of its month."""
        symptoms = self.tracker.symptoms
        log = symptoms.log({"worry": 1}, note=self.client.private.text, at=self.node.clock(), shared=False)
        symptoms.correct(log.id, values={"worry": 2}, note="")
        symptoms.share(log.id)
        self.kept.logs[log.id] = Written(self.client, self.node, log.id)

    def withdraw_log(self) -> None:
        logs = self.tracker.symptoms.logs()
        if logs:
            log = self.world.random.choice(logs)
            self.client.given_up.add(log.id)
            self.tracker.symptoms.withdraw(log.id)
            self.client.withdrawn[log.id] = self.node

    # --- what stays on the device, and the vault ---

    def draft(self) -> None:
        drafts = self.tracker.drafts
        if self.world.random.random() < 0.5:
            drafts.keep("form", "A form", [DraftAnswer("q", "How was it?", self.client.private.text)])
        elif drafts.list():
            drafts.delete("form")

    def vault(self) -> None:
        vault, chance = self.tracker.vault, self.world.random
        state = vault.status().state
        if state == "none":
            vault.create(PASSPHRASE)
            self.world.counts["vaults"] += 1
        elif state == "locked":
            vault.unlock(PASSPHRASE)
        elif chance.random() < 0.2:
            vault.lock()
        elif chance.random() < 0.2:
            vault.change_passphrase(PASSPHRASE, PASSPHRASE)

    # --- what is done between sessions ---

    def goal(self) -> None:
        goals, chance = self.tracker.goals.list(), self.world.random
        if not goals or chance.random() < 0.3:
            self.tracker.goals.add("sleep better", "to be awake", ["a walk", "a book"])
        else:
            goal = chance.choice(goals)
            if goal.steps and chance.random() < 0.5:
                self.tracker.goals.step_done(goal.id, chance.choice(goal.steps))
            else:
                self.tracker.goals.edit(goal.id, what=f"{goal.what} and {self.kept.word()}")

    def homework(self) -> None:
        given, chance = self.tracker.homework.list(), self.world.random
        if given:
            self.tracker.homework.record(
                chance.choice(given).id, None, chance.choice(["done", "partly", "not"]), learned=self.kept.word()
            )

    def assessment(self) -> None:
        assessments, chance = self.tracker.assessments, self.world.random
        done = [one for one in assessments.list() if one.completions]
        if done and chance.random() < 0.15:
            draft = assessments.amend(chance.choice(done).id)
        else:
            draft = assessments.start("check-in")
        for _ in range(chance.randint(1, 6)):
            item = draft.next()
            if item is None:
                break
            draft.answer(item.item, chance.choice(item.allowed))
        if chance.random() < 0.5 and any(item.answer is not None for item in draft.items):
            resolved = {item.item: item.allowed[0] for item in draft.items if item.item in draft.conflicts}
            draft.complete(resolved)
            self.kept.completed[draft.id] = (
                Written(self.client, self.node, draft.id),
                completions(self.node, draft.id),
            )

    def comment(self) -> None:
        entries = [one for one in self.tracker.journal.entries(limit=5) if one.shared]
        if entries:
            self.tracker.comment(self.world.random.choice(entries).id, self.kept.word())


def take_back(client: Client, document: UUID) -> None:
    """Withdraw an entry on whichever of the client's devices has it."""
    client.given_up.add(document)
    for node in client.nodes:
        if document in {one.id for one in node.tracker.journal.entries()}:
            with suppress(IntersessionError):
                node.tracker.journal.withdraw(document)
                client.withdrawn[document] = node
                return


def completions(node: ReplicaNode, assessment: UUID) -> Any:
    """What a completed assessment says on a device, whatever is said of it elsewhere: its completions."""
    with node.face._replica.reading() as store:
        row = records.record(store, Kind.ASSESSMENT, assessment)
    return () if row is None else row.model.completions
