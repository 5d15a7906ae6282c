"""Every setting of the server, once: its name, type, default and what it means.

A setting `max_request_bytes` is the flag `--max-request-bytes` and the variable `INTERSESSION_MAX_REQUEST_BYTES`;
a flag wins over the environment. The reference page is compared with the descriptions here by a test.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from intersession_schemas.codec import MAX_FRAME_UP
from intersession_server.errors import ConfigurationError
from intersession_server.log.quotas import Quotas

PREFIX = "INTERSESSION_"

DataFolderPath = Annotated[
    str, Meta(description="Folder for all data. Created if it does not exist, readable by its owner only.")
]


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one server is started with. `check` says whether it is safe to serve like this."""

    data: DataFolderPath = "intersession-data"
    host: Annotated[str, Meta(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on; 0 picks a free port.")] = 8765
    public_url: Annotated[
        str | None,
        Meta(
            description="URL, without a path, under which browsers and devices reach the server. Requests for another"
            " host are refused. Required unless the server listens on this machine only."
        ),
    ] = None
    app_host: Annotated[
        str | None,
        Meta(
            description="Host name of the client's app, apart from the therapist's pages: scheme and port are those of"
            " --public-url. The app, pairing and sync then answer under this name only, the pages under --public-url"
            " only. Without it all have one name."
        ),
    ] = None
    tls_cert: Annotated[str | None, Meta(description="Certificate chain (PEM) for HTTPS.")] = None
    tls_key: Annotated[str | None, Meta(description="Private key (PEM) of the certificate.")] = None
    behind_proxy: Annotated[
        bool,
        Meta(
            description="A reverse proxy terminates HTTPS in front of this server. Allows plain HTTP on a"
            " non-loopback address and trusts the proxy's X-Forwarded headers."
        ),
    ] = False
    proxies: Annotated[
        str, Meta(description="Comma-separated addresses of proxies whose X-Forwarded headers are trusted.")
    ] = "127.0.0.1,::1"
    max_request_bytes: Annotated[
        int, Meta(ge=1024, le=64 * 1024 * 1024, description="Largest body of an HTTP request, in bytes.")
    ] = 1024 * 1024
    max_frame_bytes: Annotated[
        int, Meta(ge=64 * 1024, le=4 * 1024 * 1024, description="Largest frame that a replica may send, in bytes.")
    ] = MAX_FRAME_UP
    record_megabytes: Annotated[
        int,
        Meta(
            ge=1,
            le=1024 * 1024,
            description="Largest size of one client's record, in MiB; the same limit applies to a chart and to a"
            " library. A tenth is reserved for assessments and plans.",
        ),
    ] = 128
    vault_megabytes: Annotated[
        int, Meta(ge=1, le=1024 * 1024, description="Largest size of one client's private entries, in MiB.")
    ] = 128
    practice_gigabytes: Annotated[
        int, Meta(ge=1, le=1024 * 1024, description="Largest total size of one practice's records, in GiB.")
    ] = 20
    push_contact: Annotated[
        str | None,
        Meta(
            description="Whom a push service may contact about this server's reminders: a mailto: or https: address."
            " Default: the public URL."
        ),
    ] = None
    push_services: Annotated[
        str,
        Meta(
            description="Comma-separated push services that reminders may be sent to: host names, *.example.org for all"
            " below a name. Devices name the address, so no other is called. An origin such as http://127.0.0.1:9000 is"
            " called as it is, without TLS and on any network."
        ),
    ] = "fcm.googleapis.com,*.push.services.mozilla.com,*.push.apple.com,*.notify.windows.com"
    idle_minutes: Annotated[
        int, Meta(ge=1, le=24 * 60, description="Minutes of inactivity after which a therapist is signed out.")
    ] = 30
    session_hours: Annotated[
        int, Meta(ge=1, le=24 * 7, description="Hours after which a therapist must sign in again.")
    ] = 12
    send_timeout_seconds: Annotated[
        int, Meta(ge=1, le=600, description="Seconds after which a connection is closed if the peer receives nothing.")
    ] = 30
    shutdown_seconds: Annotated[
        int,
        Meta(ge=1, le=600, description="Seconds that requests in progress may take to finish when the server stops."),
    ] = 3
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="Lowest level of events that are logged.")
    ] = "info"
    log_format: Annotated[
        Literal["auto", "text", "json"],
        Meta(description="Format of log lines on standard error; auto means text on a terminal and JSON elsewhere."),
    ] = "auto"

    @property
    def folder(self) -> Path:
        """The data folder as a path."""
        return Path(self.data)

    @property
    def quotas(self) -> Quotas:
        """What may be held at most, in bytes."""
        return Quotas(self.record_megabytes * 2**20, self.vault_megabytes * 2**20, self.practice_gigabytes * 2**30)

    @property
    def https(self) -> bool:
        """Whether people reach this server over HTTPS, so that cookies can be marked Secure."""
        return self.tls_cert is not None or (self.public_url or "").startswith("https://")

    def check(self) -> None:
        """Raise `ConfigurationError` unless serving with these settings is safe and makes sense."""
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ConfigurationError("--tls-cert and --tls-key must be given together or not at all.")
        for name, path in (("--tls-cert", self.tls_cert), ("--tls-key", self.tls_key)):
            if path is not None and not Path(path).is_file():
                raise ConfigurationError(f"{name}: there is no such file.")
        if self.public_url is not None:
            _check_public_url(self.public_url)
        if self.app_host is not None:
            self._check_app_host(self.app_host)
        self._check_push()
        if is_loopback(self.host):
            return
        if self.tls_cert is None and not self.behind_proxy:
            raise ConfigurationError(
                f"Listening on {self.host} without TLS would send clients' entries over the network in the clear."
                " Use --tls-cert and --tls-key, or --behind-proxy if a reverse proxy terminates HTTPS."
            )
        if self.public_url is None:
            raise ConfigurationError(
                f"Listening on {self.host} needs --public-url, the URL under which people reach this server."
            )

    def _check_push(self) -> None:
        if self.push_contact is not None and not _CONTACT.fullmatch(self.push_contact):
            raise ConfigurationError("--push-contact: give a mailto: or https: address.")
        for one in self.push_services.split(","):
            if one.strip() and not _PUSH_SERVICE.fullmatch(one.strip()):
                raise ConfigurationError(f"--push-services: {one.strip()} is neither a host name nor an origin.")

    def _check_app_host(self, name: str) -> None:
        if not _HOST_NAME.fullmatch(name):
            raise ConfigurationError("--app-host: give a host name only, for example app.example.org.")
        if self.public_url is None and not is_loopback(name):
            raise ConfigurationError("--app-host needs --public-url, whose scheme and port it shares.")
        if (urlsplit(url_of(self)).hostname or "") == name.lower():
            # Cookies are kept by host name, whatever the port.
            raise ConfigurationError("--app-host: give another host name than that of the therapist's pages.")


_HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(\.(?!-)[A-Za-z0-9-]{1,63})*")


_CONTACT = re.compile(r"mailto:[!-~]+@[!-~]+|https://[!-~]+")
_PUSH_SERVICE = re.compile(rf"(\*\.)?{_HOST_NAME.pattern}|https?://{_HOST_NAME.pattern}(:[0-9]{{1,5}})?")


class Described(Struct, frozen=True):
    """One setting, for the command line and the reference page."""

    name: str
    flag: str
    variable: str
    type: Any
    default: Any
    description: str


def described() -> list[Described]:
    """All settings in the order in which they are declared."""
    hints = get_type_hints(Settings, include_extras=True)
    found = []
    for field in msgspec.structs.fields(Settings):
        type_, meta = hints[field.name].__origin__, hints[field.name].__metadata__[0]
        found.append(
            Described(
                name=field.name,
                flag="--" + field.name.replace("_", "-"),
                variable=PREFIX + field.name.upper(),
                type=type_,
                default=field.default,
                description=meta.description,
            )
        )
    return found


def settings_from(given: Mapping[str, Any], environment: Mapping[str, str]) -> Settings:
    """Settings from flags (`given`, by name; None means not given), then the environment, then defaults.

    Raises `ConfigurationError` that names the flag or variable and what it takes.
    """
    values: dict[str, Any] = {}
    for setting in described():
        if (value := given.get(setting.name)) is not None:
            values[setting.name] = _converted(setting, value, setting.flag)
        elif text := environment.get(setting.variable):
            values[setting.name] = _converted(setting, text, setting.variable)
    return Settings(**values)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _converted(setting: Described, value: Any, source: str) -> Any:
    hints = get_type_hints(Settings, include_extras=True)
    if isinstance(value, str) and setting.type is bool:
        value = {"yes": "true", "no": "false", "on": "true", "off": "false"}.get(value.lower(), value)
    try:
        return msgspec.convert(value, hints[setting.name], strict=False)
    except msgspec.ValidationError as error:
        raise ConfigurationError(f"{source}: {error}.") from error


def _check_public_url(url: str) -> None:
    parts = urlsplit(url)
    try:
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        port_is_fine = False
    shaped = parts.scheme in ("http", "https") and parts.hostname and parts.path in ("", "/")
    if not (shaped and port_is_fine) or parts.query or parts.fragment or parts.username:
        raise ConfigurationError(
            "--public-url: give only scheme, host and port, for example https://journal.example.org."
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ConfigurationError("--public-url: the server can only be reached over https://.")


def app_url_of(settings: Settings) -> str:
    """Under which URL clients reach their app, and devices the server."""
    if settings.app_host is None:
        return url_of(settings)
    parts = urlsplit(url_of(settings))
    return f"{parts.scheme}://{settings.app_host.lower()}{f':{parts.port}' if parts.port is not None else ''}"


def url_of(settings: Settings) -> str:
    """Under which URL therapists reach their pages; `settings.port` is the one that was bound."""
    if settings.public_url is not None:
        return settings.public_url.rstrip("/")
    scheme = "https" if settings.tls_cert is not None else "http"
    host = settings.host.strip("[]")
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{settings.port}"
