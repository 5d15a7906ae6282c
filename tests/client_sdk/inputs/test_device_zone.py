"""Which time zone a device says it is in: its IANA name, or none rather than one that nobody else knows."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
import tzlocal

from intersession.inputs import clock

SAY = """
from intersession.inputs.clock import local_clock, zone_of
now = local_clock()
print(now.utcoffset(), zone_of(now))
"""
TOKYO = Path("/usr/share/zoneinfo/Asia/Tokyo")


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    clock._system_zone.cache_clear()
    yield
    clock._system_zone.cache_clear()


@pytest.mark.skipif(os.name == "nt", reason="Windows has a registry for it")
@pytest.mark.parametrize(
    ("tz", "said"),
    [
        ("Asia/Tokyo", "9:00:00 Asia/Tokyo"),
        (":Asia/Tokyo", "9:00:00 Asia/Tokyo"),
        ("JST-9", "9:00:00 None"),  # a rule, which has no name
        ("nonsense", "0:00:00 None"),
    ],
)
def test_the_environment_names_it(tz: str, said: str) -> None:
    assert _said(tz) == said


@pytest.mark.skipif(not TOKYO.is_file(), reason="no time zones on this system")
def test_a_file_of_the_system_names_it_and_a_file_of_ones_own_does_not(tmp_path: Path) -> None:
    (tmp_path / "GB").write_bytes(TOKYO.read_bytes())
    assert _said(str(TOKYO)) == "9:00:00 Asia/Tokyo"
    assert _said(str(tmp_path / "GB")) == "9:00:00 None"


def test_what_the_system_names_is_taken_as_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tzlocal, "get_localzone", lambda: ZoneInfo("Europe/Berlin"))
    monkeypatch.setattr(tzlocal, "get_localzone_name", lambda: "Europe/Berlin")
    found = clock._system_zone()
    assert found is not None
    assert found.key == "Europe/Berlin"


@pytest.mark.parametrize("name", [None, "", "Europe/London", "no such zone"])
def test_a_guess_is_no_name(monkeypatch: pytest.MonkeyPatch, name: str | None) -> None:
    """Where nothing is set, tzlocal takes some zone of UTC; what it reads from a file it calls as the file."""
    monkeypatch.setattr(tzlocal, "get_localzone", lambda: ZoneInfo("Etc/UTC"))
    monkeypatch.setattr(tzlocal, "get_localzone_name", lambda: name)
    assert clock._system_zone() is None


@pytest.mark.parametrize("error", [ZoneInfoNotFoundError("two"), LookupError("none"), ValueError("odd"), OSError("no")])
def test_a_system_that_contradicts_itself_costs_the_name_alone(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], error: Exception
) -> None:
    def contradicts() -> ZoneInfo:
        warnings.warn("Syntax error in /etc/sysconfig/clock.", stacklevel=2)
        logging.getLogger("tzlocal").warning("/etc/timezone is deprecated in some distros.")
        raise error

    monkeypatch.setattr(tzlocal, "get_localzone", contradicts)
    assert clock._system_zone() is None
    assert clock.local_clock().utcoffset() is not None
    assert capfd.readouterr() == ("", "")


def _said(tz: str) -> str:
    here = {**os.environ, "TZ": tz}
    words = [sys.executable, "-W", "error", "-c", SAY]
    return subprocess.run(words, env=here, capture_output=True, text=True, check=True).stdout.strip()
