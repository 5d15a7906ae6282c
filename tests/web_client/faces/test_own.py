"""What is on a device alone, and what leaves it: drafts, settings, the vault, and an export of everything."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.client_sdk.practice import Practice, SettableClock, replica_of
from tests.web_client.faces.conftest import MONDAY
from tests.web_client.faces.twins import Twins
from tests.web_client.peer import Peer, Refused

from intersession import DraftAnswer, Tracker
from intersession.models.devices import Pairing
from intersession.models.exports import Export
from intersession.sync.exchange import Exchange

PASSPHRASE = "a lake in the north"


def test_drafts_are_kept_and_a_form_is_one_that_the_sdk_reads(twins: Twins, tmp_path: Path) -> None:
    form = {"title": "Journal", "answers": [{"question": "text", "prompt": "What was it?", "text": "Half a"}]}
    twins.call("drafts", "keep", "journal", form)
    twins.clock.forward(minutes=1)
    content = {"text": "Ümlaut", "mood": 4, "sections": {"a": [1, None]}, "done": False}
    twins.call("drafts", "keep", "entry new", content)
    twins.tracker.drafts.keep("journal", "Journal", [DraftAnswer("text", "What was it?", "Half a")])
    assert twins.call("drafts", "get", "entry new") == content
    assert twins.call("drafts", "get", "journal") == form
    assert twins.call("drafts", "get", "nothing") is None
    assert [one["name"] for one in twins.call("drafts", "list")] == ["entry new", "journal"]
    twins.save(tmp_path / "theirs.db")
    with Tracker.open(tmp_path / "theirs.db", clock=twins.clock) as tracker:
        assert tracker.drafts.get("journal").answers == twins.tracker.drafts.get("journal").answers
        assert json.loads(tracker.drafts.get("entry new").answers[0].text) == content
    twins.call("drafts", "delete", "journal")
    twins.call("drafts", "delete", "journal")
    assert twins.call("drafts", "get", "journal") is None


def test_another_choice_of_what_is_shared_is_about_what_is_written_from_then_on(twins: Twins) -> None:
    def write(text: str) -> bool:
        entry = twins.both(lambda t: t.journal.write(text), "journal", "write", {"text": text})
        return bool(entry.face["shared"])

    first = twins.both(lambda t: t.share_by_default(True), "device", "shareByDefault", True)
    assert first.face["share_by_default"] is True
    assert write("before") is True
    twins.both(lambda t: t.share_by_default(False), "device", "shareByDefault", False)
    twins.both(lambda t: t.pairing, "device", "pairing")
    assert write("after") is False
    entries = twins.both(lambda t: t.journal.entries(), "journal", "entries")
    assert [entry["shared"] for entry in entries.face][:2] == [False, True]
    assert twins.refused(lambda t: t.share_by_default("no"), "device", "shareByDefault", "no") == "invalid_field"


def test_before_pairing_there_is_no_such_choice(fresh: Twins) -> None:
    assert fresh.refused(lambda t: t.share_by_default(True), "device", "shareByDefault", True) == "not_paired"


def test_settings_are_facts_of_the_device(twins: Twins) -> None:
    assert twins.call("settings", "get", "language") is None
    twins.call("settings", "set", "language", "de")
    twins.call("settings", "set", "reminders", {"at": "20:00"})
    assert twins.call("settings", "get", "language") == "de"
    assert twins.call("settings", "get", "reminders") == {"at": "20:00"}
    twins.call("settings", "set", "language", None)
    assert twins.call("settings", "get", "language") is None
    pairing = twins.call("settings", "get", "pairing")
    assert pairing is None, "the store's own facts are none of them"


def _tell(twins: Twins) -> None:
    """A story of each kind, told to both."""
    went_well = {"What went well?": "The walk <b>.", "How tense?": 7}
    for text, shared in (("Shared & read.", True), ("=Private", False)):
        twins.clock.forward(minutes=5)
        given = {"text": text, "sections": went_well, "mood": 3, "tags": ["night"], "shared": shared}
        twins.both(lambda t: t.journal.write(**given), "journal", "write", given)  # noqa: B023 - called at once
    twins.clock.forward(minutes=5)
    log = twins.both(lambda t: t.symptoms.log({"Sleep": 3}), "symptoms", "log", {"values": {"Sleep": 3}})
    twins.clock.forward(minutes=5)
    twins.both(
        lambda t: t.symptoms.correct(log.sdk.id, values={"Sleep": 4}, scale=(0, 10)),
        *("symptoms", "correct", log.face["id"], {"values": {"Sleep": 4}, "scale": [0, 10]}),
    )
    [bus] = [one for one in twins.tracker.homework.list() if one.what.startswith("Take")]
    answers = {"what": "Two stops.", "fear": 60}
    twins.both(
        lambda t: t.homework.record(bus.id, answers=answers), "homework", "record", str(bus.id), {"answers": answers}
    )
    twins.both(lambda t: t.goals.add("Swim"), "goals", "add", "Swim")
    twins.both(lambda t: t.topics.add("The bus"), "topics", "add", "The bus")
    begun = twins.both(lambda t: t.assessments.start("phq-9").read(), "assessments", "start", "phq-9")
    for item in begun.face["items"]:
        twins.both(
            lambda t, i=item["item"]: t.assessments.resume(begun.sdk.id).answer(i, 1),
            *("assessments", "answer", begun.face["id"], item["item"], 1),
        )
    twins.both(lambda t: t.assessments.resume(begun.sdk.id).complete(), "assessments", "complete", begun.face["id"])


def test_an_export_is_what_the_sdk_exports_and_takes_in(twins: Twins, tmp_path: Path) -> None:
    _tell(twins)
    written = twins.call("device", "export", "en")
    (tmp_path / "theirs.json").write_text(written["json"], encoding="utf-8")
    twins.tracker.export(tmp_path / "ours")
    ours = msgspec.json.decode((tmp_path / "ours" / "export.json").read_bytes(), type=Export)
    twins.compare(ours, json.loads(written["json"]))
    assert msgspec.json.decode(written["json"], type=Export).name == ours.name

    taken = []
    for number, source in enumerate(("theirs.json", "ours")):
        with Tracker.open(tmp_path / f"into-{number}.db", clock=SettableClock(MONDAY)) as tracker:
            report = tracker.import_from(tmp_path / source)
            again = tracker.import_from(tmp_path / source)
            assert (again.entries, again.symptom_logs, again.assessments) == (0, 0, 0)
            entries = [(one.text, one.sections, one.written_at, one.mood) for one in tracker.journal.entries()]
            logs = [(one.values, one.at, one.scale) for one in tracker.symptoms.logs()]
            taken.append((report, entries, logs))
    assert taken[0] == taken[1]
    assert (taken[0][0].entries, taken[0][0].symptom_logs, taken[0][0].progress) == (2, 1, 1)


def test_an_export_is_a_page_to_read_in_two_languages(twins: Twins) -> None:
    _tell(twins)
    english, german = (twins.call("device", "export", locale)["html"] for locale in ("en", "de-AT"))
    assert "The walk &lt;b&gt;." in english
    assert "<b>" not in english
    assert "<script" not in english
    for word in ("Journal", "Safety plan", "shared, mood 3, #night", "private", "It includes private entries."):
        assert word in english
    for word in ('lang="de"', "Tagebuch", "Sicherheitsplan", "geteilt, Stimmung 3, #night", "abgeschlossen"):
        assert word in german
    for word in ("Journal", "Safety plan", "private, mood", "completed"):
        assert f">{word}" not in german


def _pair(practice: Practice, tracker: Tracker) -> Exchange:
    pairing = Pairing(
        "http://localhost:1", practice.client, practice.stream, "Practice", "client", "Alma", share_by_default=True
    )
    with replica_of(tracker).reading() as store, store.transaction():
        store.set_meta("pairing", pairing)
    return practice.join(tracker)


@pytest.fixture
def vaults(devices: Peer, tmp_path: Path, request: pytest.FixtureRequest) -> tuple[Peer, str, Path]:
    """A device that knows its vault's stream, and where the file is that it began with."""
    file = tmp_path / "paired.db"
    clock = SettableClock(MONDAY)
    practice = Practice(vault=True)
    with Tracker.open(file, clock=clock) as tracker:
        _pair(practice, tracker)
        tracker.journal.write("Before the vault.", shared=False)
    devices.open(request.node.name, file)
    return devices, request.node.name, file


