from __future__ import annotations

import pytest

from intersession_server.web.page import recurrence


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=DAILY", "daily"),
        ("FREQ=DAILY;INTERVAL=3", "every 3 days"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "weekly on Mon, Thu"),
        ("FREQ=WEEKLY;INTERVAL=2;BYHOUR=8,18;BYMINUTE=30", "every 2 weeks at 08:30, 18:30"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=4", "monthly on day 1, 15, 4 times"),
        ("FREQ=MONTHLY;BYDAY=1MO,-1FR,+2TU,4WE", "monthly on 1st Mon, last Fri, 2nd Tue, 4th Wed"),
        ("FREQ=MONTHLY;INTERVAL=3;SKIP=BACKWARD", "every 3 months"),
        ("FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=1", "yearly in Mar, Sep on day 1"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "monthly on the last day"),
        ("FREQ=WEEKLY;BYDAY=MO;UNTIL=20260531", "weekly on Mon until Sun 31 May 2026"),
        ("FREQ=DAILY;UNTIL=20260531T180000", "daily until Sun 31 May 2026"),
        ("FREQ=DAILY;UNTIL=soon", "daily"),
        ("now and then", "now and then"),
        ("FREQ=HOURLY", "FREQ=HOURLY"),
    ],
)
def test_rules(rule: str, words: str) -> None:
    assert recurrence.rule(rule) == words
