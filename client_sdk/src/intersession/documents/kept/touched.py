"""Which rows were written since they were read: told by the rows themselves, whoever writes them and in whatever way.

SQLite calls back from triggers, so nobody who writes has to think of what others keep in memory. They are made when the
first of these asks, and are no part of the file. What a transaction wrote that is undone counts as written once more.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from intersession.errors import IntersessionError
from intersession.store.watch import TransactionWatch

if TYPE_CHECKING:
    from intersession.store.store import Store

ALL, DOCUMENT, MOVED, CHANGE, LOG = range(5)
"""What was touched: everything; a document or its row, by its position; where the document is (likewise); a change, by
its document and its own position; a symptom log that stands, by its scope and id."""

Listener = Callable[[int, object, object], None]

_FUNCTION = "intersession_touched"
_DOCUMENT = ("id", "kind", "erased", "arrived_at", "author", "latest")
_PLACE = ("stream", "wish")
_CHANGE = ("seq", "author", "received_at", "made_at", "set_aside", "applied")
_STREAM = ("id", "audience", "role", "client")


def _trigger(table: str, event: str, called: str, when: str = "") -> str:
    name = f"touched_{table}_{''.join(letter if letter.isalpha() else '_' for letter in event)}"
    return (
        f"CREATE TEMP TRIGGER IF NOT EXISTS {name} AFTER {event} ON main.{table}{when}"
        f" BEGIN SELECT {_FUNCTION}({called}); END"
    )


def _differs(columns: tuple[str, ...]) -> str:
    return f" WHEN {' OR '.join(f'OLD.{column} IS NOT NEW.{column}' for column in columns)}"


def _of_rows(table: str) -> list[str]:
    """Rows of a table that is written from what documents say."""
    return [
        _trigger(table, "INSERT", f"{DOCUMENT}, NEW.document, NULL"),
        _trigger(table, "UPDATE", f"{DOCUMENT}, NEW.document, NULL"),
        _trigger(table, "DELETE", f"{DOCUMENT}, OLD.document, NULL"),
    ]


TRIGGERS = (
    *_of_rows("records"),
    *_of_rows("entries"),
    _trigger("documents", f"UPDATE OF {', '.join(_DOCUMENT)}", f"{DOCUMENT}, NEW.position, NULL", _differs(_DOCUMENT)),
    _trigger("documents", f"UPDATE OF {', '.join(_PLACE)}", f"{MOVED}, NEW.position, NULL", _differs(_PLACE)),
    _trigger("documents", "DELETE", f"{DOCUMENT}, OLD.position, NULL"),
    _trigger("changes", "INSERT", f"{CHANGE}, NEW.document, NEW.position"),
    _trigger("changes", f"UPDATE OF {', '.join(_CHANGE)}", f"{CHANGE}, NEW.document, NEW.position", _differs(_CHANGE)),
    _trigger("changes", "DELETE", f"{CHANGE}, OLD.document, OLD.position"),
    _trigger("symptoms_standing", "INSERT", f"{LOG}, NEW.scope, NEW.log"),
    _trigger("symptoms_standing", "UPDATE", f"{LOG}, NEW.scope, NEW.log"),
    _trigger("symptoms_standing", "DELETE", f"{LOG}, OLD.scope, OLD.log"),
    _trigger("streams", "INSERT", f"{ALL}, NULL, NULL"),
    _trigger("streams", f"UPDATE OF {', '.join(_STREAM)}", f"{ALL}, NULL, NULL", _differs(_STREAM)),
    _trigger("streams", "DELETE", f"{ALL}, NULL, NULL"),
    _trigger("meta", "INSERT", f"{ALL}, NULL, NULL", " WHEN NEW.name = 'pairing'"),
    _trigger("meta", "UPDATE", f"{ALL}, NULL, NULL", " WHEN NEW.name = 'pairing'"),
    _trigger("meta", "DELETE", f"{ALL}, NULL, NULL", " WHEN OLD.name = 'pairing'"),
)


MOST_UNDONE = 1_000
"""Of more rows than that of a transaction it is not noted which they were."""


class TouchedRows(TransactionWatch):
    """Tells those who keep something which rows were written."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._listeners: list[Listener] = []
        self._since: list[tuple[int, object, object]] | None = None
        """What was written since the transaction began; None: that is not known."""
        self._made = False
        store.watch(self, _FUNCTION, 3, self._note)
        self._make()
        if not store.in_transaction:
            self._since = []

    def _make(self) -> None:
        for sql in TRIGGERS:
            self._store.run(sql)
        self._made = True

    def listen(self, listener: Listener) -> None:
        """Have it called for each row that is written from now on."""
        self._listeners.append(listener)

    def begins(self) -> None:
        self._since = []
        if not self._made:
            self._make()

    def undone(self) -> None:
        """What was read meanwhile never was: of all that was written, it is read again."""
        since = [(ALL, None, None)] if self._since is None else self._since
        for what, first, second in since:
            self._tell(what, first, second)
        self._made = False
        with suppress(IntersessionError):  # where that fails, the next transaction begins with it
            self._make()  # they may have been made in that transaction

    def _note(self, what: int, first: object, second: object) -> None:
        if self._since is not None:
            self._since.append((what, first, second))
            if len(self._since) > MOST_UNDONE:
                self._since = None
        self._tell(what, first, second)

    def _tell(self, what: int, first: object, second: object) -> None:
        for listener in self._listeners:
            listener(what, first, second)
