// A replica: the store, its documents, and who listens to it. Nothing here knows of the network.
//
// A call does its work at once, as one transaction, and only then tells the listeners; so a listener may call anything.
//
// For faces:  `replica.write((writing) => …)` with `Writing` (documents/writing.ts), `replica.destination(shared)`;
//             reading goes by tables/: `entries`, `entryWith`, `searchEntries`, `records`, `recordWith`, `symptomLogs`,
//             `ownLog`, `pointsOf`, `symptomNames`; `withdrawals`, `logWithdrawals`; logs/: `addToBuckets`, `withdrawLogs`;
//             `shareEntry`; `editLongEntry`.
// For drivers: exchange/: `cursors`, `knownOffers`, `join`, `storePage`, `stop`, `outgoing`, `settle`, `resend`, `refuse`,
//             `purge`; then `replica.applyReceived()` or, a little at a time, `replica.applySome()`.

import { NotPaired, StoreFull } from "../errors.ts";
import type { Change, LastError, Pairing } from "../generated/answers.ts";
import type { Id, IsoMoment } from "../generated/models.ts";
import type { Store } from "../store/store.ts";
import { fromMicros, toMicros, type Micros } from "../store/values.ts";
import { applyAll, applySome, isBehind } from "./documents/applying.ts";
import { documentsOf, type Documents } from "./documents/documents.ts";
import type { Destination } from "./documents/rows.ts";
import { make } from "./documents/saved.ts";
import { recordStream, vaultStream } from "./documents/streams.ts";
import { openKeys } from "./documents/vaultKeys.ts";
import { newId, writingOf, type Writing } from "./documents/writing.ts";
import { shareSomeEarlier } from "./sharing.ts";
import { isIntakeDue, takeSomeIn } from "./vaultBackfill.ts";

/** Documents that are applied at once while whoever writes waits. */
const AT_ONCE = 25;

/** One open replica. */
export interface Replica {
  readonly store: Store;
  readonly documents: Documents;
  /**
   * Do `work` in one transaction, with the `Writing` that all edits in it are made with.
   *
   * When it has returned, all of it is on disk; when it has thrown, nothing is. Then the connection and the listeners are
   * told of the documents that it touched.
   */
  write<T>(work: (writing: Writing) => T): T;
  /** Apply a little of what was stored and not applied, and tell the listeners; returns whether any is left. */
  applySome(): boolean;
  /** Apply all that was stored and not applied yet, and tell the listeners what differs now. */
  applyReceived(): void;
  /** Put saved documents in the place of what the server has long accepted of these, where that is much by now. */
  saveLong(ids: Iterable<Id>): void;
  /** Share what `planShareEarlier` has named, some documents at a time. Throws `StoreFull`; then the rest can wait. */
  shareEarlier(): void;
  /** Put into the open vault what `planIntake` has noted. Throws `StoreFull`; then the rest can wait. */
  takeIntoVault(): void;
  /** Have it called after each change; returns what ends that. */
  onChange(listener: (change: Change) => void): () => void;
  /** Have it called when something was put into the outbox; returns what ends that. */
  onOutbox(listener: () => void): () => void;
  /** Tell the listeners. One that throws does not keep others from hearing. */
  notify(change: Change): void;
  /** Tell the connection that something may be waiting. */
  outboxChanged(): void;
  /** Whose store this is; null before pairing. */
  pairing(): Pairing | null;
  /** The same. Throws `NotPaired`. */
  paired(): Pairing;
  /** This replica's id; a copied store has the same. */
  identity(): Id;
  /**
   * Where something written now goes. `shared` null: as was chosen at pairing, undecided before.
   *
   * What is not shared goes into the vault where that is open.
   */
  destination(shared: boolean | null): Destination;
  /** When the server was last heard. */
  lastContact(): IsoMoment | null;
  /** How many seconds this device's clock is ahead of the server's; null: not known. */
  clockOffset(): number | null;
  /** What keeps this device and the server apart. */
  lastError(): LastError | null;
  /** Whether the practice has ended this device's access. */
  accessEnded(): boolean;
  /** The server has just been heard; written down at most once in so many microseconds. */
  noteContact(every: number): void;
  /** The server has just said what time it is there. */
  noteServerTime(at: IsoMoment | null): void;
  /** Where the practice is, as the server said last; null before, and where it does not say. */
  country(): string | null;
  /** The server has just said where the practice is. */
  noteCountry(country: string | null): void;
  /** What keeps this device and the server apart; written down when it is another than before. */
  noteError(error: LastError | null): void;
  /** Whether the practice has ended this device's access. */
  noteAccessEnded(ended: boolean): void;
  /** Close the store. Another call does nothing. */
  close(): void;
}

/**
 * The replica in a store. What a crash cut short is for `applySome` to go on with.
 *
 * `failed` is told of what a listener throws; its text may quote an entry, so nothing else is done with it here.
 */
