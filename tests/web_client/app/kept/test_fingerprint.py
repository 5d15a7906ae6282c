"""The fingerprint that the app shows is that of the files it runs here, whatever the server has by now."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.end_to_end.support.practice import Practice
from tests.web_client.app.phone import WITHIN, Phone

pytestmark = [pytest.mark.page, pytest.mark.timeout(300)]

CHANGE = """async () => {
    const name = (await caches.keys()).find((one) => one.startsWith('shell-'));
    await (await caches.open(name)).put('/app/sw.js', new Response('// changed'));
}"""


def test_it_is_worked_out_on_the_device_as_the_build_did(phone: Phone, practice: Practice, built: Path) -> None:
    bundle = json.loads((built / "version.json").read_text("utf-8"))["bundle"]
    phone.pair(practice.add_client("Compares", "anna").code, shared=True)
    phone.page.evaluate("() => navigator.serviceWorker.ready")
    phone.page.reload()
    phone.page.route("**/version.json", lambda route: route.fulfill(json={"bundle": "what another server says"}))
    phone.more("Settings")
    expect(phone.page.locator(".fingerprint")).to_have_text(bundle, timeout=WITHIN)
    # With one file that is not as it was built it is another.
    phone.page.evaluate(CHANGE)
    phone.more("Settings")
    expect(phone.page.locator(".fingerprint")).to_have_text(re.compile(rf"^(?!{bundle})[0-9a-f]{{64}}$"))
