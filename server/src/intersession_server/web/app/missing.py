"""What browsers should get, and the build of this server failed to put in place."""

from __future__ import annotations

from intersession_server.web.app.files import NOT_BUILT, built_app
from intersession_server.web.assets import SCRIPTED


def missing_parts() -> list[tuple[str, str]]:
    """Each with why, in one word. An app that nobody tried to build is not missing."""
    scripts = [] if SCRIPTED else [("The scripts of the pages", "npm")]
    reason = built_app().missing
    return [*scripts, ("The client's app", reason)] if reason not in {"", NOT_BUILT} else scripts
