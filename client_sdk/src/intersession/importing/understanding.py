"""What a file means: its encoding, its columns, its moments and numbers; and what has to be asked. Pure.

Whatever rows prove, or a spelling leaves no doubt about, is decided. Everything else becomes an `Unclear`, answered
by an option; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from intersession.importing import layouts
from intersession.importing.choices import Choices, completed, shape_of
from intersession.importing.chosen_table import Earlier, chosen_table
from intersession.importing.decoding import Decoded, decode, is_doubtful
from intersession.importing.known import TIME_HEADERS, known
from intersession.importing.models import ImportPlan, LeftOut, Unclear
from intersession.importing.moments import Evidence, Rules, Zones
from intersession.importing.reading import Recipe, Symptom, first_logs
from intersession.importing.survey import Column, survey, when, why_no_name
from intersession.importing.tables import Table, check_header, spelled_twice
from intersession.inputs.numbers import Decimal, is_answer
from intersession_schemas.documents.names import name_key, tidy_name
from intersession_schemas.errors import InvalidField

_ORDERS = ("dmy", "mdy", "ymd")


class Understood(Struct, frozen=True):
    """A plan, and what carries it out."""

    plan: ImportPlan
    table: Table
    recipe: Recipe
    shape: str


def understand(data: bytes, given: Choices, earlier: Earlier, zones: Zones) -> Understood:
    """Understand a file. Raises `InvalidField` for one that is no table, or lacks a column that was named."""
    decoded = decode(data, given.encoding)
    if not decoded.text.strip("\r\n \0"):
        raise InvalidField("The file has no header line that names its columns: it is empty.")
    table, rivals = chosen_table(decoded.text, given, earlier)
    check_header(table)
    shape = shape_of(table.columns)
    kept = earlier(shape)
    if kept is not None and kept.encoding is not None and given.encoding is None and decoded.guessed:
        return understand(data, replace(given, encoding=kept.encoding), earlier, zones)
    return _Understanding(decoded, table, completed(given, kept), zones, rivals).understood(shape, kept is not None)


class _Understanding:
    """The steps of understanding one table."""

    def __init__(self, decoded: Decoded, table: Table, choices: Choices, zones: Zones, rivals: Sequence[str]) -> None:
        self._decoded, self._table, self._choices, self._zones = decoded, table, choices, zones
        self._unclear: list[Unclear] = []
        if rivals:
            self._ask("delimiter", "More than one delimiter would fit its rows.", rivals)
        if choices.zone is not None and zones(choices.zone) is None:
            raise InvalidField(f"There is no time zone {choices.zone!r}. Give one like Europe/Berlin.")
        self._places = {tidy_name(name): place for place, name in enumerate(table.columns) if name}
        self._known = known(list(self._places))
        words = choices.words if choices.words is not None else self._known.words if self._known else {}
        self._words = {name_key(word): value for word, value in words.items()}
        self._columns, self._rows = survey(table, self._words)

    def understood(self, shape: str, remembered: bool) -> Understood:
        """The plan, and the recipe by which rows are read."""
        only = self._choices.only
        only_place = self._place(only[0]) if only is not None else None
        time = self._time()
        evidence = self._evidence(time)
        layout = self._layout(time)
        note = self._note(time, layout)
        rules = self._rules(time, evidence)
        taken = {*time, *note, *(one for one in (layout.name_column, layout.value_column, layout.group_column) if one)}
        taken |= {only[0]} if only is not None else set()
        symptoms, left_out = self._symptoms(layout, taken)
        scale = self._choices.scale or (self._known.scale if self._known is not None else None)
        recipe = Recipe(
            time=tuple(self._place(name) for name in time),
            only=(only_place, name_key(only[1])) if only is not None and only_place is not None else None,
            symptoms=tuple(symptoms),
            name=self._optional_place(layout.name_column),
            group=self._optional_place(layout.group_column),
            note=tuple(self._place(name) for name in note),
            rules=rules,
            scale=scale,
            words=self._words,
        )
        self._check_encoding(symptoms, note, layout.name_column)
        plan = ImportPlan(
            rows=self._rows,
            time=time,
            columns=tuple(one.column for one in symptoms) if layout.kind == "wide" else (layout.value_column or "",),
            left_out=tuple(left_out),
            ambiguous=tuple(self._unclear),
            first_rows=tuple(first_logs(self._table, recipe, self._zones)) if time else (),
            encoding=self._decoded.encoding,
            delimiter=self._table.delimiter,
            header_line=self._table.header_line,
            layout=layout.kind,
            names={one.column: one.name for one in symptoms if one.name != one.column and layout.kind == "wide"},
            only=only,
            scale=scale,
            zone=rules.zone,
            date_order=rules.order,
            time_of_day=rules.time_of_day,
            decimal=self._choices.decimal or _one_of({one.decimal for one in symptoms}),
            name_column=layout.name_column,
            value_column=layout.value_column,
            note=note,
            words=dict(self._words),
            units={one.column: one.unit for one in symptoms if one.unit},
            source=self._known.source if self._known is not None else None,
            remembered=remembered,
        )
        return Understood(plan, self._table, recipe, shape)

    # -- columns -------------------------------------------------------------------------------------------------------

    def _place(self, name: str) -> int:
        """Where a column is. Raises `InvalidField` unless the file has it."""
        place = self._places.get(tidy_name(name))
        if place is None:
            shown = ", ".join(list(self._places)[:20])
            raise InvalidField(f"The file has no column {name!r}. It has: {shown}.")
        return place

    def _optional_place(self, name: str | None) -> int | None:
        return None if name is None else self._place(name)

    def _column(self, name: str) -> Column:
        return self._columns[self._place(name)]

    def _ask(self, option: str, question: str, choices: Sequence[str] = ()) -> None:
        self._unclear.append(Unclear(option, question, tuple(choices)))

    # -- moments -------------------------------------------------------------------------------------------------------

    def _time(self) -> tuple[str, ...]:
        """The columns that say when."""
        given = self._choices.time or (self._known.time if self._known is not None else None)
        if given is not None:
            return tuple(self._columns[self._place(name)].name for name in given)
        filled = [column for column in self._columns if column.name and column.filled]
        whole = [one for one in filled if one.moments and 2 * (one.moments + one.days) >= one.filled]
        days = [one for one in filled if not one.moments and one.days and 2 * one.days >= one.filled]
        clocks = [one for one in filled if one.clocks and 2 * one.clocks >= one.filled]
        bare = [one for one in filled if 2 * one.bare > one.filled and one.name.casefold() in TIME_HEADERS]
        if len(whole) == 1:
            return (whole[0].name,)
        if not whole and len(days) == 1 and len(clocks) <= 1:
            return tuple(one.name for one in (*days, *clocks))
        if not whole and not days and len(bare) == 1:
            return (bare[0].name,)
        if len(self._columns) == 1 and self._choices.delimiter is None:
            self._ask(
                "delimiter", f"It has one column: {self._columns[0].name[:60]}. Which delimiter separates its cells?"
            )
            return ()
        found = [one.name for one in (whole or [*days, *clocks] or bare)]
        self._ask(
            "time",
            "Which column has the date or time?"
            if found
            else "No column contains dates and times. Which column has them?",
            found or list(self._places),
        )
        return ()

    def _evidence(self, time: Sequence[str]) -> Evidence:
        found = Evidence()
        places = [self._place(name) for name in time]
        if not places:
            return found
        for _, cells in self._table.rows():
            if isinstance(cells, str):
                continue
            moment = when(cells, places)
            if moment is not None:
                found.count(moment, self._zones)
        return found

    def _rules(self, time: Sequence[str], evidence: Evidence) -> Rules:
        """What is decided about moments; asks for what is not."""
        order = self._choices.date_order
        proven = evidence.order()
        if order is None and proven in ("dmy", "mdy"):
            order = proven
        elif order is None and proven == "?":
            self._ask_order(evidence)
        elif order is not None and evidence.contradicts(order):
            self._ask(
                "date_order",
                f"Its dates are not written as {order}: some numbers are too large for a month.",
                [one for one in _ORDERS if one != order],
            )
        zone, time_of_day = self._choices.zone, self._choices.time_of_day
        if zone is None and evidence.without_offset > evidence.with_offset:
            examples = f" ({', '.join(evidence.zone_examples)})" if evidence.zone_examples else ""
            what = (
                "name a zone that does not mean the same everywhere" if evidence.unknown_zones else "have no UTC offset"
            )
            self._ask("zone", f"Its times {what}{examples}. Whose time is it? Give a zone like Europe/Berlin.")
        if time_of_day is None and 2 * evidence.without_clock > evidence.moments:
            self._ask(
                "time_of_day",
                "Its rows have a date but no time of day. Which time should be used? Give one like 20:00.",
            )
        if time and not evidence.moments and self._rows and self._choices.time is None:
            self._ask(
                "time",
                f"{', '.join(time)} has no readable time. Which column has the date or time?",
                [name for name in self._places if name not in time],
            )
        return Rules(order, zone, time_of_day)

    def _ask_order(self, evidence: Evidence) -> None:
        if evidence.serials:
            self._ask("date_order", "Its times are numbers: are they Excel day numbers?", ("excel",))
        elif evidence.short:
            self._ask("date_order", "Its years have two digits. In what order are day, month and year?", _ORDERS)
        elif evidence.day_first and evidence.month_first:
            self._ask("date_order", "Some of its dates have the day first and some the month.", ("dmy", "mdy"))
        else:
            self._ask("date_order", "Do its dates have the day or the month first?", ("dmy", "mdy"))

    # -- layout, notes -------------------------------------------------------------------------------------------------

    def _layout(self, time: Sequence[str]) -> layouts.SheetShape:
        taken = {*time, *((self._choices.only or ("",))[0],)}
        free = [column for column in self._columns if column.name and column.name not in taken]
        for name in (self._choices.name_column, self._choices.value_column):
            if name is not None:
                self._place(name)
        found = layouts.layout(free, self._choices, self._known)
        if found.kind == "wide" and self._choices.layout is None and self._choices.columns is None and time:
            places = [self._place(name) for name in time]
            if layouts.looks_long(self._table, free, places):
                self._ask("layout", "Is each row one answer (with columns for symptom and value)?", ("long", "wide"))
        self._unclear += found.unclear
        return found

    def _note(self, time: Sequence[str], layout: layouts.SheetShape) -> tuple[str, ...]:
        given = self._choices.note
        if given is None and self._known is not None:
            given = self._known.note
        if given is not None:
            return tuple(self._columns[self._place(name)].name for name in given)
        taken = {*time, *(self._choices.columns or ()), layout.name_column, (self._choices.only or ("",))[0]}
        return tuple(column.name for column in self._columns if column.name not in taken and layouts.is_note(column))

    # -- symptoms ------------------------------------------------------------------------------------------------------

    def _symptoms(self, layout: layouts.SheetShape, taken: set[str]) -> tuple[list[Symptom], list[LeftOut]]:
        """The columns that are read, and why the others are not."""
        if layout.kind == "long":
            values = [] if layout.value_column is None else [layout.value_column]
            why = "its rows have separate columns for symptom and value"
            left_out = [
                LeftOut(column.name or f"column {place}", why)
                for place, column in enumerate(self._columns, start=1)
                if column.name not in taken
            ]
            return self._with_decimals([(name, name) for name in values]), left_out
        given = self._choices.columns
        if given is None and self._known is not None:
            given = self._known.columns
        return self._chosen(given, taken) if given is not None else self._found(taken)

    def _chosen(self, given: Sequence[str], taken: set[str]) -> tuple[list[Symptom], list[LeftOut]]:
        names = self._choices.names or {}
        read = [(self._column(name).name, tidy_name(names.get(name, name))) for name in given]
        for column, name in read:
            unfit = why_no_name(name)
            if unfit is not None:
                raise InvalidField(f"The column {column[:100]!r} cannot be imported: {unfit}.")
        chosen = {column for column, _ in read}
        for column in sorted(chosen):
            unread = self._unread_words(column)
            if unread:
                self._ask("words", f"{column} is answered in words. Which number is each?", unread)
        left_out = [
            LeftOut(column.name, "it is not among the columns that were chosen")
            for column in self._columns
            if column.name and column.name not in chosen and column.name not in taken
        ]
        return self._with_decimals(read), left_out

    def _unread_words(self, name: str) -> list[str]:
        """Words of which a known program's column is made, without a number."""
        column = self._column(name)
        if self._known is None or self._known.source != "daylio":
            return []
        return [word for word in column.distinct if name_key(word) not in self._words and not column.numbers][:20] or [
            word for word in column.distinct if self._words and name_key(word) not in self._words
        ][:20]

    def _found(self, taken: set[str]) -> tuple[list[Symptom], list[LeftOut]]:
        names = {tidy_name(column): tidy_name(name) for column, name in (self._choices.names or {}).items()}
        for named in names:
            self._place(named)
        twice = spelled_twice([names.get(one.name, one.name) for one in self._columns if one.name])
        read, left_out = [], []
        for place, column in enumerate(self._columns, start=1):
            if column.name in taken:
                continue
            name = names.get(column.name, column.name)
            why = replace_name(column, name).why_no_symptom() if column.name not in names else why_no_name(name)
            if why is None and name in twice:
                why = f"its name is another spelling of {twice[name]}"
            if why is None:
                read.append((column.name, name))
            elif column.name or column.filled:
                left_out.append(LeftOut(column.name or f"column {place}", why))
        return self._with_decimals(read), left_out

    def _with_decimals(self, read: Sequence[tuple[str, str]]) -> list[Symptom]:
        """With what their cells prove about the decimal sign; asks for what they leave open."""
        columns = [self._column(column) for column, _ in read]
        whole = _sign(sum(one.points for one in columns), sum(one.commas for one in columns))
        found, open_ = [], []
        for (name, called), column in zip(read, columns, strict=True):
            decimal = self._choices.decimal or _sign(column.points, column.commas) or whole
            if column.open and decimal is None:
                open_.append(name)
            found.append(Symptom(self._place(name), name, called, decimal, column.unit))
        if open_:
            self._ask(
                "decimal",
                f"{', '.join(open_[:5])}: is 1,234 (or 1.234) more than a thousand? What is the decimal separator?",
                (".", ","),
            )
        return found

    def _check_encoding(self, symptoms: Sequence[Symptom], note: Sequence[str], name_column: str | None) -> None:
        """Ask for the encoding where another one would give other words."""
        if not self._decoded.guessed:
            return
        unfit = [one.name for one in self._columns if one.filled and one.is_numeric and why_no_name(one.name)]
        texts = [*(one.name for one in symptoms), *unfit, (self._choices.only or ("", ""))[1]]
        places = [self._place(name) for name in (*note, *((name_column,) if name_column else ()))]
        doubtful = any(map(is_doubtful, texts))
        if places and not doubtful:
            rows = (cells for _, cells in self._table.rows() if not isinstance(cells, str))
            doubtful = any(is_doubtful(cells[place]) for cells in rows for place in places if is_answer(cells[place]))
        if doubtful:
            self._ask(
                "encoding",
                "It is not UTF-8 and does not state its encoding.",
                (
                    *("windows-1252", "windows-1250", "windows-1251", "windows-1253", "windows-1254", "mac-roman"),
                    *("shift_jis", "gb18030", "big5", "euc-kr"),
                ),
            )


def replace_name(column: Column, name: str) -> Column:
    """The same counts under another name."""
    return column if column.name == name else replace(column, name=name)


def _sign(points: int, commas: int) -> Decimal | None:
    if bool(points) == bool(commas):
        return None
    return "." if points else ","


def _one_of(found: set[Decimal | None]) -> Decimal | None:
    known_signs = found - {None}
    return known_signs.pop() if len(known_signs) == 1 else None
