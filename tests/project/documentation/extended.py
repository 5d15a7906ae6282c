"""What the two examples of docs/how-to/extend.md do, on a real server. Run as a process of its own, in which the three
packages are the extended ones: `python -m tests.project.documentation.extended kind|frame FOLDER`.

What the examples add is unknown to the types of the packages as they are, so it is `Any` here.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.end_to_end.support.practice import Practice, desk
from tests.end_to_end.support.server_process import ServerProcess, serving, wait_for

import intersession
from intersession_schemas import codec, messages, streams


def a_kind(practice: Practice, _: ServerProcess, folder: Path) -> None:
    """A strength goes from a client's device to another one, to the API and to a page; and one comes from the API."""
    practice.add_therapist("anna")
    alma = practice.add_client("Alma", "anna")
    with practice.tracker(folder / "phone.db", alma) as phone, practice.tracker(folder / "pc.db", alma.person) as pc:
        on_phone, on_pc = strengths_of(phone), strengths_of(pc)
        made = on_phone.add("I can ask my sister.")
        assert isinstance(made, getattr(intersession, "Strength"))  # noqa: B009
        assert phone.sync().complete
        assert pc.sync().complete
        assert [(one.id, one.text) for one in on_pc.list()] == [(made.id, "I can ask my sister.")]
        assert on_pc.list()[0].arrived_at is not None
        on_pc.edit(made.id, "I can ask my sister, or Tom.")
        assert pc.sync().complete

        with desk(practice.server.url, "anna") as anna:
            token = {"X-CSRF-Token": anna.http.get("/api/me").json()["csrf"]}
            path = f"/api/clients/{alma.person}/strengths"

            def texts() -> list[str]:
                items = anna.http.get(path).raise_for_status().json()["items"]
                return [item["strength"]["text"] for item in items]

            wait_for(lambda: texts() == ["I can ask my sister, or Tom."], 10, "the edit is read by the API")
            shown = anna.http.get(f"/clients/{alma.person}/records/strengths").raise_for_status().text
            assert "I can ask my sister, or Tom." in shown

            answer = anna.http.post(path, json={"text": "She swims."}, headers=token)
            assert answer.is_success, answer.text
            assert answer.json()["strength"]["made_at"] is not None
            refused = anna.http.post(path, json={"text": " "}, headers=token)
            assert refused.status_code == 400, refused.text
        assert phone.sync().complete
        assert [one.text for one in on_phone.list()] == ["She swims.", "I can ask my sister, or Tom."]
        with pytest.raises(intersession.InvalidField):
            on_phone.add(" ")


def strengths_of(tracker: Any) -> Any:
    """The calls that the example adds to a tracker."""
    return tracker.strengths


def a_frame(practice: Practice, server: ServerProcess, folder: Path) -> None:
    """A device says what it has shown, and the server logs it: once, and only what it had sent."""
    sent: Any = getattr(messages, "Shown")(UUID(int=7), 12)  # noqa: B009
    data = codec.encode(sent)
    assert codec.decode_up(data) == sent
    assert b"\xa5shown" in data

    def logged() -> list[dict[str, Any]]:
        return [event for event in server.events() if event["event"] == "sync.shown"]

    alma = practice.add_client("Alma")
    with practice.tracker(folder / "phone.db", alma) as phone:
        app: Any = phone
        app.shown()  # there is no connection: nothing is sent, nothing fails
        phone.journal.write("Not a word of this is logged.")
        with phone.live():
            assert phone.wait_synced(20)
            app.shown()
            wait_for(logged, 10, "the server logs what was shown")
            first = logged()
            app.shown()
            phone.journal.write("Nor of this.")
            assert phone.wait_synced(20)
            app.shown()
            wait_for(lambda: len(logged()) > len(first), 10, "the server logs what was shown after that")
        assert phone.pairing is not None
        device = str(phone.pairing.device)
    record = max(logged(), key=lambda event: int(event["seq"]))["stream"]
    rows = [event["seq"] for event in logged() if event["stream"] == record]
    assert rows == sorted(set(rows))
    assert len(rows) == 2
    assert {event["device"] for event in logged()} == {device}
    assert all(event.keys() == {"event", "level", "timestamp", "device", "stream", "seq"} for event in logged())
    assert not [event for event in server.events() if event["event"] == "sync.failed"]


def main(example: str, folder: Path, sources: Path) -> None:
    """Carry out one of them, with the packages of `sources` and no others."""
    for module in (intersession, streams):
        assert module.__file__ is not None
        assert Path(module.__file__).is_relative_to(sources), module.__file__
    with serving(folder / "server", "--log-format", "json") as server, Practice.on(server) as practice:
        {"kind": a_kind, "frame": a_frame}[example](practice, server, folder)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
