// What the replica's session is told, and what it wants done.

import type { Down, Rows, Snapshot, StreamCursor, StreamOffer, Up, Welcome } from "../generated/frames.ts";
import type { Outgoing } from "./outgoing.ts";

/** Why a stream cannot go on with a server. */
export interface Stopped {
  readonly code: string;
  readonly message: string;
}

/** What the session is told. */
export type Event =
  /** The connection stands; this is what the store holds. */
  | {
      readonly event: "opened";
      readonly replica: string;
      readonly agent: string;
      readonly cursors: readonly StreamCursor[];
      /** What it was offered last, as far as it holds that. */
      readonly known: readonly StreamOffer[];
      /** Whether streams could not go on with the server the last time. */
      readonly stopped: boolean;
    }
  /** A frame came. */
  | { readonly event: "received"; readonly frame: Down }
  /** Something may be waiting in the outbox. */
  | { readonly event: "outboxChanged" }
  /** What waits in the outbox, as `readOutbox` asked; nothing, when nothing does. */
  | { readonly event: "outboxRead"; readonly items: readonly Outgoing[] }
  /** The session's `deadline` has come. */
  | { readonly event: "tick" };

/** What the session wants done, for its driver to carry out in this order, each finished before the next is begun. */
export type Effect =
  /** Send the frame. */
  | { readonly effect: "send"; readonly frame: Up }
  /** Remember the streams that the welcome offers. */
  | { readonly effect: "join"; readonly welcome: Welcome }
  /** Store the page and its cursor in one transaction, then apply it. */
  | { readonly effect: "storePage"; readonly page: Rows | Snapshot }
  /**
   * Answer with `outboxRead`: at most `limit` documents, none of `exclude`, in streams that are joined. All their changes
   * together are at most `size` bytes; only a single change may be larger.
   */
  | {
      readonly effect: "readOutbox";
      readonly exclude: ReadonlySet<string>;
      readonly limit: number;
      readonly size: number;
    }
  /** These changes, of `size` bytes, are durable on the server: they leave the outbox. */
  | {
      readonly effect: "settle";
      readonly document: string;
      readonly hashes: readonly Uint8Array[];
      readonly size: number;
    }
  /** The document is erased on the server, in row `seq` (0: it was before). */
  | {
      readonly effect: "settleErasure";
      readonly document: string;
      readonly seq: number;
      readonly kept: boolean;
      readonly readAt: readonly string[];
    }
  /**
   * These changes will never be accepted: rebuild the document without them, keep them as readable text. Without any, it
   * is the document's erasure that will not be done.
   */
  | {
      readonly effect: "refuse";
      readonly document: string;
      readonly hashes: readonly Uint8Array[];
      readonly code: string;
      readonly message: string;
    }
  /** The server lacks changes of this document: put all of them into the outbox again. */
  | { readonly effect: "resend"; readonly document: string }
  /** Delete the stream's data, cursor and outbox in one transaction, as held under `grant`; null: under any. */
  | { readonly effect: "purge"; readonly stream: string; readonly grant: string | null }
  /** These streams, and no others, cannot go on with this server. Remember it. */
  | { readonly effect: "stop"; readonly streams: ReadonlyMap<string, Stopped> }
  /**
   * The server says that something is wrong, with `stream` about that one alone; shown in the status. `passing`: it is
   * about pushes that go out again by themselves. `final`: trying again cannot help.
   */
  | {
      readonly effect: "report";
      readonly code: string;
      readonly message: string;
      readonly passing: boolean;
      readonly final: boolean;
      readonly stream: string | null;
    };
