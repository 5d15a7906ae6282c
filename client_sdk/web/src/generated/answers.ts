// What the faces answer with: as the Python SDK, under the same names. Written from its code by `./run vectors`.
// Moments are ISO 8601 with their offset, spans of time seconds.

import type {
  Answer,
  Choice,
  EarlierMark,
  Field,
  Id,
  IsoDay,
  IsoMoment,
  Pause,
  PlanTracker,
  ReliableChange,
  SafetyStep,
  ScheduledAssessment,
  Section,
  TemplateSection,
  Threshold,
} from "./models.ts";

/**
 * Counts over the occurrences whose day is over, and those answered before.
 *
 * `counted` = done + partly + not_done + unanswered; `could_not` and `paused` stand beside it. `difficulty` and
 * `helpfulness` are the ratings given, oldest occurrence first; `barriers` how often each was named; `late` how many
 * were entered more than a day after they were done. All of them take one progress an occurrence, the newest.
 */
export interface Adherence {
  readonly counted: number;
  readonly done: number;
  readonly partly: number;
  readonly not_done: number;
  readonly unanswered: number;
  readonly could_not: number;
  readonly paused: number;
  readonly late: number;
  readonly difficulty: readonly number[];
  readonly helpfulness: readonly number[];
  readonly barriers: Readonly<Record<string, number>>;
}

/** A number of documents, and of bytes of changes. */
export interface Amount {
  readonly documents: number;
  readonly bytes: number;
}

/**
 * One administration of an instrument, as a draft or completed.
 *
 * `items` are in the order asked, with the answers of the draft, or of the newest completion; `missing` those that a
 * complete form still needs, `conflicts` those answered differently on two devices at once. `completions` are by time,
 * more than one where two devices completed it at once; `scores` and `note` are those of the newest. `risk` lists
 * every positive risk item, wherever it is. `administered_by` entered the answers from paper or an interview. `amends`
 * is the assessment that this one corrects, `amended_by` what corrects this one. `arrived_at` is when the server
 * received the first of it; `sent` says that it has all of it, the last answer included.
 */
export interface Assessment {
  readonly changed_by: Id | null;
  readonly changed_at: IsoMoment | null;
  readonly version: string;
  readonly id: Id;
  readonly instrument: string;
  readonly title: string;
  readonly scheme: string;
  readonly state: "completed" | "draft";
  readonly started_at: IsoMoment;
  readonly completed_at: IsoMoment | null;
  readonly arrived_at: IsoMoment | null;
  readonly sent: boolean;
  readonly items: readonly Question[];
  readonly missing: readonly string[];
  readonly conflicts: readonly string[];
  readonly completions: readonly Completion[];
  readonly scores: readonly ScaleScore[];
  readonly note: string;
  readonly risk: readonly Risk[];
  readonly zone: string | null;
  readonly schedule: string;
  readonly occurrence: string;
  readonly administered_by: Id | null;
  readonly amends: Id | null;
  readonly amended_by: readonly Id[];
  readonly problems: readonly string[];
}

/**
 * Homework as it stands now: `what` to do and `why`, with what was said of it.
 *
 * `agreed`: the rationale was talked through; `confidence` (0–10) is the client's, before they begin. `goal` is the
 * goal it serves, `fields` its worksheet by id, `resources` what helps with it. It is due once, on the day `due`, or
 * by `rule` (RRULE) from `since` through `until`, or at any time; no longer from the day `ended_on`.
 * `predecessor` is the assignment it was adapted from. `occurrences` are those up to today and those answered,
 * oldest first; `progress` and `reviews` are newest first. `adherence` has counts, not scores.
 */
