"""The page of one client's progress: what was logged, done and scored over a range of days, on the same days."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from litestar import Router
from litestar.params import QueryParameter
from msgspec import Struct

from intersession_schemas.documents.care.homework import Homework
from intersession_schemas.measures.material import Cut, Material
from intersession_schemas.measures.together import Together
from intersession_schemas.measures.together_in import together_in
from intersession_schemas.streams import Kind
from intersession_server.accounts.audit import Action
from intersession_server.language.language import current
from intersession_server.web.charts.charts import series_name
from intersession_server.web.charts.progress import ProgressOfRange, progress_of
from intersession_server.web.charts.series import SeriesShown, days_logged
from intersession_server.web.charts.together_charts import TogetherShown, together_shown
from intersession_server.web.client.shell import Shell, shell_of
from intersession_server.web.dependencies import GivenAccess, GivenServices, GivenSession
from intersession_server.web.page.live_page import live_page
from intersession_server.web.progress.spans import USUAL, RangeName, Span, range_words, span_of, span_words
from intersession_server.web.progress.views import DrawnRange, drawn_of
from intersession_server.web.record.disclosure import note_read
from intersession_server.work import effort

RangeAsked = Annotated[RangeName, QueryParameter(name="range")]
DayAsked = Annotated[str | None, QueryParameter(max_length=40)]
SymptomAsked = Annotated[str | None, QueryParameter(max_length=64)]

Pill = tuple[str, str, bool]


class TogetherChosen(Struct, frozen=True):
    """Homework and one of the symptoms, and the pills that choose another."""

    name: str
    pills: list[Pill]
    shown: TogetherShown


class ProgressPage(Struct, frozen=True, kw_only=True):
    """What the page shows. `logged` are the first and last day that there is anything of."""

    shell: Shell
    span: Span
    days: str
    ranges: list[Pill]
    logged: tuple[date, date] | None
    found: ProgressOfRange
    drawn: DrawnRange
    together: TogetherChosen | None


class _Made(Struct, frozen=True):
    span: Span
    logged: tuple[date, date] | None
    found: ProgressOfRange
    drawn: DrawnRange
    together: TogetherChosen | None


@live_page("/clients/{client:uuid}/progress", "progress/progress.html")
async def progress_page(
    services: GivenServices,
    session: GivenSession,
    client_access: GivenAccess,
    range_: RangeAsked = USUAL,
    since: DayAsked = None,
    until: DayAsked = None,
    together: SymptomAsked = None,
) -> ProgressPage:
    """Symptoms, mood, scores, homework and goals over a range, or over the local days `since` to `until`."""
    asked = {"range": None if range_ == USUAL else range_, "since": since, "until": until, "together": together}
    shell = await shell_of(services, session, client_access, "progress", asked)

    async def make() -> _Made:
        material = await services.materials.of(client_access.record_stream, client_access.client, shell.through)
        return await effort.in_thread(_made_of, shell, material, range_, since, until, together)

    made = await services.shared.of(("progress", shell.state, range_, since, until, together), make)
    await note_read(
        services,
        session,
        client_access,
        shell.through,
        Action.SYMPTOMS_READ,
        Action.ENTRIES_READ,
        Action.ASSESSMENTS_READ,
        Action.HOMEWORK_READ,
        Action.GOALS_READ,
        Action.SESSIONS_READ,
        Action.PLAN_READ,
    )
    return ProgressPage(
        shell=shell,
        span=made.span,
        days=span_words(made.span),
        ranges=_ranges(made.span, shell.here, together),
        logged=made.logged,
        found=made.found,
        drawn=made.drawn,
        together=made.together,
    )


def progress_router() -> Router:
    """The routes of this module."""
    return Router("/", route_handlers=[*progress_page])


def _made_of(
    shell: Shell, material: Material, range_: RangeName, since: str | None, until: str | None, together: str | None
) -> _Made:
    cut = Cut(
        heads={str(shell.access.record_stream): shell.through},
        now=shell.local,
        zone=str(shell.local.tzinfo),
        locale=current().tag,
    )
    logged = days_logged(material)
    span = span_of(range_, since, until, material.local_day(cut), logged)
    found = progress_of(material, cut, span.first, span.last)
    chosen = _together(material, cut, found, span, shell.here, together)
    return _Made(span, logged, found, drawn_of(found, material, cut), chosen)


def _address(here: str, query: dict[str, str], together: str | None) -> str:
    asked = query | ({"together": together} if together else {})
    return f"{here}/progress" + (f"?{urlencode(asked)}" if asked else "")


def _ranges(span: Span, here: str, together: str | None) -> list[Pill]:
    names: tuple[RangeName, ...] = ("2w", "3m", "1y", "all")
    return [
        (_address(here, {} if name == USUAL else {"range": name}, together), range_words(name), name == span.name)
        for name in names
    ]


def _together(
    material: Material, cut: Cut, found: ProgressOfRange, span: Span, here: str, asked: str | None
) -> TogetherChosen | None:
    """Homework and the symptom that was asked for, else the first one; None where there is no homework or symptom."""
    series = {one.key: one for one in found.diary.series if one.key}
    if not series or not material.of(Kind.HOMEWORK, Homework):
        return None
    chosen = series.get(asked or "") or next(iter(series.values()))
    shown = _drawn_together(material, cut, chosen)
    pills = [
        (f"{_address(here, span.query, key)}#together", series_name(one), key == chosen.key)
        for key, one in series.items()
    ]
    return TogetherChosen(series_name(chosen), pills, shown)


_TOGETHER_OF = frozenset({Kind.HOMEWORK, Kind.HOMEWORK_PROGRESS, Kind.SYMPTOM_LOG, Kind.PLAN})


def _drawn_together(material: Material, cut: Cut, chosen: SeriesShown) -> TogetherShown:
    """Its pictures are drawn again only where it is another: they are the greatest part of the page."""
    found, here = _worked_out(material, cut, chosen), current()
    # By what was worked out itself, which stays the same object as long as it stands.
    what = ("homework and symptom drawn", id(found), series_name(chosen), chosen.scale, here.tag, here.messages)
    _, drawn = material.once(
        what, _TOGETHER_OF, lambda: (found, together_shown(found, series_name(chosen), chosen.scale))
    )
    return drawn


def _worked_out(material: Material, cut: Cut, chosen: SeriesShown) -> Together:
    """It takes up to a tenth of a second, and changes when something comes in, or a week is over."""
    what = ("homework and symptom", chosen.key, material.days(cut), material.local_day(cut))
    return material.once(what, _TOGETHER_OF, lambda: together_in(material, cut, chosen.key))
