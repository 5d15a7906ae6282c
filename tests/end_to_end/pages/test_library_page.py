"""The library in a browser: found, copied, changed and used, by everybody, whatever is written in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from tests.end_to_end.pages.browsing import HOSTILE, accessible, opened
from tests.end_to_end.support.practice import Practice

from intersession_schemas.documents.care.templates import Template
from intersession_schemas.documents.forms import Field

pytestmark = pytest.mark.page


def test_a_copy_of_a_template_is_made_changed_and_on_every_therapists_device(
    browser: Browser, practice: Practice, therapist: str, tmp_path: Path
) -> None:
    title = f"Our worry time {therapist}"
    with opened(browser, practice, therapist) as page:
        page.get_by_role("link", name="Library").click()
        page.get_by_label("Search the library").fill("worry")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="Worry time", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Worry time")
        expect(page.get_by_text("What comes with Intersession stays as it is.")).to_be_visible()
        page.get_by_role("link", name="Copy it").click()
        page.get_by_label("Title").fill(title)
        page.get_by_role("group", name="Question 1", exact=True).get_by_label("Remove this question").check()
        page.get_by_role("button", name="Add to the library").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        expect(page.locator(".preview-questions > li")).to_have_count(6)

        page.get_by_text("Change it").click()
        page.get_by_label("What to do").fill("Keep your worries for six o’clock.")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("region", name="As the client meets it")).to_contain_text("for six o’clock.")

        page.goto("/library/new-resource")
        page.get_by_label("Title").fill(f"A song {therapist}")
        page.get_by_label("Link").fill("ftp://example.org")
        page.get_by_role("button", name="Add to the library").click()
        expect(page.get_by_text("A link must be a web address")).to_be_visible()
        page.get_by_label("Link").fill("https://example.org/song")
        page.get_by_role("button", name="Add to the library").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"A song {therapist}")
    with practice.caseload(tmp_path / "therapist.db", therapist) as caseload:
        caseload.sync()
        (found,) = [one for one in caseload.templates.list() if one.title == title]
        assert (found.what, len(found.fields)) == ("Keep your worries for six o’clock.", 6)
        assert [one.link for one in caseload.resources.list() if one.title == f"A song {therapist}"] == [
            "https://example.org/song"
        ]


def test_what_a_template_makes_decides_what_its_form_asks(browser: Browser, practice: Practice, therapist: str) -> None:
    with opened(browser, practice, therapist) as page:
        page.goto("/library/new-template")
        expect(page.get_by_label("What to do")).to_be_visible()
        expect(page.get_by_role("group", name="Steps of the safety plan")).to_be_hidden()
        page.get_by_label("It makes").select_option("safety_plan")
        expect(page.get_by_label("What to do")).to_be_hidden()
        expect(page.get_by_role("group", name="Steps of the safety plan")).to_be_visible()
        page.get_by_label("It makes").select_option("journal")
        expect(page.get_by_role("group", name="Questions", exact=True)).to_be_visible()
        expect(page.get_by_label("What to do")).to_be_hidden()


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_the_library_can_be_used_by_everybody_whatever_is_written(
    browser: Browser, practice: Practice, therapist: str, tmp_path: Path, look: str
) -> None:
    options: dict[str, Any] = {"color_scheme": "dark"} if look == "dark" else {}
    if look == "phone":
        options["viewport"] = {"width": 390, "height": 844}
    long = HOSTILE + "word" * 200
    fields = {"a": Field(prompt=long[:900], type="one_of", options=(HOSTILE, "b")), "b": Field(prompt="x")}
    with practice.caseload(tmp_path / "therapist.db", therapist) as caseload:
        caseload.sync()
        template = caseload.templates.add(
            Template(title=long[:200], about=long, what=long, why=long, fields=fields, tags=(long[:64],))
        )
        resource = caseload.resources.add(long[:200], long, [long], "https://example.org/" + "x" * 900, [long[:64]])
        caseload.sync()
    with opened(browser, practice, therapist, **options) as page:
        own = [f"templates/{template.id}", f"resources/{resource.id}", f"new-template?copy={template.id}"]
        for path in ("", *own, "templates/safety_plan", "new-resource?copy=breathing"):
            page.goto(f"/library/{path}".removesuffix("/"))
            expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("."))
            for summary in page.locator("main summary").all():
                if summary.is_visible():
                    summary.click()
            assert accessible(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{path} is too wide"
            assert page.locator("main img, main script").count() == 0
