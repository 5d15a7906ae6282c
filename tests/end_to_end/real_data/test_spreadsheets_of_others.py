"""Spreadsheets of three common writers in eight locales come back equal, or are asked about and then equal."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import openpyxl  # type: ignore[import-untyped]
import pandas as pd  # type: ignore[import-untyped]
import pytest
from msgspec.structs import replace

from intersession.importing.choices import Choices
from intersession.importing.importer import zone_called
from intersession.importing.reading import RowReader
from intersession.importing.understanding import Understood, understand

SHEETS = 2_000
PORTIONS = 20


Rows = list[tuple[datetime, dict[str, float], str]]


class Locale(NamedTuple):
    zone: str
    order: Any
    days: Sequence[str]  # strftime patterns, the likeliest first
    clocks: Sequence[str]
    delimiters: str
    decimal: Any
    thousands: str
    encodings: Sequence[str]
    time: str
    symptoms: Sequence[str]
    note: str
    words: Sequence[str]


LOCALES = {
    "en_US": Locale(
        "America/New_York", "mdy", ("%m/%d/%Y", "%m-%d-%Y", "%b %d, %Y"), ("%I:%M %p", "%I:%M:%S %p", "%H:%M"), ",\t|",
        ".", ",", ("utf-8", "utf-8-sig", "cp1252", "utf-16"), "Date", ("worry", "hours slept, in bed", "pain"), "Notes",
        ("slept badly", 'said "no"', "walked, then rested", "don’t know"),
    ),
    "en_GB": Locale(
        "Europe/London", "dmy", ("%d/%m/%Y", "%d %B %Y", "%d-%m-%Y"), ("%H:%M", "%H:%M:%S"), ",;\t",
        ".", ",", ("utf-8", "cp1252", "utf-8-sig"), "When", ("Worry", "Sleep; quality", "Café visits"), "Comment",
        ("a £5 walk", "tea, twice", "nothing more to say"),
    ),
    "de_DE": Locale(
        "Europe/Berlin", "dmy", ("%d.%m.%Y", "%d. MONTH %Y", "%Y-%m-%d"), ("%H:%M", "%H:%M Uhr", "%H:%M:%S"), ";;\t",
        ",", ".", ("cp1252", "utf-8-sig", "utf-8", "utf-16"), "Zeitpunkt",
        ("Sorge", "Müdigkeit", "Schlaf (h)"), "Notiz",
        ("schlecht geschlafen", "müde; trotzdem draußen", 'sagte „nein"'),
    ),
    "fr_FR": Locale(
        "Europe/Paris", "dmy", ("%d/%m/%Y", "%Y-%m-%d"), ("%Hh%M", "%H:%M"), ";\t",
        ",", "\u202f", ("utf-8", "utf-8-sig", "cp1252"), "Date", ("Anxiété", "Forêt", "Sommeil"), "Remarques",
        ("mal dormi", "très fatiguée, çà et là", "l'après-midi"),
    ),
    "es_MX": Locale(
        "America/Mexico_City", "dmy", ("%d/%m/%Y", "%d-%m-%Y"), ("%I:%M a. m.", "%H:%M"), ",;",
        ".", ",", ("utf-8", "cp1252", "utf-8-sig"), "Fecha", ("Ansiedad", "Sueño", "¿Dolor?"), "Comentarios",
        ("dormí mal", "mañana, quizás", "sin más"),
    ),
    "pl_PL": Locale(
        "Europe/Warsaw", "dmy", ("%d.%m.%Y", "%Y-%m-%d"), ("%H:%M",), ";\t",
        ",", "\u00a0", ("cp1250", "utf-8", "utf-8-sig"), "Data", ("Zmęczenie", "Lęk", "Sen"), "Notatka",
        ("źle spałem", "bez zmian"),
    ),
    "sv_SE": Locale(
        "Europe/Stockholm", "ymd", ("%Y-%m-%d", "%y-%m-%d"), ("%H:%M", "%H.%M"), ";\t",
        ",", "\u00a0", ("utf-8", "cp1252", "utf-16"), "Tid", ("Oro", "Sömn", "Trötthet"), "Note",
        ("sov dåligt", "på väg ut"),
    ),
    "ja_JP": Locale(
        "Asia/Tokyo", "ymd", ("%Y/%m/%d", "%Y年%m月%d日"), ("%H:%M", "%H:%M:%S"), ",\t",
        ".", ",", ("utf-8", "utf-8-sig", "utf-16"), "日時", ("不安", "睡眠", "痛み"), "note",
        ("よく眠れなかった。 散歩をした", "特に なし と思う"),
    ),
}  # fmt: skip
GERMAN_MONTHS = "Januar,Februar,März,April,Mai,Juni,Juli,August,September,Oktober,November,Dezember"
MONTHS = tuple(GERMAN_MONTHS.split(","))


class Sheet(NamedTuple):
    """What was meant, how it was written, and what a person would answer about it."""

    data: bytes
    rows: Rows
    answers: dict[str, Any]
    how: str


def rows_of(chance: random.Random, locale: Locale) -> Rows:
    """Truth: a few weeks of answers, all at different times by day."""
    at = datetime(2026, chance.randint(1, 12), chance.randint(1, 28), tzinfo=ZoneInfo(locale.zone))
    kinds = [chance.choice(("scale", "scale", "half", "exact", "thousand")) for _ in locale.symptoms]
    found = []
    for _ in range(chance.randint(1, 25)):
        at = at.replace(hour=chance.randint(7, 22), minute=chance.randint(0, 59)) + timedelta(days=chance.randint(1, 3))
        values = {
            name: number(chance, kind)
            for name, kind in zip(locale.symptoms, kinds, strict=True)
            if chance.random() > 0.1
        }
        note = chance.choice(locale.words) if chance.random() < 0.4 else ""
        if note and chance.random() < 0.1:
            note += "\n" + chance.choice(locale.words)
        found.append((at, values, note if values else ""))
    return found


def number(chance: random.Random, kind: str) -> float:
    match kind:
        case "half":
            return chance.randint(0, 20) / 2
        case "exact":
            return round(chance.uniform(0, 12), chance.choice((1, 2, 3)))
        case "thousand":
            return chance.randint(0, 9_000)
    return chance.randint(0, 10)


def moment(at: datetime, day: str, clock: str) -> str:
    half = "a. m." if at.hour < 12 else "p. m."
    pattern = f"{day} {clock}".strip().replace("MONTH", MONTHS[at.month - 1]).replace("a. m.", half)
    return at.strftime(pattern)


def spelled(value: float, locale: Locale, *, grouped: bool) -> str:
    text = f"{value:,}" if grouped else str(value)
    return text.translate({ord(","): locale.thousands, ord("."): locale.decimal})


def texts(sheet: list, locale: Locale, chance: random.Random, answers: dict[str, Any]) -> list[list[str]]:
    """Cells as people type them, in their locale."""
    day, clock = chance.choice((locale.days[0], *locale.days)), chance.choice(locale.clocks)
    if chance.random() < 0.1:
        clock = ""
        answers["time_of_day"] = time(20)
    grouped, nothing = chance.random() < 0.4, chance.choice(("", "", "NA", "-", "n/a"))
    return [
        [
            moment(at, day, clock),
            *(
                spelled(values[name], locale, grouped=grouped) if name in values else nothing
                for name in locale.symptoms
            ),
            note,
        ]
        for at, values, note in sheet
    ]


def by_csv(sheet: list, locale: Locale, chance: random.Random, answers: dict[str, Any]) -> str:
    """The csv module, with its dialects and quoting."""
    out = io.StringIO(newline="")
    delimiter = chance.choice(locale.delimiters)
    quoting: Any = chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC))
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=chance.choice(("\r\n", "\n", "\r\n")))
    if chance.random() < 0.1:
        out.write(f"sep={delimiter}\r\n")
    writer.writerow([locale.time, *locale.symptoms, locale.note])
    writer.writerows(texts(sheet, locale, chance, answers))
    return out.getvalue()


def by_pandas(sheet: list, locale: Locale, chance: random.Random, answers: dict[str, Any]) -> str:
    """pandas' `to_csv`: real timestamps and floats, with its own spelling of both, and sometimes its index."""
    aware = chance.random() < 0.5
    moments = [at if aware else at.replace(tzinfo=None) for at, _, _ in sheet]
    frame = pd.DataFrame(
        {
            locale.time: pd.to_datetime([at.isoformat() for at in moments], utc=True if aware else None),
            **{name: [values.get(name, float("nan")) for _, values, _ in sheet] for name in locale.symptoms},
            locale.note: [note for _, _, note in sheet],
        }
    )
    day_first = f"{locale.days[0]} %H:%M"
    return str(
        frame.to_csv(
            index=chance.random() < 0.3,
            sep=chance.choice(locale.delimiters),
            decimal=locale.decimal,
            na_rep=chance.choice(("", "NA", "nan")),
            date_format=None if aware or "MONTH" in day_first else chance.choice((None, day_first)),
            quoting=chance.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC)),
            lineterminator=chance.choice(("\n", "\r\n")),
        )
    )