export interface Assignment {
  readonly changed_by: Id | null;
  readonly changed_at: IsoMoment | null;
  readonly version: string;
  readonly id: Id;
  readonly what: string;
  readonly why: string;
  readonly agreed: boolean;
  readonly confidence: number | null;
  readonly goal: Id | null;
  readonly fields: Readonly<Record<string, Field>>;
  readonly resources: readonly Id[];
  readonly due: IsoDay | null;
  readonly rule: string;
  readonly since: IsoDay | null;
  readonly until: IsoDay | null;
  readonly ended_on: IsoDay | null;
  readonly predecessor: Id | null;
  readonly assigned_at: IsoMoment | null;
  readonly arrived_at: IsoMoment | null;
  readonly occurrences: readonly OccurrenceView[];
  readonly progress: readonly HomeworkProgress[];
  readonly reviews: readonly HomeworkReview[];
  readonly adherence: Adherence;
  readonly problems: readonly string[];
}

/**
 * An instrument that can be answered on this device, with its wording.
 *
 * `due` is the planned assessment that it would answer, or None; `draft` is an open draft to continue. `status` says
 * whose wording it is: own, verified or imported. `licence` and `copyright` are what its owner wants to be shown;
 * `notes` and `instructions` belong above the questions.
 */
export interface Available {
  readonly instrument: string;
  readonly title: string;
  readonly window: string;
  readonly status: "imported" | "own" | "paper" | "verified";
  readonly items: readonly Question[];
  readonly instructions: readonly string[];
  readonly language: string | null;
  readonly licence: string;
  readonly copyright: string;
  readonly notes: readonly string[];
  readonly due: Due | null;
  readonly draft: Id | null;
}

/**
 * What `on_change` reports: ids of documents that have changed, and who changed them.
 *
 * No documents means that the status may have changed. Entry ids are document ids.
 */
export interface Change {
  readonly documents: readonly Id[];
  readonly source: "local" | "sync";
}

/**
 * A comment on the document `on`; `helped` is set if it says whether a resource helped.
 *
 * `author` is an account at the practice, None for what was written here before pairing; `mine`: this account wrote
 * it.
 */
export interface Comment {
  readonly changed_by: Id | null;
  readonly changed_at: IsoMoment | null;
  readonly version: string;
  readonly id: Id;
  readonly on: Id;
  readonly text: string;
  readonly helped: boolean | null;
  readonly made_at: IsoMoment;
  readonly author: Id | null;
  readonly mine: boolean;
  readonly arrived_at: IsoMoment | null;
  readonly problems: readonly string[];
}

/**
 * Answers that were completed, and what they come to. They never change.
 *
 * `scores` are by scale, each with its band, or with the reason why there is no score; `rules` are published counting
 * rules, `level` the highest level of risk where the source grades it. `note` says in words what is worth knowing, as
 * "incomplete, not scored".
 */
export interface Completion {
  readonly id: Id;
  readonly completed_at: IsoMoment;
  readonly answers: Readonly<Record<string, boolean | number | string | null>>;
  readonly wording: "imported" | "own" | "paper" | "verified";
  readonly scores: readonly ScaleScore[];
  readonly rules: readonly Counted[];
  readonly level: "high" | "low" | "moderate" | null;
  readonly missing: readonly string[];
  readonly note: string;
}

/** What a counting rule came to: `met` is None when an answer that it counts is missing. */
export interface Counted {
  readonly key: string;
  readonly label: string;
  readonly met: boolean | null;
  readonly missing: readonly string[];
}

/**
 * A line that answers day and night, under the name that it has there.
 *
 * `number` is written as it is dialled in that country. To `text` it, `word` is what the message has to say;
 * empty where anything will do.
 */
export interface CrisisLine {
  readonly name: string;
  readonly number: string;
  readonly by: "call" | "text";
  readonly word: string;
}

/** What was typed for a prompt; `question` is the app's own name for it. */
export interface DraftAnswer {
  readonly question: string;
  readonly prompt: string;
  readonly text: string;
}

/**
 * One thing to do. `id` is the tracker's or schedule's id in the plan, the homework's id, or "journal".
 *
 * `day` is the local day it is due on, `at` the moment: at the time the rule names, else at the day's beginning;
 * `timed` says which. `occurrence` is its key, as `record` takes it. `overdue`: homework whose day is over.
 * `closes_on` is the last day on which an assessment can be answered. `reminder`: it has been open for as long as its
 * schedule says before one is reminded; in `upcoming`, `day` and `at` are those of the reminder then.
 */
