"""What is private stays so: sentences deleted before sharing, those of a vault, and those that were withdrawn.

Each is looked for with the disclosure checker (`tests/disclosure`) wherever somebody of the practice could read it:
the server's files and log, a therapist's store, everything that went over the wire, what the HTTP API and pages say.
Sentences that were shared are looked for in the same way, and must be found: the search does search.
"""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.disclosure.checker import Files, Finding, Frames, Place, Seen, Texts, search
from tests.disclosure.recorder import Recorder, recording
from tests.disclosure.sentences import Sentence, planted_sentence, prose
from tests.end_to_end.support.practice import NAME, Invitation, Practice, desk
from tests.end_to_end.support.server_process import ServerProcess, wait_for

from intersession import Caseload, Tracker
from intersession.errors import NotFound
from intersession.sealing import vault_keys
from intersession_server.operator import commands

THERAPIST = "anna"
PASSPHRASE = "mulberry lantern quietly seventeen"
GONE_WITHIN = 20.0
"""Seconds after which nothing of what was erased may be left: the log is checkpointed between groups of appends."""


@pytest.fixture
def practice(server: ServerProcess) -> Iterator[Practice]:
    with Practice.on(server) as made:
        made.add_therapist(THERAPIST)
        yield made


@pytest.fixture
def client(practice: Practice) -> Invitation:
    return practice.add_client("Jo", THERAPIST)


@pytest.fixture
def recorder(server: ServerProcess) -> Iterator[Recorder]:
    with recording(server.port) as made:
        yield made


@contextmanager
def paired(path: Path, recorder: Recorder, practice: Practice, client: Invitation) -> Iterator[Tracker]:
    """A device of the client that talks through the recorder and shares nothing unless it is told to."""
    with Tracker.open(path) as tracker:
        tracker.pair(recorder.url, practice.invite_client(client.person), share_by_default=False)
        yield tracker


@contextmanager
def therapists(path: Path, recorder: Recorder, practice: Practice) -> Iterator[Caseload]:
    with Caseload.open(path) as caseload:
        caseload.pair(recorder.url, practice.invite_therapist(THERAPIST))
        yield caseload


def synced(*devices: Tracker | Caseload) -> None:
    for device in devices:
        assert device.sync().complete


def said_over_http(url: str, client: Invitation) -> list[str]:
    """What a therapist is shown of a client, in every form there is."""
    with desk(url, THERAPIST) as signed_in:
        paths = [f"/api/clients/{client.person}/{what}" for what in ("entries", "symptoms")]
        paths += ["/api/clients", "/", f"/clients/{client.person}", f"/fragments/clients/{client.person}"]
        # Every entry has a word that begins so.
        paths += [f"{base}/clients/{client.person}/timeline?q=a" for base in ("", "/fragments")]
        paths += [f"/clients/{client.person}/timeline", f"/api/clients/{client.person}/search?q=a"]
        answers = [signed_in.http.get(path) for path in paths]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    return [answer.text for answer in answers]


def server_places(server: ServerProcess) -> list[Place]:
    return [Files("server", server.data), Files("log", server._log_path)]


def a_sentence(name: str) -> Sentence:
    return planted_sentence(f"end to end {name}")


def text_with(sentence: Sentence, seed: str) -> str:
    """An entry of 1,500 letters with the sentence in its middle."""
    return f"{prose(700, seed)}{sentence.text} {prose(700, seed + ' after')}"


def numbers(findings: Sequence[Finding]) -> set[int]:
    return {finding.sentence for finding in findings}


def until_gone(sentences: Sequence[Sentence], places: Sequence[Place]) -> None:
    """Wait until nothing of the sentences is left."""
    wait_for(lambda: not search(sentences, places), GONE_WITHIN, f"gone from {places[0].name}")


def open_keys(tracker: Tracker) -> list[bytes]:
    """The keys of the vault that are open on a device."""
    with tracker._replica.reading() as store:
        return [key.key for key in vault_keys.open_keys(store)]


def as_texts(key: bytes) -> list[Sentence]:
    """A key as it might have been written as text."""
    return [
        Sentence(key.hex()),
        Sentence(base64.b64encode(key).decode()),
        Sentence(base64.urlsafe_b64encode(key).decode()),
    ]


def holds(place: Place, key: bytes) -> bool:
    """Whether a key lies anywhere in a place as it is."""
    match place:
        case Files():
            files = [path for path in (place.path, *place.path.rglob("*")) if path.is_file()]
            beside = [other for path in files for other in path.parent.glob(f"{path.name}-*")]
            return any(key in path.read_bytes() for path in (*files, *beside))
        case Frames():
            return any(key in message for message in (*place.up, *place.down))
        case Texts():
            return any(key in (text if isinstance(text, bytes) else text.encode()) for text in place.texts)


