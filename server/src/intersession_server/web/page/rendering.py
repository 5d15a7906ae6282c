"""Templates to HTML. Everything that is put in is escaped; there is no way round it in the templates."""

from __future__ import annotations

from http import HTTPStatus

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response
from msgspec import Struct

from intersession_server.web.assets import asset_url
from intersession_server.web.page import phrases

_environment = Environment(
    loader=PackageLoader("intersession_server", "web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals["asset"] = asset_url
_environment.filters.update(
    moment=phrases.moment,
    day=phrases.day,
    short_day=phrases.short_day,
    period=phrases.period,
    offset=phrases.offset,
    ago=phrases.ago,
    arrival=phrases.arrival,
    number=phrases.number,
    count=phrases.count,
)


def page(template: str, view: Struct, status: int = HTTPStatus.OK) -> Response[str]:
    """An answer made from a template, which sees the fields of `view` by their names."""
    values = {name: getattr(view, name) for name in view.__struct_fields__}
    text = _environment.get_template(template).render(values)
    return Response(text, status_code=status, media_type="text/html")
