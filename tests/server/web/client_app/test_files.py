"""Which file of the app answers, and in which encoding."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.server.web.client_app.standin import FILES, SCRIPT, WASM, build

from intersession_server.web.app.files import BuiltApp, is_known, read_app


@pytest.fixture
def app(tmp_path: Path) -> BuiltApp:
    return read_app(build(tmp_path))


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.0, gzip;q=0", "identity"),
        ("br;q=much", "identity"),
        ("brotli", "identity"),
        ("*", "identity"),
        ("", "identity"),
    ],
)
def test_the_best_encoding_that_is_accepted(app: BuiltApp, accepted: str, encoding: str) -> None:
    chosen, body = app.files[SCRIPT].chosen(accepted)
    assert chosen == encoding
    assert body.content == FILES[SCRIPT + {"br": ".br", "gzip": ".gz"}.get(encoding, "")]


def test_each_encoding_has_a_mark_of_its_own(app: BuiltApp) -> None:
    assert len({body.etag for body in app.files[SCRIPT].bodies.values()}) == 3


def test_only_what_names_its_content_is_kept_for_ever(app: BuiltApp) -> None:
    assert {name for name, file in app.files.items() if "immutable" in file.cache_control} == {SCRIPT, WASM}
    assert all(file.cache_control == "no-cache" for name, file in app.files.items() if name not in (SCRIPT, WASM))


def test_neither_compressed_files_nor_unknown_kinds_have_an_address(app: BuiltApp) -> None:
    assert set(app.files) == {name for name in FILES if not name.endswith((".gz", ".br", ".map")) and name != "stamp"}


def test_screens_are_the_page_and_files_are_files(app: BuiltApp) -> None:
    page = app.files["index.html"]
    for screen in ("", "pair", "journal/0b7c", "homework/"):
        assert app.at(screen) is page, screen
    assert app.at("icons/icon-maskable.png") is app.files["icons/icon-maskable.png"]
    for gone in ("main-HIJKLMN2.js", "../index.html", "x/..", "..", "index.html.br", "journal/a.b"):
        assert app.at(gone) is None, gone


@pytest.mark.parametrize(
    ("given", "known"),
    [('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ("", False), ('"b"', False), ("a", False)],
)
def test_what_a_browser_has(given: str, known: bool) -> None:
    assert is_known('"a"', given) is known


@pytest.mark.parametrize(("note", "reason"), [(None, "not_built"), ("npm\n", "npm"), ("build", "build")])
def test_without_a_page_there_is_no_app(tmp_path: Path, note: str | None, reason: str) -> None:
    (tmp_path / "sw.js").write_bytes(b"")
    if note is not None:
        (tmp_path / "missing").write_text(note)
    assert read_app(tmp_path) == BuiltApp({}, reason)
