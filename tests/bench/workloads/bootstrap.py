"""How long a new device takes to have a client's whole record, from a server just started and from a warm one."""

from __future__ import annotations

import threading
import time
from uuid import UUID

from msgspec import Struct
from tests.bench import material
from tests.bench.devices import ClientApp
from tests.bench.ground import Ground, ground
from tests.bench.material import Prepared
from tests.bench.measuring import Used, measured, percentile, tick_until, wait_quiet
from tests.bench.result import Figure, Options, Result
from tests.end_to_end.support.practice import Invitation

from intersession import Tracker

NEWEST = 50
MOST_HITS = 500
LOOK_EVERY = 0.02


class Expected(Struct, frozen=True):
    """What a whole record has: the newest entries, how many a search for the rare word finds, the series' length."""

    newest: tuple[UUID, ...]
    hits: int
    points: int

    @classmethod
    def of(cls, documents: list[Prepared]) -> Expected:
        entries = [one.document for one in documents if one.kind == "journal_entry"]
        points = sum(len(one.changes) - 1 for one in documents if one.kind == "symptom_log")
        hits = min(MOST_HITS, len(range(0, len(entries), material.RARE_EVERY)))
        return cls(tuple(entries[: -NEWEST - 1 : -1]), hits, points)


class Fetched(Struct):
    """Seconds after which a new device had what; how late the app's thread was meanwhile; what the process used."""

    listed: float = 0.0
    stored: float = 0.0
    searchable: float = 0.0
    charted: float = 0.0
    late: list[float] = []
    used: Used = Used()


class NewApp(ClientApp):
    """A client's new device."""

    def fetch(self, expected: Expected) -> Fetched:
        """Connect, and wait on this thread, ticking, until everything is there."""
        tracker, fetched = self.device, Fetched()
        self.begin()
        began = time.perf_counter()

        def look() -> None:
            if not fetched.listed and _lists(tracker, expected):
                fetched.listed = time.perf_counter() - began

        def follow() -> None:
            self.wait_synced()
            fetched.stored = time.perf_counter() - began
            look()
            while len(tracker.journal.search(material.RARE, limit=MOST_HITS)) < expected.hits:
                time.sleep(LOOK_EVERY)
            fetched.searchable = time.perf_counter() - began
            while len(tracker.symptoms.series(material.SYMPTOM)) < expected.points:
                time.sleep(LOOK_EVERY)
            fetched.charted = time.perf_counter() - began

        unsubscribe = tracker.on_change(lambda change: look() if change.documents else None)
        self._opened.enter_context(tracker.live())
        following = threading.Thread(target=follow)
        following.start()
        fetched.late = tick_until(lambda: not following.is_alive())
        unsubscribe()
        fetched.used = self.used()
        return fetched


def _lists(tracker: Tracker, expected: Expected) -> bool:
    return tuple(entry.id for entry in tracker.journal.entries(limit=NEWEST)) == expected.newest


def run(options: Options) -> Result:
    """A client's record of `docs` documents of `changes` changes each, fetched by one new device after another."""
    documents = material.diary(options["docs"], options["changes"])
    expected = Expected.of(documents)
    with ground() as here:
        client = here.add_client("Mara")
        here.fill(client, documents)
        here.restart()
        wait_quiet(here.server)
        cold, warm = (fetch(here, client, expected, name) for name in ("cold", "warm"))
    for name, one in (("cold", cold), ("warm", warm)):
        one.figures = {"server": name, **one.figures}
    return Result(
        n=len(documents),
        wall_s=cold.wall_s,
        up_bytes=cold.up_bytes,
        down_bytes=cold.down_bytes,
        server_cpu_s=cold.server_cpu_s,
        client_cpu_s=cold.client_cpu_s,
        peak_rss_bytes=max(cold.peak_rss_bytes or 0, warm.peak_rss_bytes or 0),
        figures={
            "documents_a_second": len(documents) / (cold.wall_s or 1),
            "down_bytes_a_document": (cold.down_bytes or 0) / len(documents),
        },
        cases=[cold.figures, warm.figures],
    )


def fetch(here: Ground, client: Invitation, expected: Expected, name: str) -> Result:
    """One new device."""
    with here.device(client, name, NewApp) as app, measured(here.server) as served:
        fetched: Fetched = app.call("fetch", expected)
    over = max(fetched.stored, fetched.listed)
    figures: dict[str, Figure] = {
        "newest_50_listed_s": fetched.listed,
        "stored_and_listed_s": over,
        "search_complete_s": fetched.searchable,
        "series_complete_s": fetched.charted,
        "server_cpu_s": served.cpu,
        "client_cpu_s": fetched.used.cpu,
        "up_bytes": fetched.used.up,
        "down_bytes": fetched.used.down,
        "tick_late_p99_9_ms": 1000 * percentile(fetched.late, 0.999),
        "tick_late_most_ms": 1000 * max(fetched.late),
    }
    return Result(
        n=1,
        wall_s=over,
        up_bytes=fetched.used.up,
        down_bytes=fetched.used.down,
        server_cpu_s=served.cpu,
        client_cpu_s=fetched.used.cpu,
        peak_rss_bytes=served.peak,
        figures=figures,
    )
