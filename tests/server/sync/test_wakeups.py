from __future__ import annotations

from uuid import UUID, uuid4

from intersession_server.sync.wakeups import Wakeups


class Ears:
    def __init__(self) -> None:
        self.heard: list[object] = []

    def woken(self, stream: UUID, head: int) -> None:
        self.heard.append((stream, head))

    def grants_changed(self) -> None:
        self.heard.append("grants")


def test_a_listener_hears_of_what_it_watches_and_of_nothing_else() -> None:
    wakeups, ears = Wakeups(), Ears()
    one, two, account = uuid4(), uuid4(), uuid4()
    subscription = wakeups.subscribe(ears, account)
    subscription.watch(frozenset({one}))
    wakeups.wake(one, 1)
    wakeups.wake(two, 1)
    subscription.watch(frozenset({two}))
    wakeups.wake(one, 2)
    wakeups.wake(two, 2)
    assert ears.heard == [(one, 1), (two, 2)]


def test_access_changes_reach_the_account_and_the_device() -> None:
    wakeups, ears, other = Wakeups(), Ears(), Ears()
    account, device = uuid4(), uuid4()
    wakeups.subscribe(ears, account, device)
    wakeups.subscribe(other, uuid4())
    wakeups.grants_changed(account)
    wakeups.device_revoked(device)
    assert (ears.heard, other.heard) == (["grants", "grants"], [])


def test_a_closed_subscription_hears_nothing_and_leaves_nothing_behind() -> None:
    wakeups, ears = Wakeups(), Ears()
    stream, account = uuid4(), uuid4()
    subscription = wakeups.subscribe(ears, account)
    subscription.watch(frozenset({stream}))
    subscription.close()
    wakeups.wake(stream, 1)
    wakeups.grants_changed(account)
    assert ears.heard == []
    assert not wakeups.by_stream
    assert not wakeups.by_owner


def test_closing_while_being_woken_is_safe() -> None:
    wakeups, stream, account = Wakeups(), uuid4(), uuid4()

    class Leaves(Ears):
        def woken(self, stream: UUID, head: int) -> None:
            super().woken(stream, head)
            subscription.close()

    leaving, staying = Leaves(), Ears()
    subscription = wakeups.subscribe(leaving, account)
    subscription.watch(frozenset({stream}))
    wakeups.subscribe(staying, account).watch(frozenset({stream}))
    wakeups.wake(stream, 1)
    wakeups.wake(stream, 2)
    assert leaving.heard == [(stream, 1)]
    assert staying.heard == [(stream, 1), (stream, 2)]


def test_some_hear_of_every_stream() -> None:
    wakeups, heard = Wakeups(), []
    end = wakeups.watch_all(lambda stream, head: heard.append((stream, head)))
    stream = uuid4()
    wakeups.wake(stream, 3)
    end()
    wakeups.wake(stream, 4)
    assert heard == [(stream, 3)]


def test_it_knows_how_far_streams_were_said_to_be() -> None:
    wakeups, stream = Wakeups(), uuid4()
    wakeups.wake(stream, 4)
    wakeups.wake(stream, 3)
    assert wakeups.heads == {stream: 4}
