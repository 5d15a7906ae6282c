// What is read from documents, and what lies in them. Written from the Python code by `./run vectors`; fields have the
// names that they have in documents.

/** A day, `2026-05-04`. */
export type IsoDay = string;
/** A moment in ISO 8601 with the offset of the clock it was written by. */
export type IsoMoment = string;
/** A UUID in its canonical form. */
export type Id = string;

/** A signal was seen: `signal` names it, `note` says what was done. */
export interface Acknowledgement {
  readonly signal: string;
  readonly note: string;
  readonly made_at: IsoMoment | null;
  readonly problems: readonly string[];
}

/**
 * What was answered to one question. `key` is the question's id, `prompt` its wording then.
 *
 * `value` is the text (`prose`), the number (`scale`, `number`), True or False (`yes_no`), the option (`one_of`), the
 * options (`several_of`, `checklist`: those ticked) or "HH:MM" (`time`); None where nothing was answered. `label` is
 * what the chosen point of a scale was called, `unit` what a number counted.
 */
export interface Answer {
  readonly key: string;
  readonly prompt: string;
  readonly type: "checklist" | "number" | "one_of" | "prose" | "scale" | "several_of" | "time" | "yes_no";
  readonly value: boolean | number | string | readonly string[] | null;
  readonly label: string;
  readonly unit: string;
}

/**
 * An assessment as its document says now.
 *
 * `draft` holds by item the answers that stand, oldest first: more than one where two devices answered at once.
 * `overridden` holds those that were answered over later. `completions` are by time; more than one where
 * two devices completed it at once. `problems` lists what could not be read.
 */
export interface Assessment {
  readonly instrument: string;
  readonly scheme: string;
  readonly started_at: IsoMoment | null;
  readonly zone: string | null;
  readonly administered_by: Id | null;
  readonly schedule: string;
  readonly occurrence: string;
  readonly amends: Id | null;
  readonly draft: Readonly<Record<string, readonly ItemAnswer[]>>;
  readonly overridden: Readonly<Record<string, readonly ItemAnswer[]>>;
  readonly completions: readonly Completion[];
  readonly state: "completed" | "draft";
  readonly conflicts: readonly string[];
  readonly problems: readonly string[];
}

/** A published range of scores with its label; both ends belong to it. */
export interface Band {
  readonly label: string;
  readonly low: number;
  readonly high: number;
}

/** The assessment whose score is the baseline of a scale. */
export interface Baseline {
  readonly order: number;
  readonly assessment: Id | null;
}

/** The words of an instrument, ready to be asked, and where they are from. */
export interface BoundWording {
  readonly instrument: string;
  readonly scheme: string;
  readonly status: "imported" | "own" | "verified";
  readonly hash: string;
  readonly prompts: readonly Prompt[];
  readonly instructions: readonly string[];
  readonly language: string | null;
  readonly copyright: string | null;
  readonly source: string | null;
  readonly notes: readonly string[];
}

/**
 * A `symptom_log` document: its month, its logs by `at`, and what was withdrawn.
 *
 * `problems` names what could not be read, by log id.
 */
export interface Bucket {
  readonly month: string;
  readonly logs: readonly Log[];
  readonly problems: readonly string[];
  readonly withdrawn: readonly Withdrawn[];
}

/** One answer as it is shown. `value` is what is stored: None for an answer that counts as not answered. */
export interface Choice {
  readonly text: string;
  readonly value: number | boolean | null;
}

/**
 * The codes of a whole instrument. `panel` and `total` are LOINC; None where none could be confirmed.
 *
 * `answers` are LOINC answer codes with the score that the answer list gives them.
 */
export interface Codes {
  readonly panel: string | null;
  readonly total: string | null;
  readonly snomed: readonly string[];
  readonly answers: readonly (readonly [string, number])[];
  readonly source: Source | null;
}

