"""How this SDK names itself to a server: version and platform, nothing about the person.

What it asks is imported when it is used, as opening a store must be quick.
"""

from __future__ import annotations

from functools import cache


@cache
def agent() -> str:
    """For example `intersession/0.1.0 (Python 3.11; Linux)`."""
    import platform
    from importlib import metadata

    python = ".".join(platform.python_version_tuple()[:2])
    return f"intersession/{metadata.version('intersession')} (Python {python}; {platform.system()})"
