// Everything of one's own, in one value: what `import_from` of the Python SDK reads, and a page is made of.

import type * as answers from "../../generated/answers.ts";
import type { IsoMoment } from "../../generated/models.ts";
import { allComments } from "../care/comments.ts";
import { formDrafts } from "../diary/drafts.ts";
import { exportedPage } from "./exportedPage.ts";
import { wordsOfExport } from "./exportWords.ts";
import type { Device, Faces } from "../faces.ts";
import type { Scope } from "../scope.ts";

const [FORMAT, VERSION] = ["intersession-export", 1] as const;

/** All of one's own data, as the faces answer it, including private entries. */
export interface Export {
  readonly format: string;
  readonly version: number;
  readonly exported_at: IsoMoment;
  readonly practice: string;
  readonly name: string;
  readonly entries: readonly answers.Entry[];
  readonly symptom_logs: readonly answers.SymptomLog[];
  readonly homework: readonly answers.Assignment[];
  readonly assessments: readonly answers.Assessment[];
  readonly goals: readonly answers.Goal[];
  readonly topics: readonly answers.Topic[];
  readonly comments: readonly answers.Comment[];
  readonly resources: readonly answers.Resource[];
  readonly sessions: readonly answers.Session[];
  readonly plan: answers.Plan;
  readonly drafts: readonly answers.FormDraft[];
  readonly refusals: readonly answers.Refusal[];
  readonly withdrawals: readonly answers.Withdrawal[];
  /** In words, in the language of the locale. */
  readonly left_out: readonly string[];
}

type Exported = Omit<Faces, "device" | "lock" | "reminders"> & { readonly device: Pick<Device, "pairing" | "status"> };

/** The export as JSON, and as a page to read. */
export function exported(scope: Scope, faces: Exported, locale: string): ReturnType<Device["export"]> {
  const found = gathered(scope, faces, locale);
  return { json: JSON.stringify(found, null, 1), html: exportedPage(found, locale) };
}

function gathered(scope: Scope, faces: Exported, locale: string): Export {
  const [pairing, status] = [faces.device.pairing(), faces.device.status(locale)];
  return {
    format: FORMAT,
    version: VERSION,
    exported_at: scope.now(),
    practice: pairing?.practice ?? "",
    name: pairing?.name ?? "",
    entries: faces.journal.entries(),
    symptom_logs: faces.symptoms.logs(),
    homework: faces.homework.list({ ended: true }),
    assessments: faces.assessments.list(),
    goals: faces.goals.list(),
    topics: faces.topics.list({ open: false }),
    comments: allComments(scope),
    resources: faces.resources.list(),
    sessions: faces.sessions.list(),
    plan: faces.plans.plan(),
    drafts: formDrafts(scope.store),
    refusals: status.refusals,
    withdrawals: faces.journal.withdrawals(),
    left_out: leftOut(scope, status, locale),
  };
}

function leftOut({ store }: Scope, { access_ended, problems }: answers.Status, locale: string): readonly string[] {
  const { leftOut: words } = wordsOfExport(locale);
  const closed = store.number(
    "SELECT count(DISTINCT document) FROM sealed s JOIN documents d ON d.position = s.document" +
      " WHERE s.state <> 'open' AND d.kind <> 'vault_key'",
  );
  return [
    words.versions,
    words.notes,
    words.access,
    ...(closed > 0 ? [words.locked(closed)] : []),
    ...(access_ended ? [words.ended] : []),
    ...(problems > 0 ? [words.unreadable(problems)] : []),
  ];
}
