// One WebSocket to a server: opened, written to, and what comes of it.

import type { Up } from "../generated/frames.ts";
import WIRE from "../generated/wire.json";
import { encode, type Message } from "../wire/codec.ts";
import { syncUrl } from "./addresses.ts";
import type { Credentials } from "./local.ts";
import type { World } from "./world.ts";

/** Seconds until a server that says nothing is taken for none. */
const OPEN_WITHIN = 10;
/** What a browser tells where a connection has ended without a word. */
export const NO_WORD = 1006;

/** A connection has ended. */
export class Ended extends Error {
  readonly closeCode: number;
  /** Whether it had been open. */
  readonly wasOpen: boolean;

  constructor(closeCode: number, wasOpen: boolean) {
    super(`The connection has ended with ${closeCode}.`);
    this.name = "Ended";
    this.closeCode = closeCode;
    this.wasOpen = wasOpen;
  }
}

/** A connection that stands. */
export interface Line {
  send(frame: Up): void;
  /** End it, without waiting for the network. */
  drop(): void;
}

/** What is told of what comes: each message, and at last why there are no more. */
export interface Listener {
  message(message: Message): void;
  ended(why: Ended): void;
}

/** Open a connection with a device's token. Throws `Ended`; also where `signal` is aborted meanwhile. */
export function openLine(
  world: World,
  { server, token }: Credentials,
  listener: Listener,
  signal: AbortSignal,
): Promise<Line> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Ended(NO_WORD, false));
    const socket = world.connect(syncUrl(server), [`intersession.${WIRE.protocol}`, `bearer.${token}`]);
    socket.binaryType = "arraybuffer";
    let state: "opening" | "open" | "over" = "opening";
    const drop = (): void => {
      state = "over";
      socket.close();
    };
    const settle = (): void => {
      cancel();
      signal.removeEventListener("abort", giveUp);
    };
    const fail = (code: number): void => {
      settle();
      drop();
      reject(new Ended(code, false));
    };
    const giveUp = (): void => fail(NO_WORD);
    const cancel = world.after(OPEN_WITHIN, giveUp);
    signal.addEventListener("abort", giveUp);
    socket.addEventListener("open", () => {
      if (state !== "opening") return;
      state = "open";
      settle();
      resolve({ send: (frame) => socket.send(encode(frame)), drop });
    });
    socket.addEventListener("message", ({ data }) => {
      if (state === "open") listener.message(typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer));
    });
    socket.addEventListener("close", ({ code }) => {
      if (state === "opening") fail(code);
      else if (state === "open") listener.ended(new Ended(code, true));
      state = "over";
    });
  });
}