def by_openpyxl(sheet: list, locale: Locale, chance: random.Random, answers: dict[str, Any]) -> str:
    """A workbook that is saved, loaded and written row by row, as scripts on the web do it."""
    book = openpyxl.Workbook()
    page = book.active
    page.append([locale.time, *locale.symptoms, locale.note])
    serial = chance.random() < 0.15
    for at, values, note in sheet:
        wall = at.replace(tzinfo=None)
        if serial:
            answers["date_order"] = "excel"
            when: object = openpyxl.utils.datetime.to_excel(wall)
        else:
            when = wall
        page.append([when, *(values.get(name) for name in locale.symptoms), note or None])
    file = io.BytesIO()
    book.save(file)
    loaded = openpyxl.load_workbook(io.BytesIO(file.getvalue())).active
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=chance.choice(locale.delimiters))
    for row in loaded.iter_rows(values_only=True):
        writer.writerow(["" if value is None else value for value in row])
    return out.getvalue()


WRITERS: tuple[Callable[..., str], ...] = (by_csv, by_pandas, by_openpyxl)


def sheet_of(seed: int) -> Sheet:
    chance = random.Random(seed)
    name = chance.choice(list(LOCALES))
    locale, writer = LOCALES[name], WRITERS[seed % len(WRITERS)]
    rows = rows_of(chance, locale)
    answers: dict[str, Any] = {"zone": locale.zone, "date_order": locale.order, "decimal": locale.decimal}
    answers |= {"layout": "wide", "time": (locale.time,)}
    text = writer(rows, locale, chance, answers)
    if writer is by_openpyxl:
        answers["decimal"] = "."
    encoding = chance.choice(locale.encodings)
    if encoding.startswith("cp"):
        text = text.replace("\u202f", "\u00a0")  # as programs do that write such a file
    answers["encoding"] = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    if "time_of_day" in answers:
        rows = [(at.replace(hour=20, minute=0), values, note) for at, values, note in rows]
    return Sheet(text.encode(encoding), rows, answers, f"sheet {seed}: {writer.__name__}, {name}, {encoding}")


