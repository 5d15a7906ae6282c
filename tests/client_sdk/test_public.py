"""What apps may rely on: the names, the tree of errors, the types of what is returned."""

from __future__ import annotations

import inspect
import re

import pytest

import intersession
from intersession import IntersessionError, InvalidField, NotFound

NAMES = """
    AccessEnded Acknowledged Adherence Ahead Amount Answer AnswerGiven AnswerValue Assessment AssessmentFields
    Assessments Assigned Assignment AsyncCalls AsyncCaseloadCalls AsyncTrackerCalls Available BadCell BadRow
    BarrierWord Baseline Beginning Brief Caseload Change Changed Choice Client ClientAssessments ClientHomework
    ClientPlan ClientResources ClientSessions ClientSummary Comment Compared Completion Conflict Counted CrisisLine Cut
    Decision Direction DocumentError Draft DraftAnswer Drafts Due EarlierLog EarlierMark Entry BriefEntry Episode
    Episodes ExportReport Field Fields FieldType FormDraft Found FoundEntry Goal Goals GoalStep BriefGoal Homework
    HomeworkCounts HomeworkFields HomeworkProgress HomeworkReview ImportPlan ImportReport IntersessionError
    InvalidField Journal Label Labels LastError LeftOut LibraryResources LocalHelp LogDiverged Measured Note Notes
    NotFound NotPaired Occurrence BriefOccurrence OccurrenceView Pair Pairing PairingRefused Pause PauseFields
    PauseReason Phase Plan PlanChange PlanEditor PlannedLog PlanTracker Point Progress ProgressWord Question Refusal
    ReliableChange Resource Resources ResourceStep Review Risk Safety SafetyPart SafetyStep SafetyStepFields Said
    Scale ScaleScore ScheduledAssessment ScoreChange ScoreComparison ScorePoint BriefScore BriefTopic OwnTopics
    Section SectionFields
    Sections Session Sessions Signal Status Stopped StoreBusy StoreClosed StoreFull StoreImport StoreInvalid
    StoreKey StoreLocked StoreTooNew SymptomLog Symptoms SyncReport Template TemplateContent TemplateFor Templates
    TemplateSection Threshold Together TogetherPoint Topic Topics Tracker TrackerFields Transfer Trend TrendDay
    Unclear Unfinished Unreachable UNSET Vault VaultExists VaultLocked VaultStatus Weekly WireError Withdrawal
    WrittenGoalStep WrongPassphrase
"""
FACES = [
    intersession.Assessments,
    intersession.AsyncCaseloadCalls,
    intersession.AsyncTrackerCalls,
    intersession.Caseload,
    intersession.Client,
    intersession.ClientAssessments,
    intersession.ClientHomework,
    intersession.ClientPlan,
    intersession.ClientResources,
    intersession.ClientSessions,
    intersession.Draft,
    intersession.Drafts,
    intersession.Episodes,
    intersession.Goals,
    intersession.Homework,
    intersession.Journal,
    intersession.LibraryResources,
    intersession.Notes,
    intersession.OwnTopics,
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
    assert len(errors) == 19 == sum(inspect.isclass(one) and issubclass(one, Exception) for one in named)
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


def test_every_parameter_of_every_public_call_is_named_and_typed() -> None:
    """No `**kwargs` that takes a typo, no `Any` that a type check passes over."""
    loose = []
    for name in intersession.__all__:
        one = getattr(intersession, name)
        if not inspect.isclass(one) or issubclass(one, Exception):
            continue
        for called, member in inspect.getmembers(one, callable):
            own = (getattr(member, "__module__", None) or "").startswith("intersession")
            if called.startswith("_") or not own or not inspect.isroutine(member):
                continue
            signature = inspect.signature(member)
            for parameter in signature.parameters.values():
                gathers = parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
                if "Unpack[" in str(parameter.annotation):  # a closed set of fields, typed one by one
                    continue
                if gathers or (parameter.name not in {"self", "cls"} and "Any" in _words(parameter.annotation)):
                    loose.append(f"{name}.{called}({parameter})")
            if "Any" in _words(signature.return_annotation) or signature.return_annotation is inspect.Signature.empty:
                loose.append(f"{name}.{called} -> {signature.return_annotation}")
    assert loose == []


def _words(annotation: object) -> set[str]:
    return set(re.findall(r"\w+", str(annotation)))


@pytest.mark.parametrize(
    ("awaited", "waits"),
    [
        (intersession.AsyncTrackerCalls, intersession.Tracker),
        (intersession.AsyncCaseloadCalls, intersession.Caseload),
    ],
)
def test_what_is_awaited_takes_what_the_call_takes(awaited: type, waits: type) -> None:
    for name in ("pair", "sync", "wait_synced"):
        found, wanted = (inspect.signature(getattr(one, name)) for one in (awaited, waits))
        assert found == wanted, name


def test_whatever_edits_takes_what_it_was_made_from() -> None:
    """A text that is set whole was read before; only a plan's editor remembers by itself what it has read."""
    edits = [
        (face, name)
        for face in FACES
        for name, _ in inspect.getmembers(face, inspect.isfunction)
        if re.match("edit(_|$)", name) and face is not intersession.ClientPlan
    ]
    assert len(edits) >= 6
    for face, name in edits:
        given = inspect.signature(getattr(face, name)).parameters.get("based_on")
        assert given is not None, f"{face.__name__}.{name} has no based_on"
        assert given.default is None
        assert given.kind is inspect.Parameter.KEYWORD_ONLY
