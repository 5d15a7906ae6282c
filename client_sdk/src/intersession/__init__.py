"""Journals, homework and measures between therapy sessions: a local-first, syncing store for apps to embed.

`Tracker` is a client's device, `Caseload` a therapist's. Everything is written on the device first; only `pair`,
`sync`, `wait_synced` and `live` use the network.
"""

from msgspec import UNSET

from intersession.aio import AsyncCalls, AsyncCaseloadCalls, AsyncTrackerCalls
from intersession.assessments.assessments import Assessments, ClientAssessments, Draft
from intersession.care.assigning import ClientHomework
from intersession.care.comments import Notes
from intersession.care.episodes import Episodes
from intersession.care.goals import Goals
from intersession.care.homework import Homework
from intersession.care.plan import ClientPlan
from intersession.care.plan_editor import PlanEditor
from intersession.care.resources import ClientResources, LibraryResources, Resources
from intersession.care.sessions import ClientSessions, Sessions
from intersession.care.templates import Templates
from intersession.care.topics import OwnTopics, Topics
from intersession.caseload import Caseload, Client
from intersession.diary.drafts import Drafts
from intersession.diary.journal import Journal
from intersession.diary.symptoms import Symptoms
from intersession.diary.vault import Vault
from intersession.errors import (
    AccessEnded,
    DocumentError,
    IntersessionError,
    InvalidField,
    LogDiverged,
    NotFound,
    NotPaired,
    PairingRefused,
    StoreBusy,
    StoreClosed,
    StoreFull,
    StoreInvalid,
    StoreLocked,
    StoreTooNew,
    Unreachable,
    VaultExists,
    VaultLocked,
    WireError,
    WrongPassphrase,
)
from intersession.importing.models import (
    BadCell,
    BadRow,
    Conflict,
    ImportPlan,
    ImportReport,
    LeftOut,
    PlannedLog,
    Unclear,
)
from intersession.inputs.changeable import (
    AssessmentFields,
    BarrierWord,
    HomeworkFields,
    PauseFields,
    ProgressWord,
    SafetyStepFields,
    SectionFields,
    TrackerFields,
)
from intersession.inputs.checks import AnswerGiven, Fields, Labels, Sections
from intersession.models.devices import (
    Amount,
    Change,
    ClientSummary,
    LastError,
    Pairing,
    Refusal,
    Status,
    Stopped,
    SyncReport,
    Transfer,
)
from intersession.models.drafts import DraftAnswer, FormDraft
from intersession.models.exports import ExportReport, StoreImport
from intersession.models.found import Found, FoundEntry
from intersession.models.measures import (
    Assessment,
    Available,
    Baseline,
    Choice,
    Completion,
    CrisisLine,
    Episode,
    HomeworkCounts,
    LocalHelp,
    Progress,
    Question,
    Risk,
    Safety,
    ScaleScore,
    ScoreChange,
    ScoreComparison,
    ScorePoint,
    Session,
)
from intersession.models.private import VaultStatus, Withdrawal
from intersession.models.records import (
    Adherence,
    Answer,
    Assignment,
    Changed,
    Comment,
    Due,
    EarlierMark,
    Entry,
    Field,
    Goal,
    GoalStep,
    HomeworkProgress,
    HomeworkReview,
    Label,
    Note,
    Occurrence,
    OccurrenceView,
    Pause,
    Plan,
    PlanTracker,
    Resource,
    ResourceStep,
    SafetyStep,
    ScheduledAssessment,
    Section,
    Template,
    TemplateSection,
    Threshold,
    Topic,
)
from intersession.models.symptoms import EarlierLog, Point, Scale, SymptomLog
from intersession.store.store_key import StoreKey
from intersession.tracker import Tracker
from intersession_schemas.documents.assessments.answers import AnswerValue
from intersession_schemas.documents.care.episodes import Phase
from intersession_schemas.documents.care.goals import GoalStep as WrittenGoalStep
from intersession_schemas.documents.care.homework import Decision
from intersession_schemas.documents.care.plan import PauseReason, SafetyPart
from intersession_schemas.documents.care.templates import Template as TemplateContent
from intersession_schemas.documents.care.templates import TemplateFor
from intersession_schemas.documents.forms import FieldType
from intersession_schemas.instruments.scoring import Counted
from intersession_schemas.instruments.values import ReliableChange
from intersession_schemas.measures.assignments import Assigned, BriefOccurrence, Review, Said
from intersession_schemas.measures.brief import Ahead, Brief, BriefGoal, BriefScore, BriefTopic, Unfinished
from intersession_schemas.measures.entries import BriefEntry
from intersession_schemas.measures.material import Beginning, Cut
from intersession_schemas.measures.plan_changes import PlanChange
from intersession_schemas.measures.scores import Compared, Measured
from intersession_schemas.measures.signals.signal import Acknowledged, Signal
from intersession_schemas.measures.together import Direction, Pair, Together, Weekly
from intersession_schemas.measures.together import WeekPoint as TogetherPoint
from intersession_schemas.measures.trends import Trend, TrendDay

