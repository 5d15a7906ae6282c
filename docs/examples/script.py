"""A script that keeps a journal, pairs once, and says what is due.

    python script.py journal.db https://practice.example ABCD-EFGH

All but `pair` and `sync` works without a network; run it again without a code, and it goes on with the same store.
"""

import sys

from intersession import Tracker


def main(path: str, url: str | None = None, code: str | None = None) -> None:
    with Tracker.open(path) as tracker:
        entry = tracker.journal.write("Slept badly, walked it off.", mood=4, tags=["sleep"])
        tracker.symptoms.log({"worry": 3, "tension": 2}, scale=(0, 10))
        print(f"Written at {entry.written_at:%H:%M}, and on this device's disk.")

        if url and code and tracker.pairing is None:
            tracker.pair(url, code, share_by_default=True, share_earlier=True)
        if tracker.pairing is not None:
            report = tracker.sync()
            print(f"{report.pushed} changes sent, {report.pulled} received.")

        for one in tracker.due():
            print(f"Due on {one.day}: {one.title}{' (overdue)' if one.overdue else ''}")
        for homework in tracker.homework.list():
            counts = homework.adherence
            print(f"{homework.what}: {counts.done} of {counts.counted} done")


if __name__ == "__main__":
    main(*sys.argv[1:])
