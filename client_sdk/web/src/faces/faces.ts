// What an app calls: a client's device, as the Python SDK's `Tracker`. Methods are named as there, in this language's
// way; what they answer is called as there, field by field (`../generated/answers.ts`).
//
// In the replica's worker a face is implemented as it stands here; a page holds a `Remote` of it, whose methods answer
// with a promise. When a method has answered, what it wrote is on disk. What a person has to be told of is thrown as a
// `FaceError`: `code` is for programs, `message` for people, in English; `../generated/words` has it by language.

import type * as answers from "../generated/answers.ts";
import type { Id, IsoDay, IsoMoment, Section } from "../generated/models.ts";
import type { PasskeySecret } from "../lock/passkey.ts";
import type { PasskeyWay } from "../lock/storeLock.ts";

/** A page of a list: `after` is the id of the last one that one has. */
export interface PageOf {
  readonly limit?: number;
  readonly after?: Id;
}

/** From `since` up to but not including `until`. */
export interface Window extends PageOf {
  readonly since?: IsoMoment;
  readonly until?: IsoMoment;
}

/** Answers by field: its id or its prompt. */
export type AnswersGiven = Readonly<Record<string, boolean | number | string | readonly string[] | null>>;

/** The version of what an edit was made from: give it whenever a person reads first and writes later. */
export interface BasedOn {
  readonly based_on?: string;
}

export interface NewEntry {
  readonly text?: string;
  readonly sections?: AnswersGiven;
  readonly mood?: number | null;
  readonly tags?: readonly string[];
  readonly at?: IsoMoment;
  /** True: shared with the care team; false: private; left out: as was chosen at pairing. */
  readonly shared?: boolean;
}

export interface EntryEdit extends BasedOn {
  readonly text?: string;
  readonly sections?: readonly Section[] | AnswersGiven;
  readonly mood?: number | null;
  readonly tags?: readonly string[];
  readonly at?: IsoMoment;
}

export interface Journal {
  write(entry: NewEntry): answers.Entry;
  edit(id: Id, edit: EntryEdit): answers.Entry;
  get(id: Id): answers.Entry;
  entries(window?: Window): readonly answers.Entry[];
  /** Entries that hold every word, newest first; `after` is the `next` of the page before. */
  search(query: string, page?: { readonly limit?: number; readonly after?: string }): answers.Found;
  share(id: Id): answers.Entry;
  withdraw(id: Id): answers.Withdrawal;
  /** Only what was never shared; what is shared is withdrawn. */
  delete(id: Id): void;
  withdrawals(page?: PageOf): readonly answers.Withdrawal[];
}

export interface NewLog {
  readonly values: Readonly<Record<string, number>>;
  readonly scale?: readonly [number, number] | null;
  readonly note?: string;
  readonly at?: IsoMoment;
  readonly shared?: boolean;
}

/** Which values of a symptom: on `scale`, null for those that have none; left out: on that of the newest. */
export interface Series extends Omit<Window, keyof PageOf> {
  readonly scale?: readonly [number, number] | null;
}

export interface Symptoms {
  log(log: NewLog): answers.SymptomLog;
  correct(id: Id, log: Partial<NewLog>): answers.SymptomLog;
  /** As it stands now, under its own id; not what it was corrected from. */
  share(id: Id): answers.SymptomLog;
  withdraw(id: Id): answers.Withdrawal;
  names(): readonly string[];
  scales(name: string): readonly (readonly [number, number] | null)[];
  series(name: string, which?: Series): readonly answers.Point[];
  get(id: Id): answers.SymptomLog;
  logs(window?: Window): readonly answers.SymptomLog[];
  withdrawals(page?: PageOf): readonly answers.Withdrawal[];
}

export interface ProgressGiven extends BasedOn {
  /** The occurrence's key; left out: the one that is due. */
  readonly occurrence?: string;
  /** An occurrence was recorded on two devices: which of them is meant. */
  readonly record?: Id;
  readonly status?: "could_not" | "done" | "not" | "partly";
  readonly answers?: AnswersGiven;
  readonly difficulty?: number | null;
  readonly helpfulness?: number | null;
  readonly learned?: string;
  readonly barrier?: "felt_worse" | "forgot" | "no_chance" | "no_point" | "too_hard" | "unclear" | null;
  readonly barrier_note?: string;
  readonly done_at?: IsoMoment;
}