def test_a_sentence_deleted_before_sharing_is_read_by_nobody(
    server: ServerProcess, practice: Practice, client: Invitation, recorder: Recorder, tmp_path: Path
) -> None:
    """Deleted from a private entry, from a private log of symptoms, and from what was private before pairing."""
    shared, *private = [a_sentence(name) for name in ("shared", "entry", "earlier", "title", "note")]
    before = prose(700, "kept")
    with (
        Tracker.open(tmp_path / "phone.db") as phone,
        paired(tmp_path / "tablet.db", recorder, practice, client) as tablet,
        therapists(tmp_path / "therapist.db", recorder, practice) as caseload,
    ):
        earlier = phone.journal.write(text_with(private[1], "earlier"), tags=[private[2].words[0]])
        phone.journal.edit(earlier.id, text=before, tags=[])
        phone.pair(recorder.url, practice.invite_client(client.person), share_by_default=False)
        entry = phone.journal.write(text_with(private[0], "entry"), sections={"What helped?": private[2].text})
        phone.journal.write(private[3].text, shared=False)
        synced(phone, tablet)
        phone.journal.edit(entry.id, text=before)
        phone.journal.edit(entry.id, text=f"{before}{shared.text}", sections={"What helped?": ""})
        synced(phone)
        for id in (entry.id, earlier.id):
            phone.journal.share(id)
        synced(phone, caseload, tablet, caseload)
        texts = [one.text for one in caseload.client(client.person).entries()]
        assert sorted(texts) == sorted([before, f"{before}{shared.text}"])

        def shown() -> list[str]:
            return said_over_http(recorder.url, client)

        wait_for(lambda: shared.text in "".join(shown()), 10, "the entry is shown")
        places: dict[str, Sequence[Place]] = {
            "server": server_places(server),
            "therapist": [Files("therapist", tmp_path / "therapist.db")],
            "tablet": [Files("tablet", tmp_path / "tablet.db")],
            "wire": recorder.places("wire"),
            "http": [Texts("http", shown())],
        }
        for place in places.values():
            assert numbers(search([shared, *private], place)) == {0}


def test_what_was_deleted_before_pairing_stays_so_when_all_the_rest_is_shared(
    server: ServerProcess, practice: Practice, client: Invitation, recorder: Recorder, tmp_path: Path
) -> None:
    shared, deleted, private, note = [a_sentence(f"earlier {number}") for number in range(4)]
    with (
        Tracker.open(tmp_path / "phone.db") as phone,
        therapists(tmp_path / "therapist.db", recorder, practice) as caseload,
    ):
        phone.journal.write(private.text, shared=False)
        phone.symptoms.log({"worry": 3}, note=note.text, shared=False)
        entry = phone.journal.write(text_with(deleted, "earlier"), tags=[deleted.words[0]])
        phone.journal.edit(entry.id, text=shared.text, tags=[])
        phone.pair(recorder.url, client.code, share_by_default=True, share_earlier=True)
        synced(phone, caseload)
        assert [one.text for one in caseload.client(client.person).entries()] == [shared.text]
        places = [*server_places(server), Files("therapist", tmp_path / "therapist.db"), *recorder.places("wire")]
        assert numbers(search([shared, deleted, private, note], places)) == {0}


