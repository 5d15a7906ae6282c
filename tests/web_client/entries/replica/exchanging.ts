// What a device sends and receives.

import { hexOf, ofHex } from "@intersession/client/bytes.ts";
import type { Down } from "@intersession/client/generated/frames.ts";
import { settleErasure } from "@intersession/client/replica/documents/erasures.ts";
import { markClosed } from "@intersession/client/replica/documents/sealed.ts";
import { forgetKeys, keepKeysOpen } from "@intersession/client/replica/documents/vaultKeys.ts";
import { join, storePage } from "@intersession/client/replica/exchange/inbox.ts";
import { outgoing, refuse, resend, settle } from "@intersession/client/replica/exchange/outbox.ts";
import { purge } from "@intersession/client/replica/exchange/purging.ts";
import type { Replica } from "@intersession/client/replica/replica.ts";
import { planIntake } from "@intersession/client/replica/vaultBackfill.ts";
import { decodeDown } from "@intersession/client/wire/codec.ts";
import { checkSaved } from "@intersession/client/wire/savedDocuments.ts";
import { bytesOf, written } from "../../answers/base64.ts";

interface Given {
  readonly frame: string;
  readonly limit?: number;
  readonly size?: number;
  readonly document: string;
  readonly hashes: readonly string[];
  readonly code: string;
  readonly seq: number;
  readonly kept: boolean;
  readonly readAt: readonly string[];
  readonly stream: string;
  readonly id: string;
  readonly key: string;
  readonly ids: readonly string[];
  readonly data: string;
  readonly changes: number;
  readonly operations: number;
}

function frameOf(text: string): Down {
  const [bytes = new Uint8Array()] = bytesOf([text]);
  return decodeDown(bytes);
}

export const EXCHANGING: Readonly<Record<string, (replica: Replica, given: Given) => unknown>> = {
  join: ({ store }, { frame }) => {
    const welcome = frameOf(frame);
    if (welcome.frame === "welcome") join(store, welcome);
  },
  page: ({ store }, { frame }) => {
    const page = frameOf(frame);
    return page.frame === "rows" || page.frame === "snapshot" ? storePage(store, page) : null;
  },
  apply: (replica) => replica.applyReceived(),
  outgoing: ({ store }, { limit = 100, size = 1_000_000 }) =>
    outgoing(store, new Set(), limit, size).map((one) => ({
      ...one,
      hashes: one.hashes.map(hexOf),
      replaces: one.replaces.map(hexOf),
      changes: one.changes.map(written),
    })),
  settle: ({ store }, { document, hashes }) => settle(store, document, hashes.map(ofHex)),
  settleErasure: ({ store }, { document, seq, kept, readAt }) => settleErasure(store, document, seq, kept, readAt),
  refuse: ({ store }, { document, hashes, code }) => refuse(store, document, hashes.map(ofHex), code, "No."),
  resend: ({ store }, { document }) => resend(store, document),
  purge: ({ store }, { stream }) => purge(store, stream, null),
  save: (replica, { ids }) => replica.saveLong(ids),
  unlock: (replica, { id, key }) => {
    replica.write(({ store }) => {
      keepKeysOpen(store, [{ id: ofHex(id), key: ofHex(key) }]);
      markClosed(store);
      planIntake(store);
    });
    replica.applyReceived();
    replica.takeIntoVault();
  },
  checkSaved: (_, { data, changes, operations }) => checkSaved(bytesOf([data])[0] ?? new Uint8Array(), changes, operations),
  lock: ({ store }) => store.transaction(() => forgetKeys(store)),
};
