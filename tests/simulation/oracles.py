"""What must hold of a world once it has healed, whatever happened in it (the architecture page's invariants).

Each method looks at one invariant and says what is wrong, without quoting content.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from uuid import UUID

from tests.simulation.faults import Faults
from tests.simulation.nodes.replica_node import ReplicaNode
from tests.simulation.people.clients import Kept, Written, completions
from tests.simulation.people.practice import Client, Person, Practice

from intersession_schemas.errors import RefusalCode
from intersession_schemas.messages import Row, RowType
from intersession_schemas.streams import Kind

ALL = 1_000_000
_ARRIVED = "(SELECT min(received_at) || max(seq) FROM changes c WHERE c.document = d.position)"
_MODELS = (
    f"SELECT d.stream, 'entry', d.id, e.model || {_ARRIVED} FROM entries e JOIN documents d ON d.position = e.document",
    f"SELECT d.stream, r.kind, d.id, r.model || {_ARRIVED} FROM records r JOIN documents d ON d.position = r.document",
    # When a log arrived is looked up as it is read.
    "SELECT s.stream, 'symptom', s.log, json_remove(s.model, '$.arrived_at') || c.received_at"  # noqa: ISC004
    " FROM symptoms_standing s JOIN changes c ON c.position = s.change",
    "SELECT stream, 'not accepted', document, seq FROM not_accepted",
)
Models = dict[tuple[str, bytes], object]


class Oracles:
    """All of them, over one fleet."""

    def __init__(self, practice: Practice, kept: Kept, faults: Faults) -> None:
        self.practice = practice
        self.server = practice.server
        self.kept = kept
        self.faults = faults
        self._rows: dict[UUID, list[Row]] = {}

    def violations(self) -> list[str]:
        """What is wrong; nothing, if all is well."""
        found = [*self.server.leaks]
        for check in (
            self._log, self._accepted, self._settled_down, self._refusals, self._holdings, self._read_models,
            self._words, self._logs, self._withdrawn, self._completed, self._damaged,
        ):  # fmt: skip
            found += check()
        return found

    # --- what there is ---

    def rows(self, stream: UUID) -> list[Row]:
        """The log of a stream."""
        if stream not in self._rows:
            self._rows[stream] = self.server.do(self.server.store.stream_rows(stream, 0, ALL))
        return self._rows[stream]

    @property
    def _streams(self) -> list[UUID]:
        of_clients = [stream for one in self.practice.clients for stream in (one.record, one.vault, one.chart)]
        return [*of_clients, self.practice.library]

    def _live(self, person: Person) -> list[ReplicaNode]:
        """The devices that may exchange everything, and have not given up: a put back server may know them again."""
        return [node for node in person.nodes if not (self.server.access.is_revoked(node.device) or node.ended)]

    def _all_live(self) -> Iterator[ReplicaNode]:
        for person in self.practice.people:
            yield from self._live(person)

    def stopped(self, node: ReplicaNode) -> set[UUID]:
        """The streams that a device cannot go on with."""
        return {one.stream for one in node.face.status().stopped}

    def _whole(self, client: Client) -> list[ReplicaNode]:
        """The client's devices that have all that is in their streams, and do not say that a row of them is damaged."""
        live = self._live(client)
        if client.vault in self.practice.tainted:
            live = [node for node in live if not node.face.status().problems]
        return [node for node in live if not {client.record, client.vault} & self.stopped(node)]

    # --- the log and what was accepted ---

    def _log(self) -> list[str]:
        found = []
        for stream in self._streams:
            seqs = [row.seq for row in self.rows(stream)]
            if seqs != list(range(1, len(seqs) + 1)):
                found.append("a log has gaps, or rows that were never applied")
            logged = Counter((row.document, row.hash) for row in self.rows(stream))
            found += [f"a change is in the log {times} times" for times in logged.values() if times > 1]
        sql = (
            "SELECT count(*) FROM rows r JOIN documents d ON d.id = r.document"
            " WHERE d.erased IS NOT NULL AND NOT d.kept AND r.change IS NOT NULL"
        )
        (left,) = self.server.do(self.server.store.write(lambda connection: connection.execute(sql).fetchone()))
        return found + [f"{left} changes of what was withdrawn are in the log"] * bool(left)

    def _accepted(self) -> list[str]:
        """Accepted is never lost."""
        logged = {(stream, row.document, row.hash) for stream in self._streams for row in self.rows(stream)}
        erased = {row.document for s in self._streams for row in self.rows(s) if row.type is RowType.ERASURE}
        found = []
        for node in self.practice.nodes:
            lost = {one for one in node.settled - logged if one[1] not in erased}
            if self.faults.restored_at is not None:
                if self.server.access.is_revoked(node.device) or node.ended:
                    continue
                # The server has lost it, and says so; then the device has to have it still.
                held, stopped = _held(node), self.stopped(node)
                lost = {one for one in lost - held if one[0] not in node.purged and not _is_erased(node, one[1])} | {
                    one for one in lost & held if one[0] not in stopped
                }
            if lost:
                found.append(f"{len(lost)} changes of {node.name} were accepted and are not in the log")
        return found

    def _settled_down(self) -> list[str]:
        """Nothing stays pending while connected."""
        found = []
        if self.faults.restored_at is None:
            ended = [node for node in self.practice.nodes if node.ended]
            wrong = [node for node in ended if not self.server.access.is_revoked(node.device)]
            found += [f"{node.name} was told that its access has ended" for node in wrong]
        for node in self._all_live():
            status = node.face.status()
            if not node.caught_up or (status.pending and not self.stopped(node)):
                found.append(f"{node.name} is not caught up, {status.pending} pending")
            if status.stopped and self.faults.restored_at is None:
                found.append(f"{node.name} is stopped, and the server was never put back")
            if status.problems and not self.faults.damaged:
                found.append(f"{node.name} could not use {status.problems} rows")
        return found

    def _refusals(self) -> list[str]:
        """What was refused for good was refused for a reason."""
        withdrawn = set().union(*(client.given_up for client in self.practice.clients))
        counts = self.practice.world.counts
        ended = counts["grants ended"] or counts["revocations"] or self.faults.restored_at is not None
        found = []
        for node in self.practice.nodes:
            for refusal in node.face.status().refusals:
                match refusal.code:
                    case RefusalCode.ERASED:
                        fair = refusal.document in withdrawn
                    case "access_ended" | RefusalCode.UNKNOWN_STREAM:
                        fair = bool(ended)
                    case RefusalCode.DOES_NOT_APPLY | RefusalCode.DEPENDENCY_REFUSED:
                        fair = refusal.kind == Kind.ASSESSMENT
                    case _:
                        fair = False
                if not fair:
                    found.append(f"{node.name}: an edit of a {refusal.kind} was refused as {refusal.code}")
        return found

    # --- equality ---

    def _holdings(self) -> list[str]:
        """Who has exchanged everything holds the log, no more and no less."""
        found = []
        for node in self._all_live():
            readable, stopped = self.server.access.streams(node.account, node.device), self.stopped(node)
            held: dict[UUID, set[tuple[UUID, bytes]]] = {}
            for stream, document, hash_ in _held(node):
                held.setdefault(stream, set()).add((document, hash_))
            if not held.keys() <= readable | stopped:
                found.append(f"{node.name} holds what it may not read any more")
            for stream in readable - stopped - self.practice.tainted:
                there = {(row.document, row.hash) for row in self.rows(stream) if row.change and row.type == "change"}
                if held.get(stream, set()) != there:
                    found.append(f"{node.name} holds other changes than the log of {self._called(stream)}")
        revoked = [node for node in self.practice.nodes if self.server.access.is_revoked(node.device)]
        return found + [f"{node.name} is revoked and holds something" for node in revoked if _held(node)]

    def _called(self, stream: UUID) -> str:
        for client in self.practice.clients:
            for what in ("record", "vault", "chart"):
                if getattr(client, what) == stream:
                    return f"{client.name}'s {what}"
        return "the library"

    def _read_models(self) -> list[str]:
        """Replicas that have exchanged everything read the same, also the one that has just made it all anew."""
        models: dict[UUID, list[tuple[str, Models]]] = {}
        for node in self._all_live():
            readable = self.server.access.streams(node.account, node.device) - self.stopped(node)
            for stream, one in _models(node).items():
                if stream in readable - self.practice.tainted:
                    models.setdefault(stream, []).append((node.name, one))
        found = []
        for stream, held in models.items():
            (first, expected), *others = held
            for name, one in others:
                if one != expected:
                    kinds = {key[0] for key in expected.keys() | one.keys() if expected.get(key) != one.get(key)}
                    what = ", ".join(sorted(kinds))
                    found.append(f"{first} and {name} differ in what they read of {self._called(stream)}: {what}")
        return found

    # --- what was written ---

    def _words(self) -> list[str]:
        """What was written is read on all devices that it went to, or kept as text where it was written."""
        found = []
        texts = {node.name: _texts(node) for client in self.practice.clients for node in client.nodes}
        for word, one in self.kept.words.items():
            if one.document in one.client.given_up or word in texts[one.node.name][1]:
                continue
            if word in texts[one.node.name][2]:  # private, on a device without a vault
                continue
            if one.node not in self._live(one.client):
                if not any(word in texts[node.name][0] for node in self._live(one.client)):
                    found.append(f"{word} is lost with {one.node.name}")
                continue
            nodes = self._whole(one.client)
            lost = [
                node.name for node in (nodes if one.node in nodes else [one.node]) if word not in texts[node.name][0]
            ]
            found += [f"{word} is lost on {name}" for name in lost]
        return found

    def _logs(self) -> list[str]:
        found = []
        for log, one in self.kept.logs.items():
            if log in one.client.given_up or one.node not in self._whole(one.client):
                continue
            there = {node.name: {each.id for each in node.tracker.symptoms.logs()} for node in self._whole(one.client)}
            found += [f"a symptom log is lost on {name}" for name, logs in there.items() if log not in logs]
        return found

    def _withdrawn(self) -> list[str]:
        found: list[str] = []
        if self.faults.restored_at is not None:
            return found  # what was withdrawn since is back in the log, as the page on private and shared says
        for client in self.practice.clients:
            live = self._live(client)
            # What a device withdrew that was revoked before it could tell stays, and that device says so.
            gone = {id_: node for id_, node in client.withdrawn.items() if node in live}
            for node in self._whole(client):
                there = {one.id for one in node.tracker.journal.entries()} | {
                    one.id for one in node.tracker.symptoms.logs()
                }
                # What no server has reaches no other device; so a copy of the store keeps it, and nobody can tell it.
                told = _in_streams(node)
                if any(id_ in there and (node is by or id_ in told) for id_, by in gone.items()):
                    found.append(f"what was withdrawn is still on {node.name}")
        return found

    def _completed(self) -> list[str]:
        """A completed assessment never changes."""
        found = []
        for assessment, (one, said) in self.kept.completed.items():
            for node in self._completed_on(one):
                now = {each.id: each for each in completions(node, assessment)}
                if any(now.get(each.id) != each for each in said):
                    found.append(f"a completed assessment is another on {node.name}")
        return found

    def _completed_on(self, one: Written) -> Iterator[ReplicaNode]:
        nodes = self._whole(one.client)
        if one.node not in nodes:
            return
        yield from nodes
        for therapist in self.practice.therapists:
            for node in self._live(therapist):
                if self.practice.is_assigned(therapist, one.client) and one.client.record not in self.stopped(node):
                    yield node

    def _damaged(self) -> list[str]:
        """A damaged blob is announced by every device that was given it."""
        found = []
        for client in self.practice.clients:
            gone = self.faults.damaged & {row.hash for row in self.rows(client.vault) if row.change}
            for node in self._live(client) if gone else ():
                with node.face._replica.reading() as store:
                    whole = {sha256(data).digest() for (data,) in store.all("SELECT data FROM sealed")}
                if not gone <= whole and not node.face.status().problems:
                    found.append(f"{node.name} says nothing of a damaged blob")
        return found