export interface Due {
  readonly kind: "assessment" | "homework" | "journal" | "tracker";
  readonly id: string;
  readonly title: string;
  readonly day: IsoDay;
  readonly at: IsoMoment;
  readonly occurrence: string;
  readonly timed: boolean;
  readonly overdue: boolean;
  readonly closes_on: IsoDay | null;
  readonly reminder: boolean;
}

/** What a symptom log said before it was corrected, and when that was entered. */
export interface EarlierLog {
  readonly at: IsoMoment;
  readonly values: Readonly<Record<string, number>>;
  readonly scale: readonly [number, number] | null;
  readonly note: string;
  readonly entered_at: IsoMoment;
}

/**
 * A journal entry as it stands now.
 *
 * `written_at` is what it is about, local; `entered_at` when it was typed in; `arrived_at` when the server
 * received it (None: not yet, or never to be). `late`: it was received, or entered, more than a day after. `shared`:
 * the care team can read it, or will after the next sync. `problems` lists what could not
 * be read. `corrected_at` is when its time was corrected last, and `earlier` what it was before, newest first.
 */
export interface Entry {
  readonly id: Id;
  readonly text: string;
  readonly sections: readonly Section[];
  readonly mood: number | null;
  readonly tags: readonly string[];
  readonly written_at: IsoMoment;
  readonly entered_at: IsoMoment;
  readonly zone: string | null;
  readonly arrived_at: IsoMoment | null;
  readonly shared: boolean;
  readonly late: boolean;
  readonly problems: readonly string[];
  readonly corrected_at: IsoMoment | null;
  readonly earlier: readonly IsoMoment[];
  readonly changed_by: Id | null;
  readonly changed_at: IsoMoment | null;
  readonly version: string;
}

/** An unfinished form: its `title`, its answers in order, and when the last one was saved. */
export interface FormDraft {
  readonly name: string;
  readonly title: string;
  readonly answers: readonly DraftAnswer[];
  readonly kept_at: IsoMoment;
}

/**
 * A page of search results, newest first; iterating yields its `entries`.
 *
 * Pass `next` as `after` of the same call for the next page; None if there is none.
 */
export interface Found {
  readonly entries: readonly FoundEntry[];
  readonly next: string | null;
}

/**
 * An entry that was found, with the passage that shows it.
 *
 * `snippet` is on one line, with "…" where something is left out; `spans` are the matches in it, each as (first, past
 * the last) in characters (code points): `snippet[first:last]`.
 */
export interface FoundEntry {
  readonly id: Id;
  readonly text: string;
  readonly sections: readonly Section[];
  readonly mood: number | null;
  readonly tags: readonly string[];
  readonly written_at: IsoMoment;
  readonly entered_at: IsoMoment;
  readonly zone: string | null;
  readonly arrived_at: IsoMoment | null;
  readonly shared: boolean;
  readonly late: boolean;
  readonly problems: readonly string[];
  readonly corrected_at: IsoMoment | null;
  readonly earlier: readonly IsoMoment[];
  readonly changed_by: Id | null;
  readonly changed_at: IsoMoment | null;
  readonly version: string;
  readonly snippet: string;
  readonly spans: readonly (readonly [number, number])[];
}

/** What a client wants and why it matters to them, with steps in order; `state` is open, reached or let_go. */
export interface Goal {
  readonly changed_by: Id | null;
  readonly changed_at: IsoMoment | null;
  readonly version: string;
  readonly id: Id;
  readonly what: string;
  readonly why: string;
  readonly steps: readonly GoalStep[];
  readonly state: "let_go" | "open" | "reached";
  readonly made_at: IsoMoment | null;
  readonly arrived_at: IsoMoment | null;
  readonly problems: readonly string[];
}

/** A step towards a goal, and the day it was done (None: not yet). */
export interface GoalStep {
  readonly id: string;
  readonly text: string;
  readonly done_on: IsoDay | null;
}

/** How one assignment went so far: counts over all of its occurrences, never a score of a person. */
export interface HomeworkCounts {
  readonly id: Id;
  readonly what: string;
  readonly adherence: Adherence;
}

