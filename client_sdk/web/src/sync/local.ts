// What a connection needs of its replica. Each call is one transaction, on disk when it returns.

import type { Amount, Stopped as StoppedStream } from "../generated/answers.ts";
import type { Rows, Snapshot, Welcome } from "../generated/frames.ts";
import type { Effect, Event, Stopped } from "../replica/effects.ts";
import type { Outgoing } from "../replica/outgoing.ts";
import type { Trouble } from "../replica/problems.ts";

/** Where to connect, and with which device token. */
export interface Credentials {
  readonly server: string;
  readonly token: string;
}

/** One effect of a session, by its name. */
export type EffectOf<Name extends Effect["effect"]> = Effect & { readonly effect: Name };
/** Who a replica is and what it holds. */
export type Opened = Event & { readonly event: "opened" };

/** A replica as a connection has it. */
export interface LocalSide {
  /** Throws `NotPaired` before pairing. */
  credentials(): Credentials;
  opened(): Opened;
  /** Remember the offered streams; what was meant to be shared goes into the record. */
  join(welcome: Welcome): void;
  /** Remember which streams cannot go on with this server, and why; nothing of them is sent. */
  stop(streams: ReadonlyMap<string, Stopped>): void;
  /** Which those are. */
  stopped(): readonly StoppedStream[];
  /** Store a page with its cursor, and apply the first of it; returns how many of its changes were new. */
  storePage(page: Rows | Snapshot): number;
  /** Apply the next of what was stored; returns whether there is more. */
  applySome(): boolean;
  /** Whether anything was stored that is not applied yet. */
  isBehind(): boolean;
  /** What waits to be sent, oldest first, one item a document. */
  outgoing(asked: EffectOf<"readOutbox">): readonly Outgoing[];
  /** Whether anything written here is not on the server yet, be it sendable or not. */
  waits(): boolean;
  /** How much it is. */
  amount(): Amount;
  /** The server holds these changes. */
  settle(accepted: readonly EffectOf<"settle">[]): void;
  /** The server has erased the document. */
  settleErasure(erased: EffectOf<"settleErasure">): void;
  /** The server will never take these changes; without any, not erase the document. */
  refuse(refused: Omit<EffectOf<"refuse">, "effect">): void;
  /** Put all changes of the document into the outbox again. */
  resend(document: string): void;
  /** Delete all that is held of the stream, under that grant (null: under any); how many changes were kept as text. */
  purge(stream: string, grant: string | null): number;
  /** The server has just been heard from. */
  contact(): void;
  /** What keeps this device and the server from exchanging everything; null: nothing does any more. */
  trouble(trouble: Trouble | null): void;
  /** Whether the practice has ended this device's access. */
  accessEnded(ended: boolean): void;
  /** The connection stands, or does not any more. */
  connectionChanged(): void;
}
