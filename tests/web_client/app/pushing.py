"""A browser whose push service is not there: what it answers is a stand-in, all else is the browser's own."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext, Page, Worker
from tests.server.reminders.push_service import Browser, text

NOBODY = "http://127.0.0.1:9"
"""A push service that a server may call, and where nobody answers."""
STAND_IN = """({ service, keys }) => {
    // Only these two calls, and what a subscription does, are the push service's; a real one needs a network.
    const plain = (key) => atob(key.replace(/-/g, '+').replace(/_/g, '/'));
    const bytes = (key) => Uint8Array.from(plain(key), (character) => character.charCodeAt(0));
    const kept = () => JSON.parse(localStorage.getItem('pushed'));
    const subscription = ({ key, endpoint }) => ({
        endpoint,
        options: { applicationServerKey: bytes(key).buffer },
        toJSON: () => ({ endpoint, keys }),
        unsubscribe: async () => (localStorage.removeItem('pushed'), true),
    });
    if (!('PushManager' in globalThis)) return;
    PushManager.prototype.getSubscription = async () => (kept() === null ? null : subscription(kept()));
    PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey: key }) => {
        if (!userVisibleOnly || localStorage.getItem('unreachable') !== null) throw new DOMException('', 'AbortError');
        const number = Number(localStorage.getItem('subscriptions') ?? 0) + 1;
        localStorage.setItem('subscriptions', String(number));
        localStorage.setItem('pushed', JSON.stringify({ key, endpoint: `${service}/${number}` }));
        return subscription(kept());
    };
}"""


WATCH = """() => {
    // Asking for what is shown while something is being shown makes Chromium forget it: the two are not one step there.
    const prototype = ServiceWorkerRegistration.prototype;
    prototype.shows ??= prototype.showNotification;
    self.showing = new Promise((told) => {
        prototype.showNotification = function (...given) {
            const showing = prototype.shows.apply(this, given);
            showing.finally(told);
            return showing;
        };
    });
}"""

SHOWN = """async (within) => {
    const never = new Promise((told) => setTimeout(told, within));
    await Promise.race([self.showing, never]);
    return (await registration.getNotifications()).map(({ title, body, tag, lang }) => ({ title, body, tag, lang }));
}"""

CLOSE = """async () => {
    for (const one of await registration.getNotifications()) one.close();
    while ((await registration.getNotifications()).length > 0);
}"""


def stand_in(context: BrowserContext, service: str = NOBODY, keys: Browser | None = None) -> None:
    """Have every page of it answer for a push service, which gives the browser these keys."""
    keys = keys or Browser()
    given = f"{{ p256dh: '{text(keys.public)}', auth: '{text(keys.auth)}' }}"
    context.add_init_script(f"({STAND_IN})({{ service: '{service}', keys: {given} }})")


def subscribed(page: Page) -> Any:
    """What the stand-in holds for this browser; None: nothing."""
    return page.evaluate("() => JSON.parse(localStorage.getItem('pushed'))")


class Delivering:
    """Gives a browser's service worker what a push service would."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session = page.context.new_cdp_session(page)
        self._registrations: list[dict[str, Any]] = []
        self._session.on("ServiceWorker.workerRegistrationUpdated", self._registered)
        self._session.send("ServiceWorker.enable")
        while not self._registrations:
            page.wait_for_timeout(10)

    def message(self, data: str = '{"kind":"due"}') -> None:
        """A message has come and been decrypted."""
        self._worker().evaluate(WATCH)
        origin = self._page.evaluate("() => location.origin")
        registration = self._registrations[-1]["registrationId"]
        given = {"origin": origin, "registrationId": registration, "data": data}
        self._session.send("ServiceWorker.deliverPushMessage", given)

    def shown(self) -> list[dict[str, str]]:
        """The notifications that are shown once the app has answered the message; they are taken away then."""
        found: list[dict[str, str]] = self._worker().evaluate(SHOWN, 20_000)
        self._worker().evaluate(CLOSE)
        return found

    def _worker(self) -> Worker:
        (worker,) = self._page.context.service_workers
        return worker

    def _registered(self, told: dict[str, Any]) -> None:
        self._registrations += told["registrations"]
