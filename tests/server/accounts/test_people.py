"""Practices, therapists and clients, and how they are named on the command line."""

from __future__ import annotations

import pytest
from tests.server.accounts.world import Clock

from intersession_server.accounts import people
from intersession_server.accounts.tables import Person, Practice
from intersession_server.errors import Refused
from intersession_server.storage.engine import SerialEngine

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


@pytest.fixture
async def practice(database: SerialEngine, clock: Clock) -> Practice:
    return await people.create_practice("Nord", clock())


async def refusal(code: str, awaitable: object) -> str:
    with pytest.raises(Refused) as caught:
        await awaitable  # type: ignore[misc]
    assert caught.value.code == code
    return str(caught.value)


async def test_a_practice_is_found_by_name_or_id_and_alone_by_nothing(practice: Practice, clock: Clock) -> None:
    for reference in (None, "Nord", " Nord ", str(practice.id)):
        assert (await people.find_practice(reference)).id == practice.id
    await people.create_practice("Süd", clock())
    await refusal("ambiguous", people.find_practice(None))
    await refusal("not_found", people.find_practice("West"))
    await refusal("name_taken", people.create_practice("Su\u0308d", clock()))


async def test_without_a_practice_the_error_says_how_to_make_one() -> None:
    assert "practice create" in await refusal("not_found", people.find_practice(None))


async def test_user_names_are_unique_whatever_their_case(practice: Practice, clock: Clock) -> None:
    ada = await people.add_therapist(practice, "Ada", "Ada L", None, clock())
    for reference in ("ada", "ADA", str(ada.id)):
        assert (await people.find_therapist(reference)).id == ada.id
    await refusal("name_taken", people.add_therapist(practice, "aDA", "Another", None, clock()))
    await refusal("not_found", people.find_therapist("Ada L"))


async def test_a_name_alone_never_makes_or_finds_the_wrong_client(practice: Practice, clock: Clock) -> None:
    ann = await people.add_client(practice, "Ann", clock(), namesake=False)
    assert str(ann.id) in await refusal("name_taken", people.add_client(practice, "Ann", clock(), namesake=False))
    assert (await people.find_client("Ann")).id == ann.id
    other = await people.add_client(practice, "Ann", clock(), namesake=True)
    await refusal("ambiguous", people.find_client("Ann"))
    assert (await people.find_client(str(other.id))).id == other.id
    await refusal("not_found", people.find_client("Anna"))


async def test_neither_role_is_found_as_the_other(practice: Practice, clock: Clock) -> None:
    ada = await people.add_therapist(practice, "ada", "Ada", None, clock())
    ann = await people.add_client(practice, "Ann", clock(), namesake=False)
    await refusal("not_found", people.find_client(str(ada.id)))
    await refusal("not_found", people.find_client("Ada"))
    await refusal("not_found", people.find_therapist(str(ann.id)))


async def test_names_of_many_people(practice: Practice, clock: Clock) -> None:
    ids = [(await people.add_client(practice, f"Client {n}", clock(), namesake=False)).id for n in range(3)]
    assert await people.names_of([*ids, practice.id]) == dict(
        zip(ids, ["Client 0", "Client 1", "Client 2"], strict=True)
    )
    assert await people.names_of([]) == {}
    assert await Person.count() == 3


@pytest.mark.parametrize("name", ["", "  ", "a" * 201, "tab\x1b[31m", "null\0", "right\u202eleft"])
async def test_a_name_that_would_fool_a_reader_is_refused(name: str) -> None:
    with pytest.raises(Refused) as caught:
        people.clean_name(name)
    assert caught.value.code == "bad_name"


@pytest.mark.parametrize("username", ["", "two words", "a" * 65, "a/b", "x\x00"])
async def test_a_user_name_that_cannot_be_typed_is_refused(username: str) -> None:
    with pytest.raises(Refused):
        people.clean_username(username)
