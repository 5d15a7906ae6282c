"""Files of known programs, by their headers. Pure.

Where the columns are known from is said in docs/how-to/import-a-spreadsheet.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from intersession.importing.survey import words
from intersession_schemas.documents.diary.symptoms import Number

DAYLIO_MOODS: dict[str, Number] = {"rad": 5, "good": 4, "meh": 3, "bad": 2, "awful": 1}
_FORMS_TIMESTAMPS = words("timestamp zeitstempel horodateur tijdstempel tidsstempel tidstämpel aikaleima") | {
    "marca temporal",
    "informazioni cronologiche",
    "carimbo de data/hora",
    "sygnatura czasowa",
}

TIME_HEADERS = _FORMS_TIMESTAMPS | words(
    "time date datetime when day at zeit datum zeitpunkt uhrzeit tag moment date_time fecha hora heure data tijd"
)
NAME_HEADERS = words(
    "symptom symptoms item variable name measure metric question tracker parameter merkmal frage skala was item_name "
    "symptom_name symptôme síntoma sintomo"
)
VALUE_HEADERS = words(
    "value wert score rating amount answer response level severity intensity intensität stärke antwort bewertung "
    "punkte valeur valor valore waarde"
)
NOTE_HEADERS = words(
    "note notes comment comments remark remarks notiz notizen kommentar kommentare bemerkung bemerkungen anmerkung "
    "anmerkungen remarque remarques commentaire nota notas comentario comentarios commento opmerking opmerkingen "
    "notatka notatki uwagi anteckning anteckningar poznámka 備考 メモ"
)


class Known(Struct, frozen=True, kw_only=True):
    """How a program's files are read."""

    source: str
    time: tuple[str, ...]
    columns: tuple[str, ...] | None = None
    scale: tuple[Number, Number] | None = None
    words: dict[str, Number] = {}
    note: tuple[str, ...] | None = None
    name_column: str | None = None
    value_column: str | None = None
    group_column: str | None = None
    """Where a row of the long layout has no name of its own, this column's text is it."""


def known(columns: Sequence[str]) -> Known | None:
    """The program whose files have this header; None for no known one."""
    by_key = {name.casefold(): name for name in columns}

    def named(*keys: str) -> tuple[str, ...]:
        return tuple(by_key[key] for key in keys if key in by_key)

    if {"weekday", "time", "mood", "activities"} <= by_key.keys():
        day = named("full_date") or (named("date", "year") if "year" in by_key else named("date"))
        return Known(
            source="daylio",
            time=(*day, by_key["time"]),
            columns=(by_key["mood"],),
            scale=(1, 5),
            words=DAYLIO_MOODS,
            note=named("note_title", "note"),
        )
    if {"category", "rating/amount", "detail"} <= by_key.keys():
        day = named("date formatted") or named("date")
        return Known(
            source="bearable",
            time=(*day, *named("time of day")),
            note=named("notes"),
            name_column=by_key["detail"],
            value_column=by_key["rating/amount"],
            group_column=by_key["category"],
        )
    if columns and columns[0].casefold() in _FORMS_TIMESTAMPS:
        return Known(source="google-forms", time=(columns[0],))
    return None
