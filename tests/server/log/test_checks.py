"""The judgement of a push and the access check of a page, as tables: no store."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.schemas import forging

from intersession_schemas.changes import (
    MAX_CHANGE_BYTES,
    MAX_CHANGE_OPERATIONS,
    MAX_DOCUMENT_OPERATIONS,
    Change,
    read_change,
)
from intersession_schemas.crdt import Document
from intersession_schemas.errors import RefusalCode
from intersession_schemas.streams import (
    ERASERS,
    PERSONS,
    READERS,
    SERVER_MADE,
    WRITERS,
    Audience,
    Kind,
    Role,
    kinds_of,
    may_erase,
    may_read,
    may_write,
)
from intersession_server.log.checks import (
    Admit,
    DocumentFacts,
    Duplicate,
    Facts,
    Reject,
    judge,
    judge_erasure,
    keeps_bytes,
    may_read_page,
)
from intersession_server.log.store import Grant, Reader
from intersession_server.log.submissions import ErasureRequest, Submission

ACCOUNT, DEVICE, STREAM, DOCUMENT, OTHER = (UUID(int=number) for number in range(1, 6))
NOW = datetime(2026, 3, 2, tzinfo=UTC)
FIRST = Change(hash=b"1" * 32, deps=(), actor=b"a", seq=1, start_op=1, operations=1, size=9, data=b"123456789")
SECOND = replace(FIRST, hash=b"2" * 32, deps=(FIRST.hash,), seq=2, start_op=2)
THIRD = replace(FIRST, hash=b"3" * 32, deps=(SECOND.hash,), seq=3, start_op=3)
REAL = read_change(forging.change(forging.sets(1)))
EMPTY = Facts(Audience.RECORD, Role.CLIENT, False, None, {}, (), {}, {})
HELD = replace(
    EMPTY,
    document=DocumentFacts(STREAM, Kind.JOURNAL_ENTRY, 1, 9, False, ACCOUNT),
    known={FIRST.hash: 4},
    sequences={(b"a", 1): FIRST.hash},
    owners={b"a": ACCOUNT},
    last_ops={FIRST.hash: 1},
    actors={b"a"},
)


def push(*changes: Change, kind: str = Kind.JOURNAL_ENTRY) -> Submission:
    return Submission(ACCOUNT, DEVICE, STREAM, DOCUMENT, kind, changes)


def erasure(kind: str = Kind.JOURNAL_ENTRY) -> ErasureRequest:
    return ErasureRequest(ACCOUNT, DEVICE, STREAM, DOCUMENT, kind)


def test_a_first_push_is_admitted_as_it_came() -> None:
    assert judge(push(FIRST, SECOND), EMPTY) == Admit((FIRST, SECOND))


def test_what_is_known_is_left_out() -> None:
    assert judge(push(FIRST, SECOND, THIRD), HELD) == Admit((SECOND, THIRD))
    assert judge(push(SECOND, SECOND), HELD) == Admit((SECOND,))


def test_all_known_is_a_duplicate_of_the_last_row() -> None:
    both = replace(HELD, known={FIRST.hash: 4, SECOND.hash: 9})
    assert judge(push(SECOND, FIRST), both) == Duplicate(9)
    assert judge(push(FIRST), both) == Duplicate(4)


def test_access_is_checked_before_anything_is_told() -> None:
    """Whoever may not, learns the same of a stream that exists, holds the very change, or does not exist."""
    unknown = Reject(RefusalCode.UNKNOWN_STREAM)
    for lacking in ({"role": None}, {"device_revoked": True}, {"audience": None}, {"role": Role.THERAPIST}):
        for facts in (EMPTY, HELD):
            for kind in (Kind.JOURNAL_ENTRY, Kind.NOTE, "no kind"):
                assert judge(push(FIRST, kind=kind), replace(facts, **lacking)) == unknown


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("role", Role)
def test_every_role_writes_what_the_table_says_and_nothing_else(audience: Audience, role: Role) -> None:
    for kind in Kind:
        facts = replace(EMPTY, audience=audience, role=role)
        if (audience, kind) in SERVER_MADE and may_write(role, audience, kind):
            assert judge(push(FIRST, kind=kind), facts) == Reject(RefusalCode.NOT_WRITER)
            facts = replace(facts, document=DocumentFacts(STREAM, kind, 0, 0, False, ACCOUNT))
        change = REAL if (audience, kind) in PERSONS else FIRST  # what is told of a person is read from the bytes
        verdict = judge(push(change, kind=kind), facts)
        if not may_read(role, audience):
            assert verdict == Reject(RefusalCode.UNKNOWN_STREAM)
        elif (audience, kind) not in WRITERS:
            assert verdict == Reject(RefusalCode.UNKNOWN_KIND)
        elif may_write(role, audience, kind):
            told = (audience, kind) in PERSONS and role in PERSONS[audience, kind][1]
            assert verdict == (Reject(RefusalCode.WRONG_PERSON) if told else Admit((change,)))
        else:
            assert verdict == Reject(RefusalCode.NOT_WRITER)


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("role", Role)
def test_every_role_takes_back_what_the_table_says_and_nothing_else(audience: Audience, role: Role) -> None:
    for kind in Kind:
        refusal = judge_erasure(erasure(kind), replace(EMPTY, audience=audience, role=role))
        if not may_read(role, audience):
            assert refusal is RefusalCode.UNKNOWN_STREAM
        elif (audience, kind) not in WRITERS:
            assert refusal is RefusalCode.UNKNOWN_KIND
        elif may_erase(role, audience, kind):
            assert refusal is None
            assert (audience, kind) in ERASERS
        else:
            assert refusal is RefusalCode.NOT_WRITER


def test_whoever_may_not_take_back_learns_nothing_first() -> None:
    erased = DocumentFacts(STREAM, Kind.JOURNAL_ENTRY, 1, 9, True, ACCOUNT)
    for document in (None, erased, replace(erased, stream=OTHER), replace(erased, kind=Kind.GOAL)):
        facts = replace(EMPTY, document=document)
        for lacking in ({"role": None}, {"device_revoked": True}, {"audience": None}, {"role": Role.THERAPIST}):
            for kind in (Kind.JOURNAL_ENTRY, Kind.PLAN, "no kind"):
                assert judge_erasure(erasure(kind), replace(facts, **lacking)) is RefusalCode.UNKNOWN_STREAM
        wrong = document is not None and document != erased
        assert judge_erasure(erasure(), facts) is (RefusalCode.WRONG_DOCUMENT if wrong else None)


def test_only_what_was_shared_is_ever_kept() -> None:
    assert keeps_bytes(Audience.RECORD, keep=True)
    assert not keeps_bytes(Audience.RECORD, keep=False)
    assert not keeps_bytes(Audience.VAULT, keep=True)


VAULT = replace(HELD, audience=Audience.VAULT, replaceable={FIRST.hash: 9})


def test_what_is_replaced_is_dropped_with_the_push() -> None:
    replacing = replace(push(SECOND), replaces=(FIRST.hash, bytes(32)))
    assert judge(replacing, VAULT) == Admit((SECOND,), (FIRST.hash,))
    both = replace(VAULT, known={FIRST.hash: 4, SECOND.hash: 9})
    assert judge(replacing, both) == Duplicate(9, (FIRST.hash,))
    assert judge(replacing, replace(both, dropped={SECOND.hash})) == Duplicate(9)


def test_nothing_but_blobs_of_a_vault_is_replaced_and_none_by_itself() -> None:
    assert judge(replace(push(SECOND), replaces=(FIRST.hash,)), HELD) == Reject(RefusalCode.BAD_CHANGE)
    assert judge(replace(push(SECOND), replaces=(SECOND.hash,)), VAULT) == Reject(RefusalCode.BAD_CHANGE)


def worst(**better: object) -> Facts:
    """Facts in which everything is wrong, but for what is given."""
    document = DocumentFacts(STREAM, Kind.GOAL, MAX_DOCUMENT_OPERATIONS, 9, True, ACCOUNT)
    wrong = Facts(
        Audience.RECORD,
        Role.CLIENT,
        True,
        document,
        {THIRD.hash: 1},
        {SECOND.hash},
        {(b"a", 3): bytes(32)},
        {b"a": OTHER},
    )
    return replace(wrong, **better)


def test_the_order_of_refusals() -> None:
    change = replace(THIRD, hash=b"x" * 32, deps=(SECOND.hash, bytes(32)), start_op=9)
    alive = DocumentFacts(STREAM, Kind.GOAL, MAX_DOCUMENT_OPERATIONS, 9, False, ACCOUNT)
    another = replace(alive, kind=Kind.JOURNAL_ENTRY, author=OTHER)
    fitting = replace(another, author=ACCOUNT)
    small = replace(fitting, operations=1)
    seen: dict[str, object] = {}
    order: list[tuple[RefusalCode, str, dict[str, object]]] = [
        (RefusalCode.UNKNOWN_STREAM, "plan", {}),
        (RefusalCode.UNKNOWN_KIND, "no kind", {"device_revoked": False}),
        (RefusalCode.NOT_WRITER, "plan", {}),
        (RefusalCode.ERASED, Kind.JOURNAL_ENTRY, {}),
        (RefusalCode.WRONG_DOCUMENT, Kind.JOURNAL_ENTRY, {"document": alive}),
        (RefusalCode.NOT_AUTHOR, Kind.JOURNAL_ENTRY, {"document": another}),
        (RefusalCode.TOO_MANY_OPERATIONS, Kind.JOURNAL_ENTRY, {"document": fitting}),
        (RefusalCode.ACTOR_TAKEN, Kind.JOURNAL_ENTRY, {"document": small}),
        (RefusalCode.ACTOR_REUSED, Kind.JOURNAL_ENTRY, {"owners": {b"a": ACCOUNT}}),
        (RefusalCode.DEPENDENCY_REFUSED, Kind.JOURNAL_ENTRY, {"sequences": {}}),
        (RefusalCode.MISSING_DEPENDENCY, Kind.JOURNAL_ENTRY, {"quarantined": ()}),
    ]
    for code, kind, mended in order:
        seen.update(mended)
        assert judge(push(change, kind=kind), worst(**seen)) == Reject(code)
    seen["known"] = {SECOND.hash: 1, bytes(32): 2}
    seen["last_ops"] = {SECOND.hash: 2, bytes(32): 7}
    assert judge(push(change), worst(**seen)) == Reject(RefusalCode.BAD_CHANGE)
    change = replace(change, start_op=8)
    assert judge(push(change), worst(**seen)) == Reject(RefusalCode.BAD_CHANGE)
    seen["sequences"] = {(b"a", 2): SECOND.hash}
    assert judge(push(change), worst(**seen)) == Admit((change,))


def test_a_change_begins_right_after_what_it_builds_on() -> None:
    """One that takes numbers far ahead would leave none to whoever writes next."""
    for start in (1, 3, 200_000 - 1):
        ahead = replace(SECOND, start_op=start)
        assert judge(push(ahead), HELD) == Reject(RefusalCode.BAD_CHANGE)
        assert judge(push(FIRST, ahead), EMPTY) == Reject(RefusalCode.BAD_CHANGE)
    assert judge(push(replace(FIRST, start_op=2)), EMPTY) == Reject(RefusalCode.BAD_CHANGE)


def test_a_change_follows_its_actors_last_one() -> None:
    for seq in (3, 200_000):
        assert judge(push(replace(SECOND, seq=seq)), HELD) == Reject(RefusalCode.BAD_CHANGE)
    other = replace(SECOND, actor=b"b", seq=1)
    assert judge(push(other), HELD) == Admit((other,))
    unseen = replace(SECOND, deps=(), start_op=1)  # it has not seen what it wrote itself
    assert judge(push(unseen), HELD) == Reject(RefusalCode.BAD_CHANGE)


def test_a_change_names_actors_that_have_written_in_the_document() -> None:
    assert judge(push(replace(SECOND, others=(b"b",))), HELD) == Reject(RefusalCode.BAD_CHANGE)
    both = replace(HELD, actors={b"a", b"b"})
    named = replace(SECOND, others=(b"b",))
    assert judge(push(named), both) == Admit((named,))


@pytest.mark.parametrize("audience", Audience)
def test_what_one_person_wrote_nobody_else_changes(audience: Audience) -> None:
    """Who writes a kind may still not write every document of it."""
    shared = {"plan", "goal", "resource", "homework", "session", "episode", "template"}
    for kind in kinds_of(audience):
        for role in WRITERS[audience, kind]:
            document = DocumentFacts(STREAM, kind, 1, 9, False, OTHER)
            change = replace(REAL, deps=(FIRST.hash,), start_op=2, seq=1)
            verdict = judge(push(change, kind=kind), replace(HELD, audience=audience, role=role, document=document))
            assert verdict == (Admit((change,)) if kind in shared else Reject(RefusalCode.NOT_AUTHOR))


def paper(named: object) -> Change:
    document = Document.new(b"p" * 16)
    with document.edit() as edit:
        edit.put("kind", "assessment")
        if named is not None:
            edit.put("administered_by", named if isinstance(named, bytes | int) else str(named))
    assert edit.change is not None
    return read_change(edit.change)


@pytest.mark.parametrize(
    ("role", "named", "taken"),
    [
        (Role.CLIENT, None, True),
        (Role.CLIENT, ACCOUNT, False),
        (Role.CLIENT, OTHER, False),
        (Role.PRIMARY, ACCOUNT, True),
        (Role.COVERING, ACCOUNT, True),
        (Role.PRIMARY, OTHER, False),
        (Role.PRIMARY, None, False),
        (Role.PRIMARY, b"bytes", False),
        (Role.PRIMARY, 7, False),
    ],
)
def test_who_took_an_assessment_down_is_whoever_sends_it(role: Role, named: object, taken: bool) -> None:
    change = paper(named)
    verdict = judge(push(change, kind=Kind.ASSESSMENT), replace(EMPTY, role=role))
    assert verdict == (Admit((change,)) if taken else Reject(RefusalCode.WRONG_PERSON))


def test_an_erased_document_takes_nothing_back() -> None:
    assert HELD.document is not None
    erased = replace(HELD, document=replace(HELD.document, erased=True))
    assert judge(push(FIRST), erased) == Reject(RefusalCode.ERASED)


def test_of_a_document_elsewhere_nothing_is_told_but_that_its_id_is_taken() -> None:
    for erased in (True, False):
        elsewhere = DocumentFacts(OTHER, Kind.JOURNAL_ENTRY, 1, 9, erased, ACCOUNT)
        assert judge(push(FIRST), replace(HELD, document=elsewhere)) == Reject(RefusalCode.WRONG_DOCUMENT)


def test_what_was_set_aside_stays_so() -> None:
    aside = replace(HELD, quarantined={FIRST.hash})
    assert judge(push(FIRST), aside) == Reject(RefusalCode.DOES_NOT_APPLY)
    assert judge(push(FIRST, SECOND), aside) == Reject(RefusalCode.DOES_NOT_APPLY)
    assert judge(push(SECOND), aside) == Reject(RefusalCode.DEPENDENCY_REFUSED)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (replace(FIRST, size=MAX_CHANGE_BYTES + 1), RefusalCode.TOO_LARGE),
        (replace(FIRST, data=bytes(MAX_CHANGE_BYTES + 1)), RefusalCode.TOO_LARGE),
        (replace(FIRST, operations=MAX_CHANGE_OPERATIONS + 1), RefusalCode.TOO_MANY_OPERATIONS),
        (replace(FIRST, seq=0), RefusalCode.BAD_CHANGE),
        (replace(FIRST, seq=2**63), RefusalCode.BAD_CHANGE),
    ],
)
def test_bounds_of_one_change(change: Change, code: RefusalCode) -> None:
    assert judge(push(change), EMPTY) == Reject(code)


def test_the_size_of_a_document_counts_what_its_changes_inflate_to() -> None:
    bombs = [replace(FIRST, hash=bytes([n]) * 32, actor=bytes([n]), size=MAX_CHANGE_BYTES) for n in range(1, 6)]
    assert judge(push(*bombs[:4]), EMPTY) == Admit(tuple(bombs[:4]))
    assert judge(push(*bombs), EMPTY) == Reject(RefusalCode.TOO_LARGE)


def test_two_changes_of_one_push_cannot_share_a_number() -> None:
    twin = replace(FIRST, hash=b"t" * 32)
    assert judge(push(FIRST, twin), EMPTY) == Reject(RefusalCode.ACTOR_REUSED)


def test_a_change_builds_on_what_came_before_it() -> None:
    assert judge(push(SECOND, FIRST), EMPTY) == Reject(RefusalCode.MISSING_DEPENDENCY)
    assert judge(push(THIRD), HELD) == Reject(RefusalCode.MISSING_DEPENDENCY)


def test_in_a_vault_only_membership_size_and_kind_count() -> None:
    vault = replace(EMPTY, audience=Audience.VAULT, owners={b"a": OTHER})
    assert judge(push(THIRD, FIRST), vault) == Admit((THIRD, FIRST))
    assert judge(push(FIRST, kind=Kind.GOAL), vault) == Reject(RefusalCode.UNKNOWN_KIND)
    assert judge(push(replace(FIRST, data=bytes(MAX_CHANGE_BYTES + 1))), vault) == Reject(RefusalCode.TOO_LARGE)
    assert judge(push(FIRST), replace(vault, role=Role.PRIMARY)) == Reject(RefusalCode.UNKNOWN_STREAM)


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("role", Role)
def test_a_page_is_for_the_roles_of_its_audience(audience: Audience, role: Role) -> None:
    grant = Grant(UUID(int=9), STREAM, ACCOUNT, role, NOW)
    allowed = may_read_page(grant, audience, Reader(ACCOUNT, DEVICE), STREAM, device_revoked=False)
    assert allowed == (role in READERS[audience])


@pytest.mark.parametrize(
    "grant",
    [
        None,
        Grant(UUID(int=9), STREAM, ACCOUNT, Role.CLIENT, NOW, NOW),
        Grant(UUID(int=9), OTHER, ACCOUNT, Role.CLIENT, NOW),
        Grant(UUID(int=9), STREAM, OTHER, Role.CLIENT, NOW),
    ],
)
def test_a_page_needs_an_active_grant_of_this_account_on_this_stream(grant: Grant | None) -> None:
    reader = Reader(ACCOUNT, DEVICE)
    assert not may_read_page(grant, Audience.RECORD, reader, STREAM, device_revoked=False)


def test_a_revoked_device_is_given_no_page() -> None:
    grant = Grant(UUID(int=9), STREAM, ACCOUNT, Role.CLIENT, NOW)
    assert not may_read_page(grant, Audience.RECORD, Reader(ACCOUNT, DEVICE), STREAM, device_revoked=True)