export interface Homework {
  list(page?: PageOf & { readonly ended?: boolean }): readonly answers.Assignment[];
  get(id: Id): answers.Assignment;
  record(id: Id, given: ProgressGiven): answers.HomeworkProgress;
}

export interface Assessments {
  /** What can be answered on this device: with its wording, what is due of it, and an open draft. */
  available(): readonly answers.Available[];
  /** Begin what is due, or an instrument; goes on with an open draft of it. */
  start(what: answers.Due | string): answers.Assessment;
  get(id: Id): answers.Assessment;
  list(page?: PageOf): readonly answers.Assessment[];
  /** Null takes an answer out. */
  answer(id: Id, item: string, value: boolean | number | null): answers.Assessment;
  /** The next item that is asked and has no answer; null at the end. */
  next(id: Id): answers.Question | null;
  complete(id: Id, resolved?: Readonly<Record<string, boolean | number | null>>): answers.Assessment;
  /** A new draft that corrects a completed one. */
  amend(id: Id): answers.Assessment;
}

export interface Goals {
  list(page?: PageOf): readonly answers.Goal[];
  add(what: string, given?: { readonly why?: string; readonly steps?: readonly string[] }): answers.Goal;
  edit(id: Id, given: BasedOn & { readonly what?: string; readonly why?: string }): answers.Goal;
  addStep(id: Id, text: string, after?: string): answers.Goal;
  editStep(id: Id, step: string, text: string, based_on?: string): answers.Goal;
  moveStep(id: Id, step: string, after?: string): answers.Goal;
  removeStep(id: Id, step: string): answers.Goal;
  stepDone(id: Id, step: string, given?: { readonly on?: IsoDay; readonly done?: boolean }): answers.Goal;
  reach(id: Id): answers.Goal;
  letGo(id: Id): answers.Goal;
  reopen(id: Id): answers.Goal;
}

/** What a client wants to talk about in the next session. */
export interface Topics {
  list(page?: PageOf & { readonly open?: boolean }): readonly answers.Topic[];
  add(text: string): answers.Topic;
  edit(id: Id, text: string, based_on?: string): answers.Topic;
  tickOff(id: Id, on?: IsoDay): answers.Topic;
  reopen(id: Id): answers.Topic;
  withdraw(id: Id): void;
}

export interface Resources {
  list(page?: PageOf & { readonly tag?: string }): readonly answers.Resource[];
  get(id: Id): answers.Resource;
  helped(id: Id, helped: boolean, text?: string): answers.Comment;
}

export interface Sessions {
  list(page?: PageOf): readonly answers.Session[];
  next(): answers.Session | null;
}

export interface Comments {
  of(on: Id, page?: PageOf): readonly answers.Comment[];
  add(on: Id, text: string): answers.Comment;
}

/** The plan made with the care team, and what is due by it. */
export interface Plans {
  plan(): answers.Plan;
  /** The safety plan, from this device alone; `locale` is the language of its notice. */
  safety(locale: string): answers.Safety;
  due(now?: IsoMoment): readonly answers.Due[];
  upcoming(until: IsoMoment): readonly answers.Due[];
  progress(since?: IsoMoment): answers.Progress;
}

/** What is private goes to this person's other devices encrypted, once there is a vault. */
export interface Vault {
  status(): answers.VaultStatus;
  /** Answers with the recovery code, which is shown once. */
  create(passphrase: string): Promise<string>;
  unlock(passphraseOrCode: string): Promise<void>;
  changePassphrase(passphraseOrCode: string, next: string): Promise<void>;
  newRecoveryCode(passphraseOrCode: string): Promise<string>;
}

/**
 * What was begun and not finished, kept on this device alone.
 *
 * One with the id of a document in its name goes with that document, when it is withdrawn or deleted.
 */
export interface Drafts {
  keep(name: string, content: unknown): void;
  /** As it was kept; null for none. */
  get(name: string): unknown;
  list(): readonly { readonly name: string; readonly kept_at: IsoMoment }[];
  delete(name: string): void;
}

export interface LockStatus {
  /** "none": there is no lock; "locked": nothing but the lock, and a safety plan kept outside of it, can be asked. */
  readonly state: "locked" | "none" | "open";
  /** The safety plan can be read while it is locked, as the person chose. */
  readonly safety_outside: boolean;
  /** The passkeys that open it beside the passcode. */
  readonly passkeys: readonly PasskeyWay[];
}

