"""The brief in a browser and on paper: one page, two at most, with every open risk signal on it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from tests.end_to_end.pages.browsing import HOSTILE, Written, accessible, opened, writing
from tests.end_to_end.support.practice import Practice, desk
from tests.end_to_end.support.server_process import wait_for

from intersession_schemas.instruments import INSTRUMENTS

pytestmark = pytest.mark.page

SCALES = ("phq-9", "gad-7", "who-5", "isi", "wsas", "dass-21")
"""Eight scales."""
LONG = "Lay awake again until two, and then the list in my head began. " * 40


@pytest.fixture
def client(practice: Practice, therapist: str, tmp_path: Path) -> Iterator[Written]:
    with writing(practice, therapist, tmp_path / "client.db") as made:
        yield made


class Team:
    """The care team over HTTP."""

    def __init__(self, http: httpx.Client, client: Written) -> None:
        self.http, self.base = http, f"/api/clients/{client.id}"
        http.headers["x-csrf-token"] = http.get("/api/me").json()["csrf"]

    def send(self, path: str, **body: Any) -> Any:
        answer = self.http.post(f"{self.base}/{path}", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def paper(self, instrument: str, days: int, value: int = 1, **more: int) -> None:
        known = INSTRUMENTS[instrument]
        answers = {one.key: min(value, max(one.allowed)) for one in known.items if one.scored} | more
        at = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        self.send("assessments", instrument=instrument, answers=answers, at=at)

    def wait_for_topic(self, text: str) -> None:
        """Wait until what came with this topic, or before it, is on the pages."""

        def is_there() -> bool:
            return any(text in one["topic"]["text"] for one in self.http.get(f"{self.base}/topics").json()["items"])

        wait_for(is_there, 20, "what the client wrote is shown")

    def signals(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.http.get(f"{self.base}/signals").json()["items"]
        return found


def ordinary(team: Team, client: Written) -> None:
    """What a week holds."""
    now = datetime.now(UTC)
    team.send("sessions", planned_at=(now - timedelta(days=7)).isoformat(), state="attended")
    team.send("sessions", planned_at=(now + timedelta(days=1)).isoformat())
    for days, value, harm in ((30, 2, 0), (6, 1, 1)):
        team.paper("phq-9", days, value, q9=harm)
    team.send("homework", what="A walk before breakfast", rule="daily")
    plan = {"trackers": {"a": {"name": "worry", "low": 1, "high": 5}, "b": {"name": "sleep", "low": 1, "high": 5}}}
    assert team.http.patch(f"{team.base}/plan", json=plan).status_code == 200
    for days in range(6, -1, -1):
        client.tracker.symptoms.log({"worry": days % 3 + 2, "sleep": 3}, at=now - timedelta(days=days))
    for days in range(5, 0, -2):
        client.tracker.journal.write(LONG[:400], at=now - timedelta(days=days), mood=4)
    client.tracker.topics.add("How to say no to the Saturday shift")
    client.tracker.sync()
    team.wait_for_topic("Saturday shift")


def extreme(team: Team, client: Written) -> None:
    """60 entries of 2,000 characters, 12 trackers, 8 scales, 10 assignments, 20 open signals of a risk."""
    now = datetime.now(UTC)
    team.send("sessions", planned_at=(now - timedelta(days=40)).isoformat(), state="attended")
    for number in range(4):
        team.send("sessions", planned_at=(now + timedelta(days=7 * number + 1)).isoformat())
    for days in range(20):
        team.paper("phq-9", 400 - 20 * days, 2, q9=1)
    for instrument in SCALES[1:]:
        team.paper(instrument, 20)
        team.paper(instrument, 2, 2)
    for number in range(10):
        what = (
            f"Assignment {number}: write down what you expected, what happened, and what you make of it now "
            + "x" * 200
        )
        team.send("homework", what=what, rule="daily")
    names = [f"a symptom with quite a long name, number {number}" for number in range(12)]
    trackers = {f"t{number}": {"name": name, "low": 0, "high": 10} for number, name in enumerate(names)}
    assert team.http.patch(f"{team.base}/plan", json={"trackers": trackers}).status_code == 200
    for days in range(30, -1, -1):
        client.tracker.symptoms.log(dict.fromkeys(names, days % 7), scale=(0, 10), at=now - timedelta(days=days))
    for number in range(60):
        client.tracker.journal.write(LONG[:2_000], at=now - timedelta(hours=12 * number), mood=3, tags=["sleep"])
    for number in range(12):
        client.tracker.topics.add(f"Topic {number}: " + LONG[:300])
    client.tracker.sync()
    team.wait_for_topic("Topic 11: ")


def printed(page: Page, paper: str) -> tuple[int, str]:
    """How many pages the browser makes of it, and their text."""
    read = PdfReader(io.BytesIO(page.pdf(format=paper)))
    return len(read.pages), "".join("".join(one.extract_text() for one in read.pages).split())


def on_paper(text: str) -> str:
    """A text as it is found in a PDF, which has its own spaces."""
    return "".join(text.split())


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_an_ordinary_brief_is_one_page(
    browser: Browser, practice: Practice, therapist: str, client: Written, paper: str
) -> None:
    with desk(practice.server.url, therapist) as there, opened(browser, practice, therapist) as page:
        team = Team(there.http, client)
        ordinary(team, client)
        page.goto(f"/clients/{client.id}/brief")
        pages, text = printed(page, paper)
        assert pages == 1
        (risk,) = [one for one in team.signals() if one["kind"] == "risk"]
        for said in (risk["text"], "How to say no to the Saturday shift", "A walk before breakfast", "Coming up"):
            assert on_paper(said) in text, said
        # What belongs to a screen is not on paper.
        for said in ("Sign out", "The whole brief", "Your clients"):
            assert on_paper(said) not in text, said


@pytest.mark.timeout(300)
def test_whatever_a_record_holds_it_is_two_pages_at_most_with_every_open_risk_signal(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with desk(practice.server.url, therapist) as there, opened(browser, practice, therapist) as page:
        team = Team(there.http, client)
        extreme(team, client)
        risks = [one["text"] for one in team.signals() if one["kind"] == "risk"]
        assert len(risks) == 20
        page.goto(f"/clients/{client.id}/brief")
        for paper in ("A4", "Letter"):
            pages, text = printed(page, paper)
            assert pages <= 2, paper
            assert [one for one in risks if on_paper(one) not in text] == []
        expect(page.get_by_role("link", name="more").first).to_be_visible()
        page.get_by_role("link", name="The whole brief").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("The whole brief")
        assert printed(page, "A4")[0] > 2


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_a_brief_can_be_read_by_everybody(
    browser: Browser, practice: Practice, therapist: str, client: Written, look: str
) -> None:
    options: dict[str, Any] = {"color_scheme": "dark"} if look == "dark" else {}
    if look == "phone":
        options["viewport"] = {"width": 390, "height": 844}
    with desk(practice.server.url, therapist) as there, opened(browser, practice, therapist, **options) as page:
        ordinary(Team(there.http, client), client)
        client.tracker.topics.add(HOSTILE)
        client.tracker.sync()
        for path in ("brief", "brief/full"):
            page.goto(f"/clients/{client.id}/{path}")
            assert accessible(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} is too wide"
        assert page.locator("main img, main script").count() == 0


def test_the_button_prints_and_is_not_there_without_script(
    browser: Browser, practice: Practice, therapist: str, client: Written
) -> None:
    with opened(browser, practice, therapist) as page:
        page.goto(f"/clients/{client.id}/brief")
        page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1; }; }")
        page.get_by_role("button", name="Print").click()
        assert page.evaluate("window.printed") == 1
    with opened(browser, practice, therapist, java_script_enabled=False) as page:
        page.goto(f"/clients/{client.id}/brief")
        expect(page.get_by_role("heading", level=1)).to_contain_text(client.name)
        expect(page.get_by_role("button", name="Print")).to_be_hidden()
