"""A store that is damaged says so, shows whom to call, and has a way out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.end_to_end.support.practice import Invitation
from tests.web_client.app.phone import Phone

pytestmark = pytest.mark.page

DAMAGE = """async () => {
    const folders = [await navigator.storage.getDirectory()];
    for (const folder of folders) {
        for await (const one of folder.values()) {
            if (one.kind === "directory") folders.push(one);
            else {
                const writing = await one.createWritable({ keepExistingData: true });
                await writing.write({ type: "write", position: 4096, data: new Uint8Array(2048).fill(7) });
                await writing.close();
            }
        }
    }
}"""


def test_it_says_so_shows_whom_to_call_and_can_be_deleted(phone: Phone, client: Invitation) -> None:
    phone.pair(client.code)
    phone.write("Walked round the lake.")
    phone.page.goto("/app/install")
    phone.page.evaluate(DAMAGE)
    phone.open()
    phone.shows("It could not start")
    phone.sees("A part of what is stored on this device is damaged")
    expect(phone.page.get_by_text("If you are in danger now")).to_be_visible()
    phone.page.locator("summary", has_text="Delete everything").click()
    phone.sees("It comes back when you connect again")
    phone.tap("Delete everything")
    phone.shows("Welcome")
