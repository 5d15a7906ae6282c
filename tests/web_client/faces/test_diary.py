"""The journal and the symptoms of a client's device, told to the SDK and to the faces."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web_client.faces.twins import Both, Twins, at

WENT_WELL = "What went well?"


def _write(twins: Twins, text: str, **more: Any) -> Any:
    sections = {WENT_WELL: "The walk."}
    return twins.both(
        lambda t: t.journal.write(text, sections=sections, **more),
        *("journal", "write", {"text": text, "sections": sections, **more}),
    )


def test_an_entry_is_written_edited_and_merged(twins: Twins) -> None:
    sections = {WENT_WELL: "The walk.", "How tense?": 7, "what helped?": ["Walking"], "Anything": "No.", "Slept": True}
    first = twins.both(
        lambda t: t.journal.write("Slept badly. 🌙", sections=sections, mood=4, tags=[" at  work ", "night"]),
        *(
            "journal",
            "write",
            {"text": "Slept badly. 🌙", "sections": sections, "mood": 4, "tags": [" at  work ", "night"]},
        ),
    )
    assert first.face["zone"] == "Europe/Berlin"
    twins.clock.forward(minutes=5)
    edited = twins.both(
        lambda t: t.journal.edit(first.sdk.id, text="Slept badly, woke at four. 🌙", based_on=first.sdk),
        *("journal", "edit", first.face["id"]),
        {"text": "Slept badly, woke at four. 🌙", "based_on": first.face["version"]},
    )
    merged = twins.both(
        lambda t: t.journal.edit(first.sdk.id, text="I slept badly. 🌙", mood=None, tags=["night"], based_on=first.sdk),
        *("journal", "edit", first.face["id"]),
        {"text": "I slept badly. 🌙", "mood": None, "tags": ["night"], "based_on": first.face["version"]},
    )
    assert merged.face["text"] == "I slept badly, woke at four. 🌙"
    anew = {WENT_WELL: "The long walk.", "How tense?": 5, "What helped?": ["Walking"], "Anything": "", "Slept": False}
    twins.both(
        lambda t: t.journal.edit(first.sdk.id, sections=anew, at=at("2026-05-03T21:00:00+02:00")),
        *("journal", "edit", first.face["id"], {"sections": anew, "at": "2026-05-03T21:00:00+02:00"}),
    )
    twins.both(lambda t: t.journal.get(edited.sdk.id), "journal", "get", edited.face["id"])
    twins.both(lambda t: t.journal.entries(), "journal", "entries")


@pytest.mark.parametrize(
    ("prompt", "answer"),
    [
        ("How tense?", 0),
        ("How tense?", 11),
        ("How tense?", "much"),
        ("How tense?", None),
        ("What helped?", ["Talking", "Walking"]),
        ("What helped?", []),
        ("What helped?", ["Sleeping"]),
        ("What helped?", "Walking"),
        ("Slept", False),
        ("Slept", 1),
        ("Cups", 3.5),
        ("Cups", True),
    ],
)
def test_what_a_section_was_answered_with_is_edited(twins: Twins, prompt: str, answer: Any) -> None:
    sections = {WENT_WELL: "The walk.", "How tense?": 7, "What helped?": ["Walking"], "Slept": True, "Cups": 2}
    made = twins.both(lambda t: t.journal.write(sections=sections), "journal", "write", {"sections": sections})
    anew = {**sections, prompt: answer}
    edited = twins.either(
        lambda t: t.journal.edit(made.sdk.id, sections=anew, based_on=made.sdk),
        *("journal", "edit", made.face["id"], {"sections": anew, "based_on": made.face["version"]}),
    )
    fits = answer not in (11, "much", ["Sleeping"], "Walking") and (prompt, type(answer)) not in (
        ("Slept", int),
        ("Cups", bool),
    )
    assert (edited is not None) is fits
    if edited is not None:
        (section,) = [one for one in edited.face["sections"] if one["prompt"] == prompt]
        assert section["value"] == (["Walking", "Talking"] if answer == ["Talking", "Walking"] else answer)
        assert section["label"] == ("calm" if (prompt, answer) == ("How tense?", 0) else "")


def test_an_entry_is_shared_withdrawn_and_deleted(twins: Twins) -> None:
    private = _write(twins, "For me alone.", shared=False)
    twins.clock.forward(minutes=1)
    gone = _write(twins, "Never mind.", shared=False)
    twins.clock.forward(minutes=1)
    open_ = _write(twins, "For all.", shared=True)
    delete = ("journal", "delete", open_.face["id"])
    assert twins.refused(lambda t: t.journal.delete(open_.sdk.id), *delete) == "invalid_field"
    withdraw = ("journal", "withdraw", private.face["id"])
    assert twins.refused(lambda t: t.journal.withdraw(private.sdk.id), *withdraw) == "invalid_field"
    twins.both(lambda t: t.journal.delete(gone.sdk.id), "journal", "delete", gone.face["id"])
    assert twins.refused(lambda t: t.journal.get(gone.sdk.id), "journal", "get", gone.face["id"]) == "not_found"
    copy = twins.both(lambda t: t.journal.share(private.sdk.id), "journal", "share", private.face["id"])
    assert copy.face["id"] != private.face["id"]
    twins.both(lambda t: t.journal.get(private.sdk.id), "journal", "get", private.face["id"])
    twins.both(lambda t: t.journal.share(copy.sdk.id), "journal", "share", copy.face["id"])
    twins.clock.forward(minutes=1)
    twins.both(lambda t: t.journal.withdraw(open_.sdk.id), "journal", "withdraw", open_.face["id"])
    twins.clock.forward(minutes=1)
    twins.both(lambda t: t.journal.withdraw(private.sdk.id), *withdraw)
    twins.both(lambda t: t.journal.withdraw(private.sdk.id), *withdraw)
    twins.both(lambda t: t.journal.withdrawals(), "journal", "withdrawals")
    twins.both(lambda t: t.journal.entries(), "journal", "entries")


def test_a_draft_goes_with_what_it_is_of_and_stays_when_that_is_shared(twins: Twins) -> None:
    def begun(entry: Both) -> None:
        for kind in ("entry", "comment"):
            twins.call("drafts", "keep", f"{kind} {entry.face['id']}", {"text": "And more of it."})
            twins.tracker.drafts.keep(f"{kind} {entry.sdk.id}", "", [])

    def left() -> tuple[int, int]:
        return len(twins.tracker.drafts.list()), len(twins.call("drafts", "list"))

    deleted, withdrawn, other = (_write(twins, text, shared=False) for text in ("One.", "Two.", "Three."))
    for entry in (deleted, withdrawn, other):
        begun(entry)
    twins.both(lambda t: t.journal.delete(deleted.sdk.id), "journal", "delete", deleted.face["id"])
    assert left() == (4, 4)
    copy = twins.both(lambda t: t.journal.share(withdrawn.sdk.id), "journal", "share", withdrawn.face["id"])
    assert left() == (4, 4)
    twins.both(lambda t: t.journal.withdraw(copy.sdk.id), "journal", "withdraw", copy.face["id"])
    assert left() == (2, 2)
    assert all(str(other.sdk.id) in one.name for one in twins.tracker.drafts.list())
    assert all(other.face["id"] in one["name"] for one in twins.call("drafts", "list"))


def test_entries_are_searched_page_by_page(twins: Twins) -> None:
    for number in range(5):
        twins.clock.forward(minutes=10)
        _write(twins, f"Day {number}: the café at the lake, naïve & calm. " + "Nothing else. " * number, mood=number)
    for query in ("cafe lak", "NAIVE", "walk", "nowhere", "🌊", "", "calm -day"):
        twins.both(lambda t, q=query: t.journal.search(q), "journal", "search", query)
    first = twins.both(lambda t: t.journal.search("lake", limit=2), "journal", "search", "lake", {"limit": 2})
    after = first.sdk.next
    assert after is not None
    assert first.face["next"] == after
    page = {"limit": 2, "after": after}
    twins.both(lambda t: t.journal.search("lake", limit=2, after=after), "journal", "search", "lake", page)
    assert twins.refused(lambda t: t.journal.search("a", limit=0), "journal", "search", "a", {"limit": 0})
    assert twins.refused(lambda t: t.journal.search("a", after="x"), "journal", "search", "a", {"after": "x"})


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"text": "  \n"},
        {"text": "No section that is required."},
        {"text": "a", "sections": {WENT_WELL: "b", "How tense?": 11}},
        {"text": "a", "sections": {WENT_WELL: "b", "What helped?": ["Sleeping"]}},
        {"text": "a", "mood": 11},
        {"text": "a", "tags": ["x" * 65]},
        {"text": "a" * 100_001},
        {"text": "\ud800"},
        {"text": "a", "at": "0001-01-01T00:00:00+00:00"},
    ],
)
def test_what_no_entry_may_be_is_refused_alike(twins: Twins, given: dict[str, Any]) -> None:
    sections = given.get("sections", {} if given.get("text", "").startswith("No section") else None)
    asked = given if sections is None else {**given, "sections": sections}
    sdk = {name: at(value) if name == "at" else value for name, value in asked.items()}
    assert twins.refused(lambda t: t.journal.write(**sdk), "journal", "write", asked) == "invalid_field"
    assert twins.call("journal", "entries") == []


def test_an_edit_of_a_version_that_is_not_here_is_refused(twins: Twins) -> None:
    entry = _write(twins, "Here.")
    for based_on in ("ab" * 32, "nonsense", ""):
        given = {"text": "There.", "based_on": based_on}
        code = twins.refused(
            lambda t: t.journal.edit(entry.sdk.id, text="There.", based_on=based_on),  # noqa: B023 - called at once
            *("journal", "edit", entry.face["id"], given),
        )
        assert code == ("unknown_heads" if len(based_on) == 64 else "invalid_field")
    required = {WENT_WELL: " "}
    edit = ("journal", "edit", entry.face["id"], {"sections": required})
    assert twins.refused(lambda t: t.journal.edit(entry.sdk.id, sections=required), *edit) == "invalid_field"


def test_a_private_log_is_shared_as_it_stands(twins: Twins) -> None:
    given = {"values": {"Worry": 8}, "scale": [0, 10], "note": "Not this.", "shared": False}
    log = twins.both(
        lambda t: t.symptoms.log({"Worry": 8}, scale=(0, 10), note="Not this.", shared=False),
        *("symptoms", "log", given),
    )
    twins.clock.forward(minutes=3)
    twins.both(
        lambda t: t.symptoms.log({"Worry": 9}, shared=False),
        "symptoms",
        "log",
        {"values": {"Worry": 9}, "shared": False},
    )
    twins.both(
        lambda t: t.symptoms.correct(log.sdk.id, values={"Worry": 3}, note="This."),
        *("symptoms", "correct", log.face["id"], {"values": {"Worry": 3}, "note": "This."}),
    )
    shared = twins.both(lambda t: t.symptoms.share(log.sdk.id), "symptoms", "share", log.face["id"])
    assert (shared.face["id"], shared.face["shared"], shared.face["earlier"]) == (log.face["id"], True, [])
    twins.both(lambda t: t.symptoms.share(log.sdk.id), "symptoms", "share", log.face["id"])
    logs = twins.both(lambda t: t.symptoms.logs(), "symptoms", "logs")
    assert [(one["values"], one["shared"]) for one in logs.face] == [({"Worry": 9}, False), ({"Worry": 3}, True)]
    twins.both(
        lambda t: t.symptoms.correct(log.sdk.id, note="That."), "symptoms", "correct", log.face["id"], {"note": "That."}
    )
    twins.both(lambda t: t.symptoms.get(log.sdk.id), "symptoms", "get", log.face["id"])
    twins.both(lambda t: t.symptoms.withdraw(log.sdk.id), "symptoms", "withdraw", log.face["id"])
    twins.both(lambda t: t.symptoms.withdrawals(), "symptoms", "withdrawals")
    assert twins.refused(lambda t: t.symptoms.get(log.sdk.id), "symptoms", "get", log.face["id"]) == "not_found"
    assert twins.refused(lambda t: t.symptoms.share(log.sdk.id), "symptoms", "share", log.face["id"]) == "not_found"


def test_symptoms_are_logged_corrected_and_withdrawn(twins: Twins) -> None:
    log = twins.both(
        lambda t: t.symptoms.log({" sleep ": 3, "Pain": 2.5}, note="Rain."),
        *("symptoms", "log", {"values": {" sleep ": 3, "Pain": 2.5}, "note": "Rain."}),
    )
    for hour, value in ((8, 4), (9, 7)):
        moment = f"2026-05-03T{hour:02d}:00:00+02:00"
        given = {"values": {"Sleep": value}, "scale": [0, 10], "at": moment, "shared": False}
        twins.both(
            lambda t, m=moment, v=value: t.symptoms.log({"Sleep": v}, scale=(0, 10), at=at(m), shared=False),
            *("symptoms", "log", given),
        )
    twins.clock.forward(minutes=3)
    corrected = {"values": {"sleep": 5}, "scale": [1, 5], "at": "2026-05-04T07:00:00+02:00"}
    twins.both(
        lambda t: t.symptoms.correct(log.sdk.id, values={"sleep": 5}, scale=(1, 5), at=at(str(corrected["at"]))),
        *("symptoms", "correct", log.face["id"], corrected),
    )
    twins.clock.forward(minutes=3)
    same = twins.both(
        lambda t: t.symptoms.correct(log.sdk.id, note="Rain."), "symptoms", "correct", log.face["id"], {"note": "Rain."}
    )
    assert len(same.face["earlier"]) == 1
    twins.both(lambda t: t.symptoms.names(), "symptoms", "names")
    twins.both(lambda t: t.symptoms.scales("SLEEP"), "symptoms", "scales", "SLEEP")
    twins.both(lambda t: t.symptoms.series("sleep"), "symptoms", "series", "sleep")
    twins.both(lambda t: t.symptoms.series("sleep", scale=(0, 10)), "symptoms", "series", "sleep", {"scale": [0, 10]})
    twins.both(lambda t: t.symptoms.series("Pain", scale="none"), "symptoms", "series", "Pain", {"scale": None})
    twins.both(lambda t: t.symptoms.logs(), "symptoms", "logs")
    since = "2026-05-03T09:00:00+02:00"
    twins.both(lambda t: t.symptoms.logs(since=at(since)), "symptoms", "logs", {"since": since})
    twins.both(lambda t: t.symptoms.withdraw(log.sdk.id), "symptoms", "withdraw", log.face["id"])
    twins.both(lambda t: t.symptoms.withdraw(log.sdk.id), "symptoms", "withdraw", log.face["id"])
    twins.both(lambda t: t.symptoms.logs(), "symptoms", "logs")
    twins.both(lambda t: t.due(), "plans", "due")
    twins.both(lambda t: t.progress(), "plans", "progress")
    nothing = twins.refused(
        lambda t: t.symptoms.correct(log.sdk.id, note="x"), "symptoms", "correct", log.face["id"], {"note": "x"}
    )
    assert nothing == "not_found"


@pytest.mark.parametrize(
    "given",
    [
        {"values": {}},
        {"values": {"": 1}},
        {"values": {"a\nb": 1}},
        {"values": {"Sleep": 1, "SLEEP": 2}},
        {"values": {"Sleep": "3"}},
        {"values": {"Sleep": True}},
        {"values": {"Sleep": 11}, "scale": [0, 10]},
        {"values": {"Sleep": 1}, "scale": [10, 0]},
        {"values": {"Sleep": 1}, "note": "x" * 20_001},
    ],
)
def test_what_no_log_may_be_is_refused_alike(twins: Twins, given: dict[str, Any]) -> None:
    assert twins.refused(lambda t: t.symptoms.log(**given), "symptoms", "log", given) == "invalid_field"