def test_a_vault_is_read_on_its_clients_own_devices_only(
    server: ServerProcess, practice: Practice, client: Invitation, recorder: Recorder, tmp_path: Path
) -> None:
    names = ("shared", "written", "replaced", "second", "note", "unsynced", "tablet", "deleted", "early")
    shared, *private = [a_sentence(f"vault {name}") for name in names]
    written, replaced, second, note, unsynced, on_tablet, deleted, early = private
    with (
        paired(tmp_path / "phone.db", recorder, practice, client) as phone,
        paired(tmp_path / "tablet.db", recorder, practice, client) as tablet,
        therapists(tmp_path / "therapist.db", recorder, practice) as caseload,
    ):
        phone.journal.write(text_with(early, "early"))
        synced(phone)
        code = phone.vault.create(PASSPHRASE)
        entry = phone.journal.write(text_with(replaced, "entry"), tags=[on_tablet.words[0]])
        synced(phone)
        phone.journal.edit(entry.id, text=text_with(written, "entry"))
        phone.symptoms.log({"worry": 3}, note=note.text, shared=False)
        to_share = phone.journal.write(text_with(deleted, "to share"))
        synced(phone, tablet)
        tablet.vault.unlock(PASSPHRASE)
        synced(tablet)
        assert written.text in tablet.journal.get(entry.id).text
        tablet.journal.edit(entry.id, text=text_with(second, "entry"))
        tablet.journal.write(on_tablet.text)
        synced(tablet, phone)
        assert second.text in phone.journal.get(entry.id).text
        # Many edits of one entry: what they are sealed in is put together, and replaced on the server.
        for number in range(40):
            phone.journal.edit(entry.id, text=f"{unsynced.text} {number}")
            if number % 8 == 0:
                synced(phone)
        phone.journal.edit(to_share.id, text=shared.text)
        synced(phone, tablet)
        phone.journal.share(to_share.id)
        synced(phone, tablet, caseload)
        assert [one.text for one in caseload.client(client.person).entries()] == [shared.text]
        wait_for(lambda: shared.text in "".join(said_over_http(recorder.url, client)), 10, "the entry is shown")

        # On the client's own devices everything is there; on the tablet it came by the vault alone.
        own = search(private, [Files("tablet", tmp_path / "tablet.db")])
        assert numbers(own) >= {private.index(each) for each in (written, second, note, on_tablet, early)}
        (key,) = open_keys(phone)
        assert open_keys(tablet) == [key]
        assert search(as_texts(key), [Files("tablet", tmp_path / "tablet.db")])
        secrets = [Sentence(PASSPHRASE), Sentence(code), *as_texts(key)]
        others: list[Place] = [
            *server_places(server),
            Files("therapist", tmp_path / "therapist.db"),
            *recorder.places("wire"),
            Texts("http", said_over_http(recorder.url, client)),
        ]
        seen = Seen()
        assert numbers(search([shared, *private, *secrets], others, seen)) == {0}
        assert seen.frames > 20
        assert not [place.name for place in others if holds(place, key)]


def test_what_was_withdrawn_is_gone_everywhere_and_stays_so(
    server: ServerProcess, practice: Practice, client: Invitation, recorder: Recorder, tmp_path: Path
) -> None:
    """Gone with its history from the log, the projections, the stores; and no device brings it back."""
    kept, *erased = [a_sentence(f"erased {name}") for name in ("kept", "first", "last", "stale", "title")]
    first, last, stale, title = erased
    with (
        paired(tmp_path / "phone.db", recorder, practice, client) as phone,
        paired(tmp_path / "tablet.db", recorder, practice, client) as tablet,
        therapists(tmp_path / "therapist.db", recorder, practice) as caseload,
    ):
        phone.journal.write(kept.text, shared=True)
        entry = phone.journal.write(text_with(first, "entry"), sections={title.text: "Yes."}, shared=True)
        synced(phone)
        phone.journal.edit(entry.id, text=text_with(last, "entry"))
        synced(phone, tablet, caseload)
        wait_for(lambda: last.text in "".join(said_over_http(recorder.url, client)), 10, "the entry is shown")
        everywhere: dict[str, Sequence[Place]] = {
            "server": server_places(server),
            "therapist": [Files("therapist", tmp_path / "therapist.db")],
            "phone": [Files("phone", tmp_path / "phone.db")],
            "tablet": [Files("tablet", tmp_path / "tablet.db")],
        }
        for place in everywhere.values():
            assert numbers(search([kept, *erased], place)) >= {0, 1, 2, 4}
        # The tablet is offline from here on, and edits the entry; so is a copy of it that comes back much later.
        tablet.journal.edit(entry.id, text=f"{tablet.journal.get(entry.id).text} {stale.text}")
        shutil.copytree(tmp_path, tmp_path / "copies", ignore=shutil.ignore_patterns("server*", "copies"))

        with caseload.live():
            assert caseload.wait_synced(20)
            phone.journal.withdraw(entry.id)
            assert numbers(search([kept, *erased], everywhere["phone"])) == {0}
            synced(phone)
            wait_for(lambda: len(caseload.client(client.person).entries()) == 1, 10, "the therapist hears of it")
            until_gone(erased, everywhere["server"])
        assert phone.journal.withdrawal(entry.id).state == "erased"
        assert [one.text for one in caseload.client(client.person).entries()] == [kept.text]
        for name in ("server", "therapist"):
            until_gone(erased, everywhere[name])
            assert numbers(search([kept, *erased], everywhere[name])) == {0}
        assert numbers(search([kept, *erased], [Texts("http", said_over_http(server.url, client))])) == {0}

        after = len(recorder.conversations)
        assert tablet.sync().complete
        with pytest.raises(NotFound):
            tablet.journal.get(entry.id)
        assert tablet.status().refusals, "the tablet's user is told that their edit was not kept"
        with Tracker.open(tmp_path / "copies" / "tablet.db") as copy:
            assert copy.sync().complete
            with pytest.raises(NotFound):
                copy.journal.get(entry.id)
        synced(caseload, phone)
        for place in everywhere.values():
            until_gone(erased, place)
        recorded = recorder.places("wire", since=after)
        down = [frame for place in recorded if isinstance(place, Frames) for frame in place.down]
        assert down
        assert search(erased, [Frames("wire", [], down)]) == []

        # Nor does it come back when the projections are made anew, or the server is started again.
        practice.operate(commands.Rebuild(), commands.Rebuilt)
        assert server.stop() == 0
        assert search(erased, everywhere["server"]) == []
        server.start()
        with paired(tmp_path / "new.db", recorder, practice, client) as new:
            synced(new, caseload)
            assert [one.text for one in new.journal.entries()] == [kept.text]
            assert search(erased, [Files("new", tmp_path / "new.db"), *everywhere["server"]]) == []