/**
 * The client's report on one occurrence of homework (`occurrence` is its key).
 *
 * `difficulty` and `helpfulness` are 0–10; `barrier` is why it was not done. `done_at` is when it was done, local,
 * `entered_at` when that was typed in, `arrived_at` when the server received it (None: not yet). `late`: it was
 * entered more than a day after it was done. `earlier` are the marks before they were corrected, newest first.
 */
export interface HomeworkProgress {
  readonly changed_by: Id | null;
  readonly changed_at: IsoMoment | null;
  readonly version: string;
  readonly id: Id;
  readonly homework: Id;
  readonly occurrence: string;
  readonly status: "could_not" | "done" | "not" | "partly";
  readonly answers: readonly Answer[];
  readonly difficulty: number | null;
  readonly helpfulness: number | null;
  readonly learned: string;
  readonly barrier: "felt_worse" | "forgot" | "no_chance" | "no_point" | "too_hard" | "unclear" | null;
  readonly barrier_note: string;
  readonly done_at: IsoMoment;
  readonly entered_at: IsoMoment;
  readonly arrived_at: IsoMoment | null;
  readonly late: boolean;
  readonly corrected_at: IsoMoment | null;
  readonly earlier: readonly EarlierMark[];
  readonly problems: readonly string[];
}

/**
 * The care team's review of an assignment: `decision`, `reason`, and the documents it is based on (`evidence`).
 *
 * `successor` is the assignment that continues it; `author` is an account at the practice.
 */
export interface HomeworkReview {
  readonly changed_by: Id | null;
  readonly changed_at: IsoMoment | null;
  readonly version: string;
  readonly id: Id;
  readonly homework: Id;
  readonly decision: "adapt" | "keep" | "replace" | "step_down" | "step_up" | "stop";
  readonly reason: string;
  readonly evidence: readonly Id[];
  readonly successor: Id | null;
  readonly reviewed_at: IsoMoment;
  readonly author: Id | null;
  readonly arrived_at: IsoMoment | null;
  readonly problems: readonly string[];
}

/**
 * The last problem that kept this device and the server from exchanging everything; as text, its `message`.
 *
 * `final`: retrying does not help; somebody has to do what the message says.
 */
export interface LastError {
  readonly code: string;
  readonly message: string;
  readonly at: IsoMoment;
  readonly final: boolean;
}

/**
 * Whom to call in one country (ISO 3166-1, two letters). `emergency`: the numbers for danger to life, best first.
 *
 * `looked_up`: the day on which the numbers were looked up last.
 */
export interface LocalHelp {
  readonly country: string;
  readonly emergency: readonly string[];
  readonly lines: readonly CrisisLine[];
  readonly looked_up: IsoDay;
}

/**
 * One occurrence: `key`, its local day (None where it is due when the client likes), and what was said of it.
 *
 * `progress` are the ids of all progress on it, newest entered first: more than one where two devices recorded it
 * offline. The newest decides the state, unless the day is paused. Nothing counts as entered after it arrived: a
 * device whose clock is ahead does not have the last word for ever.
 */
export interface OccurrenceView {
  readonly key: string;
  readonly day: IsoDay | null;
  readonly state: "could_not" | "done" | "not" | "open" | "partly" | "paused" | "unanswered";
  readonly progress: readonly Id[];
}

/** The practice this store belongs to, and as whom. */
export interface Pairing {
  readonly url: string;
  readonly account: Id;
  readonly device: Id;
  readonly practice: string;
  readonly role: "client" | "therapist";
  readonly name: string;
  readonly share_by_default: boolean;
}

/**
 * A client's plan: what the journal asks, trackers, scheduled assessments, pauses, the safety plan.
 *
 * `changed_by`, `changed_at` and `version` mean what they mean on `Changed`; the first two are None in an editor.
 */