def test_a_vault_made_here_opens_in_the_sdk_and_the_other_way_round(
    vaults: tuple[Peer, str, Path], tmp_path: Path
) -> None:
    devices, name, began = vaults

    def call(method: str, *given: object, store: str = name) -> object:
        return devices.ask("call", store, face="vault", method=method, given=list(given))

    assert call("status") == {"state": "none", "waiting": 0, "unreadable": 0}
    code = call("create", PASSPHRASE)
    assert call("status") == {"state": "open", "waiting": 0, "unreadable": 0}
    for method, given, refused in (
        ("create", (PASSPHRASE,), "vault_exists"),
        ("create", ("short",), "invalid_field"),
        ("unlock", ("another passphrase",), "wrong_passphrase"),
        ("changePassphrase", (PASSPHRASE, "short"), "invalid_field"),
    ):
        with pytest.raises(Refused) as refusal:
            call(method, *given)
        assert refusal.value.code == refused
    devices.save(tmp_path / "theirs.db", name)
    with closing(sqlite3.connect(tmp_path / "theirs.db")) as conn:
        assert conn.execute("SELECT count(*) FROM documents WHERE stream IS NULL").fetchone() == (0,)
    with Tracker.open(tmp_path / "theirs.db") as tracker:
        tracker.vault.lock()
        assert tracker.vault.status().state == "locked"
        tracker.vault.unlock(str(code))
        assert tracker.vault.status().state == "open"
    call("changePassphrase", str(code), "another lake in the south")
    newer = call("newRecoveryCode", "another lake in the south")
    assert newer != code
    with pytest.raises(Refused):
        call("unlock", PASSPHRASE)
    call("unlock", str(newer))

    shutil.copy(began, tmp_path / "ours.db")
    with Tracker.open(tmp_path / "ours.db") as tracker:
        tracker.vault.create(PASSPHRASE)
        tracker.vault.lock()
    devices.open("of the sdk", tmp_path / "ours.db")
    assert call("status", store="of the sdk") == {"state": "locked", "waiting": 0, "unreadable": 0}
    call("unlock", PASSPHRASE, store="of the sdk")
    assert call("status", store="of the sdk") == {"state": "open", "waiting": 0, "unreadable": 0}


