"""Pairing codes handed out and redeemed. One live code per person; of two who redeem one code, one wins."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from msgspec import Struct

from intersession_server.accounts import codes, tokens
from intersession_server.accounts.audit import Action, Actor, record
from intersession_server.accounts.database import transaction
from intersession_server.accounts.people import CLIENT
from intersession_server.accounts.tables import Device, Invitation, Person
from intersession_server.errors import Refused, StorageError

MAX_AGENT = 200
_KEPT_PER_LOCATOR = 20

Random = Callable[[int], bytes]

PAIRING_REFUSALS = {
    "wrong_code": "Wrong pairing code. Check it with whoever gave it to you.",
    "old_code": "That pairing code has expired. Ask for a new one.",
    "used_code": "That pairing code has already been used. Ask for a new one.",
    "too_many_tries": "Too many attempts with that pairing code. Ask for a new one.",
    "wrong_role": "That pairing code is for another kind of app (a client's or a therapist's). It is still valid: use"
    " it there, or ask for a code for this app.",
}


class Issued(Struct, frozen=True):
    """A code to hand over, in canonical form, and when it stops working."""

    code: str
    expires_at: datetime
    id: UUID


class Redeemed(Struct, frozen=True):
    """A device that has just been paired. The token is told once and kept as a hash."""

    token: str
    device: UUID
    person: UUID


async def issue(
    person: UUID, at: datetime, random: Random = secrets.token_bytes, *, lifetime: timedelta = codes.LIFETIME
) -> Issued:
    """A new code for a person; an earlier one that is still live stops working. Raises `StorageError`."""
    async with transaction():
        await end_live(person, at)
        length = codes.length_of(lifetime)
        code = await _free_code(length, at, random)
        salt = random(16)
        expires_at, id_ = at + lifetime, uuid4()
        await Invitation.insert(
            Invitation(
                id=id_,
                person=person,
                locator=codes.locator(code),
                salt=salt.hex(),
                secret_hash=codes.secret_hash(code, salt),
                created_at=at,
                expires_at=expires_at,
                tries_left=codes.TRIES,
                length=length,
            )
        )
    return Issued(code, expires_at, id_)


async def end_live(person: UUID, at: datetime) -> bool:
    """End a person's live code; whether there was one. Raises `StorageError`."""
    ended = (
        await Invitation.update({Invitation.expires_at: at})
        .where((Invitation.person == person) & Invitation.used_at.is_null() & (Invitation.expires_at > at))
        .returning(Invitation.id)
    )
    return bool(ended)


async def redeem(
    typed: str, agent: str, at: datetime, random: Random = secrets.token_bytes, *, role: str | None = None
) -> Redeemed:
    """Pair a device. Raises `Refused` (`wrong_code`, `old_code`, `used_code`, `too_many_tries`, `wrong_role`),
    `StorageError`.

    With `role`, a code of a person in another role is refused and stays good. A wrong secret burns one of the
    live invitation's tries, durably. Whoever does not have the secret learns nothing but `wrong_code`, until the
    tries are used up.
    """
    code = codes.normalised(typed)
    if code is None:
        raise _refused("wrong_code")
    async with transaction():
        outcome = await _redeem(code, _printable(agent)[:MAX_AGENT], at, random, role)
    # Raised outside, so that a burnt try is committed and not rolled back.
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


async def _redeem(code: str, agent: str, at: datetime, random: Random, role: str | None) -> Redeemed | Refused:
    found = (
        await Invitation.objects()
        .where((Invitation.locator == codes.locator(code)) & (Invitation.length == len(code)))
        .order_by(Invitation.created_at, ascending=False)
        .limit(_KEPT_PER_LOCATOR)
    )
    matching = [row for row in found if codes.secret_matches(code, bytes.fromhex(row.salt), row.secret_hash)]
    if not matching:
        return await _burn_a_try([row for row in found if row.used_at is None and row.expires_at > at])
    invitation = matching[0]
    if invitation.used_at is not None:
        return _refused("used_code")
    if invitation.tries_left <= 0:
        return _refused("too_many_tries")
    if invitation.expires_at <= at:
        return _refused("old_code")
    person = await Person.objects().get(Person.id == invitation.person)
    if person is None or (role is not None and person.role != role):
        return _refused("wrong_role")
    if person.ended_at is not None:
        return _refused("old_code")
    token = tokens.token_from(random(tokens.TOKEN_BYTES))
    device = Device(
        id=uuid4(),
        person=invitation.person,
        agent=agent,
        token_prefix=tokens.prefix(token),
        token_hash=tokens.token_hash(token),
        paired_at=at,
        last_heard_at=at,
    )
    await Device.insert(device)
    taken = (
        await Invitation.update({Invitation.used_at: at, Invitation.device: device.id})
        .where((Invitation.id == invitation.id) & Invitation.used_at.is_null() & (Invitation.tries_left > 0))
        .returning(Invitation.id)
    )
    if not taken:
        # Cannot happen while transactions run one after the other; a database that interleaves them ends here.
        raise StorageError("Another device used the pairing code at the same moment. Ask for a new one.")
    actor = Actor(person=person.id, device=device.id)
    client = person.id if person.role == CLIENT else None
    await record(Action.PAIRED, at, actor, client=client, subject=device.id)
    return Redeemed(token, device.id, invitation.person)


async def _burn_a_try(live: list[Invitation]) -> Refused:
    if not live:
        return _refused("wrong_code")
    if live[0].tries_left <= 0:
        return _refused("too_many_tries")
    await Invitation.update({Invitation.tries_left: Invitation.tries_left - 1}).where(Invitation.id == live[0].id)
    return _refused("wrong_code")


async def _free_code(length: int, at: datetime, random: Random) -> str:
    """A code whose locator no live invitation has, so that a wrong try burns one invitation and not two."""
    for _ in range(100):
        code = codes.code_from(random(length), length)
        taken = await Invitation.exists().where(
            (Invitation.locator == codes.locator(code))
            & (Invitation.length == length)
            & Invitation.used_at.is_null()
            & (Invitation.expires_at > at)
        )
        if not taken:
            return code
    raise StorageError("Too many pairing codes are active at once. Wait until some have expired.")


def _refused(code: str) -> Refused:
    return Refused(code, PAIRING_REFUSALS[code])


def _printable(text: str) -> str:
    """Without control characters: operators read it on a terminal."""
    return "".join(character for character in text if character.isprintable())
