"""Which push services this server calls: those that the operator names, whatever address a device gives. Pure."""

from __future__ import annotations

import re

from msgspec import Struct

MOST_CHARACTERS = 1_000
"""Of an endpoint's address; those of today's services have about 200."""
# Stricter than any parser, so that whoever reads it next cannot take another host out of it.
_ENDPOINT = re.compile(r"(https?://[a-z0-9][a-z0-9.-]*(?::[0-9]{1,5})?)/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*")


class PushServices(Struct, frozen=True):
    """`hosts` by name, `domains` with all names below them, both by https; and `origins` as they are."""

    hosts: frozenset[str]
    domains: tuple[str, ...]
    origins: frozenset[str]

    def call(self, endpoint: str) -> bool:
        """Whether `endpoint` is an address of one of them."""
        found = _ENDPOINT.fullmatch(endpoint)
        if found is None or len(endpoint) > MOST_CHARACTERS:
            return False
        origin = found.group(1)
        if origin in self.origins:
            return True
        scheme, _, host = origin.partition("://")
        return scheme == "https" and (host in self.hosts or host.endswith(self.domains))


def push_services(text: str) -> PushServices:
    """From the setting, which has been checked."""
    names = {one.strip().lower() for one in text.split(",")} - {""}
    origins = frozenset(name for name in names if "://" in name)
    domains = tuple(sorted(name.removeprefix("*") for name in names if name.startswith("*.")))
    return PushServices(frozenset(one for one in names - origins if not one.startswith("*.")), domains, origins)
