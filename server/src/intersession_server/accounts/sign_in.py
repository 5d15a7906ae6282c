"""Therapists signing in with a browser: the core, without cookies or pages.

A session is a random token in the browser and a row here that holds its hash. It ends after being idle for a
while, after so many hours whatever happens, when its person signs out, and when their password is changed.
Only a request that a person made extends it: a page's live updates look, but do not touch.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from msgspec import Struct

from intersession_server.accounts import tokens
from intersession_server.accounts.audit import Action, Actor, record
from intersession_server.accounts.database import SCHEMA
from intersession_server.accounts.passwords import Passwords
from intersession_server.accounts.people import THERAPIST, clean_username
from intersession_server.accounts.tables import Person, WebSession
from intersession_server.accounts.throttle import Throttle, address_key
from intersession_server.errors import Refused
from intersession_server.language.language import say
from intersession_server.storage.database import opened

TRIES_PER_ACCOUNT = 10
TRIES_PER_ADDRESS = 30
TRIES_FROM_ANYWHERE = 100
TRIES_WINDOW = timedelta(minutes=15)
_TOUCH_EVERY = timedelta(seconds=30)


class SignedIn(Struct, frozen=True):
    """A therapist who has just signed in. `token` goes into the browser's cookie and nowhere else."""

    token: str
    person: UUID
    name: str
    browser: str = ""
    """What to keep in the browser for long: with it, wrong passwords from elsewhere do not keep this person out."""


class CurrentSession(Struct, frozen=True):
    """A session that is valid now. `csrf` is what its forms carry; at `expires_at` it ends if nothing is done.
    `language` is the one that the person chose for the pages.
    """

    id: UUID
    person: UUID
    practice: UUID
    name: str
    csrf: str
    expires_at: datetime
    language: str | None = None
    manager: bool = False
    """Whether they manage their practice."""
    password_once: bool = False
    """Whether they have to choose a password of their own before anything else."""

    @property
    def actor(self) -> Actor:
        """Who, for the audit."""
        return Actor(person=self.person, web_session=self.id)