/** On the document `on`. `helped` says whether a resource helped; None where that is not what it is about. */
export interface Comment {
  readonly on: Id | null;
  readonly text: string;
  readonly helped: boolean | null;
  readonly made_at: IsoMoment | null;
  readonly problems: readonly string[];
}

/** All answers as they were when the assessment was completed, by item; what was not answered is not in it. */
export interface Completion {
  readonly id: Id;
  readonly answers: Readonly<Record<string, boolean | number | string | null>>;
  readonly completed_at: IsoMoment;
  readonly zone: string | null;
  readonly scheme: string;
  readonly wording: WordingTaken;
}

/** A published rule that counts answers; met when every group is. It is never a diagnosis. */
export interface CountingRule {
  readonly key: string;
  readonly label: string;
  readonly groups: readonly Group[];
  readonly source: Source;
}

/** A published threshold. Reached at `score` and beyond it, in the direction that is worse. */
export interface CutOff {
  readonly key: string;
  readonly label: string;
  readonly score: number;
  readonly source: Source;
}

/** What progress said before it was corrected, and when that was entered (`said_at`). */
export interface EarlierMark {
  readonly status: "could_not" | "done" | "not" | "partly";
  readonly difficulty: number | null;
  readonly helpfulness: number | null;
  readonly barrier: "felt_worse" | "forgot" | "no_chance" | "no_point" | "too_hard" | "unclear" | null;
  readonly done_at: IsoMoment | null;
  readonly said_at: IsoMoment | null;
}

/**
 * From `began_on` to `ended_on` (None: it goes on), for a `reason` in plain words.
 *
 * `phase_began_on` is the day on which its phase began; None: with the episode.
 * `baseline` is by scale, named as `scale_key` does. If two people choose one for the same scale at once, one is kept.
 */
export interface Episode {
  readonly phase: "assessment" | "ended" | "follow_up" | "treatment";
  readonly began_on: IsoDay | null;
  readonly phase_began_on: IsoDay | null;
  readonly ended_on: IsoDay | null;
  readonly reason: string;
  readonly baseline: Readonly<Record<string, Baseline>>;
  readonly problems: readonly string[];
}

/**
 * One question. `low` and `high` bound a scale (both needed) or a number; `labels` name points of a scale.
 *
 * `options` are what a `one_of`, `several_of` or `checklist` offers; `unit` says what a number counts.
 */
export interface Field {
  readonly order: number;
  readonly prompt: string;
  readonly type: "checklist" | "number" | "one_of" | "prose" | "scale" | "several_of" | "time" | "yes_no";
  readonly required: boolean;
  readonly low: number | null;
  readonly high: number | null;
  readonly labels: readonly Label[];
  readonly options: readonly string[];
  readonly unit: string;
}

/** What somebody wants (`what`) and why it matters to them (`why`). */
export interface Goal {
  readonly what: string;
  readonly why: string;
  readonly steps: Readonly<Record<string, GoalStep>>;
  readonly state: "let_go" | "open" | "reached";
  readonly made_at: IsoMoment | null;
  readonly problems: readonly string[];
}

/** A step towards a goal, and the day it was done. */
export interface GoalStep {
  readonly order: number;
  readonly text: string;
  readonly done_on: IsoDay | null;
}

/** A part of a counting rule: at least `count` of the items reach the value written beside each. */
export interface Group {
  readonly key: string;
  readonly items: readonly (readonly [string, number])[];
  readonly count: number;
}

/**
 * An assignment: `what` to do and `why`.
 *
 * `agreed`: the rationale was talked through and agreed; `confidence` (0–10) is the client's, before they begin.
 * `goal` is the id of the goal it serves, `fields` its worksheet, `resources` what helps with it. It is due once, on
 * the day `due`, or by `rule` from `since` on, through `until`; with neither it can be done at any time.
 * `predecessor` is the assignment it was adapted from; from the day `ended_on` it is no longer due.
 */
