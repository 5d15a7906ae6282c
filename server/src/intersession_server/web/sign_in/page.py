"""Signing in and out: from the form as from a program.

A form is answered with a redirect, JSON with JSON; both set the cookie that holds the session. The page that sends
the form is ours: `Defences` has refused every other origin before.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.exceptions import ClientException
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromQuery
from litestar.response import Redirect
from msgspec import Struct

from intersession_schemas.nesting import check_json
from intersession_server.access import (
    AnyRequest,
    browser_cookie,
    browser_cookie_name,
    session_cookie,
    session_cookie_name,
)
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.edge.defences import ErrorBody, remote_address
from intersession_server.errors import Refused
from intersession_server.services import Services
from intersession_server.web.dependencies import GivenServices, GivenSession
from intersession_server.web.forms.problems import told
from intersession_server.web.page.rendering import page
from intersession_server.web.page.way_back import safe
from intersession_server.web.record.account import Me, me_of

_STATUS = {"wrong_password": HTTPStatus.UNAUTHORIZED, "rate_limited": HTTPStatus.TOO_MANY_REQUESTS}


class SignInPage(Struct, frozen=True):
    """What the page shows. `ended`: the session of this browser has ended, after `minutes` without a request."""

    to: str
    username: str = ""
    problem: str = ""
    ended: bool = False
    minutes: int = 0


class SignInForm(Struct, frozen=True):
    """What a therapist signs in with."""

    username: str
    password: str


_credentials = msgspec.json.Decoder(SignInForm)


@get("/sign-in", opt={"access": "public"}, include_in_schema=False)
async def sign_in_page(request: AnyRequest, services: GivenServices, to: FromQuery[str] = "/") -> Response[Any]:
    """The form."""
    token = request.cookies.get(session_cookie_name(https=services.settings.https), "")
    if await services.sign_in.current(token, services.clock(), extend=False) is not None:
        return Redirect(safe(to), status_code=303)
    ended = bool(token)
    return page("sign_in/sign_in.html", SignInPage(to=safe(to), ended=ended, minutes=services.settings.idle_minutes))


@post(
    "/sign-in",
    status_code=HTTPStatus.OK,
    request_max_body_size=16 * 1024,
    opt={"access": "public"},
    tags=["therapists"],
    responses={
        200: ResponseSpec(Me, description="Signed in. The session is in the cookie."),
        401: ResponseSpec(ErrorBody, description="`wrong_password`: the user name or the password is wrong."),
        429: ResponseSpec(ErrorBody, description="`rate_limited`: too many wrong passwords."),
    },
)
async def sign_in(request: AnyRequest, services: GivenServices) -> Response[Any]:
    """Start a session. The body is `{"username": …, "password": …}`, or a form with these two fields, which is
    answered with a redirect."""
    if not _is_json(request):
        return await _sign_in_by_form(request, services)
    try:
        body = await request.body()
        check_json(body)
        given = _credentials.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ClientException from error
    cookies, session = await _start(request, services, given)
    return Response(await me_of(session), cookies=cookies)


@post(
    "/sign-out",
    status_code=HTTPStatus.OK,
    opt={"access": "therapist"},
    tags=["therapists"],
    responses={
        401: ResponseSpec(ErrorBody, description="Not signed in."),
        403: ResponseSpec(ErrorBody, description="The CSRF token is missing."),
    },
)
async def sign_out(request: AnyRequest, services: GivenServices, session: GivenSession) -> Response[Any]:
    """End the session. Needs its CSRF token, as the header `X-CSRF-Token` or the form's field `csrf`."""
    https = services.settings.https
    await services.sign_in.sign_out(request.cookies.get(session_cookie_name(https=https), ""), services.clock())
    # Pages of this session that are open elsewhere hear of it at once.
    services.wakeups.device_revoked(session.id)
    gone = session_cookie("", https=https)
    if request.content_type[0] == "application/x-www-form-urlencoded":
        return Redirect("/sign-in", status_code=303, cookies=[gone])
    return Response(None, status_code=HTTPStatus.OK, cookies=[gone])


async def _sign_in_by_form(request: AnyRequest, services: Services) -> Response[Any]:
    form = await request.form()
    username, password, to = (str(form.get(field, "")) for field in ("username", "password", "to"))
    try:
        cookies, _ = await _start(request, services, SignInForm(username, password))
    except Refused as refusal:
        status = _STATUS.get(refusal.code, HTTPStatus.SERVICE_UNAVAILABLE)
        answer = page("sign_in/sign_in.html", SignInPage(to=safe(to), username=username, problem=told(refusal)), status)
        if refusal.retry_after is not None:
            answer.headers["retry-after"] = str(max(1, round(refusal.retry_after)))
        return answer
    return Redirect(safe(to), status_code=303, cookies=cookies)


async def _start(request: AnyRequest, services: Services, given: SignInForm) -> tuple[list[Cookie], CurrentSession]:
    https = services.settings.https
    browser = request.cookies.get(browser_cookie_name(https=https), "")
    # A session that this browser had before is not left behind.
    before = request.cookies.get(session_cookie_name(https=https), "")
    signed_in = await services.sign_in.sign_in(
        given.username, given.password, remote_address(request), services.clock(), browser
    )
    await services.sign_in.sign_out(before, services.clock())
    session = await services.sign_in.current(signed_in.token, services.clock(), extend=False)
    if session is None:
        raise Refused("busy", "The session ended immediately. Sign in again.")
    return [session_cookie(signed_in.token, https=https), browser_cookie(signed_in.browser, https=https)], session


def _is_json(request: AnyRequest) -> bool:
    return request.content_type[0] == "application/json"