class SignIn:
    """Signing in and out, and which session a request belongs to. Used on the event loop."""

    def __init__(
        self,
        passwords: Passwords,
        *,
        idle: timedelta,
        longest: timedelta,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._passwords = passwords
        self._idle = idle
        self._longest = longest
        self._random = random
        self._accounts = Throttle(TRIES_PER_ACCOUNT, TRIES_WINDOW)
        self._addresses = Throttle(TRIES_PER_ADDRESS, TRIES_WINDOW)
        self._strangers = Throttle(TRIES_FROM_ANYWHERE, TRIES_WINDOW)

    async def sign_in(self, username: str, password: str, address: str, at: datetime, browser: str = "") -> SignedIn:
        """Start a session. Raises `Refused`: `wrong_password` (also for an unknown name), `rate_limited`, `busy`.

        `address` is the remote end's, `browser` what an earlier sign-in gave to keep. Wrong passwords are counted by
        name and address together, by address, and by name for all ends from which that person has not signed in
        before. So nobody else's tries keep a person out of a browser, or an address, that they have used.
        """
        name, address = _lenient_username(username), address_key(address)
        person = await Person.objects().where((Person.username == name) & (Person.role == THERAPIST)).first()
        browser_known, address_known = await _known(person, browser, address)
        counts = [
            (self._accounts, f"{name} in {tokens.token_hash(browser)}" if browser_known else f"{name} at {address}")
        ]
        if not browser_known:
            counts.append((self._addresses, address))
        if not (browser_known or address_known):
            counts.append((self._strangers, name))
        # Looked at and counted in one go, before the check, and undone after it: many at once cannot slip through.
        wait = max(throttle.wait(key, at) or 0.0 for throttle, key in counts)
        if wait:
            raise Refused("rate_limited", _too_many(wait), retry_after=wait)
        for throttle, key in counts:
            throttle.failed(key, at)
        kept = person.password if person is not None and person.ended_at is None else None
        try:
            right = await self._passwords.verify(password, kept)
        except BaseException:
            for throttle, key in counts:
                throttle.take_back(key)
            raise
        if not right or person is None or kept is None:
            await record(Action.SIGN_IN_REFUSED, at, Actor(), subject=person.id if person is not None else None)
            raise Refused("wrong_password", say("Wrong user name or password."))
        self._accounts.forget(counts[0][1])
        for throttle, key in counts[1:]:
            throttle.take_back(key)
        if self._passwords.outdated(kept):
            await Person.update({Person.password: await self._passwords.hash(password)}).where(Person.id == person.id)
        token = tokens.token_from(self._random(tokens.TOKEN_BYTES))
        browser = browser if browser_known else tokens.token_from(self._random(tokens.TOKEN_BYTES))
        session = WebSession(
            id=uuid4(),
            person=person.id,
            token_hash=tokens.token_hash(token),
            created_at=at,
            last_used_at=at,
            browser_hash=tokens.token_hash(browser),
            origin_hash=_origin_hash(person.id, address),
        )
        await WebSession.insert(session)
        await record(Action.SIGNED_IN, at, Actor(person=person.id, web_session=session.id))
        return SignedIn(token, person.id, person.name, browser)

    async def current(self, token: str, at: datetime, *, extend: bool) -> CurrentSession | None:
        """The session of a browser's token, if it is valid at `at`; `extend` for a request that a person made."""
        if not tokens.looks_like_token(token):
            return None
        # In one statement, written out: it is asked for with every request, by every page that is open.
        found = await opened(SCHEMA).statement(_CURRENT, [tokens.token_hash(token)])
        if not found or not self._is_live(last_used := found[0]["last_used_at"], begun := found[0]["created_at"], at):
            return None
        (row,) = found
        if extend and at > last_used:
            if at - last_used >= min(_TOUCH_EVERY, self._idle / 10):
                await WebSession.update({WebSession.last_used_at: at}).where(WebSession.id == row["id"])
            last_used = at
        return CurrentSession(
            id=row["id"],
            person=row["person"],
            practice=row["practice"],
            name=row["name"],
            csrf=tokens.derived(token, "csrf"),
            expires_at=min(last_used + self._idle, begun + self._longest),
            language=row["language"],
            manager=bool(row["manager"]),
            password_once=bool(row["password_once"]),
        )

    async def confirm(self, session: CurrentSession, password: str, at: datetime) -> None:
        """Make sure that whoever sits at a signed-in browser knows its person's password.

        Raises `Refused` (`wrong_old_password`, `rate_limited`, `busy`).
        """
        key = f"own {session.person}"
        if (wait := self._accounts.wait(key, at)) is not None:
            minutes = max(1, round(wait / 60))
            text = say("Too many wrong passwords. Try again in %(minutes)s min.", minutes=minutes)
            raise Refused("rate_limited", text, retry_after=wait)
        self._accounts.failed(key, at)
        person = await Person.objects().where(Person.id == session.person).first()
        try:
            right = await self._passwords.verify(password, person.password if person is not None else None)
        except BaseException:
            self._accounts.take_back(key)
            raise
        if not right:
            await record(Action.SIGN_IN_REFUSED, at, session.actor, subject=session.person)
            raise Refused("wrong_old_password", say("Your current password is not right."))
        self._accounts.forget(key)

    async def sign_out(self, token: str, at: datetime) -> None:
        """End the session; harmless when it has ended."""
        session = await self._live(token, at)
        if session is not None:
            await WebSession.update({WebSession.ended_at: at}).where(WebSession.id == session.id)
            await record(Action.SIGNED_OUT, at, Actor(person=session.person, web_session=session.id))

    async def _live(self, token: str, at: datetime) -> WebSession | None:
        if not tokens.looks_like_token(token):
            return None
        session = await WebSession.objects().where(WebSession.token_hash == tokens.token_hash(token)).first()
        if session is None or session.ended_at is not None:
            return None
        return session if self._is_live(session.last_used_at, session.created_at, at) else None

    def _is_live(self, last_used: datetime, begun: datetime, at: datetime) -> bool:
        return at - last_used < self._idle and at - begun < self._longest


_CURRENT = """
    SELECT s.id, s.person, s.last_used_at, s.created_at, p.practice, p.name, p.language, p.manager, p.password_once
    FROM web_session s JOIN person p ON p.id = s.person
    WHERE s.token_hash = ? AND s.ended_at IS NULL AND p.ended_at IS NULL
"""


async def end_sessions(person: UUID, at: datetime, keep: UUID | None = None) -> None:
    """End all of a person's browser sessions, but for the one to `keep`."""
    ending = (WebSession.person == person) & WebSession.ended_at.is_null()
    if keep is not None:
        ending = ending & (WebSession.id != keep)
    await WebSession.update({WebSession.ended_at: at}).where(ending)


def csrf_matches(session: CurrentSession, given: str) -> bool:
    """Whether a form or header carries the session's token, in constant time."""
    return secrets.compare_digest(session.csrf.encode(), given.encode())


def _lenient_username(username: str) -> str:
    try:
        return clean_username(username)
    except Refused:
        return ""


async def _known(person: Person | None, browser: str, address: str) -> tuple[bool, bool]:
    """Whether a person has signed in before with this browser, and from this address."""
    if person is None:
        return False, False
    own = WebSession.person == person.id
    by_browser = tokens.looks_like_token(browser) and await WebSession.exists().where(
        own & (WebSession.browser_hash == tokens.token_hash(browser))
    )
    by_address = await WebSession.exists().where(own & (WebSession.origin_hash == _origin_hash(person.id, address)))
    return bool(by_browser), bool(by_address)


def _origin_hash(person: UUID, address: str) -> str:
    """An address as it is kept: to be recognised, not to be read."""
    return sha256(f"intersession sign-in {person} {address}".encode()).hexdigest()


def _too_many(wait: float) -> str:
    return say(
        "Too many wrong passwords from here. Try again in %(minutes)s min, or use a browser in which you have signed in"
        " before.",
        minutes=max(1, round(wait / 60)),
    )
