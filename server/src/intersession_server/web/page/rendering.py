"""Templates to HTML. Everything that is put in is escaped; there is no way round it in the templates.

A page's template fills the block `main` of whatever `layout` is: the whole page, or that block alone for the script.
"""

from __future__ import annotations

import re
import secrets
from http import HTTPStatus
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response
from msgspec import Struct

from intersession_server.language import language
from intersession_server.web.assets import SCRIPTED, asset_url
from intersession_server.web.page import phrases
from intersession_server.web.page.parts import Parts

WHOLE = "page/signed_in.html"
FRAGMENT = "page/fragment.html"
PUBLIC = "page/layout.html"


_ONCE = f"once-{secrets.token_hex(16)}"
"""Stands in each form until the page is rendered: parts of it are kept, and the forms in them are others each time."""
_ONCES = re.compile(_ONCE)


_environment = Environment(
    loader=PackageLoader("intersession_server", "web"),
    extensions=["jinja2.ext.i18n"],
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,  # what a server shows does not change while it runs, and looking takes a fifth of a page's time
)
_environment.install_gettext_callables(  # type: ignore[attr-defined]  # what the extension adds
    lambda message: language.current().messages.gettext(message),
    lambda one, other, number: language.current().messages.ngettext(one, other, number),
    newstyle=True,
)
_environment.policies["ext.i18n.trimmed"] = True
_environment.globals.update(
    asset=asset_url,
    scripted=SCRIPTED,
    say_as=language.say_as,
    count=language.count,
    language=language.current,
    once=lambda: _ONCE,
)
_environment.filters.update(
    moment=phrases.moment,
    day=phrases.day,
    short_day=phrases.short_day,
    period=phrases.period,
    offset=phrases.offset,
    ago=phrases.ago,
    arrival=phrases.arrival,
    number=phrases.number,
    grouped=language.grouped,
)


def _macro(template: str, name: str) -> Any:
    return getattr(_environment.get_template(template).module, name)


parts = Parts(_macro)
_environment.globals.update(part=parts.of)


def render(template: str, view: Struct, layout: str = PUBLIC) -> str:
    """HTML made from a template, which sees the fields of `view` by their names."""
    values = {name: getattr(view, name) for name in view.__struct_fields__}
    return _ONCES.sub(new_once, _environment.get_template(template).render(values, layout=layout))


def new_once(_: object = None) -> str:
    """What tells a form of a page from every other: sent twice with it, it is carried out once."""
    return secrets.token_urlsafe(9)


def page(template: str, view: Struct, status: int = HTTPStatus.OK, layout: str = PUBLIC) -> Response[str]:
    """An answer made from a template, which sees the fields of `view` by their names."""
    return Response(render(template, view, layout), status_code=status, media_type="text/html")