def test_a_server_that_is_killed_having_confirmed_an_erasure_finishes_it(
    server: ServerProcess, practice: Practice, client: Invitation, recorder: Recorder, tmp_path: Path
) -> None:
    erased = a_sentence("killed")
    with paired(tmp_path / "phone.db", recorder, practice, client) as phone:
        entry = phone.journal.write(text_with(erased, "entry"), shared=True)
        synced(phone)
        wait_for(lambda: erased.text in "".join(said_over_http(recorder.url, client)), 10, "the entry is shown")
        phone.journal.withdraw(entry.id)
        synced(phone)
        server.kill()
        server.start()
        until_gone([erased], server_places(server))


def test_what_a_practice_has_to_keep_is_hidden_from_everybody(
    server: ServerProcess, practice: Practice, client: Invitation, recorder: Recorder, tmp_path: Path
) -> None:
    """With `retention` set to hide, the log alone keeps it; a vault's blobs go all the same."""
    practice.operate(commands.SetRetention(practice=NAME, retention="hide"), commands.RetentionSet)
    hidden, kept = a_sentence("hidden"), a_sentence("seen")
    with (
        paired(tmp_path / "phone.db", recorder, practice, client) as phone,
        therapists(tmp_path / "therapist.db", recorder, practice) as caseload,
    ):
        phone.journal.write(kept.text, shared=True)
        entry = phone.journal.write(text_with(hidden, "entry"), shared=True)
        synced(phone, caseload)
        wait_for(lambda: hidden.text in "".join(said_over_http(recorder.url, client)), 10, "the entry is shown")
        phone.journal.withdraw(entry.id)
        synced(phone)
        assert phone.journal.withdrawal(entry.id).state == "kept"
        after = len(recorder.conversations)
        synced(caseload)
        until_gone([hidden], [Files("therapist", tmp_path / "therapist.db")])
        with paired(tmp_path / "new.db", recorder, practice, client) as new:
            synced(new)
            assert [one.text for one in new.journal.entries()] == [kept.text]
        wait_for(lambda: hidden.text not in "".join(said_over_http(recorder.url, client)), 10, "it is not shown")
        said = [*recorder.places("wire", since=after), Texts("http", said_over_http(server.url, client))]
        read = [path for path in server.data.glob("*.db") if path.name != "log.db"]
        assert len(read) >= 2
        shown = [*said, Files("phone", tmp_path / "phone.db"), Files("new", tmp_path / "new.db")]
        until_gone([hidden], [Files("server", path) for path in read])
        assert numbers(search([hidden, kept], shown)) == {1}
        assert search([hidden], [Files("server", server.data / "log.db")])


def test_a_therapist_whose_access_has_ended_holds_nothing(
    practice: Practice, client: Invitation, recorder: Recorder, tmp_path: Path
) -> None:
    said, note = a_sentence("said"), a_sentence("note of a log")
    with (
        paired(tmp_path / "phone.db", recorder, practice, client) as phone,
        therapists(tmp_path / "therapist.db", recorder, practice) as caseload,
    ):
        phone.journal.write(text_with(said, "entry"), tags=[said.words[0]], shared=True)
        phone.symptoms.log({"worry": 3}, note=note.text, shared=True)
        synced(phone, caseload)
        store: list[Place] = [Files("therapist", tmp_path / "therapist.db")]
        assert numbers(search([said, note], store)) == {0, 1}
        practice.unassign(client.person, THERAPIST)
        synced(caseload)
        assert search([said, note], store) == []
