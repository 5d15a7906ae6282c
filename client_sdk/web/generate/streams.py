"""Who may read and who may write, from `intersession_schemas.streams`."""

from __future__ import annotations

from typing import Any

from intersession_schemas.streams import READERS, RULES, Kind


def data() -> Any:
    """Kinds, readers by audience, and for each audience the rules of its kinds."""
    rules: dict[str, dict[str, Any]] = {}
    for (audience, kind), rule in RULES.items():
        rules.setdefault(audience.value, {})[kind.value] = {
            "writers": sorted(role.value for role in rule.writers),
            "authored": rule.authored,
            "erasers": sorted(role.value for role in rule.erasers),
            "serverMade": rule.server_made,
            "person": None
            if rule.person is None
            else {"field": rule.person[0], "roles": sorted(role.value for role in rule.person[1])},
        }
    return {
        "kinds": [kind.value for kind in Kind],
        "readers": {audience.value: sorted(role.value for role in roles) for audience, roles in READERS.items()},
        "rules": rules,
    }
