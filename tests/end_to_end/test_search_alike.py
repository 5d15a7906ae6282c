"""Search by the HTTP API finds what the client's own device finds, and shows the same of it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.end_to_end.support.practice import Practice, desk

MONDAY = datetime(2026, 5, 4, 21, tzinfo=UTC)
TEXTS = [
    "I walked to the Café in Zürich",
    "今日は東京へ行きました。とても眠い",
    "我昨天没有睡好",
    "A well-known feeling, and a walk",
    "Straße und ﬁne ＷＩＤＥ letters",
    "ฉันนอนไม่หลับ",
    "오늘은 많이 걸었다",
    "tired 😀 again",
    'Don\'t 100% OR NOT ("quoted") *',
    "known well",
]
QUERIES = [
    *(
        "walk",
        "WALKED",
        "cafe",
        "zurich",
        "東京",
        "眠い",
        "睡",
        "没有睡",
        "well-known",
        "known well",
        "strasse",
        "fine",
    ),
    *("wide", "นอน", "걸었", "😀", "don't", "100%", "OR NOT", '"quoted"', "*", "", "wal tok", "京東", "w a"),
    *("fine", "known-well", "e\u0301", "ﬁ", "-", "client", "body : walk", "NEAR(a b)"),
]


def test_it_finds_what_a_device_finds_and_shows_the_same(practice: Practice, tmp_path: Path) -> None:
    practice.add_therapist("anna")
    client = practice.add_client("Alma", "anna")
    with practice.tracker(tmp_path / "device.db", client) as tracker, desk(practice.server.url, "anna") as anna:
        for number, text in enumerate(TEXTS):
            tracker.journal.write(text, at=MONDAY + timedelta(minutes=number))
        assert tracker.sync().complete
        until = time.monotonic() + 20
        while anna.clients()["Alma"]["entries"] < len(TEXTS) and time.monotonic() < until:
            time.sleep(0.05)  # the read models follow the log
        for query in QUERIES:
            wanted = [
                (one.text, one.snippet, [list(span) for span in one.spans]) for one in tracker.journal.search(query)
            ]
            page = anna.http.get(f"/api/clients/{client.person}/search", params={"q": query}).json()
            assert [(one["text"], one["snippet"], one["spans"]) for one in page["items"]] == wanted, query
        assert sum(bool(tracker.journal.search(query).entries) for query in QUERIES) > 20
