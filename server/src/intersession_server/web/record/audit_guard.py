"""The one door: nothing of a client's record leaves in an answer before a row of the audit says so.

Routes that know what exactly they show write the row themselves (`care.note_read`). Whatever else a route about a
record answers, a view after a change included, is written down here, from the route's own name. When that cannot be
done the answer is not given: the exception takes its place.
"""

from __future__ import annotations

from typing import Any

from litestar.response.redirect import ASGIRedirectResponse

from intersession_server import passage
from intersession_server.accounts.audit import Action
from intersession_server.projections import reading
from intersession_server.web.record.disclosure import note_read
from intersession_server.web.record.resources import BY_PATH

_SHOWN = {"plan": Action.PLAN_READ} | {path: one.action for path, one in BY_PATH.items()}


async def leave(response: Any) -> Any:
    """Let an answer out: the app's `after_request`, for every route. Raises `StorageError`, `NotFoundException`."""
    here = passage.current()
    if here is None or here.written or isinstance(response, ASGIRedirectResponse):
        return response
    stream = here.access.record_stream
    # As far as the read models are now: at least as far as what was just read of them.
    through = (await reading.throughs([stream]))[stream]
    _, _, rest = here.path.partition("}/")  # behind the client
    action = _SHOWN.get(rest.partition("/")[0], Action.RECORD_READ)
    await note_read(here.services, here.session, here.access, through, action)
    return response