export interface Plan {
  readonly introduction: string;
  readonly journal_rule: string;
  readonly journal_since: IsoDay | null;
  readonly day_begins: number;
  readonly sections: Readonly<Record<string, TemplateSection>>;
  readonly trackers: Readonly<Record<string, PlanTracker>>;
  readonly assessments: Readonly<Record<string, ScheduledAssessment>>;
  readonly safety_plan: Readonly<Record<string, SafetyStep>>;
  readonly safety_resources: readonly Id[];
  readonly pauses: Readonly<Record<string, Pause>>;
  readonly thresholds: Readonly<Record<string, Threshold>>;
  readonly problems: readonly string[];
  readonly changed_by: Id | null;
  readonly changed_at: IsoMoment | null;
  readonly version: string;
}

/** One value of a symptom's series, on its `scale` (None: none was given); `late` as on `Entry`. */
export interface Point {
  readonly at: IsoMoment;
  readonly value: number;
  readonly late: boolean;
  readonly scale: readonly [number, number] | null;
}

/**
 * A client's own view: `series` of symptoms by name (newest first), scores, homework and goals, from `since` on.
 *
 * `homework` holds the assignments that had not ended by `since`, `goals` all; `scores` are newest first.
 */
export interface Progress {
  readonly series: Readonly<Record<string, readonly Point[]>>;
  readonly homework: readonly HomeworkCounts[];
  readonly goals: readonly Goal[];
  readonly scores: readonly ScorePoint[];
  readonly since: IsoMoment | null;
}

/**
 * One item of an instrument as it is asked, with its answer so far.
 *
 * `label` is a short name for it, `prompt` its wording (empty where none is here), `allowed` the values it may have:
 * True and False where `yes_no`. `choices` are in the order shown; one whose value is None withdraws the answer.
 * `conflict` holds the answers that were given on two devices at once; `answer` is None then. `applies`: it is asked,
 * given the answers so far; `optional` items may stay unanswered.
 */
export interface Question {
  readonly item: string;
  readonly label: string;
  readonly prompt: string;
  readonly choices: readonly Choice[];
  readonly allowed: readonly number[];
  readonly yes_no: boolean;
  readonly optional: boolean;
  readonly applies: boolean;
  readonly answer: boolean | number | string | null;
  readonly conflict: readonly (boolean | number | string | null)[];
}

/** An edit that the server will never accept. `text` is its content, to be read and entered again. */
export interface Refusal {
  readonly document: Id;
  readonly kind: string;
  readonly code: string;
  readonly message: string;
  readonly text: string;
  readonly at: IsoMoment;
}

/**
 * Something to read or do: a `text`, `steps`, a `link`, or several of them; all but the link's target is here.
 *
 * `helped` is the client's newest word on whether it did; None where they said nothing. `retired`: it was put away
 * in the library.
 */
export interface Resource {
  readonly changed_by: Id | null;
  readonly changed_at: IsoMoment | null;
  readonly version: string;
  readonly id: Id;
  readonly title: string;
  readonly text: string;
  readonly steps: readonly ResourceStep[];
  readonly link: string;
  readonly tags: readonly string[];
  readonly made_at: IsoMoment | null;
  readonly arrived_at: IsoMoment | null;
  readonly helped: boolean | null;
  readonly retired: boolean;
  readonly problems: readonly string[];
}

/** One step of a resource that is gone through step by step. */
export interface ResourceStep {
  readonly id: string;
  readonly text: string;
}

/**
 * A positive risk item. `where`: in a completion, in the draft, or answered over since.
 *
 * `label` is a short name for what the item is about; `level` is low, moderate or high where the source grades it.
 */
export interface Risk {
  readonly item: string;
  readonly label: string;
  readonly where: "completed" | "draft" | "overridden";
  readonly at: IsoMoment;
  readonly level: "high" | "low" | "moderate" | null;
}

/**
 * The safety plan, from this device alone. Show `notice` above it: nobody is watching in real time.
 *
 * `steps` go through the parts in their order; `resources` are those that belong to the plan, then those of the
 * practice that are tagged "crisis". `help` is whom to call in the practice's country, for after those; None while
 * the country is not known.
 */
export interface Safety {
  readonly notice: string;
  readonly steps: readonly SafetyStep[];
  readonly resources: readonly Resource[];
  readonly help: LocalHelp | null;
}

