"""The demo's people as a process of their own: `python -m intersession.demo URL FOLDER`.

It talks over standard input and output, one JSON object a line:

    {"code_for": NAME, "covered": BOOL}   asks for a client's pairing code, answered by {"code": CODE}
    {"therapist_code": WHO}               asks for a therapist's, "therapist" or "covering", answered likewise
    {"questions": FORM, "risks": [ID]}    asks to import a questionnaire, answered by {"key": KEY}
    {"at": MOMENT}                        asks that the server's clock stands there (null: goes), answered by {}
    {"part": N}                           N of a hundred parts of what was before have happened
    {"synced": N, "app": NAME, "code": CODE}
                                          all of it has; N journal entries are there, and the code pairs NAME's app
    {"wrote": NAME}                       somebody has written again

and goes on writing now and then until it is ended. It uses the public API alone.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from intersession.demo.again import write_again
from intersession.demo.happenings import Whose
from intersession.demo.histories import history
from intersession.demo.playing import Played, Player, Stage, played
from intersession.demo.questions import QUESTIONS, RISK
from intersession.demo.stories.cast import STORIES
from intersession.errors import IntersessionError
from intersession.tracker import Tracker

SEED = 2026
WRITE_EVERY = 40.0
"""Seconds between what people write while the demo runs."""
PARTS = 25
IN_THE_APP = "Mara Keller"
"""Whom one can be in the client's app."""


class _Server:
    """The server's process, at the other end of the pipes."""

    def client_code(self, name: str, *, covered: bool) -> str:
        return str(_ask(code_for=name, covered=covered)["code"])

    def therapist_code(self, who: Whose) -> str:
        return str(_ask(therapist_code=who)["code"])

    def it_is(self, at: datetime | None) -> None:
        _ask(at=None if at is None else at.isoformat())


def main(url: str, folder: Path) -> None:
    """Let happen what has not happened yet, sync, and go on writing until the process is ended."""
    stage = Stage(folder, url, _Server(), STORIES)
    try:
        kept = played(folder, datetime.now().astimezone())
        _play(stage, kept)
        _come_home(stage)
        entries = sum(len(trackers[0].journal.entries()) for trackers in stage.trackers.values())
        _say(synced=entries, app=IN_THE_APP, code=stage.practice.client_code(IN_THE_APP, covered=False))
        writers = [story for story in STORIES if story.again]
        for turn in _every(WRITE_EVERY):
            story = writers[turn % len(writers)]
            stage.clock.zone = ZoneInfo(story.zone)
            write_again(story, stage.trackers[story.name][0], turn)
            _say(wrote=story.name)
    finally:
        stage.close()


def _play(stage: Stage, kept: Played) -> None:
    told = -1

    def said(part: int) -> None:
        nonlocal told
        if part // PARTS > told:
            told = part // PARTS
            _say(part=part)

    histories = {story.name: history(story, SEED, kept.now) for story in STORIES}
    if kept.through == date.min:
        stage.practice.it_is(min(one[0].at for one in histories.values()))
        _ask(questions=QUESTIONS, risks=[RISK])
    Player(stage, kept).play(histories, said)


def _come_home(stage: Stage) -> None:
    """Those who had no network sync, and one entry is edited twice; after a move of the server all pair again."""
    stage.pair_therapists()
    for name, trackers in stage.trackers.items():
        stage.pair_client(name)
        if any(last is None for _, last in stage.stories[name].offline):
            trackers[0].sync()
        if len(trackers) > 1:
            for tracker in trackers:
                tracker.sync()
            newest = trackers[0].journal.entries(limit=1)[0]
            if newest.text == stage.stories[name].entries[-1].text:  # else they have been there
                _edit_on_both(trackers[0], trackers[1])


def _edit_on_both(phone: Tracker, laptop: Tracker) -> None:
    """One entry edited on two devices, both offline: after the sync it holds both edits."""
    entry = phone.journal.entries(limit=1)[0]
    phone.journal.edit(entry.id, text=f"{entry.text} (On the train I counted stations instead.)", based_on=entry)
    laptop.journal.edit(entry.id, text=f"This morning, rereading: {entry.text}", based_on=entry)
    for device in (phone, laptop, phone):
        device.sync()


def _every(seconds: float) -> Iterator[int]:
    turn = 0
    while True:
        time.sleep(seconds)
        yield turn
        turn += 1


def _ask(**words: object) -> dict[str, Any]:
    _say(**words)
    answer = sys.stdin.readline()
    if not answer:
        raise SystemExit("The demo's server process has stopped.")
    found: dict[str, Any] = json.loads(answer)
    if "error" in found:
        raise IntersessionError(found["error"])
    return found


def _say(**words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        main(sys.argv[1], Path(sys.argv[2]))
    except KeyboardInterrupt:
        sys.exit(0)