__all__ = [
    "UNSET",
    "AccessEnded",
    "Acknowledged",
    "Adherence",
    "Ahead",
    "Amount",
    "Answer",
    "AnswerGiven",
    "AnswerValue",
    "Assessment",
    "AssessmentFields",
    "Assessments",
    "Assigned",
    "Assignment",
    "AsyncCalls",
    "AsyncCaseloadCalls",
    "AsyncTrackerCalls",
    "Available",
    "BadCell",
    "BadRow",
    "BarrierWord",
    "Baseline",
    "Beginning",
    "Brief",
    "BriefEntry",
    "BriefGoal",
    "BriefOccurrence",
    "BriefScore",
    "BriefTopic",
    "Caseload",
    "Change",
    "Changed",
    "Choice",
    "Client",
    "ClientAssessments",
    "ClientHomework",
    "ClientPlan",
    "ClientResources",
    "ClientSessions",
    "ClientSummary",
    "Comment",
    "Compared",
    "Completion",
    "Conflict",
    "Counted",
    "CrisisLine",
    "Cut",
    "Decision",
    "Direction",
    "DocumentError",
    "Draft",
    "DraftAnswer",
    "Drafts",
    "Due",
    "EarlierLog",
    "EarlierMark",
    "Entry",
    "Episode",
    "Episodes",
    "ExportReport",
    "Field",
    "FieldType",
    "Fields",
    "FormDraft",
    "Found",
    "FoundEntry",
    "Goal",
    "GoalStep",
    "Goals",
    "Homework",
    "HomeworkCounts",
    "HomeworkFields",
    "HomeworkProgress",
    "HomeworkReview",
    "ImportPlan",
    "ImportReport",
    "IntersessionError",
    "InvalidField",
    "Journal",
    "Label",
    "Labels",
    "LastError",
    "LeftOut",
    "LibraryResources",
    "LocalHelp",
    "LogDiverged",
    "Measured",
    "NotFound",
    "NotPaired",
    "Note",
    "Notes",
    "Occurrence",
    "OccurrenceView",
    "OwnTopics",
    "Pair",
    "Pairing",
    "PairingRefused",
    "Pause",
    "PauseFields",
    "PauseReason",
    "Phase",
    "Plan",
    "PlanChange",
    "PlanEditor",
    "PlanTracker",
    "PlannedLog",
    "Point",
    "Progress",
    "ProgressWord",
    "Question",
    "Refusal",
    "ReliableChange",
    "Resource",
    "ResourceStep",
    "Resources",
    "Review",
    "Risk",
    "Safety",
    "SafetyPart",
    "SafetyStep",
    "SafetyStepFields",
    "Said",
    "Scale",
    "ScaleScore",
    "ScheduledAssessment",
    "ScoreChange",
    "ScoreComparison",
    "ScorePoint",
    "Section",
    "SectionFields",
    "Sections",
    "Session",
    "Sessions",
    "Signal",
    "Status",
    "Stopped",
    "StoreBusy",
    "StoreClosed",
    "StoreFull",
    "StoreImport",
    "StoreInvalid",
    "StoreKey",
    "StoreLocked",
    "StoreTooNew",
    "SymptomLog",
    "Symptoms",
    "SyncReport",
    "Template",
    "TemplateContent",
    "TemplateFor",
    "TemplateSection",
    "Templates",
    "Threshold",
    "Together",
    "TogetherPoint",
    "Topic",
    "Topics",
    "Tracker",
    "TrackerFields",
    "Transfer",
    "Trend",
    "TrendDay",
    "Unclear",
    "Unfinished",
    "Unreachable",
    "Vault",
    "VaultExists",
    "VaultLocked",
    "VaultStatus",
    "Weekly",
    "WireError",
    "Withdrawal",
    "WrittenGoalStep",
    "WrongPassphrase",
]