/**
 * One score. `raw` is the sum before it is multiplied; both are None when the score is invalid, and `why` says why.
 *
 * `low` and `high` are the range for these answers. `cut_offs` are the keys of those that are reached. `published` is
 * the score as its source prints it, where that is not the sum: a mean, or a number read off a table.
 */
export interface ScaleScore {
  readonly key: string;
  readonly raw: number | null;
  readonly score: number | null;
  readonly low: number;
  readonly high: number;
  readonly band: string | null;
  readonly cut_offs: readonly string[];
  readonly published: number | null;
  readonly missing: readonly string[];
  readonly not_applicable: readonly string[];
  readonly why: string | null;
}

/**
 * What became of a score: `difference` is after minus before, `towards` says what that means for the person.
 *
 * `towards` is None where nobody says which way is better. `parameters` is what `threshold` rests on; both are None
 * when nothing is published.
 */
export interface ScoreChange {
  readonly instrument: string;
  readonly scale: string;
  readonly before: number | null;
  readonly after: number | null;
  readonly difference: number | null;
  readonly towards: "better" | "same" | "worse" | null;
  readonly threshold: number | null;
  readonly parameters: ReliableChange | null;
  readonly verdict: "deterioration by the published difference" | "improvement by the published difference" | "less than the published difference" | "no parameters published" | "not comparable" | "reliable change, direction not stated" | "reliable deterioration" | "reliable improvement" | "within measurement error";
}

/**
 * A score against an earlier one: `against` the baseline, the first of the episode, or the last one before.
 *
 * `change` holds the difference, the threshold and what that rests on; `words` say what it means.
 */
export interface ScoreComparison {
  readonly against: "baseline" | "first of the episode" | "last";
  readonly assessment: Id;
  readonly at: IsoMoment;
  readonly change: ScoreChange;
  readonly words: string;
}

/**
 * One scale of one completed assessment. `value` is None where there is no score, and `why` says why.
 *
 * `at` is when it was measured, `arrived_at` when the server received it (None: not yet). `paper`: the care team
 * entered it; `amended`: another assessment has corrected it; `one_of`: how many times the same scheduled assessment
 * was completed, for example on two offline devices. `odd`: the device gave a date that cannot be right, and `at` is
 * when it arrived. `baseline` and `last` compare it with earlier ones.
 */
export interface ScorePoint {
  readonly assessment: Id;
  readonly instrument: string;
  readonly title: string;
  readonly scale: string;
  readonly label: string;
  readonly value: number | null;
  readonly low: number;
  readonly high: number;
  readonly band: string | null;
  readonly why: string | null;
  readonly at: IsoMoment;
  readonly arrived_at: IsoMoment | null;
  readonly paper: boolean;
  readonly amended: boolean;
  readonly wording: "imported" | "own" | "paper" | "verified";
  readonly one_of: number;
  readonly odd: boolean;
  readonly baseline: ScoreComparison | null;
  readonly last: ScoreComparison | null;
}

/** An appointment and its state: planned, attended, missed or cancelled. */
export interface Session {
  readonly changed_by: Id | null;
  readonly changed_at: IsoMoment | null;
  readonly version: string;
  readonly id: Id;
  readonly planned_at: IsoMoment;
  readonly minutes: number;
  readonly state: "attended" | "cancelled" | "missed" | "planned";
  readonly arrived_at: IsoMoment | null;
  readonly problems: readonly string[];
}

/**
 * The state of this store.
 *
 * `pending` counts changes that the server has not accepted yet, `oldest_pending` is when the first of them was
 * made; `last_contact` when a server was last heard; `problems` counts rows from it that could not be used.
 * `transfer` is how far the exchange under way has come, or the last one since the store was opened; `last_error`
 * what keeps it from being complete, None once it is; `access_ended`: the practice has ended this device's access,
 * and it has to be paired again. `stopped` are the records that cannot go on with the server, as it said last.
 * `clock_offset` is by how much this device's clock was ahead of the server's at the last contact. `not_listed` counts
 * documents that have been received and are not read yet: until it is 0, lists, search and series are incomplete.
 */
