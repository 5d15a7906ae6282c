"""Elements in their order: whatever is moved or rewritten, what is shown is what was asked for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intersession.inputs import elements
from intersession_schemas.documents.care.goals import GoalStep

TEXTS = st.lists(st.sampled_from("abcdef"), max_size=6)


def steps(texts: list[str]) -> list[GoalStep]:
    return [GoalStep(text=text) for text in texts]


@given(before=TEXTS, after=TEXTS)
def test_a_list_is_rewritten_as_given_and_keeps_ids(before: list[str], after: list[str]) -> None:
    old = elements.numbered(steps(before))
    new = elements.rewritten(old, steps(after))
    assert [one.text for _, one in elements.in_order(new)] == after
    assert len(set(new) & set(old)) == min(len(before), len(after))
    kept = {id for id in new if id in old and new[id].text == old[id].text}
    assert len(kept) >= sum(min(before.count(text), after.count(text)) for text in set(before))
    if before == after:
        assert new == old


@given(data=st.data(), count=st.integers(1, 5), orders=st.lists(st.sampled_from([0.0, 1.0, 1.5, 2.0]), min_size=5))
def test_moving_puts_it_where_it_is_said(data: st.DataObject, count: int, orders: list[float]) -> None:
    """Also among elements that two devices gave the same number."""
    ids = [f"id{n}" for n in range(count)]
    there = {id: GoalStep(text=id, order=order) for id, order in zip(ids, orders, strict=False)}
    one, after = data.draw(st.sampled_from(ids)), data.draw(st.sampled_from([None, *ids]))
    moved = elements.moved(there, one, after)
    shown, before = ([id for id, _ in elements.in_order(all)] for all in (moved, there))
    rest = [id for id in before if id != one]
    assert [id for id in shown if id != one] == rest
    if after == one:
        assert shown == before
    else:
        assert shown.index(one) == (0 if after is None else rest.index(after) + 1)