export interface Homework {
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
  readonly predecessor: Id | null;
  readonly ended_on: IsoDay | null;
  readonly assigned_at: IsoMoment | null;
  readonly problems: readonly string[];
}

/**
 * What a client says of one occurrence. `done_at` is when it was done, `entered_at` when that was entered.
 *
 * `corrected_at` is when a mark was corrected last, `earlier` what the marks were before, by random id.
 */
export interface HomeworkProgress {
  readonly homework: Id | null;
  readonly occurrence: string;
  readonly status: "could_not" | "done" | "not" | "partly";
  readonly answers: readonly Answer[];
  readonly difficulty: number | null;
  readonly helpfulness: number | null;
  readonly learned: string;
  readonly barrier: "felt_worse" | "forgot" | "no_chance" | "no_point" | "too_hard" | "unclear" | null;
  readonly barrier_note: string;
  readonly done_at: IsoMoment | null;
  readonly entered_at: IsoMoment | null;
  readonly zone: string | null;
  readonly corrected_at: IsoMoment | null;
  readonly earlier: Readonly<Record<string, EarlierMark>>;
  readonly problems: readonly string[];
}

/**
 * The care team's review: a `decision` with its `reason`, and the documents it is based on (`evidence`).
 *
 * `successor` is the assignment that continues an adapted or replaced one.
 */
export interface HomeworkReview {
  readonly homework: Id | null;
  readonly decision: "adapt" | "keep" | "replace" | "step_down" | "step_up" | "stop";
  readonly reason: string;
  readonly evidence: readonly Id[];
  readonly successor: Id | null;
  readonly reviewed_at: IsoMoment | null;
  readonly problems: readonly string[];
}

/**
 * A questionnaire with its scoring.
 *
 * `key` names it for good, `scheme` which way of scoring it this is (stored with every score). `wording_hashes` are
 * those of official texts that were checked; `wording` is set where the words are our own. `missing` says in words
 * what happens to unanswered items, `skips` are the rules by which the form itself leaves some out. `left_out` is what
 * is commonly said of the instrument and could not be confirmed.
 */
export interface Instrument {
  readonly key: string;
  readonly scheme: string;
  readonly title: string;
  readonly window: string;
  readonly direction: "higher is better" | "higher is worse" | "not stated";
  readonly items: readonly Item[];
  readonly scales: readonly Scale[];
  readonly missing: string;
  readonly licence: Licence;
  readonly sources: readonly Source[];
  readonly names: readonly string[];
  readonly codes: Codes;
  readonly rules: readonly CountingRule[];
  readonly risks: readonly RiskRule[];
  readonly skips: readonly Skip[];
  readonly left_out: readonly string[];
  readonly wording_hashes: readonly string[];
  readonly wording: BoundWording | null;
}

/**
 * One question. `label` is our own short name for what it is about, never its wording.
 *
 * `allowed` are the values an answer may have, lowest first (0 and 1 stand for no and yes of a `yes-no` item, whose
 * answers are False and True). A `reverse` item counts as lowest + highest - answer. `highest_first`: the printed form
 * lists the answer with the highest value first. `optional` items may stay unanswered. An item that is not `scored` is
 * part of no sum: its value only says which of its answers it is, counted from 0.
 * `not_applicable_when` names a yes-no item: when that is answered yes, this one is left out of the sum.
 * `asked_when` names a yes-no item: this one is asked only when that is answered yes.
 */
export interface Item {
  readonly key: string;
  readonly label: string;
  readonly allowed: readonly number[];
  readonly type: "number" | "yes-no";
  readonly reverse: boolean;
  readonly highest_first: boolean;
  readonly optional: boolean;
  readonly scored: boolean;
  readonly not_applicable_when: string | null;
  readonly asked_when: string | null;
  readonly loinc: string | null;
}

/** One answer in a draft and when it was given. */
export interface ItemAnswer {
  readonly id: Id;
  readonly value: boolean | number | string | null;
  readonly at: IsoMoment;
}

