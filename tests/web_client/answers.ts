// What the TypeScript core answers to the test vectors in docs/reference/vectors: subject by subject, call by call.

import { ADHERENCE, AGENDA } from "./answers/agenda.ts";
import { FORMS } from "./answers/forms.ts";
import { FRAME_ANSWERS } from "./answers/frames.ts";
import { HISTORIES } from "./answers/histories.ts";
import { LAYOUT } from "./answers/layout.ts";
import { MERGE } from "./answers/merge.ts";
import { RECURRENCE } from "./answers/recurrence.ts";
import { SEALING } from "./answers/sealing.ts";
import { SESSIONS } from "./answers/sessions.ts";
import { TEXT } from "./answers/text.ts";
import { TIME } from "./answers/time.ts";
import { SCORES } from "./answers/scores.ts";
import { SIGNALS } from "./answers/signals.ts";
import type { Answers } from "./answers/answers.ts";

const SUBJECTS: Record<string, Answers> = {
  adherence: ADHERENCE,
  agenda: AGENDA,
  forms: FORMS,
  frames: FRAME_ANSWERS,
  histories: HISTORIES,
  layout: LAYOUT,
  merge: MERGE,
  recurrence: RECURRENCE,
  sealing: SEALING,
  sessions: SESSIONS,
  text: TEXT,
  time: TIME,
  scores: SCORES,
  signals: SIGNALS,
};

interface Case {
  call: string;
  given: never;
}

async function answered(subject: string, { call, given }: Case): Promise<unknown> {
  const ask = SUBJECTS[subject]?.[call];
  if (ask === undefined) return { missing: `${subject}.${call}` };
  try {
    return { answer: await ask(given) };
  } catch (failure) {
    return { failed: failure instanceof Error ? (failure.stack ?? failure.message) : String(failure) };
  }
}

const answers = (subject: string, cases: Case[]): Promise<unknown[]> =>
  Promise.all(cases.map((one) => answered(subject, one)));

Object.assign(globalThis, { answers });
