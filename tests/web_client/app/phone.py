"""A client's phone: the app as it is built and served, used by its screens as its person uses it.

Every step returns when the screen shows that it is done. Playwright's `Error` comes out of one that is not done in
time, and of one whose browser was ended meanwhile.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request
from tests.end_to_end.pages.browsing import accessible

PASSCODE = "over the lake 7"
WITHIN = 30_000
"""Milliseconds that a screen has: a browser starts, or a passcode is stretched, while others use the machine."""
LOOK: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "locale": "en-GB",
    "reduced_motion": "reduce",
}
WRITING = "What would you like to write?"
CONNECT = re.compile("^(Connect|Verbinden)$")
TODAY = re.compile("^(Today|Heute)$")
LOCKED = re.compile("^(Locked|Gesperrt)$")
LOCK_NOW = re.compile("^(Lock now|Jetzt sperren)$")

VISIT = "(path) => { history.pushState({ depth: 0 }, '', `/app${path}`); dispatchEvent(new PopStateEvent('popstate')) }"
SETTLED = "() => document.querySelector('h1') !== null && document.querySelector('.waiting') === null"
# No browser that is driven goes out of sight: the page is told, as if it had.
TURN = """(state) => {
    Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
}"""


class Phone:
    """The app in a tab. Connecting and locking go in every language, all else is tapped in English."""

    def __init__(self, page: Page) -> None:
        self.wrong: list[str] = []
        """What its pages raised, asked, or were kept from by their policy."""
        self.use(page)

    def use(self, page: Page) -> None:
        """From here on the app is in this tab."""
        self.page = page
        page.set_default_timeout(WITHIN)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda said: self.wrong.extend([said.text] if "Content Security" in said.text else []))
        # None of the app's own: what asks is something that got in.
        page.on("dialog", lambda dialog: self.wrong.append(dialog.message))

    @property
    def context(self) -> BrowserContext:
        """Its browser, with all that is kept in it."""
        return self.page.context

    # --- where one is ------------------------------------------------------------------------------------------------

    def open(self, path: str = "/") -> None:
        """Open the app at a path, anew, as a bookmark does. What is open under a lock is locked then."""
        self.page.goto(f"/app{path}")
        self.settled()

    def visit(self, path: str) -> None:
        """Go to a path of the app that is open, as back and forward do."""
        self.page.evaluate(VISIT, path)
        self.settled()

    def settled(self) -> None:
        """Wait until nothing on the screen is on its way any more."""
        self.page.wait_for_function(SETTLED)

    def shows(self, heading: str | re.Pattern[str]) -> None:
        """Wait for a screen by its heading, and for what is on it."""
        self.page.get_by_role("heading", level=1, name=heading, exact=True).wait_for()
        self.settled()

    def heading(self) -> str:
        """The heading of the screen that is shown."""
        return self.page.get_by_role("heading", level=1).inner_text()

    def sees(self, text: str) -> None:
        """Wait until a text can be read."""
        self.page.get_by_text(text).first.wait_for()

    def turn(self, state: Literal["hidden", "visible"]) -> None:
        """Put the app into the background, or back in sight, as far as it can tell."""
        self.page.evaluate(TURN, state)

    def away(self, time: str) -> None:
        """Put the app into the background for so long, by a clock that the test has installed."""
        self.turn("hidden")
        self.page.clock.fast_forward(time)
        self.turn("visible")

    # --- what one taps -----------------------------------------------------------------------------------------------

    def button(self, name: str | re.Pattern[str]) -> Locator:
        """A button by its whole name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def tap(self, name: str | re.Pattern[str]) -> None:
        """Tap a button."""
        self.button(name).click()

    def confirm(self, name: str) -> None:
        """Tap a button, and the same in the dialog that asks."""
        self.tap(name)
        self.page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        """Tap a link."""
        self.page.get_by_role("link", name=name, exact=True).click()

    def tab(self, name: str) -> None:
        """Tap one of the tabs."""
        self.page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click()

    def more(self, name: str) -> None:
        """Go to a screen that stands under "More", by taps."""
        self.tab("More")
        self.page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
        self.shows(name)

    def choose(self, name: str, value: str | int) -> None:
        """Tap an answer of a question, or a value of a scale."""
        group = self.page.get_by_role("group", name=name)
        group.get_by_role("radio", name=str(value), exact=True).check(force=True)  # a scale's lie under their numbers

    # --- the practice and the lock -----------------------------------------------------------------------------------

    def pair(self, code: str, *, shared: bool | None = None) -> None:
        """Connect with a practice by the hand-out's link; `shared`: what new entries are at first."""
        self.open(f"/pair#{code}")
        if shared is not None:
            self.page.get_by_role("radio", name="Shared at first" if shared else "Private at first").check()
        self.tap(CONNECT)
        self.shows(TODAY)

    def sync(self) -> None:
        """Exchange everything."""
        self.more("Sync")
        self.tap("Sync now")
        self.sees("Everything is in sync.")
        self.sees("Nothing waits to be sent.")

    def set_lock(self, *, safety_outside: bool = True) -> None:
        """Set a passcode, on the settings, where it then is."""
        self.ask_for_a_lock(safety_outside=safety_outside)
        self.button(LOCK_NOW).wait_for()

    def ask_for_a_lock(self, *, safety_outside: bool = True) -> None:
        """Fill in the form that sets a passcode, and send it."""
        self.visit("/settings")
        part = self.page.locator("details:has(input[autocomplete=new-password])").first
        part.locator("summary").click()
        for field in part.locator("input[type=password]").all():
            field.fill(PASSCODE)
        part.get_by_role("checkbox").set_checked(safety_outside)
        part.locator(".main-button").click()

    def lock(self) -> None:
        """Lock it at once, from the settings."""
        self.tap(LOCK_NOW)
        self.shows(LOCKED)

    def unlock(self) -> None:
        """Open the lock."""
        self.shows(LOCKED)
        self.page.get_by_label("Passcode").fill(PASSCODE)
        self.tap("Open")
        self.page.get_by_role("heading", level=1, name=LOCKED).wait_for(state="detached")

    def has_lock(self) -> bool:
        """Whether a passcode is set."""
        self.more("Settings")
        self.page.get_by_text(re.compile("^(No lock|The app is locked by a passcode)")).wait_for()
        return self.button(LOCK_NOW).count() > 0

    def remove_lock(self) -> None:
        """Take the lock away."""
        self.more("Settings")
        self.give_passcode("Remove the lock")
        self.sees("No lock.")

    def give_passcode(self, act: str, passcode: str = PASSCODE) -> None:
        """Open the part of the settings that is called so, and do it with a passcode."""
        part = self.page.locator("details").filter(has_text=act)
        part.locator("summary").click()
        part.get_by_label("Passcode").fill(passcode)
        part.get_by_role("button", name=act).click()

    # --- what one writes ---------------------------------------------------------------------------------------------

    def begin_entry(self) -> None:
        """Open the form of a new entry; a draft of it is in there."""
        self.tab("Journal")
        self.follow("Write")
        self.shows("New entry")

    def type(self, text: str) -> None:
        """Type into the form's text, behind what is there, and wait until the draft is said to be kept."""
        box = self.page.get_by_label(WRITING)
        box.press("Control+End")
        box.press_sequentially(text)
        self.sees("Draft kept on this device")

    def save_entry(self, text: str, *, shared: bool | None = None, at: str = "") -> None:
        """Put a text into the form of an entry, and save it; `at`: when it was, as the form's field has it."""
        self.page.get_by_label(WRITING).fill(text)
        self._say_when("When it was", at)
        self._share(shared)
        self.tap("Save")
        self.shows("Entry")
        self.sees(text)

    def write(self, text: str, *, shared: bool | None = None, at: str = "") -> None:
        """Write an entry, as `save_entry` does."""
        self.begin_entry()
        self.save_entry(text, shared=shared, at=at)

    def open_entry(self, text: str) -> None:
        """Open the entry that begins so, from the journal."""
        self.tab("Journal")
        self.page.get_by_role("article").filter(has_text=text).get_by_role("link").click()
        self.shows("Entry")

    def edit_entry(self, text: str) -> None:
        """Give the entry that is shown another text."""
        self.follow("Edit")
        self.shows("Edit entry")
        self.save_entry(text)

    def drop_entry(self, *, shared: bool) -> None:
        """Delete the entry that is shown, or withdraw it where it is shared."""
        self.confirm("Withdraw" if shared else "Delete")
        self.shows("Withdrawn" if shared else "Journal")

    def log(
        self, symptom: str, value: int, *, own: bool = False, note: str = "", shared: bool | None = None, at: str = ""
    ) -> None:
        """Log a symptom of the plan, or one of one's `own` where the plan follows none; `at` as in `save_entry`."""
        self.tab("Log")
        self.shows("Log how I feel")
        if own:
            self.page.get_by_label("What", exact=True).fill(symptom)
        self.choose(symptom, value)
        self._say_when("It was at another time", at)
        self.page.get_by_label("Note (optional)").fill(note)
        self._share(shared)
        self.tap("Save")
        self.sees("Choose at least one value.")  # the form is empty again
        self.page.get_by_role("listitem").filter(has_text=f"{symptom} {value} ").filter(has_text=note).first.wait_for()

    def _say_when(self, part: str, at: str) -> None:
        if at:
            self.page.get_by_text(part).click()
            self.page.get_by_label("When", exact=True).fill(at)

    def _share(self, shared: bool | None) -> None:
        if shared is not None:
            self.page.get_by_role("radio", name="My care team and I" if shared else "Only I").check()

    # --- what is looked at -------------------------------------------------------------------------------------------

    def export(self) -> dict[str, Any]:
        """Everything of one's own, as the settings hand it over."""
        self.more("Settings")
        with self.page.expect_download() as handed:
            self.tap("For other apps (JSON)")
        found = json.loads(Path(handed.value.path()).read_text("utf-8"))
        assert isinstance(found, dict)
        return found

    def accessible(self) -> None:
        """Fail where axe finds something wrong."""
        assert accessible(self.page) == []

    def requests(self) -> list[Request]:
        """A list that fills with what the page asks the network for."""
        asked: list[Request] = []
        self.page.on("request", lambda request: asked.append(request))  # a list's method is no handler for Playwright
        return asked


@contextmanager
def phone_in(browser: Browser, url: str, **options: Any) -> Iterator[Phone]:
    """A phone with nothing on it, whose app is not open yet, until the block ends. Nothing in it may go wrong."""
    context = browser.new_context(base_url=url, **LOOK | options)
    phone = Phone(context.new_page())
    yield phone
    context.close()
    assert phone.wrong == []
