// What a device shows.

import { entries, searchEntries } from "@intersession/client/replica/tables/entries.ts";
import { records, type RowKind } from "@intersession/client/replica/tables/records.ts";
import { bySymptom, symptomLogs, symptomNames } from "@intersession/client/replica/tables/symptomViews.ts";
import { withdrawals } from "@intersession/client/replica/documents/erasures.ts";
import { refusals } from "@intersession/client/replica/documents/refusals.ts";
import { logWithdrawals } from "@intersession/client/replica/logs/withdrawals.ts";
import { pending } from "@intersession/client/replica/exchange/pending.ts";
import type { Replica } from "@intersession/client/replica/replica.ts";
import type { ReadWindow } from "@intersession/client/store/windows.ts";

interface Given {
  readonly window?: ReadWindow;
  readonly query?: string;
  readonly after?: string | null;
  readonly kind: RowKind;
}

export const READING: Readonly<Record<string, (replica: Replica, given: Given) => unknown>> = {
  entries: ({ store }, { window = {} }) => entries(store, window),
  search: ({ store }, { query = "", window = {}, after = null }) => searchEntries(store, query, window, after),
  logs: ({ store }, { window = {} }) => symptomLogs(store, window),
  names: ({ store }) => symptomNames(store),
  series: ({ store }) => [...bySymptom(store, {}, new Map()).points.values()],
  records: ({ store }, { kind, window = {} }) => records(store, kind, { window }),
  withdrawals: ({ store }, { window = {} }) => [withdrawals(store, window), logWithdrawals(store, window)],
  refusals: ({ store }) => refusals(store),
  pending: ({ store }) => pending(store),
};
