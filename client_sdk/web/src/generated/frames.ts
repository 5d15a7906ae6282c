// Made by `./run vectors` from the Python code (generate/wire.py); not to be edited.

export type Audience = "record" | "vault" | "chart" | "library";

export type ErrorCode = "protocol_error" | "unknown_frame" | "frame_too_large" | "upgrade_required" | "unknown_stream" | "log_diverged" | "rate_limited" | "busy" | "going_away" | "storage_low" | "stream_damaged";

export type Kind = "plan" | "journal_entry" | "symptom_log" | "goal" | "resource" | "homework" | "homework_progress" | "homework_review" | "assessment" | "comment" | "acknowledgement" | "topic" | "session" | "episode" | "note" | "template" | "vault_key" | "instrument";

export type RefusalCode = "unknown_stream" | "unknown_kind" | "not_writer" | "not_author" | "wrong_person" | "wrong_document" | "erased" | "bad_change" | "bad_checksum" | "too_large" | "too_many_operations" | "actor_reused" | "actor_taken" | "missing_dependency" | "dependency_refused" | "does_not_apply" | "busy" | "rate_limited" | "storage_failed" | "storage_full" | "log_diverged";

export type Role = "client" | "primary" | "covering" | "supervisor" | "therapist";

export type RowType = "change" | "erasure" | "quarantine";

/**
 * First frame of a replica. `protocol` is the lowest and highest version it speaks.
 *
 * `known` is the `offers_digest` of what it was offered last, of all streams that it holds.
 */
export interface Hello {
  readonly frame: "hello";
  readonly protocol: readonly [number, number];
  readonly replica: string;
  readonly agent: string;
  readonly streams: readonly StreamCursor[];
  readonly known: Uint8Array;
}

/**
 * Changes of one document, all or nothing. `id` is the sender's, unique on its connection.
 *
 * In a vault a change is a sealed blob, known by the SHA-256 of its bytes, and `replaces` names the blobs of the
 * document whose content `changes` hold as well: the server drops their bytes. Elsewhere `replaces` is empty.
 */
export interface Push {
  readonly frame: "push";
  readonly id: number;
  readonly stream: string;
  readonly document: string;
  readonly kind: string;
  readonly changes: readonly Uint8Array[];
  readonly replaces: readonly Uint8Array[];
}

/**
 * Several pushes in one frame: each is taken or not by itself, in their order, as if it had come alone.
 */
export interface Pushes {
  readonly frame: "pushes";
  readonly items: readonly Push[];
}

/**
 * Take a document back, for everybody and for good. `id` is the sender's, from the same numbers as of `push`.
 *
 * A document that the server has never seen may be named: then nothing of it is taken later on.
 */
export interface Erase {
  readonly frame: "erase";
  readonly id: number;
  readonly stream: string;
  readonly document: string;
  readonly kind: string;
}

/**
 * A replica's heads of one document, offered after the log was put back.
 */
export interface Have {
  readonly frame: "have";
  readonly stream: string;
  readonly document: string;
  readonly heads: readonly Uint8Array[];
}

/**
 * The replica has deleted all it held under that grant: data, cursor and outbox.
 */
export interface Purged {
  readonly frame: "purged";
  readonly stream: string;
  readonly grant: string;
}

/**
 * Answer to `hello`; sent again, whole, when the streams that this account may read have changed.
 *
 * `at` is the server's time as it was sent. `known`: what is not in `streams` is offered as the replica
 * knows it, which its `hello` said, and ends at the cursor there. `country`: where the practice is (ISO 3166-1, two
 * letters), as it stood when the replica connected; what apps show of crisis lines goes by it.
 */
export interface Welcome {
  readonly frame: "welcome";
  readonly protocol: number;
  readonly server: string;
  readonly account: string;
  readonly device: string;
  readonly streams: readonly StreamOffer[];
  readonly limits: Limits;
  readonly at: string | null;
  readonly known: boolean;
  readonly country: string | null;
}

/**
 * The push is on disk; `seq` is the row of its last change.
 */
export interface Accepted {
  readonly frame: "accepted";
  readonly id: number;
  readonly seq: number;
}

/**
 * The push was not taken, and nothing of it was kept. `retry_after` (seconds) means: not final.
 */
export interface Rejected {
  readonly frame: "rejected";
  readonly id: number;
  readonly code: string;
  readonly message: string;
  readonly document: string;
  readonly retryAfter: number | null;
}

/**
 * The answers to several pushes, as far as they are ready at once. Only replicas that send `pushes` get it.
 */
export interface Outcomes {
  readonly frame: "outcomes";
  readonly items: readonly (Accepted | Rejected)[];
}

/**
 * The erasure is on disk, as row `seq`.
 *
 * `kept`: this practice has to keep what clients withdraw; it is hidden from everybody instead of deleted.
 * `read_at` are the moments, oldest first, at which content of the document may have gone to the care team.
 */
export interface Erased {
  readonly frame: "erased";
  readonly id: number;
  readonly seq: number;
  readonly kept: boolean;
  readonly readAt: readonly string[];
}

/**
 * A page of rows after the replica's cursor. Only `through` moves the cursor; `chain` is the log's there.
 */
export interface Rows {
  readonly frame: "rows";
  readonly stream: string;
  readonly items: readonly Row[];
  readonly through: number;
  readonly chain: Uint8Array;
}

/**
 * Documents for a new device, by descending creation.
 *
 * All rows up to `head` are in them; the replica's cursor becomes `head` (with `chain`), its `backfill` becomes
 * `backfill`, and 0 says that it has all.
 */
