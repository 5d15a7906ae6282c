"""What apps may rely on: the names, the tree of errors, the types of what is returned."""

from __future__ import annotations

import inspect

import pytest

import intersession
from intersession import IntersessionError, InvalidField, NotFound

NAMES = """
    AccessEnded Acknowledged Adherence Amount Answer Assessment Assessments Assignment AsyncCalls Available BadRow
    Baseline Brief Caseload Change Choice Client ClientAssessments ClientHomework ClientPlan ClientResources
    ClientSessions ClientSummary Comment Completion Conflict Cut Draft Due Entry Episode Episodes Field Goal Goals
    GoalStep Homework HomeworkCounts HomeworkProgress HomeworkReview ImportReport IntersessionError InvalidField
    Journal Label LastError LibraryResources LogDiverged Note Notes NotFound NotPaired Occurrence OccurrenceView
    Pairing PairingRefused Pause Plan PlanEditor PlanTracker Point Progress Question Refusal Resource Resources
    ResourceStep Risk Safety SafetyStep ScaleScore ScheduledAssessment ScoreChange ScoreComparison ScorePoint
    Section Session Sessions Signal Status Stopped StoreBusy StoreClosed StoreFull StoreInvalid StoreKey StoreLocked
    StoreTooNew SymptomLog Symptoms SyncReport Template Templates TemplateSection Together Tracker Transfer
    Unreachable UNSET Vault VaultExists VaultLocked VaultStatus Withdrawal WrongPassphrase
"""
FACES = [
    intersession.Assessments,
    intersession.AsyncCalls,
    intersession.Caseload,
    intersession.Client,
    intersession.ClientAssessments,
    intersession.ClientHomework,
    intersession.ClientPlan,
    intersession.ClientResources,
    intersession.ClientSessions,
    intersession.Draft,
    intersession.Episodes,
    intersession.Goals,
    intersession.Homework,
    intersession.Journal,
    intersession.LibraryResources,
    intersession.Notes,
    intersession.PlanEditor,
    intersession.Resources,
    intersession.Symptoms,
    intersession.Templates,
    intersession.Tracker,
    intersession.Vault,
]


def test_the_public_names() -> None:
    assert sorted(intersession.__all__) == sorted(NAMES.split())
    assert all(hasattr(intersession, name) for name in intersession.__all__)


def test_every_error_is_an_intersession_error_with_a_code_of_its_own() -> None:
    named = [getattr(intersession, name) for name in intersession.__all__]
    errors = [one for one in named if inspect.isclass(one) and issubclass(one, IntersessionError)]
    assert len(errors) == 17 == sum(inspect.isclass(one) and issubclass(one, Exception) for one in named)
    assert len({error.code for error in errors if error is not IntersessionError}) == len(errors) - 1
    assert issubclass(NotFound, KeyError)
    assert issubclass(InvalidField, ValueError)


def test_a_missing_thing_says_so_without_quotes() -> None:
    assert str(NotFound("There is no such entry.")) == "There is no such entry."


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.__name__)
def test_every_public_method_is_documented(face: type) -> None:
    public = {name: member for name, member in inspect.getmembers(face) if not name.startswith("_")}
    assert public
    assert not [name for name, member in public.items() if not inspect.getdoc(member)]


def test_what_is_returned_cannot_be_changed(tracker: intersession.Tracker) -> None:
    entry = tracker.journal.write("x")
    with pytest.raises(AttributeError):
        entry.text = "y"  # type: ignore[misc]