/** The lock of this device: with one, what is on it is encrypted. Others throw `locked` until it is opened. */
export interface Lock {
  status(): LockStatus;
  /** Seconds until a passcode may be tried, after several wrong ones; 0 for at once. */
  waits(): Promise<number>;
  set(passcode: string, given: { readonly safety_outside: boolean }): Promise<void>;
  /** By the passcode, or by what a passkey answered. */
  unlock(by: PasskeySecret | string): Promise<void>;
  lock(): Promise<void>;
  /** Have it opened by a passkey, too. */
  addPasskey(passcode: string, passkey: PasskeySecret): Promise<void>;
  /** Have it no longer opened by a passkey. */
  dropPasskey(passcode: string, passkey: PasskeyWay): Promise<void>;
  remove(passcode: string): Promise<void>;
}

/** Choices of this device: language, text size, reminders. */
export interface Settings {
  /** As it was kept; null for none. */
  get(name: string): unknown;
  set(name: string, value: unknown): void;
}

/** Whether the practice sends reminders to a device whose app is closed. */
export type ReminderOffer =
  | { readonly offered: false; readonly key: null; readonly on: boolean }
  /** `key`: what to subscribe with at the browser's push service; `on`: this device gets them. */
  | { readonly offered: true; readonly key: string; readonly on: boolean };

/** Where the browser's push service takes messages for this device, and the keys that they are encrypted with. */
export interface PushAddress {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  /** What was subscribed with. */
  readonly key: string;
}

/** Reminders that reach this device while the app is closed. Each of these asks the practice's server. */
export interface Reminders {
  offer(): Promise<ReminderOffer>;
  /** Have them sent there from now on, by this device's clock. */
  subscribe(to: PushAddress): Promise<void>;
  /** Have none sent any more. */
  end(): Promise<void>;
}

export interface PairingGiven {
  /** Where the practice's server is: an origin, as of the page. */
  readonly url: string;
  readonly code: string;
  readonly share_by_default: boolean;
  readonly share_earlier?: boolean;
}

/** This device and its way to the practice. */
export interface Device {
  pair(given: PairingGiven): Promise<answers.Pairing>;
  pairing(): answers.Pairing | null;
  /** Whether what is written from now on is shared where nobody says otherwise; what was written stays as it is. */
  shareByDefault(shared: boolean): answers.Pairing;
  status(locale: string): answers.Status;
  /** Stay connected while the app is open; `false` ends it. */
  live(on: boolean): void;
  /** One exchange, until nothing is left to do or it cannot go on. */
  sync(): Promise<answers.SyncReport>;
  /** Delete what is kept of a refused edit, its text included; of one that is gone already, nothing. */
  dismiss(refusal: Pick<answers.Refusal, "at" | "document">): void;
  /** All of one's own data, as one JSON that `import_from` of the Python SDK reads, and as a page to read. */
  export(locale: string): { readonly json: string; readonly html: string };
  /** Leave the practice: what is here stays here, and nothing is sent or received any more. */
  leave(): Promise<void>;
  /** Delete everything on this device; what was sent stays with the practice. */
  deleteEverything(): Promise<void>;
}

/** All of them. */
export interface Faces {
  readonly journal: Journal;
  readonly symptoms: Symptoms;
  readonly homework: Homework;
  readonly assessments: Assessments;
  readonly goals: Goals;
  readonly topics: Topics;
  readonly resources: Resources;
  readonly sessions: Sessions;
  readonly comments: Comments;
  readonly plans: Plans;
  readonly vault: Vault;
  readonly drafts: Drafts;
  readonly lock: Lock;
  readonly settings: Settings;
  readonly reminders: Reminders;
  readonly device: Device;
}

/** A face as a page holds it. */
export type Remote<Face> = {
  readonly [Name in keyof Face]: Face[Name] extends (...given: infer Given) => infer Answered
    ? (...given: Given) => Promise<Awaited<Answered>>
    : Remote<Face[Name]>;
};

/** What a page is told of without asking. */
export interface Told {
  /** Documents differ, by an edit made here or by a sync; none: the status may differ. */
  readonly changed: answers.Change;
}

/** A face could not do what it was asked. */
export class FaceError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "FaceError";
    this.code = code;
  }
}
