// What is known of a document beside what it says, as answers have it.

import type { Id, IsoMoment } from "../generated/models.ts";
import { fromMicros } from "../store/values.ts";
import type { LastChange } from "../replica/tables/lastChange.ts";

/** The moment of what says of no moment when it was. */
export const NO_MOMENT: IsoMoment = fromMicros(0);

/** When it arrived, who changed it last and when, which version it is, and what of it could not be read. */
export interface Facts {
  readonly arrived_at: IsoMoment | null;
  readonly changed_by: Id | null;
  readonly changed_at: IsoMoment | null;
  readonly version: string;
  readonly problems: readonly string[];
}

/** What a row tells of its document. */
export const factsOf = (row: {
  readonly arrived_at: IsoMoment | null;
  readonly last: LastChange;
  readonly version: string;
  readonly model: { readonly problems: readonly string[] };
}): Facts => ({
  arrived_at: row.arrived_at,
  changed_by: row.last.by,
  changed_at: row.last.at,
  version: row.version,
  problems: row.model.problems,
});