export function replicaOf(store: Store, failed: (failure: unknown) => void = () => undefined): Replica {
  const documents = documentsOf(store);
  const listeners = new Set<(change: Change) => void>();
  const outboxListeners = new Set<() => void>();
  let lastContact: IsoMoment | null = null;
  let lastError: LastError | null = null;

  const told = <Listener extends (...given: never[]) => void>(all: Set<Listener>, call: (one: Listener) => void): void => {
    for (const one of [...all]) {
      try {
        call(one);
      } catch (failure) {
        failed(failure);
      }
    }
  };
  const notify = (change: Change): void => told(listeners, (one) => one(change));
  const outboxChanged = (): void => told(outboxListeners, (one) => one());
  const changed = (ids: Iterable<Id>, source: Change["source"]): void =>
    notify({ documents: [...new Set(ids)].sort(), source });

  const write = <T>(work: (writing: Writing) => T): T => {
    const writing = writingOf(store, documents);
    const answer = documents.transaction(() => work(writing));
    if (writing.touched.size > 0) {
      outboxChanged();
      changed(writing.touched, "local");
    }
    return answer;
  };
  const pairing = (): Pairing | null => store.meta<Pairing>("pairing");

  const destination = (shared: boolean | null): Destination => {
    const wish = shared ?? pairing()?.share_by_default ?? null;
    if (wish !== true) {
      const vault = openKeys(store).length > 0 ? vaultStream(store) : null;
      return { stream: vault, wish: vault === null ? wish : false };
    }
    const stream = recordStream(store);
    return { stream, wish: stream === null ? true : null };
  };

  const shareEarlier = (): void => {
    while (write((writing) => shareSomeEarlier(writing, destination(true))));
  };
  const keepFact = (name: string, value: unknown): void => store.transaction(() => store.setMeta(name, value));
  /** Keep a fact if there is room for it: what it is good for is not worth an error. */
  const note = (name: string, value: unknown): void => {
    try {
      keepFact(name, value);
    } catch (failure) {
      if (!(failure instanceof StoreFull)) throw failure;
    }
  };

  return {
    store,
    documents,
    write,
    applySome() {
      const before = documents.written;
      const touched = applySome(store, documents, AT_ONCE);
      if (documents.written !== before) outboxChanged();
      if (touched.length > 0) changed(touched, "sync");
      return isBehind(store);
    },
    applyReceived: () => changed(applyAll(store, documents), "sync"),
    saveLong(ids) {
      for (const id of ids) {
        const gathered = documents.toSave(id);
        if (gathered !== null) documents.keepSaved(gathered, make(gathered));
      }
    },
    shareEarlier,
    takeIntoVault() {
      if (!isIntakeDue(store)) return;
      shareEarlier(); // what is to be shared is not private
      while (write(takeSomeIn));
    },
    onChange: (listener) => subscribed(listeners, listener),
    onOutbox: (listener) => subscribed(outboxListeners, listener),
    notify,
    outboxChanged,
    pairing,
    paired() {
      const found = pairing();
      if (found !== null) return found;
      throw new NotPaired("This store is not paired with a practice yet. Ask for a pairing code and pair it first.");
    },
    identity() {
      const found = store.meta<Id>("replica");
      if (found !== null) return found;
      const made = newId(store);
      keepFact("replica", made);
      return made;
    },
    destination,
    lastContact() {
      const kept = store.meta<Micros>("last_contact");
      return lastContact ?? (kept === null ? null : fromMicros(kept));
    },
    clockOffset: () => store.meta<number>("clock_offset"),
    lastError: () => lastError ?? store.meta<LastError>("last_error"),
    accessEnded: () => store.meta<boolean>("access_ended") ?? false,
    noteContact(every) {
      lastContact = store.now();
      const now = toMicros(lastContact);
      const kept = store.meta<Micros>("last_contact");
      if (kept === null || now - BigInt(kept) >= BigInt(every)) note("last_contact", Number(now));
    },
    noteServerTime(at) {
      const ahead = at === null ? null : Math.round(Number(toMicros(store.now()) - toMicros(at)) / 1e6);
      if (ahead !== store.meta<number>("clock_offset")) note("clock_offset", ahead);
    },
    country: () => store.meta<string>("country"),
    noteCountry(country) {
      if (country !== store.meta<string>("country")) note("country", country);
    },
    noteError(error) {
      const kept = store.meta<LastError>("last_error");
      lastError = error;
      if (kept?.code === error?.code) return;
      note("last_error", error);
      notify({ documents: [], source: "sync" });
    },
    noteAccessEnded(ended) {
      if ((store.meta<boolean>("access_ended") ?? false) === ended) return;
      note("access_ended", ended || null);
      notify({ documents: [], source: "sync" });
    },
    close() {
      documents.close();
      store.close();
    },
  };
}

function subscribed<Listener extends (...given: never[]) => void>(all: Set<Listener>, listener: Listener): () => void {
  const one = ((...given: never[]) => listener(...given)) as Listener; // the same one may listen twice
  all.add(one);
  return () => void all.delete(one);
}
