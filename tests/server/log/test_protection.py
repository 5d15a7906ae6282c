"""Whatever anybody pushes, nobody's words, answers or completions change, and everybody can go on writing.

Random hostile changes of every kind, from every account that reads it, through the real judgement and applying.
"""

from __future__ import annotations

import random
from uuid import UUID, uuid4

import pytest
from tests.server.log.hostile_record import (
    ANNA,
    KINDS,
    NOW,
    PEOPLE,
    RISK,
    TARA,
    THEO,
    Record,
    author_of,
    honest_edit,
    hostile_change,
    log,
    sample,
)

from intersession_schemas.crdt import ROOT, Document, ObjectId
from intersession_schemas.documents.assessments import assessments
from intersession_schemas.documents.assessments.answers import WordingTaken
from intersession_schemas.documents.diary import symptoms
from intersession_schemas.errors import RefusalCode
from intersession_schemas.instruments.definitions.mood.phq9 import PHQ_9
from intersession_schemas.instruments.scoring import positive_risk
from intersession_schemas.records.protection import ORIGINS, PROTECTED, WHOLE
from intersession_schemas.streams import SERVER_MADE, WRITERS, Audience, Kind, is_authored

RECORD = Audience.RECORD


def made(record: Record, audience: Audience, kind: Kind) -> UUID:
    """The sample of a kind, pushed by its author."""
    id, document = uuid4(), Document.new(uuid4().bytes)
    changes = sample(kind, document)
    if (audience, kind) in SERVER_MADE:
        record.made_by_server(audience, kind, id, changes)
    else:
        assert record.push(author_of(audience, kind), audience, kind, id, changes) is None
    return id


def everything(document: Document, obj: ObjectId = ROOT) -> dict[str, object]:
    """All that is in a map, with the maps in it."""
    found: dict[str, object] = {}
    for key in document.keys(obj):
        inner, text = document.object(key, "map", obj), document.object(key, "text", obj)
        if inner is not None:
            found[key] = everything(document, inner)
        else:
            found[key] = document.text(text) if text is not None else document.scalar(key, obj)
    return found


def kept(kind: Kind, document: Document) -> dict[str, object]:
    """What of a document may never change, by its path; more may come, where it is added."""
    whole = everything(document)
    if kind in WHOLE:
        return whole
    found = {name: whole.get(name) for name in ("kind", *ORIGINS.get(kind, ()))}
    if kind is Kind.SYMPTOM_LOG:
        return found | whole
    for name, slot in PROTECTED[kind].root.fields.items():  # other fields are those of a later version
        held = whole.get(name)
        if not isinstance(held, dict) or slot.holds != "map":
            continue
        if kind is Kind.ASSESSMENT:
            found |= {f"{name}/{key}": value for key, value in held.items()}
        elif (kind, name) != (Kind.EPISODE, "baseline"):
            found |= {f"{name}/{key}": "there" for key, one in held.items() if isinstance(one, dict)}
    return found


def risks(document: Document) -> set[str]:
    """The positive risk items, wherever they stand."""
    read = assessments.read(document)
    answers = [completion.answers for completion in read.completions]
    answers += [{item: one.value} for item, given in (*read.draft.items(), *read.overridden.items()) for one in given]
    found = set[str]()
    for given in answers:
        numbers = {item: value for item, value in given.items() if isinstance(value, int | float)}
        found.update(rule.item for rule in positive_risk(PHQ_9, numbers))
    return found


def attack(record: Record, audience: Audience, kind: Kind, chance: random.Random, rounds: int) -> dict[str, int]:
    """Hostile pushes in turn with honest edits; gives how they ended."""
    id, author = made(record, audience, kind), author_of(audience, kind)
    names = sorted(PROTECTED[kind].root.fields)
    ended: dict[str, int] = {}
    stays = kept(kind, record.document(id))
    for number in range(rounds):
        by = chance.choice(sorted(PEOPLE[audience]))
        before = everything(record.document(id))
        change = hostile_change(chance, record.document(id), chance.randbytes(16), names)
        if change is None:
            continue
        refusal = record.push(by, audience, kind, id, [change])
        ended[str(refusal)] = ended.get(str(refusal), 0) + 1
        document = record.document(id)
        if refusal is not None or (is_authored(audience, kind) and by != author):
            assert everything(document) == before
        now = kept(kind, document)
        assert {path: now.get(path) for path in stays} == stays
        stays = now
        if kind is Kind.ASSESSMENT:
            assert RISK in risks(document)
        writer = Document.load(b"".join(record.store.document_changes(id)), chance.randbytes(16))
        edit = honest_edit(kind, writer, number)
        if edit is not None:
            assert record.push(author, audience, kind, id, [edit]) is None
            stays |= kept(kind, record.document(id))
    return ended


@pytest.mark.parametrize(("audience", "kind"), KINDS)
@pytest.mark.parametrize("seed", range(2))
def test_nothing_that_stays_is_ever_changed_and_everybody_can_go_on(audience: Audience, kind: Kind, seed: int) -> None:
    attack(Record(), audience, kind, random.Random(f"{seed} {kind} {audience}"), 12)


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("audience", "kind"), KINDS)
def test_the_same_at_length(audience: Audience, kind: Kind) -> None:
    for seed in range(40):
        attack(Record(), audience, kind, random.Random(f"long {seed} {kind} {audience}"), 60)


def test_the_attacks_are_taken_and_set_aside_and_refused() -> None:
    """They would show nothing if all were stopped at the door."""
    ended: dict[str, int] = {}
    for seed in range(5):
        for kind in (Kind.ASSESSMENT, Kind.JOURNAL_ENTRY, Kind.PLAN):
            for how, often in attack(Record(), RECORD, kind, random.Random(seed), 30).items():
                ended[how] = ended.get(how, 0) + often
    assert min(ended.get(how, 0) for how in ("None", "does_not_apply", "bad_change", "not_author")) > 10