def answered(sheet: Sheet) -> tuple[Understood, int]:
    """What is understood when every question is answered, and how many there were."""
    given, asked = Choices(), 0
    while True:
        found = understand(sheet.data, given, lambda _: None, zone_called)
        if not found.plan.ambiguous:
            return found, asked
        unclear = found.plan.ambiguous[0]
        assert getattr(given, unclear.option) is None, f"{sheet.how}: {unclear.option} is asked again"
        assert unclear.option in sheet.answers, f"{sheet.how}: {unclear}"
        given, asked = replace(given, **{unclear.option: sheet.answers[unclear.option]}), asked + 1


def came_back(found: Understood) -> Rows:
    reader = RowReader(found.table, found.recipe, zone_called)
    logs = [one for there in reader.by_moment().values() for one in there]
    assert (reader.bad, [cell for cell in reader.cells if "not kept" not in cell.reason]) == ([], [])
    return [(one.at.astimezone(UTC), dict(zip(one.names, one.values, strict=True)), one.note) for one in logs]


def meant(sheet: Sheet) -> Rows:
    found: Rows = []
    for at, values, note in sheet.rows:
        row = (at.astimezone(UTC), values, note)
        if values and row not in found:
            found.append(row)
    return found


def by_time(rows: Rows) -> Rows:
    return sorted(rows, key=lambda row: (row[0], sorted(row[1].items()), row[2]))


@pytest.mark.parametrize("portion", range(PORTIONS))
def test_what_was_written_comes_back_or_is_asked_about(portion: int) -> None:
    questions = 0
    for seed in range(portion, SHEETS, PORTIONS):
        sheet = sheet_of(seed)
        if not meant(sheet):
            continue
        found, asked = answered(sheet)
        questions += asked
        assert by_time(came_back(found)) == by_time(meant(sheet)), sheet.how
    assert questions < 2.5 * SHEETS / PORTIONS
