from __future__ import annotations

import importlib.resources
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.server.web.practice import Practice
from tests.server.web.reading_pages import SCRIPTS, read

from intersession_server.projections import reading
from intersession_server.web import assets
from intersession_server.web.app import files, missing
from intersession_server.web.page import rendering

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/clients/00000000-0000-4000-8000-000000000000", 404),
        ("/clients/{}/timeline?kind=secrets", 400),
        ("/clients/{}/timeline?before=nonsense", 400),
    ],
)
async def test_what_cannot_be_shown_is_a_page_as_well(
    practice: Practice, noor: httpx.AsyncClient, path: str, status: int
) -> None:
    client = await practice.client("Alex")
    page = read(await noor.get(path.format(client.id)), status)
    assert "Back to your clients" in page.text
    assert "nonsense" not in page.text


async def test_a_failure_is_a_page_that_tells_nothing(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr(reading, "entries", broken)
    client = await practice.client("Alex")
    page = read(await noor.get(f"/clients/{client.id}"), 500)
    assert "Server error" in page.text
    assert "secret" not in page.text


async def test_every_page_is_sent_with_what_protects_it(practice: Practice, noor: httpx.AsyncClient) -> None:
    client = await practice.client("Alex")
    for path in ("/", f"/clients/{client.id}", "/sign-in", "/clients/none", "/fragments"):
        headers = (await noor.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")


async def test_without_what_npm_brings_pages_are_there_without_script(
    practice: Practice, noor: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await practice.client("Alex")
    assert "htmx" in (await noor.get(f"/clients/{client.id}")).text
    monkeypatch.setitem(rendering._environment.globals, "scripted", False)
    page = read(await noor.get(f"/clients/{client.id}"))
    assert "Live updates are off" in page.text
    assert not {url for tag, a in page.elements if tag == "script" and (url := a.get("src"))}


def test_a_server_that_was_built_without_npm_has_its_style_sheet(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "static" / "styles").mkdir(parents=True)
    (tmp_path / "static" / "styles" / "10.css").write_text("a {}")
    monkeypatch.setattr(importlib.resources, "files", lambda _: tmp_path)
    assert set(assets._read_all()) == {"style.css"}


def test_what_a_build_failed_at_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    assert missing.missing_parts() == []  # nobody tried
    failed = tmp_path / "failed"
    failed.mkdir()
    (failed / "missing").write_text("build")
    monkeypatch.setattr(files, "FOLDER", failed)
    monkeypatch.setattr(missing, "SCRIPTED", False)
    assert missing.missing_parts() == [("The scripts of the pages", "npm"), ("The client's app", "build")]


async def test_assets_are_public_kept_and_named_by_their_content(practice: Practice) -> None:
    async with practice.browser() as browser:
        form = read(await browser.get("/sign-in"))
        urls = [url for tag, a in form.elements if tag == "link" and (url := a.get("href"))]
        assert {url.split("?")[0] for url in urls} == {"/static/style.css", "/static/icon.svg"}
        for url in [*urls, *SCRIPTS]:
            answer = await browser.get(url)
            assert answer.status_code == 200
            assert "immutable" in answer.headers["cache-control"]
        for name in ("none.css", "..%2Fpages.py", "style.css%00"):
            assert (await browser.get(f"/static/{name}")).status_code == 404
