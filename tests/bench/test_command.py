"""`./run bench`: what it is told, what it says, and what it writes; and how its figures are made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.bench import __main__ as command
from tests.bench import catalogue, result
from tests.bench.__main__ import main
from tests.bench.catalogue import WORKLOADS, Workload
from tests.bench.measuring import percentile, tick_until
from tests.bench.result import SHARED, Options, Result
from tests.bench.workloads import growth, peers

seen: list[Options] = []


def fake(options: Options) -> Result:
    """Stands for a workload."""
    seen.append(options)
    return Result(n=options["docs"], lost=0, figures={"p50_ms": 1.23456789}, cases=[{"case": "a"}])


@pytest.fixture(autouse=True)
def workload(monkeypatch: pytest.MonkeyPatch) -> None:
    seen.clear()
    monkeypatch.setattr(command, "PROCESSES", Path(__file__))
    monkeypatch.setitem(WORKLOADS, "fake", Workload("does nothing", "test_command:fake", {"docs": 7, "two_words": 1}))
    monkeypatch.setattr(catalogue, "import_module", lambda name: __import__("types").SimpleNamespace(fake=fake))


@pytest.mark.parametrize("words", [[], ["help"], ["--help"]])
def test_alone_it_lists_the_workloads(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    said = capsys.readouterr().out.splitlines()
    for name, one in WORKLOADS.items():
        assert [line for line in said if line.split()[:1] == [name] and line.endswith(one.line)]


def test_a_wrong_word_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lief"]) == 2
    said = capsys.readouterr()
    assert "there is no workload `lief`" in said.err
    assert "live" in said.err
    assert not said.out


@pytest.mark.parametrize("words", [["--docs", "many"], ["--docs", "-1"], ["--kills", "3"], ["word"], ["--doc", "3"]])
def test_a_workload_takes_its_own_sizes_only(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["fake", *words])
    assert "./run bench fake: error: " in capsys.readouterr().err
    assert not seen


def test_a_file_that_cannot_be_written_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["fake", "--json", str(tmp_path / "nowhere" / "figures.json")])
    assert not seen


def test_sizes_are_set_or_have_their_defaults() -> None:
    main(["fake"])
    main(["fake", "--docs", "3", "--two-words", "0"])
    assert [one.sizes for one in seen] == [{"docs": 7, "two_words": 1}, {"docs": 3, "two_words": 0}]


def test_a_run_is_one_object_with_every_field(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "figures.json"
    assert main(["fake", "--docs", "3", "--json", str(file)]) == 0
    said = json.loads(file.read_text("utf-8"))
    assert {name: said[name] for name in SHARED} == {**dict.fromkeys(SHARED), "n": 3, "lost": 0}
    assert said["workload"] == "fake"
    assert said["p50_ms"] == 1.23457
    assert said["options"] == {"docs": 3, "two_words": 1}
    assert said["cases"] == [{"case": "a"}]
    assert said["conditions"].keys() >= {"began_at", "cpus", "load_before", "load_after"}
    assert "fake: n 3, lost 0" in capsys.readouterr().out


def test_repeated_runs_are_a_line_each(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    main(["fake", "--repeat", "3", "--json", str(file)])
    assert [json.loads(line)["n"] for line in file.read_text("utf-8").splitlines()] == [7, 7, 7]


def test_a_figure_may_not_hide_a_shared_field() -> None:
    with pytest.raises(AssertionError, match="wall_s"):
        result.as_json("fake", Options({}), Result(n=1, figures={"wall_s": 2.0}), {})


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.99, 99), (0.999, 100), (1.0, 100)])
def test_a_percentile_is_one_of_the_values(share: float, value: float) -> None:
    assert percentile([float(one) for one in range(100, 0, -1)], share) == value


def test_ticks_are_counted_until_it_is_over() -> None:
    left = iter([False, False, True])
    late = tick_until(lambda: next(left))
    assert len(late) == 2
    assert min(late) >= 0


def test_runs_at_several_extents_are_added_up() -> None:
    def one(server: float, peak: int, figure: float) -> Result:
        return Result(n=2, server_cpu_s=server, peak_rss_bytes=peak, figures={"ms": figure, "earlier": 5})

    whole = result.together([one(1.0, 30, 2.0), one(2.0, 20, 5.0)])
    assert (whole.n, whole.server_cpu_s, whole.peak_rss_bytes, whole.wall_s) == (4, 3.0, 30, None)
    assert whole.cases == [{"ms": 2.0, "earlier": 5}, {"ms": 5.0, "earlier": 5}]
    assert whole.factors == [{"case": "last / first", "ms": 2.5}]


def test_growth_changes_one_extent_at_a_time() -> None:
    extents = growth.cases(100)
    assert extents["1x"] == growth.Extent()
    assert len(extents) == 1 + 2 * len(growth.Extent.__struct_fields__)
    assert extents["documents 100x"] == growth.Extent(documents=100 * growth.Extent().documents)
    assert list(growth.cases(1)) == ["1x"]


class TestPeers:
    def test_it_says_that_they_are_missing(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(peers, "PEERS", tmp_path / "peers")
        with pytest.raises(SystemExit, match=r"no peers to measure: .*peers is missing"):
            peers.run(Options({"docs": 1, "repeats": 1, "clients": 1}))

    def test_it_names_a_workload_that_is_not_theirs(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(peers, "PEERS", tmp_path)
        with pytest.raises(SystemExit, match="there is no W9; there are W1, W2"):
            peers.run(Options({"docs": 1, "repeats": 1, "clients": 1}, ("W9", "W1")))

    def test_their_lines_are_read_under_our_names(self) -> None:
        cold, warm = (
            {"mode": "cold", "t": 2500, "srvCpu": 1.5, "rx": 10},
            {"mode": "warm", "t": 900, "srvCpu": 1, "rx": 9},
        )
        found = peers.figures(peers.COMPARISONS["W4"], [cold, warm, {**cold, "t": 3500}, {**cold, "t": None}])
        assert found["stored_and_listed_s, cold"] == 3.0
        assert found["stored_and_listed_s, warm"] == 0.9
        assert found["down_bytes, warm"] == 9

    def test_what_a_peer_cannot_say_stays_empty(self) -> None:
        found = peers.figures(peers.COMPARISONS["W3"], [{"tSync": None, "tLastByte": 40.0, "tx": 7}])
        assert (found["in_sync_p50_ms"], found["up_bytes"], found["server_cpu_ms"]) == (40.0, 7, None)