export interface Snapshot {
  readonly frame: "snapshot";
  readonly stream: string;
  readonly items: readonly SnapshotDocument[];
  readonly head: number;
  readonly chain: Uint8Array;
  readonly backfill: number;
}

/**
 * The server lacks what the replica has of a document beyond `heads`.
 */
export interface Want {
  readonly frame: "want";
  readonly stream: string;
  readonly document: string;
  readonly heads: readonly Uint8Array[];
}

/**
 * The grant has ended: delete the stream's data, cursor and outbox, then answer `purged`.
 */
export interface Revoked {
  readonly frame: "revoked";
  readonly stream: string;
  readonly grant: string;
}

/**
 * Something about the connection, a frame or one stream is wrong; `code` is an `ErrorCode` value.
 *
 * `stream` names the one stream that it is about: the others go on. `retry_after` (seconds), before a close, is when
 * to connect again.
 */
export interface ErrorFrame {
  readonly frame: "error";
  readonly code: string;
  readonly message: string;
  readonly retryAfter: number | null;
  readonly stream: string | null;
}

/**
 * `rows` or a `snapshot`, compressed by `codec`: what many rows have in common travels once.
 */
export interface Packed {
  readonly frame: "packed";
  readonly data: Uint8Array;
}

/**
 * What is in a blob: changes of one document, and the hashes of the blobs that it takes the place of.
 */
export interface Content {
  readonly changes: readonly Uint8Array[];
  readonly replaces: readonly Uint8Array[];
}

/**
 * What lies on the server for a vault's key: it opens with the passphrase, or with the recovery code.
 *
 * `replaces` are the hashes of those before it, which are not valid any more.
 */
export interface WrappedKey {
  readonly version: number;
  readonly keyId: Uint8Array;
  readonly passphrase: Wrapping;
  readonly recovery: Wrapping;
  readonly replaces: readonly Uint8Array[];
}

/**
 * What a replica holds of one stream; on the wire a list of these four.
 *
 * `cursor` is the last row held, `chain` the first 8 bytes of the log's chain there. While a new device is
 * still being filled, `backfill` is the creation seq below which documents are still to come.
 */
export interface StreamCursor {
  readonly stream: string;
  readonly cursor: number;
  readonly chain: Uint8Array;
  readonly backfill: number | null;
}

/**
 * One stream that this account may read now.
 *
 * `client` and `label` say whose record it is; `head` is the last row that can be had, `documents` and `bytes`
 * what is to come. `fork`, where given, is the last row at which the replica's chain and the log agree.
 */
export interface StreamOffer {
  readonly stream: string;
  readonly audience: Audience;
  readonly role: Role;
  readonly grant: string;
  readonly client: string;
  readonly label: string;
  readonly head: number;
  readonly documents: number;
  readonly bytes: number;
  readonly fork: number | null;
}

/**
 * What the server takes on this connection; a replica that keeps to it is never refused for its pace.
 *
 * `frame_bytes` a frame, `pushes` under way, `messages_per_second` with `burst` at once, and work
 * (`intersession_schemas.work`) of `work_per_second` with `work_burst` at once. 0 says that there is no such limit,
 * or, for `burst`, that no more than `messages_per_second` may come at once.
 *
 * `reconnect_within_ms`: over so many milliseconds devices spread their next try, once this connection has broken
 * without a word of when to come back.
 */
export interface Limits {
  readonly frameBytes: number;
  readonly pushes: number;
  readonly messagesPerSecond: number;
  readonly burst: number;
  readonly workPerSecond: number;
  readonly workBurst: number;
  readonly reconnectWithinMs: number;
}

/**
 * One row of a stream's log. `change` is empty on an erasure and on a quarantined row.
 */
export interface Row {
  readonly seq: number;
  readonly document: string;
  readonly kind: string;
  readonly hash: Uint8Array;
  readonly author: string;
  readonly device: string;
  readonly receivedAt: string;
  readonly type: RowType;
  readonly change: Uint8Array;
}

/**
 * One whole document with every row it was made of, in log order.
 *
 * Where many of its changes are in one `saved` document, `inside` are their rows, and `rows` those that came later.
 */
export interface SnapshotDocument {
  readonly document: string;
  readonly kind: string;
  readonly rows: readonly Row[];
  readonly saved: Uint8Array;
  readonly inside: readonly SavedRow[];
}

/**
 * The vault's key, sealed with what Argon2id makes of a secret.
 */
export interface Wrapping {
  readonly salt: Uint8Array;
  readonly work: Work;
  readonly nonce: Uint8Array;
  readonly sealed: Uint8Array;
}

/**
 * A row of the log whose change is in a saved document, and what that change says of itself (`changes.Change`).
 */
export interface SavedRow {
  readonly seq: number;
  readonly hash: Uint8Array;
  readonly author: string;
  readonly device: string;
  readonly receivedAt: string;
  readonly deps: readonly Uint8Array[];
  readonly actor: Uint8Array;
  readonly startOp: number;
  readonly operations: number;
  readonly length: number;
}

/**
 * How much work Argon2id does: `memory` in KiB, `passes` over it, `lanes` in parallel.
 */
export interface Work {
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
}

/** What a replica sends. */
export type Up = Hello | Push | Pushes | Erase | Have | Purged;

/** What a server sends, unpacked. */
export type Down = Welcome | Accepted | Rejected | Outcomes | Erased | Rows | Snapshot | Want | Revoked | ErrorFrame;
