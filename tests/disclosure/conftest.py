"""One server for the checker's own tests, with a client's and a therapist's device that talk through a recorder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct
from tests.disclosure.checker import Files, Place
from tests.disclosure.recorder import Recorder, recording
from tests.disclosure.sentences import Sentence, planted_sentence, prose
from tests.end_to_end.support.practice import Practice
from tests.end_to_end.support.server_process import serving

from intersession import Caseload, Tracker


class Planted(Struct, frozen=True):
    """A sentence that was in an entry of 1,500 letters, was synced so, and was then deleted from it and synced again.

    `never` has never been written anywhere.
    """

    sentence: Sentence
    never: Sentence
    server: Path
    client: Path
    therapist: Path
    recorder: Recorder

    def places(self) -> dict[str, list[Place]]:
        """Where to search, by name."""
        return {
            "server": [Files("server", self.server)],
            "client": [Files("client", self.client)],
            "therapist": [Files("therapist", self.therapist)],
            "wire": self.recorder.places("wire"),
        }


@pytest.fixture(scope="package")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    """A planted sentence, on a server that goes on running."""
    folder = tmp_path_factory.mktemp("disclosure")
    sentence, never = planted_sentence("planted"), planted_sentence("never")
    before, after = prose(750, "before"), prose(750, "after")
    with (
        serving(folder / "server") as server,
        Practice.on(server) as practice,
        recording(server.port) as recorder,
        Tracker.open(folder / "client.db") as tracker,
        Caseload.open(folder / "therapist.db") as caseload,
    ):
        therapist = practice.add_therapist("anna")
        client = practice.add_client("Jo", "anna")
        tracker.pair(recorder.url, client.code, share_by_default=True)
        caseload.pair(recorder.url, therapist.code)
        id = tracker.journal.write(before + sentence.text + " " + after).id
        assert tracker.sync().complete
        tracker.journal.edit(id, text=before + after)
        assert tracker.sync().complete
        assert caseload.sync().complete
        (entry,) = caseload.client(client.person).entries()
        assert entry.text == tracker.journal.get(id).text == before + after
        yield Planted(sentence, never, folder / "server", folder / "client.db", folder / "therapist.db", recorder)