# -- what was seen -----------------------------------------------------------------------------------------------------


def edited(record: Record, id: UUID, edit: object) -> bytes:
    document = Document.load(b"".join(record.store.document_changes(id)), uuid4().bytes)
    with document.edit() as one:
        assert callable(edit)
        edit(document, one)
    assert one.change is not None
    return one.change


def test_a_client_does_not_edit_a_therapists_comment_nor_a_therapist_a_clients() -> None:
    record = Record()
    for author, other in ((THEO, ANNA), (ANNA, THEO), (THEO, TARA)):
        id, document = uuid4(), Document.new(uuid4().bytes)
        changes = sample(Kind.COMMENT, document)
        assert record.push(author, RECORD, Kind.COMMENT, id, changes) is None
        change = edited(record, id, lambda document, edit: edit.rewrite(document.object("text", "text"), "Never."))
        assert record.push(other, RECORD, Kind.COMMENT, id, [change]) is RefusalCode.NOT_AUTHOR
        assert record.push(author, RECORD, Kind.COMMENT, id, [change]) is None


def test_raw_deletes_take_no_answer_and_no_completion() -> None:
    record = Record()
    id = made(record, RECORD, Kind.ASSESSMENT)
    before = assessments.read(record.document(id))
    for key in ("draft", "completions", "kind", "instrument"):
        change = edited(record, id, lambda document, edit, key=key: edit.delete(key))
        assert record.push(ANNA, RECORD, Kind.ASSESSMENT, id, [change]) is RefusalCode.DOES_NOT_APPLY
    for name in ("draft", "completions"):
        (key, *_) = record.document(id).keys(record.document(id).object(name, "map") or ROOT)
        for do in ("delete", "put", "put_map", "put_text"):

            def edit(document: Document, one: object, name: str = name, key: str = key, do: str = do) -> None:
                container = document.object(name, "map")
                given = {"delete": (key,), "put": (key, "{}"), "put_map": (key,), "put_text": (key, "")}[do]
                getattr(one, do)(*given, container)

            change = edited(record, id, edit)
            assert record.push(ANNA, RECORD, Kind.ASSESSMENT, id, [change]) is RefusalCode.DOES_NOT_APPLY
    assert assessments.read(record.document(id)) == before


def test_who_was_first_in_the_log_stays_whatever_the_other_had_seen() -> None:
    """Two write under one key at once: Automerge would show the one with the higher number."""
    record = Record()
    id = made(record, RECORD, Kind.SYMPTOM_LOG)
    writers = [Document.load(b"".join(record.store.document_changes(id)), name * 16) for name in (b"a", b"b")]
    key = str(log("same").id)
    with writers[1].edit() as edit:
        edit.put("unknown", 1)
        edit.put("unknown", 2)
        edit.put(key, "another log")
    later = edit.change
    first = symptoms.add(writers[0], [log("same")])
    assert later is not None
    assert record.push(ANNA, RECORD, Kind.SYMPTOM_LOG, id, [first]) is None
    assert record.push(ANNA, RECORD, Kind.SYMPTOM_LOG, id, [later]) is RefusalCode.DOES_NOT_APPLY
    assert log("same") in symptoms.read(record.document(id)).logs


def test_both_of_two_devices_that_answer_and_complete_offline_are_kept() -> None:
    record = Record()
    id, document = uuid4(), Document.new(b"o" * 16)
    begun = sample(Kind.ASSESSMENT, document)[:3]
    assert record.push(ANNA, RECORD, Kind.ASSESSMENT, id, begun) is None
    for name in (b"a", b"b"):
        device = Document.load(b"".join(begun), name * 16)
        answered = assessments.answer(device, "q1", name[0] % 3, answer_id=uuid4(), at=NOW)
        completed = assessments.complete(device, completion_id=uuid4(), at=NOW, wording=WordingTaken())
        assert answered is not None
        assert record.push(ANNA, RECORD, Kind.ASSESSMENT, id, [answered, completed]) is None
    read = assessments.read(record.document(id))
    assert len(read.completions) == 2
    assert len(read.draft["q1"]) == 2


def test_one_change_does_not_take_the_numbers_of_all_others() -> None:
    record = Record()
    id = made(record, RECORD, Kind.PLAN)
    from tests.schemas import forging

    heads = record.document(id).heads
    change = forging.change(forging.sets(1), deps=heads, actor=b"t" * 16, start_op=199_999)
    assert record.push(THEO, RECORD, Kind.PLAN, id, [change]) is RefusalCode.BAD_CHANGE
    writer = Document.load(b"".join(record.store.document_changes(id)), b"w" * 16)
    edit = honest_edit(Kind.PLAN, writer, 1)
    assert edit is not None
    assert record.push(TARA, RECORD, Kind.PLAN, id, [edit]) is None


def test_rows_that_come_a_second_time_are_not_set_aside() -> None:
    """After a disk that failed the same rows are applied again."""
    from intersession_server.log.applying import OpenDocument

    document = Document.new(b"o" * 16)
    changes = sample(Kind.ASSESSMENT, document)
    held = OpenDocument(Kind.ASSESSMENT, [])
    assert held.take(changes)
    assert held.take(changes)
    assert all(held.take([change]) for change in changes)


def test_every_kind_of_document_is_protected() -> None:
    opaque = {Kind.VAULT_KEY}
    assert {kind.value for _, kind in WRITERS} - {kind.value for kind in opaque} == PROTECTED.keys()
