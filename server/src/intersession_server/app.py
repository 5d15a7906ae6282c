"""The server's two Litestar apps, assembled from their parts: the public one, and the operator's door.

A part adds its routes to `public_routes`. Each route states its access rule (`access.py`); one without is a
programming error that shows when the app is made.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from litestar import Litestar, Router, get
from litestar.datastructures import State
from litestar.di import Provide
from litestar.handlers.base import BaseRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.routes import ASGIRoute, HTTPRoute, WebSocketRoute
from litestar.types import ControllerRouterHandler
from msgspec.structs import replace

from intersession_server.access import (
    RULES,
    enforce,
    provide_caller,
    provide_client_access,
    provide_member,
    provide_session,
)
from intersession_server.edge.defences import EXCEPTION_HANDLERS, BoundedRequest, Defences, security_headers
from intersession_server.edge.hosts import PARTS, Reachable
from intersession_server.operator.door import operate
from intersession_server.services import Services
from intersession_server.sync.endpoint import sync_route
from intersession_server.web.api.pairing import pair
from intersession_server.web.page.error_pages import ANYWHERE
from intersession_server.web.record.audit_guard import leave
from intersession_server.web.routes import web_routes


def create_app(services: Services) -> Litestar:
    """The app that devices and browsers reach. `services` stay open for as long as it serves."""
    openapi = OpenAPIConfig(
        title="Intersession",
        version=version("intersession-server"),
        description="The HTTP API that devices and browsers use. The sync protocol is documented separately.",
        render_plugins=[JsonRenderPlugin()],
        openapi_router=Router("/schema", route_handlers=[], opt={"access": "public"}, include_in_schema=False),
        use_handler_docstrings=True,
    )
    return _assemble(services, services.reachable, public_routes(services), openapi)


def create_operator_app(services: Services) -> Litestar:
    """The app behind the operator's door, for a loopback socket of its own."""
    # The door has a socket of its own: there is nothing of the app behind it to be kept apart.
    return _assemble(services, replace(services.reachable, app=None), [operate], None)


def public_routes(services: Services) -> list[ControllerRouterHandler]:
    """The routes of all parts."""
    return [health, pair, sync_route(services.hub), *web_routes(services.projector.updates)]


@get("/health", opt={"access": "public", "part": "both"}, tags=["server"])
async def health() -> dict[str, str]:
    """Whether the server answers."""
    return {"status": "ok"}


def routes_and_rules(app: Litestar) -> list[tuple[str, str, str | None]]:
    """(path, method or `WEBSOCKET`, access rule) of every route, without the OPTIONS that Litestar adds by itself
    and that no rule lets through."""
    found = []
    for route in app.routes:
        handlers = _handlers_of(route)
        handlers.pop("OPTIONS", None)
        found += [(route.path, method, handler.opt.get("access")) for method, handler in handlers.items()]
    return sorted(found)


def _handlers_of(route: HTTPRoute | WebSocketRoute | ASGIRoute) -> dict[str, BaseRouteHandler]:
    if isinstance(route, HTTPRoute):
        return {method: handler for method, (handler, _) in route.route_handler_map.items()}
    return {type(route).__name__.removesuffix("Route").upper(): route.route_handler}


def _assemble(
    services: Services, reached: Reachable, routes: list[ControllerRouterHandler], openapi: OpenAPIConfig | None
) -> Litestar:
    settings = services.settings

    def provide_services() -> Services:
        return services

    app = Litestar(
        route_handlers=routes,
        request_class=BoundedRequest,
        state=State({"services": services}),
        dependencies={
            "services": Provide(provide_services, sync_to_thread=False),
            "operations": Provide(lambda: services.operations, sync_to_thread=False),
            "session": Provide(provide_session, sync_to_thread=False),
            "client_access": Provide(provide_client_access, sync_to_thread=False),
            "caller": Provide(provide_caller, sync_to_thread=False),
            "member": Provide(provide_member, sync_to_thread=False),
        },
        guards=[enforce],
        middleware=[Defences(reached, behind_proxy=settings.behind_proxy)],
        after_request=leave,
        before_send=[security_headers(https=settings.https)],
        exception_handlers={**EXCEPTION_HANDLERS, **ANYWHERE},
        request_max_body_size=settings.max_request_bytes,
        openapi_config=openapi,
        logging_config=None,
        debug=False,
        pdb_on_exception=False,
    )
    parts = {handler.opt.get("part", "pages") for route in app.routes for handler in _handlers_of(route).values()}
    if not parts <= PARTS:
        raise ValueError(f"These parts of the server are unknown: {', '.join(sorted(parts - PARTS))}.")
    without: list[Any] = [path for path, _, rule in routes_and_rules(app) if rule not in RULES]
    if without:
        raise ValueError(f"These routes have no access rule: {', '.join(without)}.")
    return app
