"""An app that stays open looks for a new version by itself, and not at every glance."""

from __future__ import annotations

import pytest
from tests.web_client.app.phone import Phone

pytestmark = pytest.mark.page

COUNTING = """() => {
    globalThis.looks = 0;
    ServiceWorkerRegistration.prototype.update = async () => { globalThis.looks += 1; };
}"""


def looks(phone: Phone) -> int:
    """How often it has looked, once what was begun before is done."""
    return int(phone.page.evaluate("async () => { await navigator.serviceWorker.getRegistration(); return looks; }"))


def test_it_looks_as_it_comes_into_sight_and_every_few_hours(phone: Phone) -> None:
    phone.context.add_init_script(f"({COUNTING})()")
    phone.page.clock.install()
    phone.open()
    phone.shows("Welcome")
    phone.page.evaluate("() => navigator.serviceWorker.ready")
    phone.turn("hidden")
    phone.turn("visible")
    assert looks(phone) == 0
    phone.turn("hidden")
    phone.page.clock.fast_forward("16:00")
    assert looks(phone) == 0
    phone.turn("visible")
    assert looks(phone) == 1
    phone.turn("hidden")
    phone.turn("visible")
    assert looks(phone) == 1
    phone.page.clock.fast_forward("03:00:00")
    phone.page.wait_for_function("() => looks === 2")
