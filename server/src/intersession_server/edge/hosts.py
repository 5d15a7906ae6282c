"""Under which names the server answers, what is had under which, and from which pages it may be used.

Where the settings name an `app_host`, there are two: the client's app and what devices need are had under that name
only, the therapist's pages under the public one only. A browser keeps the two apart by their origins, cookies and
storage included, so that a fault in one gives nothing of the other away.
"""

from __future__ import annotations

from typing import Literal, get_args
from urllib.parse import urlsplit

from msgspec import Struct

from intersession_server.settings import Settings, app_url_of, is_loopback

USUAL_PORTS = {"http": 80, "https": 443}

Part = Literal["pages", "app", "both"]
"""What a route belongs to, as its option `part` says; one that says nothing belongs to the pages."""
PARTS = frozenset(get_args(Part))
APP_HOME = "/app/"
"""Where the app begins: everything of it lies below."""


class HostNames(Struct, frozen=True):
    """Names of the server, as Host headers have them, and the origins of the pages that are had under them."""

    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()


class Reachable(Struct, frozen=True):
    """Under which names, and from which pages, this server may be used. `app`: where that has names of its own."""

    pages: HostNames
    app: HostNames | None = None
    scheme: str = "http"

    @property
    def sync_origins(self) -> frozenset[str]:
        """From which pages sync connections may be opened."""
        return self._names("app").origins

    def serves(self, host: str) -> bool:
        """Whether a Host header names this server: a public name, or this machine's own."""
        return host.lower() in self.pages.hosts | self._names("app").hosts or is_loopback(host_name(host) or "")

    def has(self, part: Part, host: str) -> bool:
        """Whether a route of `part` answers under `host`, which is served."""
        return self.app is None or part == "both" or (part == "app") == self._is_of_app(host)

    def trusts(self, origin: str, host: str) -> bool:
        """Whether a request that a page of `origin` made may change anything; `host` is its (served) Host."""
        asked = origin_of(origin)
        if asked is None:
            return False
        # A name of this machine is served as well as the public one: then the page was had from here, as we speak.
        here = origin_of(f"{self.scheme}://{host}") if is_loopback(host_name(host) or "") else None
        names = self._names("app" if self._is_of_app(host) else "pages")
        return asked in names.origins or asked == here

    def _names(self, part: Part) -> HostNames:
        return self.app if part == "app" and self.app is not None else self.pages

    def _is_of_app(self, host: str) -> bool:
        # By name alone: cookies know no ports.
        return self.app is not None and host_name(host) in map(host_name, self.app.hosts)


def reachable(settings: Settings) -> Reachable:
    """What the settings say. `settings.port` is the port that was bound."""
    scheme = "https" if settings.tls_cert is not None else "http"
    app = names_of(app_url_of(settings)) if settings.app_host is not None else None
    public = names_of(settings.public_url) if settings.public_url is not None else HostNames()
    here: set[str] = set()
    if is_loopback(settings.host):
        here = {f"{scheme}://{name}:{settings.port}" for name in ("localhost", "127.0.0.1", "[::1]")}
    origins = public.origins.union(filter(None, map(origin_of, here)))
    return Reachable(HostNames(public.hosts, origins - (app.origins if app else set())), app, scheme)


def names_of(url: str) -> HostNames:
    """How a URL's host may be written in a Host header, and its origin."""
    parts = urlsplit(url.lower())
    usual = USUAL_PORTS[parts.scheme]
    port = parts.port or usual
    name = parts.netloc.removesuffix(f":{parts.port}")
    hosts = {f"{name}:{port}", *([name] if port == usual else [])}  # browsers leave the usual one out
    return HostNames(frozenset(hosts), frozenset(filter(None, [origin_of(f"{parts.scheme}://{name}:{port}")])))


def origin_of(text: str) -> str | None:
    """An origin as it is compared: scheme, host and port, where that is not the scheme's own. None: it names none."""
    try:
        parts = urlsplit(text.lower())
        name, port = parts.hostname, parts.port
    except ValueError:
        return None
    shaped = parts.scheme in USUAL_PORTS and name and not (parts.path or parts.query or parts.fragment)
    if not shaped or parts.username is not None or parts.password is not None:
        return None
    name = f"[{name}]" if ":" in str(name) else name
    return (
        f"{parts.scheme}://{name}" if port in (None, USUAL_PORTS[parts.scheme]) else f"{parts.scheme}://{name}:{port}"
    )


def host_name(host: str) -> str | None:
    """The name in a Host header, without its port."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
