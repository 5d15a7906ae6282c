"""Practices, therapists and clients: made, found, listed. Rows of `app.db` only; their streams come after."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

from intersession_server.accounts.tables import Person, Practice
from intersession_server.errors import Refused

CLIENT = "client"
THERAPIST = "therapist"
HIDE = "hide"
"""The other retention of a practice, beside "erase": what clients withdraw is kept, out of everybody's sight."""
MAX_NAME = 200
MAX_USERNAME = 64


async def create_practice(name: str, at: datetime) -> Practice:
    """A new practice. Raises `Refused` (`name_taken`, `bad_name`)."""
    name = clean_name(name)
    if await Practice.exists().where(Practice.name == name):
        raise Refused("name_taken", f"There is already a practice called {name!r}.")
    practice = Practice(id=uuid4(), name=name, created_at=at, library_stream=uuid4())
    await Practice.insert(practice)
    return practice


async def add_therapist(
    practice: Practice,
    username: str,
    name: str,
    password: str | None,
    at: datetime,
    *,
    manager: bool = False,
    once: bool = False,
) -> Person:
    """A new therapist; `password` is the argon2 hash, which is to be changed at the first sign-in where it is one for
    `once`. The first therapist of a practice manages it. Raises `Refused` (`name_taken`, `bad_name`).
    """
    username = clean_username(username)
    manager = manager or not await Person.exists().where((Person.practice == practice.id) & (Person.role == THERAPIST))
    if await Person.exists().where(Person.username == username):
        raise Refused("name_taken", f"The user name {username!r} is taken. User names are unique on a server.")
    person = Person(
        id=uuid4(),
        practice=practice.id,
        role=THERAPIST,
        name=clean_name(name),
        username=username,
        password=password,
        library_grant=uuid4(),
        created_at=at,
        manager=manager,
        password_once=once,
        folded=folded(clean_name(name), username),
    )
    await Person.insert(person)
    return person


async def add_client(practice: Practice, name: str, at: datetime, *, namesake: bool) -> Person:
    """A new client. A second one of the same name in a practice must be meant (`namesake`).

    Two people's records must never run together because of a name: so a name alone neither finds an existing
    client here, nor makes a second one unasked. Raises `Refused` (`name_taken`, `bad_name`).
    """
    name = clean_name(name)
    same = await _people(CLIENT, practice=practice.id, name=name)
    if same and not namesake:
        raise Refused(
            "name_taken",
            f"There is already a client called {name!r} ({same[0].id}). To pair another device of theirs, invite that"
            " client by id (--client); to add another person with the same name, use --new.",
        )
    person = Person(
        id=uuid4(),
        practice=practice.id,
        role=CLIENT,
        name=name,
        record_stream=uuid4(),
        vault_stream=uuid4(),
        chart_stream=uuid4(),
        record_grant=uuid4(),
        vault_grant=uuid4(),
        plan=uuid4(),
        episode=uuid4(),
        created_at=at,
        folded=folded(name),
    )
    await Person.insert(person)
    return person


async def find_practice(reference: str | None) -> Practice:
    """A practice by id or name; without a reference the only one there is.

    Raises `Refused` (`not_found`, `ambiguous`).
    """
    if reference is None:
        found = await Practice.objects().order_by(Practice.name).limit(2)
        if len(found) == 1:
            return found[0]
        if not found:
            raise Refused(
                "not_found", "There is no practice yet. Create one: intersession-server practice create NAME."
            )
        raise Refused("ambiguous", "There is more than one practice. Choose one with --practice.")
    id_ = _as_id(reference)
    where = Practice.id == id_ if id_ is not None else Practice.name == _as_kept(clean_name, reference)
    practice = await Practice.objects().where(where).first()
    if practice is None:
        raise Refused("not_found", f"There is no practice {reference!r}.")
    return practice


async def find_therapist(reference: str) -> Person:
    """A therapist by id or user name. Raises `Refused` (`not_found`)."""
    id_ = _as_id(reference)
    where = Person.id == id_ if id_ is not None else Person.username == _as_kept(clean_username, reference)
    person = await Person.objects().where(where).where(Person.role == THERAPIST).first()
    if person is None:
        raise Refused("not_found", f"There is no therapist {reference!r}. Give the therapist's user name or id.")
    return person


async def find_client(reference: str) -> Person:
    """A client by id, or by name where only one has it. Raises `Refused` (`not_found`, `ambiguous`)."""
    id_ = _as_id(reference)
    if id_ is not None:
        person = await Person.objects().where(Person.id == id_).where(Person.role == CLIENT).first()
        found = [person] if person is not None else []
    else:
        found = await _people(CLIENT, name=_as_kept(clean_name, reference))
    if not found:
        raise Refused("not_found", f"There is no client {reference!r}. Give the client's id or exact name.")
    if len(found) > 1:
        raise Refused("ambiguous", f"More than one client is called {reference!r}. Name the one you mean by id.")
    return found[0]


async def person_by_id(id_: UUID) -> Person | None:
    """A person of either role."""
    return await Person.objects().where(Person.id == id_).first()


async def names_of(ids: list[UUID]) -> dict[UUID, str]:
    """The names of these people; unknown ids are left out."""
    names: dict[UUID, str] = {}
    for start in range(0, len(ids), 500):
        rows = await Person.select(Person.id, Person.name).where(Person.id.is_in(ids[start : start + 500]))
        names.update({row["id"]: row["name"] for row in rows})
    return names


def clean_name(name: str) -> str:
    """A name as it is kept: NFC, single spaces, no control characters. Raises `Refused` (`bad_name`)."""
    cleaned = " ".join(unicodedata.normalize("NFC", name).split())
    if not 1 <= len(cleaned) <= MAX_NAME or any(unicodedata.category(c).startswith("C") for c in cleaned):
        raise Refused("bad_name", f"A name must have 1 to {MAX_NAME} characters and no control characters.")
    return cleaned


def clean_username(username: str) -> str:
    """A user name as it is kept and compared: in lower case. Raises `Refused` (`bad_name`)."""
    cleaned = unicodedata.normalize("NFKC", username).strip().casefold()
    allowed = all(character.isalnum() or character in "._-@+" for character in cleaned)
    if not 1 <= len(cleaned) <= MAX_USERNAME or not allowed:
        raise Refused(
            "bad_name",
            f"A user name must have 1 to {MAX_USERNAME} characters: letters, digits and . _ - @ +, no spaces.",
        )
    return cleaned


def folded(name: str, username: str | None = None) -> str:
    """What a person is sorted and found by: without case and accents, and with the user name behind."""
    text = unicodedata.normalize("NFKD", f"{name} {username}" if username else name)
    return "".join(character for character in text if not unicodedata.combining(character)).casefold()


async def _people(role: str, *, name: str, practice: UUID | None = None) -> list[Person]:
    query = Person.objects().where(Person.role == role).where(Person.name == name)
    if practice is not None:
        query = query.where(Person.practice == practice)
    return await query.order_by(Person.created_at).limit(2)


def _as_id(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None


def _as_kept(clean: Callable[[str], str], reference: str) -> str:
    """A reference as the name would be kept; one that no name can be finds nobody."""
    try:
        return clean(reference)
    except Refused:
        return ""