def test_what_came_sealed_is_read_once_the_vault_is_unlocked(devices: Peer, tmp_path: Path) -> None:
    practice = Practice(vault=True)
    with Tracker.open(tmp_path / "phone.db") as phone, Tracker.open(tmp_path / "tablet.db") as tablet:
        sides = [_pair(practice, one) for one in (phone, tablet)]
        phone.vault.create(PASSPHRASE)
        entry = phone.journal.write("For me alone.", shared=False)
        practice.sync(*sides)
        replica_of(tablet).apply_received()
    devices.open("tablet", tmp_path / "tablet.db")

    def call(face: str, method: str, *given: object) -> Any:
        return devices.ask("call", "tablet", face=face, method=method, given=list(given))

    assert call("vault", "status") == {"state": "locked", "waiting": 1, "unreadable": 0}
    assert call("journal", "entries") == []
    call("vault", "unlock", PASSPHRASE)
    assert call("vault", "status") == {"state": "open", "waiting": 0, "unreadable": 0}
    [read] = call("journal", "entries")
    assert (read["id"], read["text"], read["shared"]) == (str(entry.id), "For me alone.", False)


def test_a_refused_edit_is_dismissed_and_its_text_is_gone(
    devices: Peer, store: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    copy, name = tmp_path / "refused.db", request.node.name
    shutil.copy(store, copy)
    with closing(sqlite3.connect(copy)) as file:
        insert = "INSERT INTO refusals (document, kind, code, message, text, at) VALUES (?, ?, ?, ?, ?, ?)"
        rows = [(bytes([n]) * 16, "journal_entry", "too_large", "Too large.", f"What I wrote: {n}.", n) for n in (1, 2)]
        file.executemany(insert, rows)
        file.commit()
    devices.open(name, copy)
    with Tracker.open(copy, clock=SettableClock(MONDAY)) as tracker:
        twins = Twins(tracker, devices, name, SettableClock(MONDAY))

        def refusals() -> list[str]:
            kept = [one.text for one in tracker.status().refusals]
            assert [one["text"] for one in twins.call("device", "status", "en")["refusals"]] == kept
            return kept

        assert refusals() == ["What I wrote: 2.", "What I wrote: 1."]
        (refusal, _) = tracker.status().refusals
        (said, _) = twins.call("device", "status", "en")["refusals"]
        for _ in range(2):
            tracker.dismiss(refusal)
            twins.call("device", "dismiss", {"document": said["document"], "at": said["at"]})
            assert refusals() == ["What I wrote: 1."]
    twins.save(tmp_path / "theirs.db")
    for file_name in ("refused.db", "theirs.db"):
        assert b"What I wrote: 2." not in (tmp_path / file_name).read_bytes()
