// The symptom logs that stand, and when each arrived.

import { goneOf, standing } from "../documents/diary/symptomHistory.ts";
import type { Standing } from "../generated/models.ts";
import { momentText } from "../time/moments.ts";
import { arrivedAt, documents, once, type Material } from "./material.ts";

/** The symptom logs that stand, by what they are about. */
export function symptomLogs(record: Material): readonly Standing[] {
  return once(record, "symptom logs", () => {
    const buckets = documents(record, "symptom_log");
    const records = buckets.flatMap((filed) =>
      filed.model.logs.map((log) => {
        const at = arrivedAt(filed, log.id);
        return { log, arrived_at: at === null ? null : momentText(at) };
      }),
    );
    return standing(records, goneOf(buckets.flatMap(({ model }) => model.withdrawn)));
  });
}
