"""What a run of a workload answers: one object as JSON, a few lines for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

Figure = float | int | str | None


class Options(Struct, frozen=True):
    """What a run was asked for: its sizes by name, and further words."""

    sizes: Mapping[str, int]
    words: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> int:
        return self.sizes[name]


class Result(Struct, kw_only=True):
    """One run. `None` means that a field does not apply.

    `n` is how many operations were measured, `wall_s` how long they took together. CPU and memory are those of the
    server's process and of the measured client's, for the measured operations alone; bytes are the client's, sent and
    received. `acknowledged` counts what the server confirmed, `lost` what of it was gone afterwards. `figures` are the
    workload's own, `cases` the same figures once per case, `factors` cases against the first.
    """

    n: int
    wall_s: float | None = None
    up_bytes: int | None = None
    down_bytes: int | None = None
    server_cpu_s: float | None = None
    client_cpu_s: float | None = None
    peak_rss_bytes: int | None = None
    kills: int | None = None
    acknowledged: int | None = None
    lost: int | None = None
    figures: dict[str, Figure] = {}
    cases: list[dict[str, Figure]] = []
    factors: list[dict[str, Figure]] = []


SHARED = tuple(name for name in Result.__struct_fields__ if name not in {"figures", "cases", "factors"})
"""The fields that every result has."""


def together(results: Sequence[Result]) -> Result:
    """Runs of one workload at several extents as one result: sums, the highest peak, and the last against the first."""
    fields: dict[str, Any] = {}
    for name in SHARED:
        values = [getattr(one, name) for one in results]
        fields[name] = None if None in values else max(values) if name == "peak_rss_bytes" else sum(values)
    cases = [one.figures for one in results]
    return Result(**fields, cases=cases, factors=[{"case": "last / first", **factors(cases[0], cases[-1])}])


def factors(first: Mapping[str, Figure], other: Mapping[str, Figure]) -> dict[str, Figure]:
    """Each measured figure of a case as a multiple of the same one of the first case."""
    return {
        name: value / before
        for name, value in other.items()
        if isinstance(value, float) and isinstance(before := first.get(name), float) and before
    }


def as_json(workload: str, options: Options, result: Result, conditions: Mapping[str, Figure]) -> bytes:
    """One line: the shared fields, then the workload's own, then what it was asked for and under which `conditions`."""
    shared = {"workload": workload, **{name: _round(getattr(result, name)) for name in SHARED}}
    own = {name: _round(value) for name, value in result.figures.items()}
    rest: dict[str, object] = {"options": dict(options.sizes), "conditions": dict(conditions)}
    if options.words:
        rest["words"] = list(options.words)
    for name, cases in (("cases", result.cases), ("factors", result.factors)):
        if cases:
            rest[name] = [{figure: _round(value) for figure, value in case.items()} for case in cases]
    twice = (shared.keys() & own.keys()) | (own.keys() & rest.keys())
    assert not twice, f"a figure has the name of a shared field: {sorted(twice)}"
    return msgspec.json.encode({**shared, **own, **rest}) + b"\n"


def as_text(workload: str, result: Result) -> str:
    """For people: a line of what applies of the shared fields, the workload's figures, a table of its cases."""
    shared = [f"{name} {shown(value)}" for name in SHARED if (value := getattr(result, name)) is not None]
    lines = [f"{workload}: {', '.join(shared)}"]
    width = max(map(len, result.figures), default=0)
    lines += [f"  {name:{width}}  {shown(value)}" for name, value in result.figures.items()]
    lines += [f"  {line}" for cases in (result.cases, result.factors) if cases for line in table(cases)]
    return "".join(f"{line}\n" for line in lines)


def table(cases: Sequence[Mapping[str, Figure]]) -> list[str]:
    """A column a case and a row a figure; the other way round where there are more cases than figures."""
    names = list(dict.fromkeys(name for case in cases for name in case))
    rows = [[name, *(shown(case.get(name)) for case in cases)] for name in names]
    if len(cases) > len(names):
        rows = [list(row) for row in zip(*rows, strict=True)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join([first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))])
        for first, *rest in rows
    ]


def shown(value: Figure) -> str:
    """A figure with as many digits as say something."""
    match value:
        case None:
            return "-"
        case float():
            return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
        case int():
            return f"{value:,}"
    return value


def _round(value: Figure) -> Figure:
    return float(f"{value:.6g}") if isinstance(value, float) else value
