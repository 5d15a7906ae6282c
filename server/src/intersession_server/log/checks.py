"""What the log takes, and who may read it: pure functions over facts that a store looked up.

A store gathers `Facts` inside the transaction of the append and calls `judge`; for a page it looks up the
grant inside the transaction that reads and calls `may_read_page`. Stores call both through this module, so
that one replacement here changes every store.

The order of refusals is part of the protocol: whoever has no access learns nothing but `unknown_stream`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Set
from uuid import UUID

from msgspec import Struct

from intersession_schemas.changes import (
    MAX_CHANGE_BYTES,
    MAX_CHANGE_OPERATIONS,
    MAX_DOCUMENT_BYTES,
    MAX_DOCUMENT_OPERATIONS,
    MAX_SHARE_BYTES,
    MAX_SHARE_OPERATIONS,
    Change,
)
from intersession_schemas.errors import DocumentError, RefusalCode
from intersession_schemas.operations import operations_of
from intersession_schemas.streams import (
    PERSONS,
    SERVER_MADE,
    Audience,
    Kind,
    Role,
    is_authored,
    kinds_of,
    may_erase,
    may_read,
    may_write,
)
from intersession_server.log.store import Grant, Reader
from intersession_server.log.submissions import ErasureRequest, Submission

_KINDS: dict[Audience, dict[str, Kind]] = {
    audience: {kind.value: kind for kind in kinds_of(audience)} for audience in Audience
}

MAX_SEQ = 2**63 - 1
"""The largest number that every store can hold."""


class DocumentFacts(Struct, frozen=True):
    """The document a push is for, as it stands. `operations` and `size` (bytes inflated) are totals over its rows.

    `author` is the account of its first row; `own_operations` and `own_size` are what the account that pushes has
    brought to it, where several may write it.
    """

    stream: UUID
    kind: str
    operations: int
    size: int
    erased: bool
    author: UUID
    own_operations: int = 0
    own_size: int = 0


class Facts(Struct, frozen=True):
    """All that a push is judged by, of one moment.

    `audience` and `role` are None where there is no such stream or no active grant. `known` maps those hashes of
    the push and its dependencies that this document has to their rows; `quarantined` are those of them that were
    set aside; `last_ops` tells the number of the last operation of each. `sequences` maps (actor, seq) as used in this
    document to the hash there, for those of the push and the ones before them; `owners` maps actors to accounts, and
    `actors` are those that the push names which have written in the document.
    In a vault, `replaceable` maps those hashes that the push `replaces` to the bytes that their rows hold, and
    `dropped` are those of `known` whose rows hold none any more.
    """

    audience: Audience | None
    role: Role | None
    device_revoked: bool
    document: DocumentFacts | None
    known: Mapping[bytes, int]
    quarantined: Collection[bytes]
    sequences: Mapping[tuple[bytes, int], bytes]
    owners: Mapping[bytes, UUID]
    replaceable: Mapping[bytes, int] = {}
    dropped: Collection[bytes] = ()
    last_ops: Mapping[bytes, int] = {}
    actors: Set[bytes] = frozenset()


class Admit(Struct, frozen=True):
    """Append these, in this order: those of the push that the log does not have; drop the bytes of `replaced`."""

    changes: tuple[Change, ...]
    replaced: tuple[bytes, ...] = ()


class Duplicate(Struct, frozen=True):
    """The log has all of it; `seq` is the last row of them. Drop the bytes of `replaced`, where they are left."""

    seq: int
    replaced: tuple[bytes, ...] = ()


class Reject(Struct, frozen=True):
    """Keep nothing of it."""

    code: RefusalCode


def judge(submission: Submission, facts: Facts) -> Admit | Duplicate | Reject:
    """What to do with a push."""
    refusal = may_append(submission, facts) or fits_document(submission, facts)
    refusal = refusal or submission.refused or replaces_well(submission, facts)
    if refusal:
        return Reject(refusal)
    rows = [already_known(change, facts) for change in submission.changes]
    if facts.quarantined and any(change.hash in facts.quarantined for change in submission.changes):
        return Reject(RefusalCode.DOES_NOT_APPLY)
    if not rows:
        return Reject(RefusalCode.BAD_CHANGE)
    replaced = () if _any_dropped(submission, facts) else tuple(facts.replaceable)
    if all(rows):
        return Duplicate(max(row for row in rows if row), replaced)
    new = _once(change for change, row in zip(submission.changes, rows, strict=True) if not row)
    refusal = within_limits(new, facts, less=sum(facts.replaceable[hash_] for hash_ in replaced))
    refusal = refusal or within_share(submission, new, facts)
    if not refusal and facts.audience is not Audience.VAULT:
        refusal = (
            actors_free(submission.account, new, facts)
            or dependencies_met(new, facts)
            or numbers_follow(new, facts)
            or names_nobody_else(submission, new, facts)
        )
    return Reject(refusal) if refusal else Admit(new, replaced)


def judge_erasure(request: ErasureRequest, facts: Facts) -> RefusalCode | None:
    """Why a document may not be withdrawn; None where it may, or has been. Looks at access and at the document only.

    `known` and all that comes after it are not looked at.
    """
    if facts.audience is None or facts.role is None or facts.device_revoked or not may_read(facts.role, facts.audience):
        return RefusalCode.UNKNOWN_STREAM
    kind = _KINDS[facts.audience].get(request.kind)
    if kind is None:
        return RefusalCode.UNKNOWN_KIND
    if not may_erase(facts.role, facts.audience, kind):
        return RefusalCode.NOT_WRITER
    document = facts.document
    if document is not None and (document.stream != request.stream or document.kind != request.kind):
        return RefusalCode.WRONG_DOCUMENT
    return None


def keeps_bytes(audience: Audience | None, *, keep: bool) -> bool:
    """Whether the bytes of what is erased stay: where `keep` is asked for, and only of what was ever shared."""
    return keep and audience is Audience.RECORD


def may_append(submission: Submission, facts: Facts) -> RefusalCode | None:
    """The access check for writing: an active grant, through a device that is not revoked, in a role that may."""
    if facts.audience is None or facts.role is None or facts.device_revoked or not may_read(facts.role, facts.audience):
        return RefusalCode.UNKNOWN_STREAM
    kind = _KINDS[facts.audience].get(submission.kind)
    if kind is None:
        return RefusalCode.UNKNOWN_KIND
    if not may_write(facts.role, facts.audience, kind):
        return RefusalCode.NOT_WRITER
    if facts.document is None and (facts.audience, kind) in SERVER_MADE:
        return RefusalCode.NOT_WRITER
    return None


def fits_document(submission: Submission, facts: Facts) -> RefusalCode | None:
    """A document stays in its stream, keeps its kind and its author, and once erased takes nothing more."""
    document = facts.document
    if document is None:
        return None
    # Of a document in another stream nothing is told but that its id is taken.
    if document.stream == submission.stream and document.erased:
        return RefusalCode.ERASED
    if document.stream != submission.stream or document.kind != submission.kind:
        return RefusalCode.WRONG_DOCUMENT
    if facts.audience is not None and document.author != submission.account:
        return RefusalCode.NOT_AUTHOR if is_authored(facts.audience, Kind(submission.kind)) else None
    return None


def replaces_well(submission: Submission, facts: Facts) -> RefusalCode | None:
    """Only blobs of a vault are replaced, and never by themselves."""
    if not submission.replaces:
        return None
    if facts.audience is not Audience.VAULT:
        return RefusalCode.BAD_CHANGE
    pushed = {change.hash for change in submission.changes}
    return RefusalCode.BAD_CHANGE if pushed.intersection(submission.replaces) else None


def already_known(change: Change, facts: Facts) -> int | None:
    """Deduplication: the row that holds this change already."""
    return facts.known.get(change.hash)


def within_limits(changes: Collection[Change], facts: Facts, *, less: int = 0) -> RefusalCode | None:
    """Bounds on one change, and on all that a document may grow to; `less` bytes of it go with the push."""
    sized, counted = (facts.document.size, facts.document.operations) if facts.document else (0, 0)
    for change in changes:
        if max(change.size, len(change.data)) > MAX_CHANGE_BYTES:
            return RefusalCode.TOO_LARGE
        if change.operations > MAX_CHANGE_OPERATIONS:
            return RefusalCode.TOO_MANY_OPERATIONS
        sized += change.size
        counted += change.operations
    if sized - less > MAX_DOCUMENT_BYTES:
        return RefusalCode.TOO_LARGE
    if counted > MAX_DOCUMENT_OPERATIONS:
        return RefusalCode.TOO_MANY_OPERATIONS
    return None


def is_shared(audience: Audience | None, kind: str) -> bool:
    """Whether several people may write a document of `kind`, so that what each brings to it is counted."""
    return audience is not None and kind in _KINDS[audience] and not is_authored(audience, _KINDS[audience][kind])


def within_share(submission: Submission, changes: Collection[Change], facts: Facts) -> RefusalCode | None:
    """Nobody fills up alone what others write too: a part of what the document may grow to is left to them."""
    if not is_shared(facts.audience, submission.kind):
        return None
    sized, counted = (facts.document.own_size, facts.document.own_operations) if facts.document else (0, 0)
    if sized + sum(change.size for change in changes) > MAX_SHARE_BYTES:
        return RefusalCode.TOO_LARGE
    if counted + sum(change.operations for change in changes) > MAX_SHARE_OPERATIONS:
        return RefusalCode.TOO_MANY_OPERATIONS
    return None


def actors_free(account: UUID, changes: Collection[Change], facts: Facts) -> RefusalCode | None:
    """An actor writes for one account, and never two changes under one sequence number of a document."""
    used = dict(facts.sequences)
    for change in changes:
        if not 1 <= change.seq <= MAX_SEQ:
            return RefusalCode.BAD_CHANGE
        if facts.owners.get(change.actor, account) != account:
            return RefusalCode.ACTOR_TAKEN
        if used.setdefault((change.actor, change.seq), change.hash) != change.hash:
            return RefusalCode.ACTOR_REUSED
    return None


def dependencies_met(changes: Collection[Change], facts: Facts) -> RefusalCode | None:
    """Every change builds on rows of its document, or on changes before it in the push."""
    if facts.quarantined and any(dep in facts.quarantined for change in changes for dep in change.deps):
        return RefusalCode.DEPENDENCY_REFUSED
    before: set[bytes] = set()
    for change in changes:
        if any(dep not in facts.known and dep not in before for dep in change.deps):
            return RefusalCode.MISSING_DEPENDENCY
        before.add(change.hash)
    return None


def numbers_follow(changes: Collection[Change], facts: Facts) -> RefusalCode | None:
    """A change begins right after all that it builds on, and follows its actor's last one.

    Otherwise one change could take the numbers that everybody's next operations need. Whoever writes has seen what
    they wrote before, and can only name actors whose operations they have seen.
    """
    last_ops, actors, used = dict(facts.last_ops), set(facts.actors), dict(facts.sequences)
    for change in changes:
        if change.start_op != 1 + max((last_ops[dep] for dep in change.deps), default=0):
            return RefusalCode.BAD_CHANGE
        if change.seq > 1 and used.get((change.actor, change.seq - 1)) not in change.deps:
            return RefusalCode.BAD_CHANGE
        if not actors.issuperset(change.others):
            return RefusalCode.BAD_CHANGE
        last_ops[change.hash] = change.last_op
        used[change.actor, change.seq] = change.hash
        actors.add(change.actor)
    return None


def names_nobody_else(submission: Submission, changes: Collection[Change], facts: Facts) -> RefusalCode | None:
    """Where a kind names a person, it is the account that sends it, in a role that may; such a role has to say so."""
    if facts.audience is None or (facts.audience, submission.kind) not in PERSONS:
        return None
    field, roles = PERSONS[facts.audience, Kind(submission.kind)]
    try:
        named = [one for change in changes for one in operations_of(change) if one.object is None and one.key == field]
        texts = [one.text for one in named]
    except UnicodeDecodeError:
        return RefusalCode.BAD_CHANGE
    except DocumentError:  # what is no change names nobody, and is quarantined when it is to be applied
        texts = []
    must = facts.role in roles
    if any(text != str(submission.account) for text in texts) or (texts and not must):
        return RefusalCode.WRONG_PERSON
    return RefusalCode.WRONG_PERSON if must and facts.document is None and not texts else None


def may_read_page(
    grant: Grant | None, audience: Audience, reader: Reader, stream: UUID, *, device_revoked: bool
) -> bool:
    """The access check for reading: this grant, of this account, on this stream, and it has not ended."""
    return (
        grant is not None
        and not device_revoked
        and grant.until is None
        and grant.stream == stream
        and grant.account == reader.account
        and may_read(grant.role, audience)
    )


MOST_NOTED = 20
"""So many rows of a document that were quarantined; refusals beyond them are not noted any more."""
_NOTED = frozenset(
    {
        RefusalCode.TOO_LARGE,
        RefusalCode.TOO_MANY_OPERATIONS,
        RefusalCode.BAD_CHANGE,
        RefusalCode.BAD_CHECKSUM,
        RefusalCode.ACTOR_REUSED,
        RefusalCode.ACTOR_TAKEN,
        RefusalCode.DEPENDENCY_REFUSED,
        RefusalCode.WRONG_PERSON,
    }
)


def noted_as(submission: Submission, facts: Facts, code: RefusalCode) -> bytes | None:
    """The hash under which the log notes that a push was refused for good: one that may have held an answer.

    Only of somebody who may write there. So that the answer is missing is known wherever the log is read.
    """
    if code not in _NOTED or facts.audience is not Audience.RECORD or not tells_set_aside(submission.kind):
        return None
    if may_append(submission, facts) or fits_document(submission, facts):
        return None
    return next((change.hash for change in submission.changes if change.hash not in facts.known), None)


def tells_set_aside(kind: str) -> bool:
    """Whether a new device is told which rows of such a document were quarantined: one may have been an answer."""
    return kind == Kind.ASSESSMENT


def _any_dropped(submission: Submission, facts: Facts) -> bool:
    """Whether the log no longer has the bytes of something in the push: then it must not drop others for it."""
    return any(change.hash in facts.dropped for change in submission.changes)


def _once(changes: Iterable[Change]) -> tuple[Change, ...]:
    first: dict[bytes, Change] = {}
    for change in changes:
        first.setdefault(change.hash, change)
    return tuple(first.values())
