from __future__ import annotations

import pytest

from intersession_schemas.documents.care.plan import TemplateSection
from intersession_schemas.documents.forms import Label
from intersession_schemas.errors import InvalidField
from intersession_server.web.plan.elements import placed, slug
from intersession_server.web.plan.sent import label_lines, lines, sent_change, sent_heads
from intersession_server.web.record.changes import PlanChange, moved


def section_of(*pairs: tuple[str, str]) -> object:
    change = sent_change([("element", "a.b"), ("sections._.prompt", "How?"), *pairs], PlanChange)
    return change.sections["a.b"]  # type: ignore[attr-defined]  # made of the plan's fields


def test_a_list_is_a_line_for_each_item_and_empty_lines_are_none() -> None:
    assert section_of(("lines.sections._.options", " one\r\n\r\ntwo ")).options == ("one", "two")  # type: ignore[attr-defined]
    assert section_of(("lines.sections._.options", " \r\n")).options == ()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("0 = none", Label(at=0, text="none")),
        ("10: as bad as it can be", Label(at=10, text="as bad as it can be")),
        ("2,5 some", Label(at=2.5, text="some")),
        ("−3 = -3 and less", Label(at=-3, text="-3 and less")),
        ("1 = = 2", Label(at=1, text="= 2")),
    ],
)
def test_points_of_a_scale_are_named_as_people_type_them(line: str, label: Label) -> None:
    assert section_of(("labels.sections._", line)).labels == (label,)  # type: ignore[attr-defined]


def test_what_was_left_alone_is_no_change_even_where_lines_do_not_say_it_all() -> None:
    """An option of two lines, a point with more digits than are shown: other apps may have written them."""
    options, labels = lines(["one\ntwo", "three"]), label_lines([Label(at=0.123456789, text="x")])
    found = section_of(
        ("was.lines.sections._.options", options),
        ("lines.sections._.options", options.replace("\n", "\r\n")),
        ("was.labels.sections._", labels),
        ("labels.sections._", labels),
    )
    assert found == section_of()


@pytest.mark.parametrize("line", ["none", "= none", "x = 1", "0 =", "10"])
def test_a_point_without_a_number_or_a_name_is_refused(line: str) -> None:
    with pytest.raises(InvalidField, match="0 = none"):
        section_of(("labels.sections._", line))


def test_an_element_has_to_be_named() -> None:
    with pytest.raises(InvalidField, match="element"):
        sent_change([("sections._.prompt", "How?")], PlanChange)


def test_heads_are_read_or_refused() -> None:
    assert sent_heads([("based_on", "00ff"), ("other", "x"), ("based_on", "11")]) == (b"\x00\xff", b"\x11")
    assert sent_heads([]) is None
    with pytest.raises(InvalidField):
        sent_heads([("based_on", "nonsense")])


# --- order ------------------------------------------------------------------------------------------------------------


def numbered(*orders: float) -> dict[str, TemplateSection]:
    return {chr(ord("a") + number): TemplateSection(prompt="?", order=order) for number, order in enumerate(orders)}


def in_order(elements: dict[str, TemplateSection]) -> str:
    return "".join(sorted(elements, key=lambda id_: (elements[id_].order, id_)))


@pytest.mark.parametrize(
    ("id_", "after", "order"),
    [("c", "a", "acb"), ("c", None, "cab"), ("a", "c", "bca"), ("b", "a", "abc"), ("a", "a", "abc"), ("x", "a", "abc")],
)
def test_one_is_moved_by_its_own_number(id_: str, after: str | None, order: str) -> None:
    before = numbered(1, 2, 3)
    found = moved(before, id_, after)
    assert in_order(found) == order
    assert {key for key in found if found[key] != before[key]} <= {id_}


def test_where_no_number_is_left_all_are_numbered_anew() -> None:
    assert in_order(moved(numbered(1, 1, 1), "c", "a")) == "acb"
    assert in_order(moved(numbered(1, 1 + 2**-52, 2), "c", "a")) == "acb"


def test_each_place_says_where_up_and_down_lead() -> None:
    elements = numbered(3, 1, 2)
    for one in placed(elements).items:
        for after, step in ((one.up, -1), (one.down, 1)):
            if after is None:
                assert (one.id == "bca"[0]) if step < 0 else (one.id == "bca"[-1])
                continue
            found = in_order(moved(elements, one.id, after or None))
            assert found.index(one.id) == "bca".index(one.id) + step


def test_a_slug_fits_into_a_name() -> None:
    assert slug("plain-1") == "plain-1"
    assert len({slug("a b"), slug('a"b'), slug("a.b"), slug("x" * 65)}) == 4
    assert all(one.isalnum() for one in map(slug, ("a b", "<", "é")))
