// What the connection needs of a replica: each call is one transaction, and then the listeners are told.

import { NotPaired } from "../errors.ts";
import type { Rows, Snapshot } from "../generated/frames.ts";
import type { Id } from "../generated/models.ts";
import { applySome, AT_ONCE, isBehind } from "../replica/documents/applying.ts";
import { settleErasure, waitingErasures } from "../replica/documents/erasures.ts";
import { idsIn } from "../replica/documents/stored.ts";
import * as inbox from "../replica/exchange/inbox.ts";
import * as outbox from "../replica/exchange/outbox.ts";
import { amountPending, isWaiting } from "../replica/exchange/pending.ts";
import { purge } from "../replica/exchange/purging.ts";
import type { Replica } from "../replica/replica.ts";
import type { LocalSide } from "./local.ts";

/** Each frame is a contact; writing that down costs a commit, so it is done once in so many microseconds at most. */
const CONTACT_KEPT_EVERY = 60_000_000;

/** The connection's side of a replica; `agent` is how this app names itself to a server. */
export function exchangeOf(replica: Replica, agent: string): LocalSide {
  const { store, documents } = replica;
  const notify = (ids: Iterable<Id> = []): void => replica.notify({ documents: [...ids].toSorted(), source: "sync" });

  /** Apply all that was stored and not applied yet, if that is little, or the first of it. */
  const applyFirst = (): readonly Id[] => {
    const touched: Id[] = [];
    while (touched.length < AT_ONCE && isBehind(store)) touched.push(...applySome(store, documents));
    return touched;
  };

  const storePage = (page: Rows | Snapshot): number => {
    const [written, [asked]] = [documents.written, waitingErasures(store)];
    const count = inbox.storePage(store, page);
    const touched = applyFirst();
    const came = page.items.map(({ document }) => document);
    // Logs were withdrawn on another device, or their bucket was, and are rewritten here; or a copy of this store has
    // sent what was withdrawn here.
    if (documents.written !== written || waitingErasures(store)[0] > asked) replica.outboxChanged();
    const differ = new Set(isBehind(store) ? touched : [...touched, ...came]);
    if (differ.size > 0) notify(differ);
    if (page.frame === "rows") replica.saveLong(new Set(came));
    return count;
  };

  return {
    credentials() {
      const { url } = replica.paired();
      const token = store.meta<string>("token");
      if (token === null) throw new NotPaired("This store has no device token. Pair it again with a new code.");
      return { server: url, token };
    },
    opened: () => ({
      event: "opened",
      replica: replica.identity(),
      agent,
      cursors: inbox.cursors(store),
      known: inbox.knownOffers(store),
      stopped: inbox.stopped(store).length > 0,
    }),
    join(welcome) {
      inbox.join(store, welcome);
      replica.noteServerTime(welcome.at);
      replica.noteCountry(welcome.country);
      notify();
    },
    stop(streams) {
      inbox.stop(store, streams);
      notify();
    },
    stopped: () => inbox.stopped(store),
    storePage,
    applySome: () => replica.applySome(),
    isBehind: () => isBehind(store),
    outgoing: ({ exclude, limit, size }) => outbox.outgoing(store, exclude, limit, size),
    waits: () => isWaiting(store),
    amount: () => amountPending(store),
    settle(accepted) {
      store.transaction(() => {
        for (const { document, hashes } of accepted) outbox.settle(store, document, hashes);
      });
      notify();
    },
    settleErasure({ document, seq, kept, readAt }) {
      settleErasure(store, document, seq, kept, readAt);
      notify([document]);
    },
    refuse({ document, hashes, code, message }) {
      outbox.refuse(store, document, hashes, code, message);
      applyFirst();
      notify([document]);
    },
    resend: (document) => outbox.resend(store, document),
    purge(stream, grant) {
      const held = idsIn(store, stream);
      const kept = purge(store, stream, grant);
      notify(idsIn(store, stream).length > 0 ? [] : held); // it may have been another grant's end
      return kept;
    },
    contact: () => replica.noteContact(CONTACT_KEPT_EVERY),
    trouble: (trouble) => replica.noteError(trouble === null ? null : { ...trouble, at: store.now() }),
    accessEnded: (ended) => replica.noteAccessEnded(ended),
    connectionChanged: () => notify(),
  };
}
