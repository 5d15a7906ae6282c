"""What the worker of a phone's app holds: asked as its page asks it, and compared with an SDK device."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple

from playwright.sync_api import Browser
from tests.end_to_end.support.server_process import ServerProcess, wait_for
from tests.web_client.app.phone import Phone, phone_in
from tests.web_client.faces.twins import differences, plain

from intersession import Tracker

# The app's own worker, as the app has made it: it is asked as the page asks it, by numbers that the page never uses.
ASKING = """(() => {
  const Made = globalThis.Worker;
  let worker = null;
  let number = 0;
  globalThis.Worker = class extends Made {
    constructor(...given) { super(...given); worker = this; }
  };
  globalThis.asked = (path, given) => new Promise((resolve) => {
    const call = number -= 1;
    const listen = ({ data }) => {
      if (data.answered !== call && data.failed !== call) return;
      worker.removeEventListener("message", listen);
      resolve(data);
    };
    worker.addEventListener("message", listen);
    worker.postMessage({ call, path, given });
  });
})()"""
"""To be run first in every page of a phone whose worker is asked."""

Ask = Callable[[Tracker], Any]


def ask(phone: Phone, face: str, method: str, *given: Any) -> Any:
    """What it answers to its page."""
    said = phone.page.evaluate("([path, given]) => asked(path, given)", [[face, method], list(given)])
    assert "answered" in said, said
    return said["value"]


def status(phone: Phone) -> Any:
    """Where the phone stands with the practice."""
    return ask(phone, "device", "status", "en")


def wait_until_sent(phone: Phone, seconds: float = 20) -> None:
    """Wait until the practice has all that was written on the phone."""
    wait_for(lambda: status(phone)["pending"] == 0, seconds, "all is sent")


class Reading(NamedTuple):
    """Something that both of a client's devices can be asked for."""

    of_tracker: Ask
    face: str
    method: str
    given: tuple[Any, ...] = ()


def readings(now: datetime) -> list[Reading]:
    """All that a client's device says of a record."""
    return [
        Reading(lambda t: t.journal.entries(), "journal", "entries"),
        Reading(lambda t: t.symptoms.logs(), "symptoms", "logs"),
        Reading(lambda t: t.symptoms.names(), "symptoms", "names"),
        Reading(lambda t: t.homework.list(), "homework", "list", ({"ended": True},)),
        Reading(lambda t: t.assessments.list(), "assessments", "list"),
        Reading(lambda t: t.assessments.available(), "assessments", "available"),
        Reading(lambda t: t.goals.list(), "goals", "list"),
        Reading(lambda t: t.topics.list(), "topics", "list"),
        Reading(lambda t: t.resources.list(), "resources", "list"),
        Reading(lambda t: t.sessions.list(), "sessions", "list"),
        Reading(lambda t: t.plan(), "plans", "plan"),
        Reading(lambda t: t.safety(locale="en"), "plans", "safety", ("en",)),
        Reading(lambda t: t.due(now), "plans", "due", (now.isoformat(),)),
        Reading(lambda t: t.progress(), "plans", "progress"),
    ]


def check_same(phone: Phone, tablet: Tracker) -> None:
    """Fail where the two devices differ, field by field."""
    now = datetime.now().astimezone()
    for one in readings(now):
        expected, found = plain(one.of_tracker(tablet)), plain(ask(phone, one.face, one.method, *one.given))
        unlike = list(differences(expected, found, f"{one.face}.{one.method}"))
        assert not unlike, unlike


@contextmanager
def asked_phone(browser: Browser, server: ServerProcess, **options: Any) -> Iterator[Phone]:
    """A phone with nothing on it, whose worker can be asked, until the block ends."""
    with phone_in(browser, server.url, **options) as phone:
        phone.context.add_init_script(ASKING)
        yield phone