/**
 * An entry as its document says now. `problems` lists what could not be read, by field.
 *
 * `corrected_at` is when its time was last corrected, and `earlier` the times it had before, the oldest first.
 */
export interface JournalEntry {
  readonly written_at: IsoMoment | null;
  readonly entered_at: IsoMoment | null;
  readonly zone: string | null;
  readonly text: string;
  readonly sections: readonly Section[];
  readonly mood: number | null;
  readonly tags: readonly string[];
  readonly problems: readonly string[];
  readonly corrected_at: IsoMoment | null;
  readonly earlier: readonly Time[];
}

/** What a point of a scale is called. */
export interface Label {
  readonly at: number;
  readonly text: string;
}

/** What the owner of an instrument asks of whoever shows its wording. */
export interface Licence {
  readonly status: "conditions" | "free" | "non-commercial" | "own" | "permission needed" | "public domain";
  readonly holder: string;
  readonly terms: string;
  readonly source: Source;
}

/**
 * One symptom log: `values` by symptom name, on `scale` (lowest, highest) if it has one.
 *
 * `at` is what it is about, `entered_at` when it was entered; `key` is the caller's own, for importing twice, and
 * `batch` the import that it came with. `corrects`: it stands in the place of the log with that id, which never is a
 * correction itself. `arrived_at`: it is a copy of a log that arrived then, in a bucket that was rewritten.
 */
export interface Log {
  readonly id: Id;
  readonly at: IsoMoment;
  readonly entered_at: IsoMoment;
  readonly values: Readonly<Record<string, number>>;
  readonly zone: string | null;
  readonly scale: readonly [number, number] | null;
  readonly note: string;
  readonly key: string | null;
  readonly batch: Id | null;
  readonly corrects: Id | null;
  readonly arrived_at: IsoMoment | null;
}

/** A log as a bucket holds it, and when it arrived; None: it has not. */
export interface LogRecord {
  readonly log: Log;
  readonly arrived_at: IsoMoment | null;
}

/** A private clinical note of the care team; it lives in the chart and never reaches the client. */
export interface Note {
  readonly text: string;
  readonly about: Id | null;
  readonly made_at: IsoMoment | null;
  readonly problems: readonly string[];
}

/** Days on which nothing is due, `first` and `last` included (None: until further notice). */
export interface Pause {
  readonly order: number;
  readonly first: IsoDay | null;
  readonly last: IsoDay | null;
  readonly reason: "holiday" | "illness" | "other";
  readonly note: string;
}

/**
 * A plan as its document says now.
 *
 * `introduction` stands above the journal's sections; `journal_rule` says when the journal is to be written, from
 * `journal_since` on (an empty rule: daily while there are sections). `safety_resources` belong to the safety plan.
 * `day_begins` is the full hour at which each of the client's days begins: with 4, what is about one o'clock at night
 * belongs to the day before, and a rule's slot at that time comes at the end of its day.
 *
 * `thresholds` of signals are by what they are of: "silence" in days, "missed_run" in times, a scale as `scale_key`
 * names it in points. None applies to risk items.
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
}

/**
 * A symptom scale to be followed: `name` is what it is logged under, `rule` when (RRULE), from `since` to `until`.
 *
 * `labels` name points of the scale from `low` to `high`.
 */
export interface PlanTracker {
  readonly order: number;
  readonly name: string;
  readonly question: string;
  readonly low: number;
  readonly high: number;
  readonly labels: readonly Label[];
  readonly rule: string;
  readonly since: IsoDay | null;
  readonly until: IsoDay | null;
  readonly resources: readonly Id[];
}

/**
 * One item as it is asked: its text and its answers in the order they are shown.
 *
 * A yes-no item may come without answers; the app then says yes and no in its own language.
 */
export interface Prompt {
  readonly item: string;
  readonly text: string;
  readonly choices: readonly Choice[];
}

