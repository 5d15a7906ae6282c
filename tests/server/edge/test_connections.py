"""Who may hold a connection open: counted by address until they sign in, the longest silent one goes first."""

from __future__ import annotations

import pytest

from intersession_server.edge.connections import Admitted, ConnectionLimits, DefenceLog, Ledger, Ticket, Why, owners_of


def admitted(ledger: Ledger, address: str | None) -> Ticket:
    outcome = ledger.admit(address)
    assert isinstance(outcome, Admitted)
    return outcome.ticket


def test_an_address_that_has_not_signed_in_holds_only_so_many_and_the_longest_silent_goes() -> None:
    ledger = Ledger(ConnectionLimits(total=100, per_address=3))
    first, *_ = (admitted(ledger, "192.0.2.1") for _ in range(3))
    outcome = ledger.admit("192.0.2.1")
    assert isinstance(outcome, Admitted)
    assert (outcome.instead_of, outcome.why, len(ledger)) == (first, Why.ADDRESS, 3)
    other = ledger.admit("192.0.2.2")
    assert isinstance(other, Admitted)
    assert other.instead_of is None


def test_connections_at_work_stay_and_the_new_one_is_refused() -> None:
    ledger = Ledger(ConnectionLimits(total=100, per_address=2))
    for _ in range(2):
        ledger.asks(admitted(ledger, "192.0.2.1"))
    assert ledger.admit("192.0.2.1") is Why.ADDRESS
    assert len(ledger) == 2


def test_who_has_signed_in_does_not_count_against_the_address_nor_is_closed_for_silence() -> None:
    ledger = Ledger(ConnectionLimits(total=50, per_address=2))
    clinic = [admitted(ledger, "192.0.2.1") for _ in range(2)]
    for _ in range(20):
        for ticket in clinic:
            ledger.asks(ticket)
            ledger.signed_in(ticket)
            ledger.answered(ticket)
        clinic = [admitted(ledger, "192.0.2.1") for _ in range(2)]
    assert len(ledger) == 42
    # Of 50 only those 10 that have not signed in can be made to go.
    gone = [ledger.admit(f"198.51.100.{number}") for number in range(60)]
    known = {ticket for ticket in ledger.tickets if ticket.known}
    assert len(known) == 40
    assert all(isinstance(one, Admitted) and one.instead_of not in known for one in gone)


def test_in_all_there_are_only_so_many() -> None:
    ledger = Ledger(ConnectionLimits(total=5, per_address=100))
    tickets = [admitted(ledger, f"192.0.2.{number}") for number in range(5)]
    for ticket in tickets:
        ledger.signed_in(ticket)
    assert ledger.admit("192.0.2.99") is Why.TOTAL
    ledger.leave(tickets[0])
    ledger.leave(tickets[0])
    assert isinstance(ledger.admit("192.0.2.99"), Admitted)


def test_an_ipv6_address_counts_by_its_64_and_its_48() -> None:
    ledger = Ledger(ConnectionLimits(total=100, per_address=2, per_prefix=3))
    for host in (1, 2):
        ledger.asks(admitted(ledger, f"2001:db8:1:1::{host}"))
    assert ledger.admit("2001:db8:1:1::3") is Why.ADDRESS
    ledger.asks(admitted(ledger, "2001:db8:1:2::1"))
    assert ledger.admit("2001:db8:1:3::1") is Why.ADDRESS
    assert isinstance(ledger.admit("2001:db8:2:1::1"), Admitted)


@pytest.mark.parametrize(
    ("address", "owners"),
    [
        ("192.0.2.1", ("192.0.2.1",)),
        ("::ffff:192.0.2.1", ("192.0.2.1",)),
        ("fe80::1%eth0", ("fe80::/64", "fe80::/48")),
        ("a socket", ("a socket",)),
        (None, ()),
    ],
)
def test_against_what_an_address_counts(address: str | None, owners: tuple[str, ...]) -> None:
    assert owners_of(address) == owners


def test_nothing_is_kept_of_connections_that_are_gone() -> None:
    ledger = Ledger(ConnectionLimits(total=100))
    for number in range(1_000):
        ticket = admitted(ledger, f"192.0.2.{number % 250}")
        ledger.asks(ticket)
        ledger.answered(ticket)
        ledger.leave(ticket)
    assert (len(ledger), ledger.longest_silent(), ledger._of, ledger._silent_of) == (0, None, {}, {})


def test_one_line_a_minute_of_each_kind_says_how_many_there_were() -> None:
    said = DefenceLog(every=60)
    assert [said.count("a", now) for now in (0, 1, 2, 61, 62)] == [1, 0, 0, 3, 0]
    assert said.count("b", 62) == 1