export interface Status {
  readonly paired: Pairing | null;
  readonly pending: number;
  readonly oldest_pending: IsoMoment | null;
  readonly last_contact: IsoMoment | null;
  readonly connected: boolean;
  readonly refusals: readonly Refusal[];
  readonly problems: number;
  readonly transfer: Transfer | null;
  readonly last_error: LastError | null;
  readonly access_ended: boolean;
  readonly stopped: readonly Stopped[];
  readonly clock_offset: number | null;
  readonly not_listed: number;
}

/**
 * A record (`audience`: `record`, `vault`, `chart` or `library`) that stopped syncing; others continue.
 *
 * `client` is the person it belongs to, `name` their name on a therapist's device, otherwise empty. `code` and
 * `message` say why, and what to do. Nothing is deleted here; unsent changes are kept but not sent.
 */
export interface Stopped {
  readonly stream: Id;
  readonly audience: string;
  readonly client: Id;
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/**
 * The symptoms noted at one moment: `values` by name, on `scale` (lowest, highest) where it has one.
 *
 * The moments mean what they mean on `Entry`; `key` is the caller's own. `corrected_at` is when the client corrected
 * it last, and `earlier` what it said before, newest first.
 */
export interface SymptomLog {
  readonly id: Id;
  readonly at: IsoMoment;
  readonly values: Readonly<Record<string, number>>;
  readonly scale: readonly [number, number] | null;
  readonly note: string;
  readonly key: string | null;
  readonly entered_at: IsoMoment;
  readonly zone: string | null;
  readonly arrived_at: IsoMoment | null;
  readonly shared: boolean;
  readonly late: boolean;
  readonly corrected_at: IsoMoment | null;
  readonly earlier: readonly EarlierLog[];
}

/**
 * What one `sync` did: changes pushed and pulled, and changes that were finally refused.
 *
 * Changes that had not been sent when the access to their record ended count as refused: see `Status.refusals`.
 * `complete`: nothing is left to do. Otherwise `reason` explains what is left, why, and what to do, and `reason_code`
 * is the same for programs.
 */
export interface SyncReport {
  readonly pushed: number;
  readonly pulled: number;
  readonly refused: number;
  readonly complete: boolean;
  readonly reason: string | null;
  readonly reason_code: string | null;
}

/** What a client wants to talk about; `talked_on` is the day it was ticked off, None while it is open. */
export interface Topic {
  readonly changed_by: Id | null;
  readonly changed_at: IsoMoment | null;
  readonly version: string;
  readonly id: Id;
  readonly text: string;
  readonly made_at: IsoMoment | null;
  readonly talked_on: IsoDay | null;
  readonly arrived_at: IsoMoment | null;
  readonly problems: readonly string[];
}

/**
 * The progress of an exchange.
 *
 * `to_send` and `to_receive` are totals that include what was already `sent` and `received`: at the end they are
 * equal. What is written meanwhile adds to them. For a stream that this device has only in part, `to_receive` is an
 * estimate until everything has arrived.
 */
export interface Transfer {
  readonly sent: Amount;
  readonly to_send: Amount;
  readonly received: Amount;
  readonly to_receive: Amount;
}

/**
 * The state of the vault on this device.
 *
 * `state`: "none" if no vault is known, "locked", or "open". `waiting` counts encrypted edits here that wait for a
 * key; `unreadable` those that no key of this vault can decrypt: damaged, or made by a newer app.
 */
export interface VaultStatus {
  readonly state: "locked" | "none" | "open";
  readonly waiting: number;
  readonly unreadable: number;
}

/**
 * An entry that was shared and withdrawn.
 *
 * `state`: "waiting" until the server has confirmed; then "erased", or "kept" if the practice has to keep what was
 * written and hides it from everybody; "refused" if the server will not do it. On this device the entry is
 * gone in any case. `read_at` lists the times, oldest first, at which the care team may have read it.
 */
export interface Withdrawal {
  readonly id: Id;
  readonly asked_at: IsoMoment;
  readonly state: "erased" | "kept" | "refused" | "waiting";
  readonly read_at: readonly IsoMoment[];
}
