"""Every number in the instruments is held by a vector: change any by one step, and some form comes out different."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from tests.schemas.instruments.changes import CHANGES
from tests.schemas.instruments.test_vectors import name, seen
from tests.schemas.instruments.vectors import VECTORS

from intersession_schemas.errors import InvalidField
from intersession_schemas.instruments import INSTRUMENTS, Instrument, Item, Scale, Skip, reliable_change, score


def holds(instrument: Instrument) -> bool:
    """Whether an instrument, perhaps a changed one, scores all of its vectors as they say."""
    for vector in VECTORS:
        if vector.instrument != instrument.key:
            continue
        try:
            scored = score(instrument, vector.answers)
        except InvalidField:
            if vector.expect is not None:
                return False
            continue
        if vector.expect is None:
            return False
        scales = {one.key: seen(one, vector.expect["scales"][one.key]) for one in scored.scales}
        rules = {rule.key: rule.met for rule in scored.rules}
        rest = (list(scored.risks), scored.level, list(scored.missing))
        if (scales, rules, rest) != (
            vector.expect["scales"],
            vector.expect["rules"],
            (vector.expect["risks"], vector.expect["level"], vector.expect["missing"]),
        ):
            return False
    return all(
        reliable_change(instrument, one.scale, one.before, one.after).verdict == one.verdict
        for one in CHANGES
        if one.instrument == instrument.key
    )


def with_item(instrument: Instrument, item: Item) -> Instrument:
    items = tuple(item if one.key == item.key else one for one in instrument.items)
    return replace(instrument, items=items)


def with_scale(instrument: Instrument, scale: Scale) -> Instrument:
    scales = tuple(scale if one.key == scale.key else one for one in instrument.scales)
    return replace(instrument, scales=scales)


def changed_items(one: Instrument) -> Iterator[tuple[str, Instrument]]:
    counted = {key for scale in one.scales for key in scale.items}
    for item in one.items:
        if item.key in counted:
            yield f"{item.key} turned round", with_item(one, replace(item, reverse=not item.reverse))
            for more in (item.allowed[0] - 1, item.allowed[-1] + 1):
                allowed = tuple(sorted({*item.allowed, more}))
                yield f"{item.key} takes {more}", with_item(one, replace(item, allowed=allowed))
            yield f"{item.key} takes less", with_item(one, replace(item, allowed=item.allowed[:-1]))
        if item.asked_when or item.not_applicable_when:
            free = replace(item, asked_when=None, not_applicable_when=None)
            yield f"{item.key} asked always", with_item(one, free)


def changed_scales(one: Instrument) -> Iterator[tuple[str, Instrument]]:
    for scale in one.scales:
        step = scale.multiplier
        if scale.cut_offs or scale.changes:
            turned = "higher is worse" if one.direction_of(scale.key) == "higher is better" else "higher is better"
            yield f"{scale.key} the other way round", with_scale(one, replace(scale, direction=turned))
        yield f"{scale.key} multiplied", with_scale(one, replace(scale, multiplier=step + 1))
        for key in scale.items:
            fewer = tuple(other for other in scale.items if other != key)
            yield f"{scale.key} without {key}", with_scale(one, replace(scale, items=fewer))
        for place, (band, after) in enumerate(zip(scale.bands, scale.bands[1:], strict=False)):
            for by in (-step, step):
                pair = (replace(band, high=band.high + by), replace(after, low=after.low + by))
                bands = (*scale.bands[:place], *pair, *scale.bands[place + 2 :])
                yield f"{scale.key} {band.label} ends {by} off", with_scale(one, replace(scale, bands=bands))
        for place, cut in enumerate(scale.cut_offs):
            for by in (-step, step):
                cuts = (*scale.cut_offs[:place], replace(cut, score=cut.score + by), *scale.cut_offs[place + 1 :])
                yield f"{scale.key} {cut.key} {by} off", with_scale(one, replace(scale, cut_offs=cuts))
        if (shown := scale.published) is not None:
            other_way = replace(shown, divisor=shown.divisor + 1)
            yield f"{scale.key} divided", with_scale(one, replace(scale, published=None if shown.table else other_way))
            for place, number in enumerate(shown.table):
                table = (*shown.table[:place], number + 0.01, *shown.table[place + 1 :])
                wrong = replace(scale, published=replace(shown, table=table))
                yield f"{scale.key} table {place}", with_scale(one, wrong)
        for change in scale.changes[:1]:
            assert change.threshold is not None
            for by in (-step, step):
                other = replace(change, threshold=change.threshold + by)
                yield f"{scale.key} change {by} off", with_scale(one, replace(scale, changes=(other,)))


def changed_rules(one: Instrument) -> Iterator[tuple[str, Instrument]]:
    for place, risk in enumerate(one.risks):
        without = (*one.risks[:place], *one.risks[place + 1 :])
        yield f"no risk {risk.key}", replace(one, risks=without)
        later = replace(risk, at_least=risk.at_least + 1)
        yield f"risk {risk.key} later", replace(one, risks=(*one.risks[:place], later, *one.risks[place + 1 :]))
        if risk.level != "low" and risk.level is not None:
            lower = replace(risk, level="low")
            yield f"risk {risk.key} low", replace(one, risks=(*one.risks[:place], lower, *one.risks[place + 1 :]))
    for rule in one.rules:
        for place, group in enumerate(rule.groups):
            for by in (-1, 1):
                others = [replace(group, count=group.count + by)]
                others += [
                    replace(group, items=tuple((key, least + by * (key == of)) for key, least in group.items))
                    for of, _ in group.items
                ]
                for number, other in enumerate(others):
                    groups = (*rule.groups[:place], other, *rule.groups[place + 1 :])
                    what = f"{rule.key} {group.key} {number} {by} off"
                    yield what, replace(one, rules=(replace(rule, groups=groups),))


def changed_skips(one: Instrument) -> Iterator[tuple[str, Instrument]]:
    for place, skip in enumerate(one.skips):
        others: dict[str, Skip | None] = {"gone": None}
        others |= {f"without {key} decided": replace(skip, when=_without(skip.when, key)) for key in skip.when}
        others |= {f"{key} never skipped": replace(skip, skipped=_without(skip.skipped, key)) for key in skip.skipped}
        for by in (-1, 1):
            others |= {f"most {by} off": replace(skip, at_most=skip.at_most + by)} if skip.at_most is not None else {}
            others |= (
                {f"least {by} off": replace(skip, at_least=skip.at_least + by)} if skip.at_least is not None else {}
            )
        for what, other in others.items():
            skips = (*one.skips[:place], *([] if other is None else [other]), *one.skips[place + 1 :])
            yield f"skip {place} {what}", replace(one, skips=skips)


def _without(keys: tuple[str, ...], key: str) -> tuple[str, ...]:
    return tuple(other for other in keys if other != key)


def test_the_vectors_hold_as_they_are() -> None:
    assert [one.key for one in INSTRUMENTS.values() if not holds(one)] == []
    assert len({name(vector) for vector in VECTORS}) == len(VECTORS)


@pytest.mark.parametrize("one", INSTRUMENTS.values(), ids=lambda one: one.key)
def test_no_number_can_be_changed_unnoticed(one: Instrument) -> None:
    changed = [*changed_items(one), *changed_scales(one), *changed_rules(one), *changed_skips(one)]
    assert changed
    assert [what for what, other in changed if holds(other)] == []
