// All faces of a client's device, made of its replica.

import type { Refusal } from "../generated/answers.ts";
import { dropRefusal } from "../replica/documents/refusals.ts";
import type { Replica } from "../replica/replica.ts";
import type { Zone } from "../time/zones.ts";
import { assessmentsFace } from "./assessments/assessments.ts";
import { commentsOf } from "./care/comments.ts";
import { draftsOf } from "./diary/drafts.ts";
import { exported } from "./export/exporting.ts";
import type { Device, Faces } from "./faces.ts";
import * as given from "./given.ts";
import { goalsOf } from "./care/goals.ts";
import { homeworkOf } from "./care/homework.ts";
import { journalOf } from "./diary/journal.ts";
import { plansOf } from "./care/plans.ts";
import { resourcesOf } from "./care/resources.ts";
import { scopeOf } from "./scope.ts";
import { sessionsOf } from "./care/sessions.ts";
import { settingsOf } from "./settings.ts";
import { symptomsOf } from "./diary/symptoms.ts";
import { topicsOf } from "./care/topics.ts";
import { vaultOf } from "./diary/vault.ts";

/** What of a device is not worked out from its documents. */
export type Connected = Omit<Device, keyof Here>;

/** What is: what is here. */
type Here = Pick<Device, "dismiss" | "export">;

/** The faces; `deviceZone` tells which zone this device is in, null where it cannot. */
export function facesOf<Way extends Pick<Connected, "pairing" | "status">>(
  replica: Replica,
  way: Way,
  deviceZone: () => Zone | null,
): Omit<Faces, "device" | "lock" | "reminders"> & { readonly device: Here & Way } {
  const scope = scopeOf(replica, deviceZone);
  const { store } = replica;
  const resources = resourcesOf(scope);
  const faces = {
    journal: journalOf(scope),
    symptoms: symptomsOf(scope),
    homework: homeworkOf(scope),
    assessments: assessmentsFace(scope),
    goals: goalsOf(scope),
    topics: topicsOf(scope),
    resources,
    sessions: sessionsOf(scope),
    comments: commentsOf(scope),
    plans: plansOf(scope, resources),
    vault: vaultOf(scope),
    drafts: draftsOf(store),
    settings: settingsOf(store),
  };
  return {
    ...faces,
    device: {
      ...way,
      dismiss: (refusal) => dismissed(replica, refusal),
      export: (locale) => exported(scope, { ...faces, device: way }, locale),
    },
  };
}

function dismissed(replica: Replica, { document, at }: Pick<Refusal, "at" | "document">): void {
  const refusal = { document: given.id("document", document), at: given.moment("at", at) };
  replica.write(({ store }) => dropRefusal(store, refusal));
  replica.notify({ documents: [], source: "local" });
}
