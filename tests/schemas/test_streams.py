"""The tables of who may read and write, written out here once more, row by row as the design has them."""

from __future__ import annotations

from itertools import product

from intersession_schemas import streams
from intersession_schemas.streams import Audience, Kind, Role, kinds_of, may_erase, may_read, may_write

TEAM = {"primary", "covering", "supervisor"}
ROLES = {"client", "therapist"} | TEAM

READ = {
    "record": {"client"} | TEAM,
    "vault": {"client"},
    "chart": TEAM,
    "library": {"therapist"},
}

WRITE = {
    "plan": {"record": TEAM},
    "journal_entry": {"record": {"client"}, "vault": {"client"}},
    "symptom_log": {"record": {"client"}, "vault": {"client"}},
    "goal": {"record": {"client"} | TEAM},
    "resource": {"record": TEAM, "library": {"therapist"}},
    "homework": {"record": TEAM},
    "homework_progress": {"record": {"client"}},
    "homework_review": {"record": TEAM},
    "assessment": {"record": {"client"} | TEAM},
    "comment": {"record": {"client"} | TEAM},
    "acknowledgement": {"record": TEAM},
    "topic": {"record": {"client"}},
    "session": {"record": TEAM},
    "episode": {"record": TEAM},
    "note": {"chart": TEAM},
    "template": {"library": {"therapist"}},
    "vault_key": {"vault": {"client"}},
    "instrument": {"record": TEAM, "library": {"therapist"}},
}

ERASE = {
    "journal_entry": {"record": {"client"}, "vault": {"client"}},
    "symptom_log": {"record": {"client"}, "vault": {"client"}},
    "topic": {"record": {"client"}},
}


def test_the_words_are_those_of_the_design() -> None:
    assert {audience.value for audience in Audience} == READ.keys()
    assert {kind.value for kind in Kind} == WRITE.keys()
    assert {role.value for role in Role} == ROLES
    assert {role.value for role in streams.CARE_TEAM} == TEAM


def test_who_may_read() -> None:
    for role, audience in product(Role, Audience):
        assert may_read(role, audience) == (role.value in READ[audience.value]), (role, audience)


def test_who_may_write() -> None:
    for role, audience, kind in product(Role, Audience, Kind):
        wanted = role.value in WRITE[kind.value].get(audience.value, set())
        assert may_write(role, audience, kind) == wanted, (role, audience, kind)


def test_who_may_take_back() -> None:
    for role, audience, kind in product(Role, Audience, Kind):
        wanted = role.value in ERASE.get(kind.value, {}).get(audience.value, set())
        assert may_erase(role, audience, kind) == wanted, (role, audience, kind)


def test_only_who_may_write_may_take_back() -> None:
    """So nobody deletes what somebody else has written."""
    for (audience, kind), erasers in streams.ERASERS.items():
        assert erasers == streams.WRITERS[audience, kind]


def test_what_the_server_makes_is_written_by_others_from_there_on() -> None:
    assert {(audience.value, kind.value) for audience, kind in streams.SERVER_MADE} == {("record", "plan")}
    assert streams.WRITERS.keys() >= streams.SERVER_MADE
    assert not streams.SERVER_MADE & streams.ERASERS.keys()


def test_what_may_live_where() -> None:
    for audience in Audience:
        assert {kind.value for kind in kinds_of(audience)} == {
            kind for kind, places in WRITE.items() if audience.value in places
        }


def test_a_client_never_reads_the_chart_and_the_care_team_never_the_vault() -> None:
    assert not may_read(Role.CLIENT, Audience.CHART)
    assert not any(may_read(role, Audience.VAULT) for role in Role if role is not Role.CLIENT)


def test_only_who_may_read_may_write() -> None:
    for role, audience, kind in product(Role, Audience, Kind):
        assert may_read(role, audience) or not may_write(role, audience, kind)


def test_the_tables_cannot_be_changed_by_what_they_give() -> None:
    assert all(isinstance(roles, frozenset) for roles in [*streams.READERS.values(), *streams.WRITERS.values()])
    assert isinstance(kinds_of(Audience.RECORD), frozenset)
