"""Where a practice says that it is reaches its clients' devices, and with it whom to call."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.support.practice import NAME, Practice

from intersession_server.operator import staff_commands as staff


def test_a_device_hears_of_another_country_as_it_next_connects(practice: Practice, tmp_path: Path) -> None:
    practice.add_therapist("anna")
    with practice.tracker(tmp_path / "tracker.db", practice.add_client("Ann", "anna")) as tracker:
        for country, emergency in (("AT", "112"), ("GB", "999")):
            practice.operate(staff.SetCountry(practice=NAME, country=country), staff.CountrySet)
            assert tracker.sync().complete
            found = tracker.safety().help
            assert found is not None
            assert (found.country, found.emergency[0]) == (country, emergency)
        practice.operate(staff.SetCountry(practice=NAME, country=None), staff.CountrySet)
        assert tracker.sync().complete
        assert tracker.safety().help is None