/**
 * How the source prints a sum, where that is no whole number: divided by `divisor`, or read off `table`, which has
 * a number for every sum from the lowest on. `label` says what it is.
 *
 * Bands, cut-offs and changes are of the sum all the same, which is what is kept and compared.
 */
export interface Published {
  readonly label: string;
  readonly divisor: number;
  readonly table: readonly number[];
  readonly source: Source;
}

/**
 * How large a difference of two scores must be, and what that rests on.
 *
 * Either a published `threshold`, or `sd` (of the population, at baseline) and `reliability` to reckon it from.
 */
export interface ReliableChange {
  readonly kind: "important" | "reliable";
  readonly threshold: number | null;
  readonly sd: number | null;
  readonly reliability: number | null;
  readonly which: string;
  readonly population: string;
  readonly citation: string;
  readonly sure: "V" | "V-2" | "own";
}

/**
 * `title`, and a `text`, `steps`, a `link`, or several of them. `tags` are for finding it.
 *
 * `retired`: put away in the library, so that it is no longer offered to be given; it can still be read.
 */
export interface Resource {
  readonly title: string;
  readonly text: string;
  readonly steps: Readonly<Record<string, ResourceStep>>;
  readonly link: string;
  readonly tags: readonly string[];
  readonly retired: boolean;
  readonly made_at: IsoMoment | null;
  readonly problems: readonly string[];
}

/** One step of a resource that is gone through step by step. */
export interface ResourceStep {
  readonly order: number;
  readonly text: string;
}

/**
 * An answer that somebody has to look at: `item` answered with `at_least` or more (1 is a yes).
 *
 * `level` is given where the source grades its questions.
 */
export interface RiskRule {
  readonly key: string;
  readonly label: string;
  readonly item: string;
  readonly at_least: number;
  readonly level: "high" | "low" | "moderate" | null;
  readonly source: Source;
}

/** A step of the safety plan; `contact` is whom to reach and how. */
export interface SafetyStep {
  readonly order: number;
  readonly part: "on_my_own" | "people_and_places" | "people_to_ask" | "professionals" | "safe_place" | "warning_signs";
  readonly text: string;
  readonly contact: string;
}

/**
 * A score: the sum of its items times `multiplier`, between `low` and `high`.
 *
 * `published` says how the source prints it, where that differs; `direction` which way is better, where that is not
 * the instrument's. `changes` are the thresholds of change; the first one is used unless another is asked for.
 */
export interface Scale {
  readonly key: string;
  readonly label: string;
  readonly items: readonly string[];
  readonly low: number;
  readonly high: number;
  readonly multiplier: number;
  readonly published: Published | null;
  readonly direction: "higher is better" | "higher is worse" | "not stated" | null;
  readonly bands: readonly Band[];
  readonly bands_source: Source | null;
  readonly cut_offs: readonly CutOff[];
  readonly changes: readonly ReliableChange[];
}

/**
 * An instrument to be answered by `rule` from `since` on, or before each session; open for `open_days` days.
 *
 * Who has not answered by then is reminded `remind_days` after it opened (None: never).
 */
export interface ScheduledAssessment {
  readonly order: number;
  readonly instrument: string;
  readonly rule: string;
  readonly before_each_session: boolean;
  readonly since: IsoDay | null;
  readonly until: IsoDay | null;
  readonly open_days: number;
  readonly remind_days: number | null;
}

/**
 * An answer with the wording it was answered under (`prompt`); `key` names it in a template.
 *
 * Prose is in `text`. Any other `type` has its answer in `value`, as `forms.Answer` has it, with the `label` of a
 * point on a scale and the `unit` of a number; `text` may say more.
 */
export interface Section {
  readonly prompt: string;
  readonly text: string;
  readonly key: string;
  readonly type: "checklist" | "number" | "one_of" | "prose" | "scale" | "several_of" | "time" | "yes_no";
  readonly value: boolean | number | string | readonly string[] | null;
  readonly label: string;
  readonly unit: string;
}

