"""What the server's commands print: columns by what a screen shows, and nothing that a terminal would do."""

from __future__ import annotations

import io
import sys

import pytest

from intersession_server.operator import terminal

HEAD = ("id", "name", "care team")
ID = "3f2b8f0e-6c1d-4c5e-9d0a-0000000000"
ROWS = [
    (f"{ID}01", "山田 太郎", "Ann (primary)"),
    (f"{ID}02", "Zoe\u0308 👩‍👩‍👧", "[red]Ann[/red] :smile: (primary), Somebody Else (covering)"),
    (f"{ID}03", "Jo", ""),
]


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        return True


def test_columns_are_as_wide_as_what_is_in_them_looks() -> None:
    assert terminal.table(HEAD, ROWS) == [
        "id                                    name       care team",
        f"{ID}01  山田 太郎  Ann (primary)",
        f"{ID}02  Zoe\u0308 👩‍👩‍👧     [red]Ann[/red] :smile: (primary), Somebody Else (covering)",
        f"{ID}03  Jo",
    ]


def test_what_is_no_terminal_gets_whole_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    long = " ".join(["word"] * 5_000)
    assert terminal.table(("a", "b"), [("x", long)]) == ["a  b", f"x  {long}"]
    assert terminal.table(HEAD, []) == ["id  name  care team"]


@pytest.mark.parametrize("width", [20, 70, 80, 100, 200])
def test_a_narrow_screen_cuts_no_id(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setattr(sys, "stdout", Screen())
    monkeypatch.setenv("COLUMNS", str(width))
    lines = terminal.table(HEAD, ROWS)
    assert [line.split()[0] for line in lines if line.startswith(ID)] == [row[0] for row in ROWS]
    assert (len(lines) > 4) is (width in (70, 80, 100))
    assert set("".join(ROWS[1][2].split())) <= set("".join(lines))


def test_a_cell_is_one_line_and_moves_no_terminal() -> None:
    assert terminal.table(("a", "b"), [("x\ny\t\r", "\x1b[2J\x9b")]) == [
        "a               b",
        "x\\x0ay\\x09\\x0d  \\x1b[2J\\x9b",
    ]


def test_a_terminal_is_given_no_control_character(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    terminal.say(["red \x1b[31m", terminal.json_text("\x1b\x7f\x9b", screen)])
    assert screen.getvalue() == 'red \\x1b[31m\n"\\u001b\\u007f\\u009b"\n'


def test_a_pipe_is_given_what_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stdout", pipe)
    terminal.say(["red \x1b[31m", terminal.json_text("\x9b", pipe)])
    assert pipe.getvalue() == 'red \x1b[31m\n"\x9b"\n'