def _held(node: ReplicaNode) -> set[tuple[UUID, UUID, bytes]]:
    """What a device holds of streams: changes, and the blobs of a vault."""
    plain = (
        "SELECT d.stream, d.id, c.hash FROM changes c JOIN documents d ON d.position = c.document"
        " JOIN streams s ON s.id = d.stream WHERE s.audience <> 'vault'"
    )
    blobs = "SELECT d.stream, d.id, b.hash FROM sealed b JOIN documents d ON d.position = b.document"
    with node.face._replica.reading() as store:
        rows = store.all(plain) + store.all(blobs)
    return {(UUID(bytes=stream), UUID(bytes=id_), hash_) for stream, id_, hash_ in rows}


def _is_erased(node: ReplicaNode, document: UUID) -> bool:
    with node.face._replica.reading() as store:
        return bool(store.number("SELECT erased FROM documents WHERE id = ?", document.bytes))


def _models(node: ReplicaNode) -> dict[UUID, Models]:
    """What a device reads of each stream."""
    found: dict[UUID, Models] = {}
    with node.face._replica.reading() as store:
        for sql in _MODELS:
            for stream, kind, id_, model in store.all(sql):
                if stream is not None:
                    found.setdefault(UUID(bytes=stream), {})[kind, id_] = model
    return found


def _texts(node: ReplicaNode) -> tuple[str, str, str]:
    """What a client reads on a device: in entries, in what was refused, in entries that are there alone."""
    with node.face._replica.reading() as store:
        alone = {UUID(bytes=id_) for (id_,) in store.all("SELECT id FROM documents WHERE stream IS NULL")}
    entries = node.tracker.journal.entries()
    return (
        "\n".join(entry.text for entry in entries),
        "\n".join(refusal.text for refusal in node.face.status().refusals),
        "\n".join(entry.text for entry in entries if entry.id in alone),
    )


def _in_streams(node: ReplicaNode) -> set[UUID]:
    """The entries and symptom logs of a device that are in a stream, and not on that device alone."""
    with node.face._replica.reading() as store:
        entries = store.all("SELECT id FROM documents WHERE stream IS NOT NULL")
        logs = store.all("SELECT log FROM symptoms_standing WHERE stream IS NOT NULL")
    return {UUID(bytes=id_) for (id_,) in (*entries, *logs)}