/** An appointment: its beginning `planned_at`, as the clock at the place shows it, and how many `minutes` it is. */
export interface Session {
  readonly planned_at: IsoMoment | null;
  readonly minutes: number;
  readonly state: "attended" | "cancelled" | "missed" | "planned";
  readonly problems: readonly string[];
}

/**
 * A published rule by which a form leaves items out: when all of `when` are answered, and what they count adds up
 * to no more than `at_most` (and no less than `at_least`), then the items `skipped` need no answer.
 *
 * A yes counts 1 here. A skipped item without an answer counts its lowest value and is not missing; one that is
 * answered all the same counts as answered.
 */
export interface Skip {
  readonly when: readonly string[];
  readonly skipped: readonly string[];
  readonly at_most: number | null;
  readonly at_least: number | null;
  readonly source: Source;
}

/** Where a fact was read, and how sure it is. */
export interface Source {
  readonly text: string;
  readonly sure: "V" | "V-2" | "own";
}

/**
 * A log as it stands.
 *
 * `log` has the id, key, batch and `entered_at` of the log as it was first noted, and all else as it was last
 * corrected. `earlier` are the logs that stood before, the oldest first: of more than `MOST_EARLIER` the first and the
 * last ones. `corrected_at` is when the last correction was entered, `arrived_at` when the log arrived, corrected or
 * not.
 */
export interface Standing {
  readonly log: Log;
  readonly arrived_at: IsoMoment | null;
  readonly corrected_at: IsoMoment | null;
  readonly earlier: readonly Log[];
}

/**
 * What is known when an assessment begins. `scheme` is how the instrument is scored.
 *
 * `administered_by` is who of the care team took the answers down (an interview, a paper form). `schedule` and
 * `occurrence` name what in the plan it answers; `amends` is the assessment that it corrects.
 */
export interface Start {
  readonly instrument: string;
  readonly scheme: string;
  readonly started_at: IsoMoment;
  readonly zone: string | null;
  readonly administered_by: Id | null;
  readonly schedule: string;
  readonly occurrence: string;
  readonly amends: Id | null;
}

/** What lies under a key of `draft`. */
export interface StoredAnswer {
  readonly value: boolean | number | string | null;
  readonly at: IsoMoment;
  readonly over: readonly Id[];
}

/** What lies under a key of `completions`. */
export interface StoredCompletion {
  readonly answers: Readonly<Record<string, boolean | number | string | null>>;
  readonly completed_at: IsoMoment;
  readonly zone: string | null;
  readonly scheme: string;
  readonly wording: WordingTaken;
}

/**
 * `title` and `about` say what it is for; the other fields are what is made from it.
 *
 * Homework takes `what`, `why`, `fields` and `rule`; a journal takes `fields` as its sections; a resource `what` as
 * its text and `fields` as its steps; a safety plan `steps`; a goal `what`, `why` and `fields` as its steps.
 * `retired`: put away, so that it is no longer offered to start from; it can still be read.
 */
export interface Template {
  readonly title: string;
  readonly about: string;
  readonly makes: "goal" | "homework" | "journal" | "resource" | "safety_plan";
  readonly what: string;
  readonly why: string;
  readonly rule: string;
  readonly fields: Readonly<Record<string, Field>>;
  readonly steps: Readonly<Record<string, SafetyStep>>;
  readonly tags: readonly string[];
  readonly retired: boolean;
  readonly problems: readonly string[];
}

/** A section of the journal template, asked from `active_from` to `active_to` (both included; None: no end). */
export interface TemplateSection {
  readonly order: number;
  readonly prompt: string;
  readonly type: "checklist" | "number" | "one_of" | "prose" | "scale" | "several_of" | "time" | "yes_no";
  readonly required: boolean;
  readonly low: number | null;
  readonly high: number | null;
  readonly labels: readonly Label[];
  readonly options: readonly string[];
  readonly unit: string;
  readonly active_from: IsoDay | null;
  readonly active_to: IsoDay | null;
}

