// Journal entries since the last session, and older ones that arrived only after it.

import type { Id, IsoMoment, JournalEntry, Section } from "../generated/models.ts";
import { isLate, type Moment } from "../time/moments.ts";
import { documents, moment, momentIf, type Beginning, type Material } from "./material.ts";
import { by } from "./ordering.ts";

/** What is said beside an entry that was written before the last session and arrived after it. */
export const AFTER_SESSION = "written before, arrived after";

/** One entry. */
export interface BriefEntry {
  readonly id: Id;
  readonly written_at: IsoMoment | null;
  readonly entered_at: IsoMoment | null;
  readonly arrived_at: IsoMoment | null;
  readonly zone: JournalEntry["zone"];
  readonly text: string;
  readonly sections: readonly Section[];
  readonly mood: number | null;
  readonly tags: readonly string[];
  /** `AFTER_SESSION` where that is so, else empty. */
  readonly mark: string;
  /** It arrived more than a day after what it is about. */
  readonly late: boolean;
  /** More of it arrived later than its beginning. */
  readonly edited: boolean;
}

/** Whether something was written before the last session and arrived after it. */
export function arrivedAfter(written: Moment | null, arrived: Moment | null, beginning: Beginning): boolean {
  if (beginning.session === null || written === null || arrived === null) return false;
  const begun = moment(beginning.at).micros;
  return written.micros < begun && begun < arrived.micros;
}

/** The entries written, or arrived, since the beginning; oldest written first, those without a time last. */
export function entries(record: Material, beginning: Beginning): BriefEntry[] {
  const begun = moment(beginning.at).micros;
  return documents(record, "journal_entry")
    .map(({ id, model, rows }) => {
      const written = momentIf(model.written_at);
      const arrived = momentIf(rows.first_received_at);
      const entry: BriefEntry = {
        id,
        written_at: model.written_at,
        entered_at: model.entered_at,
        arrived_at: rows.first_received_at,
        zone: model.zone,
        text: model.text,
        sections: model.sections,
        mood: model.mood,
        tags: model.tags,
        mark: arrivedAfter(written, arrived, beginning) ? AFTER_SESSION : "",
        late: written !== null && arrived !== null && isLate(written, arrived),
        edited: rows.last_seq !== rows.first_seq,
      };
      return { entry, about: written ?? arrived, arrived };
    })
    .filter(({ about, arrived }) => about === null || [about, arrived].some((at) => at !== null && at.micros >= begun))
    .sort(
      by(
        ({ about }) => about === null,
        ({ about }) => about?.micros ?? begun,
        ({ entry }) => entry.id,
      ),
    )
    .map(({ entry }) => entry);
}
