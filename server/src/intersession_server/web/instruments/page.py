"""The practice's instruments: what is known of each, and the way of a wording from a file to one that is confirmed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Router
from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, QueryParameter
from msgspec import Struct
from msgspec.structs import replace

from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments import INSTRUMENTS, NEW, Confirmations, labels
from intersession_schemas.instruments.wording.meaning.languages import LANGUAGES
from intersession_server import library
from intersession_server.accounts.sign_in import CurrentSession
from intersession_server.errors import Refused
from intersession_server.language.language import current, say
from intersession_server.operator.instruments import known_and_brought
from intersession_server.services import Services
from intersession_server.web.dependencies import GivenServices, GivenSession
from intersession_server.web.forms.answering import SentForm, form
from intersession_server.web.instruments.previews import PreviewFacts, preview_facts
from intersession_server.web.instruments.views import (
    InstrumentFacts,
    ListedInstruments,
    in_groups,
    instrument_facts,
    instrument_of,
    instrument_rows,
    language_words,
)
from intersession_server.web.live import state_text
from intersession_server.web.page.live_page import live_page
from intersession_server.web.record.disclosure import clients_in_care, states
from intersession_server.web.record.instruments.bringing import bring_in, read_brought
from intersession_server.web.record.instruments.brought import MOST_FILE, Brought
from intersession_server.web.record.instruments.looking import LookedAt
from intersession_server.web.record.library import library_of

GivenLookedAt = NamedDependency[LookedAt]
Of = Annotated[UUID, QueryParameter(name="of")]
TakenAs = Annotated[str | None, QueryParameter(name="as", max_length=64)]
Spoken = Annotated[str | None, QueryParameter(name="language", max_length=35)]
BODY = 2 * MOST_FILE + 64 * 1024
"""Bytes of a form: a file and what is around it, with room to say of a larger one that it is too large."""
Choices = list[tuple[str, str]]


class Around(Struct, frozen=True, kw_only=True):
    """What every page here has. `state` are the marks by which it moves, `address` is its own."""

    session: CurrentSession
    now: datetime
    state: str
    address: str


class InstrumentsPage(Struct, frozen=True, kw_only=True):
    """All instruments, and the form for a wording."""

    around: Around
    listed: ListedInstruments
    choices: Choices
    languages: Choices


class InstrumentPage(Struct, frozen=True, kw_only=True):
    """One instrument."""

    around: Around
    facts: InstrumentFacts
    choices: Choices
    languages: Choices


class WordingPage(Struct, frozen=True, kw_only=True):
    """A wording before it is imported."""

    around: Around
    of: UUID
    spoken: str
    facts: PreviewFacts


async def _around(services: Services, session: CurrentSession, address: str) -> Around:
    marks = await states(services, await clients_in_care(services, session), "access")
    return Around(session=session, now=services.clock(), state=state_text(marks), address=address)


@live_page("/instruments", "instruments/instruments.html", access="therapist")
async def instruments_page(services: GivenServices, session: GivenSession) -> InstrumentsPage:
    """All instruments, and what can be done with each."""
    around = await _around(services, session, "/instruments")
    brought = await library.wordings(services.log, await library_of(services, session))
    listed = in_groups(instrument_rows(known_and_brought(brought), brought))
    return InstrumentsPage(around=around, listed=listed, choices=instrument_choices(), languages=language_choices())


@live_page("/instruments/{key:str}", "instruments/instrument.html", access="therapist")
async def instrument_page(services: GivenServices, session: GivenSession, key: FromPath[str]) -> InstrumentPage:
    """One instrument: items, scales, bands, sources, licence, wording."""
    around = await _around(services, session, f"/instruments/{key}")
    brought = await library.wordings(services.log, await library_of(services, session))
    found = instrument_of(key, brought)
    if found is None:
        raise NotFoundException
    facts = instrument_facts(found, brought.get(key))
    return InstrumentPage(around=around, facts=facts, choices=instrument_choices(), languages=language_choices())


@live_page("/instruments/preview", "instruments/preview.html", access="therapist")
async def wording_page(
    services: GivenServices,
    session: GivenSession,
    looked_at: GivenLookedAt,
    of: Of,
    taken_as: TakenAs = None,
    spoken: Spoken = None,
) -> WordingPage:
    """A wording, item by item, before it is imported."""
    address = f"/instruments/preview?of={of}"
    address += f"&as={taken_as}" if taken_as is not None else ""
    address += f"&language={spoken}" if spoken is not None else ""
    around = await _around(services, session, address)
    brought = _taken(looked_at.get(of, session.person, services.clock()), taken_as, spoken)
    facts = preview_facts(await looked_at.read(of, brought))
    return WordingPage(around=around, of=of, spoken=brought.language, facts=facts)


def _taken(brought: Brought, taken_as: str | None, spoken: str | None) -> Brought:
    """What was sent, taken as another instrument or in another language."""
    brought = brought if taken_as is None else replace(brought, instrument=taken_as)
    return brought if spoken is None else replace(brought, language=spoken)


@form("/instruments/preview", access="therapist", request_max_body_size=BODY)
async def look_at_wording(
    form: SentForm, services: GivenServices, session: GivenSession, looked_at: GivenLookedAt
) -> str:
    """Read what was sent, and show it item by item."""
    brought = await _sent(form)
    await read_brought(brought)  # what is wrong with it is said in the form
    return f"/instruments/preview?of={looked_at.keep(session.person, brought, services.clock())}"


async def _sent(form: SentForm) -> Brought:
    upload = form.uploads.get("file")
    raw = b"" if upload is None else await upload.read(MOST_FILE + 1)
    lines = form.text("lines")
    if raw and lines.strip():
        raise InvalidField(say("Choose a file or paste lines, not both."))
    if len(raw) > MOST_FILE or len(lines) > MOST_FILE:
        text = say("The file is larger than 1 MiB. Choose a file with the questionnaire alone.")
        raise Refused("questionnaire_invalid", text)
    title = form.text("title").strip()
    if len(title) > 200:
        raise InvalidField(say("The name is limited to 200 characters."))
    given: dict[str, Any] = {"instrument": form.text("instrument")[:64], "language": form.text("language")[:35]}
    text = decoded(raw)
    if raw and not _looks_structured(text):  # the list itself, saved as a plain text
        return Brought(**given, lines=text, title=title)
    return Brought(**given, questionnaire=text, lines=lines, title=title)


def decoded(raw: bytes) -> str:
    """The text of a file, in UTF-8 or UTF-16. Raises `Refused` for any other."""
    try:
        return raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = say(
            "This is not a text file in UTF-8. A Word or PDF file cannot be read: copy its questions and paste them "
            "below."
        )
        raise Refused("questionnaire_invalid", text) from None


def _looks_structured(text: str) -> bool:
    return text.lstrip()[:1] in {"{", "<", "["}


@form("/instruments/import", access="therapist")
async def import_wording_form(
    form: SentForm, services: GivenServices, session: GivenSession, looked_at: GivenLookedAt
) -> str:
    """Offer a wording from now on, as it was confirmed."""
    try:
        of = UUID(form.text("of"))
    except ValueError:
        raise InvalidField(say("Choose the file again.")) from None
    brought = looked_at.get(of, session.person, services.clock())
    brought = _taken(brought, form.text("as") or None, form.text("language") or None)
    confirmed = Confirmations(
        items=frozenset(form.all("items")),
        directions=frozenset(form.all("directions")),
        risks=frozenset(form.all("risks")),
    )
    made = await bring_in(services, session, await looked_at.read(of, brought), confirmed, _risks(form))
    looked_at.forget(of)
    return f"/instruments/{made.key}"


def _risks(form: SentForm) -> dict[str, int]:
    """From which value on each item is to be watched, as chosen."""
    found = {}
    for name, value in form.fields:
        if name.startswith("watch.") and value:
            if not (value.isascii() and value.lstrip("-").isdigit() and len(value) < 6):
                raise InvalidField(say("A risk item is watched from one of its values on."))
            found[name.removeprefix("watch.")] = int(value)
    return found


def instrument_choices() -> Choices:
    """What a wording can be said to be."""
    locale = current().tag
    shipped = sorted(
        ((key, labels.title(one, locale)) for key, one in INSTRUMENTS.items() if one.wording is None),
        key=lambda one: one[1].casefold(),
    )
    return [("", say("Find out from the file")), *shipped, (NEW, say("An instrument of our own"))]


def language_choices() -> Choices:
    """The languages that are read."""
    named = sorted(((one, language_words(one)) for one in LANGUAGES), key=lambda one: one[1])
    return [("", say("As the file says")), *named]


def instruments_router() -> Router:
    """The pages, and what their forms are sent to."""
    looked_at = LookedAt()
    return Router(
        "/",
        route_handlers=[*instruments_page, *instrument_page, *wording_page, look_at_wording, import_wording_form],
        dependencies={"looked_at": Provide(lambda: looked_at, sync_to_thread=False)},
    )
