"""What the lists of the HTTP API share.

A list is `{"items": […], "next": …}`. `next` goes back as `before` to read on; null says that there is no more.
"""

from __future__ import annotations

from typing import Annotated

from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter

from intersession_server.edge.defences import ErrorBody
from intersession_server.projections.windows import MAX_LIMIT

SIGNED_IN_ANSWERS = {401: ResponseSpec(ErrorBody, description="Not signed in.")}
LIST_ANSWERS = {**SIGNED_IN_ANSWERS, 400: ResponseSpec(ErrorBody, description="A parameter is invalid.")}
CLIENT_ANSWERS = {
    **LIST_ANSWERS,
    404: ResponseSpec(ErrorBody, description="No such client, or this account may not read them now."),
}
Limit = Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT, description="Maximum number of items.")]
Before = Annotated[
    str | None,
    QueryParameter(description="`next` of an earlier response: continue after it.", max_length=2_000),
]
