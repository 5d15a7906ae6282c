"""The HTTP API of one client's record, `/api/clients/{client}`: what its modules serve, as one router.

They share paths, as `GET …/homework` and `POST …/homework` do, and a path belongs to one router.
"""

from __future__ import annotations

from litestar import Router

from intersession_server.web.api import homework, measures, notes, plan, progress, records


def record_router() -> Router:
    """The routes of a client's record, but for journal and symptom logs."""
    return Router(
        "/api/clients/{client:uuid}",
        route_handlers=[
            *plan.HANDLERS,
            *homework.HANDLERS,
            *measures.HANDLERS,
            *progress.HANDLERS,
            *notes.HANDLERS,
            *records.handlers(),
        ],
        exception_handlers=records.WRITE_HANDLERS,
    )