/** From where on something is told as a signal: days, times in a row, or points of a scale. */
export interface Threshold {
  readonly order: number;
  readonly at: number;
}

/** When an entry was written, as somebody entered at `entered_at`. */
export interface Time {
  readonly written_at: IsoMoment;
  readonly entered_at: IsoMoment;
  readonly zone: string | null;
}

/** One thing to talk about; `talked_on` is the day on which it was ticked off, None while it is open. */
export interface Topic {
  readonly text: string;
  readonly made_at: IsoMoment | null;
  readonly talked_on: IsoDay | null;
  readonly problems: readonly string[];
}

/** What `answer` holds of a section. */
export interface TypedAnswer {
  readonly type: "checklist" | "number" | "one_of" | "prose" | "scale" | "several_of" | "time" | "yes_no";
  readonly value: boolean | number | string | readonly string[] | null;
  readonly label: string;
  readonly unit: string;
}

/**
 * That logs were withdrawn: by id, and by key all that were entered up to then, wherever they are.
 *
 * `logs` and `keys` hold no content: of a key there is its `key_mark`.
 */
export interface Withdrawn {
  readonly id: Id;
  readonly entered_at: IsoMoment;
  readonly logs: readonly Id[];
  readonly keys: readonly string[];
}

/** One answer as it is shown; `value` is what is stored, None for one that counts as not answered. */
export interface WordedChoice {
  readonly text: string;
  readonly value: number | boolean | null;
}

/** One item as it is asked: its text, and its answers in the order they are shown. */
export interface WordedItem {
  readonly order: number;
  readonly text: string;
  readonly labels: readonly WordedChoice[];
}

/**
 * The bound wording of the instrument `key`, scored by `scheme`. `prompts` are by item, in the order asked.
 *
 * `status` and `hash` say whether the words are those of a known text; `definition` is `Instrument` as JSON, empty for
 * instruments that ship.
 */
export interface Wording {
  readonly key: string;
  readonly scheme: string;
  readonly status: "imported" | "own" | "verified";
  readonly hash: string;
  readonly language: string;
  readonly title: string;
  readonly instructions: readonly string[];
  readonly prompts: Readonly<Record<string, WordedItem>>;
  readonly copyright: string;
  readonly source: string;
  readonly notes: readonly string[];
  readonly definition: string;
  readonly problems: readonly string[];
}

/** The wording that was answered under: its `status`, and its `hash` where it has one. */
export interface WordingTaken {
  readonly status: "imported" | "own" | "paper" | "verified";
  readonly hash: string;
}

/** What is read from each kind that is made and edited field by field. */
export interface Records {
  readonly acknowledgement: Acknowledgement;
  readonly comment: Comment;
  readonly episode: Episode;
  readonly goal: Goal;
  readonly homework: Homework;
  readonly homework_progress: HomeworkProgress;
  readonly homework_review: HomeworkReview;
  readonly instrument: Wording;
  readonly note: Note;
  readonly plan: Plan;
  readonly resource: Resource;
  readonly session: Session;
  readonly template: Template;
  readonly topic: Topic;
}

/** What is read from each kind. */
export interface Models {
  readonly acknowledgement: Acknowledgement;
  readonly assessment: Assessment;
  readonly comment: Comment;
  readonly episode: Episode;
  readonly goal: Goal;
  readonly homework: Homework;
  readonly homework_progress: HomeworkProgress;
  readonly homework_review: HomeworkReview;
  readonly instrument: Wording;
  readonly journal_entry: JournalEntry;
  readonly note: Note;
  readonly plan: Plan;
  readonly resource: Resource;
  readonly session: Session;
  readonly symptom_log: Bucket;
  readonly template: Template;
  readonly topic: Topic;
}
