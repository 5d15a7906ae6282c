"""What the columns of a table hold, counted cell by cell in one pass. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice

from msgspec import Struct

from intersession.importing.dates import Spelled, spelled
from intersession.importing.tables import Table
from intersession.inputs.numbers import is_answer, written
from intersession_schemas.documents.diary.symptoms import MAX_NAME, Number
from intersession_schemas.documents.names import MAX_NAMES, is_name, name_key, tidy_name
from intersession_schemas.errors import InvalidField

LARGE = 10_000
"""No scale that people answer on goes as far as that; phone numbers, ids, postal codes and timestamps do."""
MAX_ROWS = 500_000
"""Rows of a file, at most."""
_AT_ONCE = 5_000
_MOST_DISTINCT = 2 * MAX_NAMES


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


_ID_WORDS = words(
    "id ids uid uuid guid nr no num number nummer index idx row line zeile code person participant subject respondent "
    "patient client user proband teilnehmer device record year month day week hour minute second jahr monat tag woche "
    "kw stunde unix epoch timestamp lat lon version build"
)
_LAST_WORDS = words("id ids uid uuid guid")
_ANY_WORDS = words(
    "phone telephone telefon telefonnummer mobile handy handynummer fax plz zip zipcode postal postcode postleitzahl "
    "latitude longitude iban ssn"
)


class Column(Struct):
    """Counts of one column; `name` is tidy."""

    name: str
    filled: int = 0
    numbers: int = 0
    points: int = 0
    commas: int = 0
    open: int = 0
    large: int = 0
    padded: int = 0
    moments: int = 0
    days: int = 0
    clocks: int = 0
    bare: int = 0
    longest: int = 0
    units: dict[str, int] = {}
    distinct: dict[str, None] = {}

    def count(self, cell: str, times: int, meaning: Mapping[str, Number]) -> None:
        """Take a cell that says something, and is there so many times, into account."""
        self.filled += times
        self.longest = max(self.longest, len(cell))
        if len(self.distinct) < _MOST_DISTINCT and len(cell) <= 4 * MAX_NAME:
            self.distinct[cell] = None
        if meaning and name_key(cell) in meaning:
            self.numbers += times
            return
        number = written(cell)
        if number is None:
            self._count_moment(spelled(cell), times)
            return
        self.numbers += times
        self.points += times * (number.proves == ".")
        self.commas += times * (number.proves == ",")
        self.open += times * (number.proves == "?")
        if number.unit or self.units:
            self.units[number.unit] = self.units.get(number.unit, 0) + times
        if len(number.digits) > 1 and not number.proves:
            self.padded += times * (number.digits[0] == "0")
            if len(number.digits) >= 5:
                self.large += times
                self.bare += times * (spelled(cell) is not None)
        elif len(number.digits) >= 7:
            self.bare += times * (spelled(cell) is not None)

    def _count_moment(self, found: Spelled | None, times: int) -> None:
        if found is None:
            return
        self.moments += times * (found.clock is not None and found.numbers is not None)
        self.days += times * (found.clock is None)
        self.clocks += times * (found.numbers is None and found.clock is not None)

    @property
    def is_numeric(self) -> bool:
        """Whether at least half of what it holds are numbers."""
        return 2 * self.numbers >= self.filled

    @property
    def is_text(self) -> bool:
        """Whether it holds words: no numbers and no moments."""
        return self.filled > 0 and 2 * (self.numbers + self.moments + self.days + self.clocks) < self.filled

    @property
    def unit(self) -> str:
        """What stands behind most of its numbers."""
        if not self.units:
            return ""
        plain = self.numbers - sum(self.units.values()) + self.units.get("", 0)
        return max({**self.units, "": plain}.items(), key=lambda item: item[1])[0]

    def why_no_symptom(self) -> str | None:
        """Why the column is not imported unless it is asked for by name; None for one that is."""
        unfit = why_no_name(self.name)
        if not self.name:
            return "it has no name"
        if not self.filled:
            return "it holds no answers"
        if not self.is_numeric:
            if 2 * (self.moments + self.days + self.clocks) > self.filled:
                return "it holds times"
            return "most of its cells are not numbers"
        if 2 * self.large > self.filled or 2 * self.bare > self.filled:
            return "its numbers are too large for a scale; name it in columns to import it"
        if self.padded and 4 * self.padded >= self.filled:
            return "its numbers begin with 0, like codes; name it in columns to import it"
        if len(self.distinct) == 1 and self.filled > 2 and len(next(iter(self.distinct))) >= 4 and not self.units:
            return "it is the same long number in every row; name it in columns to import it"
        if _is_id(self.name):
            return "its name suggests an id or a count; name it in columns to import it"
        return unfit


def why_no_name(name: str) -> str | None:
    """Why a column cannot be called like that as a symptom."""
    if len(name) > MAX_NAME:
        return f"its name has {len(name)} characters and a symptom's at most {MAX_NAME}; give it another in names"
    if not is_name(name):
        return "its name holds characters that cannot be printed; give it another in names"
    return None


def _is_id(name: str) -> bool:
    words = words_of(name)
    return bool(words) and (_ID_WORDS.issuperset(words) or words[-1] in _LAST_WORDS or not _ANY_WORDS.isdisjoint(words))


def words_of(name: str) -> list[str]:
    """The words of a header, in lower case: `personId` and `person_id` are two."""
    parted = re.sub(r"(?<=[a-zäöü])(?=[A-ZÄÖÜ])", " ", name)
    return [word for word in re.split(r"[\W_]+", parted.casefold()) if word]


def survey(table: Table, meaning: Mapping[str, Number], most: int | None = None) -> tuple[list[Column], int]:
    """Every column's counts, and how many rows there are; of the first `most` rows, if that is given."""
    columns = [Column(tidy_name(name)) for name in table.columns]
    found, rows = islice(table.rows(), most), 0
    while portion := list(islice(found, _AT_ONCE)):
        rows += len(portion)
        if rows > MAX_ROWS:
            raise InvalidField(f"The file has more than {MAX_ROWS:,} rows. Import it in parts.")
        whole = [cells for _, cells in portion if not isinstance(cells, str)]
        for column, cells in zip(columns, zip(*whole, strict=True), strict=False):  # answers repeat themselves
            for cell, times in Counter(cells).items():
                if cell and is_answer(cell):
                    column.count(cell, times, meaning)
    return columns, rows


def when(cells: Sequence[str], at: Sequence[int]) -> Spelled | None:
    """The moment that the cells at some places spell together; None for none."""
    if len(at) == 1:
        return spelled(cells[at[0]])
    parts = [cells[place] for place in at if cells[place] and is_answer(cells[place])]
    whole = spelled(" ".join(parts))
    if whole is not None or not parts:
        return whole
    found = [one for one in map(spelled, parts) if one is not None]
    day = next((one for one in found if one.clock is None), None)
    clock = next((one for one in found if one.numbers is None and one.clock is not None), None)
    if day is None or clock is None:
        return day
    return day._replace(clock=clock.clock, offset=clock.offset, zone=clock.zone)
