"""Whatever one person does, the others go on: 20 honest people beside each attack, on one server.

The one test that times something, because how long others wait is the promise. It needs a machine with little else to
do, hence `long`; `./run bench attacked` prints the same as a table.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.bench.attacked.attacks import ATTACKS
from tests.bench.attacked.trial import Trial, trial
from tests.end_to_end.conftest import Note

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

SECONDS = 10.0
P99 = 250.0
"""Milliseconds."""
MEMORY_KEPT = 64 * 2**20
MEMORY_TAKEN = 256 * 2**20
"""What an attack may leave behind in the server's memory, and what it may take while it lasts: checking two passwords
at once is half of that."""


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with trial(tmp_path_factory.mktemp("attacked")) as made:
        made.run("", 3.0)
        yield made


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_honest_do_not_notice(people: Trial, attack: str, note: Note) -> None:
    outcome = people.run(attack, SECONDS)
    note(f"{attack}: p99 {outcome.at(0.99):.0f} ms of {len(outcome.took)}, most memory {outcome.memory_most >> 20} MiB")
    assert outcome.failed == 0
    assert outcome.at(0.99) < P99
    assert outcome.memory_after - outcome.memory_before < MEMORY_KEPT
    assert outcome.memory_most - outcome.memory_before < MEMORY_TAKEN
