import { structOf, type StructName } from "@intersession/client/documents/types.ts";
import type { Plan } from "@intersession/client/generated/models.ts";
import { brief } from "@intersession/client/measures/brief.ts";
import { briefText } from "@intersession/client/measures/briefText.ts";
import { material } from "@intersession/client/measures/material.ts";
import type { AnyFiled, Cut, Kind, Material, NotAccepted } from "@intersession/client/measures/material.ts";
import { planChanges } from "@intersession/client/measures/planChanges.ts";
import { measured } from "@intersession/client/measures/scores.ts";
import { unusualAfter, unusualFrom } from "@intersession/client/measures/signals/chance.ts";
import { signals } from "@intersession/client/measures/signals/ofRecord.ts";
import { longestUsual, usualGap } from "@intersession/client/measures/signals/silence.ts";
import { worsenings, type Administered, type Allowance } from "@intersession/client/measures/signals/worsening.ts";
import { trends } from "@intersession/client/measures/trends.ts";
import type { Answers } from "./answers.ts";

/** A document of a record, with the row that brought it, and its last one where there are several. */
interface Given {
  id: string;
  kind: Kind;
  says: object;
  seq?: number | null;
  arrived_at?: string | null;
  author?: string | null;
  parts?: Record<string, string | null>;
  last_seq?: number;
  last_arrived_at?: string;
}

/** A record as of a cut. */
interface AsGiven {
  documents?: Given[];
  cut: Partial<Cut> & Pick<Cut, "now" | "zone">;
  heard_at?: string | null;
  not_accepted?: NotAccepted[];
}

const STRUCTS: Readonly<Record<Kind, StructName>> = {
  acknowledgement: "Acknowledgement",
  assessment: "Assessment",
  comment: "Comment",
  episode: "Episode",
  goal: "Goal",
  homework: "Homework",
  homework_progress: "HomeworkProgress",
  homework_review: "HomeworkReview",
  instrument: "Wording",
  journal_entry: "JournalEntry",
  note: "Note",
  plan: "Plan",
  resource: "Resource",
  session: "Session",
  symptom_log: "Bucket",
  template: "Template",
  topic: "Topic",
};
const NO_ENTRY = { zone: null, text: "", sections: [], mood: null, tags: [] };

function filed({ id, kind, says, seq = null, arrived_at = null, ...given }: Given): AnyFiled {
  const model = structOf(STRUCTS[kind], kind === "journal_entry" ? { ...NO_ENTRY, ...says } : says);
  const rows = {
    author: given.author ?? null,
    first_seq: seq,
    last_seq: given.last_seq ?? seq,
    first_received_at: arrived_at,
    last_received_at: given.last_arrived_at ?? arrived_at,
    parts: given.parts ?? {},
  };
  return { id, kind, model, rows } as unknown as AnyFiled;
}

const recordOf = ({ documents = [], heard_at = null, not_accepted = [] }: AsGiven): Material =>
  material(documents.map(filed), { heard_at, not_accepted });

const cutOf = ({ cut }: AsGiven): Cut => ({ heads: {}, locale: "en", ...cut });
const planGiven = (says: object = {}): Plan => structOf("Plan", says) as unknown as Plan;

interface Row {
  row: Administered[];
  allowance: Allowance;
}

interface Chance {
  rate: number;
  chances: number;
  done: number;
  missed: number;
  gaps: number[];
}

export const SIGNALS: Answers = {
  worsenings: ({ row, allowance }: Row) => worsenings(row, allowance),
  chance: ({ rate, chances, done, missed, gaps }: Chance) => ({
    from: unusualFrom(rate, chances),
    after: unusualAfter(done, missed, { before: 0.7, weight: 2 }, 0.02),
    longest: longestUsual(gaps),
    gap: usualGap(gaps),
  }),
  brief: (given: AsGiven) => brief(recordOf(given), cutOf(given)),
  brief_text: (given: AsGiven) => briefText(brief(recordOf(given), cutOf(given))),
  signals: (given: AsGiven) => signals(recordOf(given), cutOf(given)),
  scores: (given: AsGiven) => measured(recordOf(given), cutOf(given)),
  trends: (given: AsGiven & { since: string }) => trends(recordOf(given), cutOf(given), given.since),
  plan_changes: ({ before, after }: { before?: object; after?: object }) =>
    planChanges(planGiven(before), planGiven(after)),
};
