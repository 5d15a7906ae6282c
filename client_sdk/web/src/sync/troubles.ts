// What keeps a replica and its server apart, in words: what happened, whose fault it is, what to do. Pure.

import { AccessEnded, toldOf, Unreachable } from "../errors.ts";
import type { Amount, Stopped, Transfer } from "../generated/answers.ts";
import { ofClose, type Trouble } from "../replica/problems.ts";
import { say, type ClientPhrase } from "../words/saying.ts";

/** Close codes of a frame that was too large, of this protocol and of WebSocket. */
export const TOO_LARGE: ReadonlySet<number> = new Set([4413, 1009]);
/** The close code of a WebSocket that ended without one. */
const NO_CODE: ReadonlySet<number> = new Set([1005, 1006]);

const told = (code: string, said: ClientPhrase): Trouble => ({ code, message: say("en", said), final: false });

export const NO_ANSWER = told("unreachable", "trouble unreachable");
export const STORE_FULL = told("store_full", "trouble store_full");
export const BAD_ANSWER = told("protocol_error", "trouble bad answer");
export const NO_STREAM = told("no_stream", "trouble no_stream");

/** What the end of a WebSocket means, by the code that a browser tells; `wasOpen`: it had been open. */
export const ofEnd = (code: number, wasOpen: boolean): Trouble =>
  NO_CODE.has(code) && !wasOpen ? NO_ANSWER : ofClose(NO_CODE.has(code) ? null : code);

/** Throws for what another attempt cannot change. */
export function throwIfFinal({ code, message, final }: Trouble): void {
  if (code === "access_ended" || code === "wrong_token") throw new AccessEnded(message, code);
  if (final) throw new Unreachable(message, code);
}

/** That no server was reached, and why. */
export const unreachable = ({ code, message }: Trouble): Unreachable =>
  new Unreachable(`${message} Everything you wrote is kept.`, code);

/** What ends a run for good, as trouble. */
export const ofError = (failure: unknown): Trouble => ({ ...toldOf(failure), final: true });

/** That these records cannot go on with the server, each named. */
export function ofStopped(stopped: readonly Stopped[]): Trouble {
  const [first] = stopped;
  if (first === undefined) return NO_STREAM;
  const message = stopped.map((one) => `${recordOf(one)} cannot be exchanged: ${one.message}`).join(" ");
  return { code: first.code, message, final: true };
}

const RECORDS: Readonly<Record<string, string>> = {
  record: "The record",
  vault: "The vault",
  chart: "The notes",
  library: "The practice's library",
};

/** A record, as its person would call it. */
export const recordOf = ({ audience, name }: Stopped): string =>
  (RECORDS[audience] ?? "A record") + (name !== "" && audience !== "library" ? ` of ${name}` : "");

/** Why an exchange is not complete: what is left, and what is the matter. */
export function whyIncomplete(trouble: Trouble | null, transfer: Transfer, waits: Amount, seconds: number): Trouble {
  const toReceive = transfer.to_receive.documents - transfer.received.documents;
  const left = [
    { count: waits.documents, where: "to send" },
    { count: toReceive, where: "to receive" },
  ]
    .filter(({ count }) => count > 0)
    .map(({ count, where }) => `${count} ${count === 1 ? "document" : "documents"} ${where}`);
  const limit = `${seconds} ${seconds === 1 ? "second" : "seconds"}`;
  const message = `Sync reached its time limit of ${limit}. Sync again to continue where it left off.`;
  const why = trouble ?? { code: "timeout", message, final: false };
  return left.length > 0 ? { ...why, message: `Still to do: ${left.join(", ")}. ${why.message}` } : why;
}
