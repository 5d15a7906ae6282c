"""Where signing in leads: back to what was asked for, if that is a page of ours. Pure."""

from __future__ import annotations

import re

from intersession_server.access import AnyRequest

_ID = "[0-9a-f-]{36}"
_CLIENT = f"clients/{_ID}"
_TABS = (
    "brief(/full)?|timeline|progress|records/[a-z-]{1,64}|homework|plan|assessments|sessions|notes"
    "|plan/(journal|trackers|assessments|safety|days|goals|resources)"
    f"|homework/(new|{_ID})|assessments/(paper|{_ID})"
)
_NAME = "[a-z0-9-]{1,64}"
_PLACES = f"library(/(new-template|new-resource|(templates|resources)/{_NAME}))?|account|instruments(/{_NAME})?"
_PRACTICE = f"practice(/(therapists|invitations|settings|people/{_ID}(/hand-out)?))?"
_OUR_PAGE = re.compile(
    rf"/({_CLIENT}(/search|(/({_TABS}))?(\?(?!([^&]*&)*q=)[a-z0-9=&-]{{1,200}})?)|{_PLACES}|{_PRACTICE})?"
)
"""Of a search the screen alone, without its words (`q`): what was searched for is not to stand in the address of a form
that anybody sees."""


def sign_in_path(request: AnyRequest) -> str:
    """Where to go to sign in and come back to what was asked for, or where that cannot be, to its page."""
    path, query = request.url.path, request.url.query
    to = safe(f"{path}?{query}" if query else path)
    to = safe(path) if to == "/" else to
    return "/sign-in" if to == "/" else f"/sign-in?to={_quoted(to)}"


def safe(path: str) -> str:
    """A page of ours; anything else becomes the first page, so that signing in leads nowhere else."""
    return path if _OUR_PAGE.fullmatch(path) else "/"


def _quoted(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3F").replace("&", "%26").replace("=", "%3D")
