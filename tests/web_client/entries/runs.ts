// A connection in a world in which time passes when it is told to, and a server says what it is told to, under Node.js.

import { decodeUp, encode } from "@intersession/client/wire/codec.ts";
import { FRAMES } from "@intersession/client/wire/schema.ts";
import { IntersessionError, InvalidField } from "@intersession/client/errors.ts";
import type { Down, Up } from "@intersession/client/generated/frames.ts";
import type { Outgoing } from "@intersession/client/replica/outgoing.ts";
import type { Trouble } from "@intersession/client/replica/problems.ts";
import { serverUrl } from "@intersession/client/sync/addresses.ts";
import { connectionOf, type Connection, type Surrounding } from "@intersession/client/sync/connection.ts";
import type { LocalSide } from "@intersession/client/sync/local.ts";
import type { Socket, World } from "@intersession/client/sync/world.ts";
import { fromJson, toJson } from "../answers/wire_json.ts";

const STREAM = "11111111-1111-4111-8111-111111111111";
const REPLICA = "22222222-2222-4222-8222-222222222222";

interface FakeSocket {
  readonly url: string;
  readonly protocols: readonly string[];
  readonly sent: Up[];
  closed: boolean;
  fire(name: "open" | "message" | "close", event: object): void;
}

interface Timer {
  readonly at: number;
  readonly call: () => void;
}

interface Asked {
  readonly store: string;
  readonly seconds?: number;
  readonly socket?: number;
  readonly code?: number;
  readonly frame?: Record<string, unknown>;
  readonly on?: boolean;
  readonly what?: Surrounding;
  readonly document?: string;
  readonly url?: string;
}

/** Everything that is under way has come as far as it can without time. */
const settled = async (): Promise<void> => {
  for (let times = 0; times < 5; times += 1) await new Promise((resolve) => setImmediate(resolve));
};
declare function setImmediate(call: (value: unknown) => void): void;

function newWorld() {
  const sockets: FakeSocket[] = [];
  const timers = new Set<Timer>();
  const heard = {
    troubles: [] as (string | null)[],
    ended: [] as boolean[],
    settled: [] as string[],
    reports: [] as unknown[],
  };
  const outbox: Outgoing[] = [];
  let seconds = 1000;

  const world: World = {
    connect(url, protocols) {
      const listeners = new Map<string, (event: never) => void>();
      const one: FakeSocket = {
        url,
        protocols,
        sent: [],
        closed: false,
        fire: (name, event) => listeners.get(name)?.(event as never),
      };
      sockets.push(one);
      return {
        binaryType: "",
        addEventListener: (name: string, listener: (event: never) => void) => void listeners.set(name, listener),
        send: (data: Uint8Array) => one.sent.push(decodeUp(data)),
        close: () => {
          one.closed = true;
        },
      } as unknown as Socket;
    },
    fetch: () => Promise.reject(new TypeError("There is no network.")),
    seconds: () => seconds,
    chance: () => 0.5,
    after(wait, call) {
      const timer = { at: seconds + wait, call };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    turn: () => Promise.resolve(),
    agent: "test",
  };

  const local: LocalSide = {
    credentials: () => ({ server: "https://practice.example", token: "secret" }),
    opened: () => ({ event: "opened", replica: REPLICA, agent: "test", cursors: [], known: [], stopped: false }),
    join: () => undefined,
    stop: () => undefined,
    stopped: () => [],
    storePage: () => 0,
    applySome: () => false,
    isBehind: () => false,
    outgoing: ({ exclude, limit }) => outbox.filter(({ document }) => !exclude.has(document)).slice(0, limit),
    waits: () => outbox.length > 0,
    amount: () => ({ documents: outbox.length, bytes: outbox.length }),
    settle(accepted) {
      for (const { document } of accepted) {
        heard.settled.push(document);
        outbox.splice(outbox.findIndex((one) => one.document === document), 1);
      }
    },
    settleErasure: () => undefined,
    refuse({ document }) {
      outbox.splice(outbox.findIndex((one) => one.document === document), 1);
    },
    resend: () => undefined,
    purge: () => 0,
    contact: () => undefined,
    trouble: (trouble: Trouble | null) => void heard.troubles.push(trouble?.code ?? null),
    accessEnded: (ended) => void heard.ended.push(ended),
    connectionChanged: () => undefined,
  };

  const advance = async (by: number): Promise<void> => {
    const until = seconds + by;
    await settled();
    for (;;) {
      const [next] = [...timers].filter(({ at }) => at <= until).toSorted((one, other) => one.at - other.at);
      if (next === undefined) break;
      timers.delete(next);
      seconds = Math.max(seconds, next.at);
      next.call();
      await settled();
    }
    seconds = until;
    await settled();
  };

  const connection = connectionOf(local, world);
  return { sockets, heard, outbox, connection, advance };
}

type Running = ReturnType<typeof newWorld>;
const worlds = new Map<string, Running>();

const reported = async (connection: Connection, seconds: number | undefined): Promise<unknown> => {
  try {
    return await connection.sync(seconds);
  } catch (failure) {
    return failure instanceof IntersessionError ? { refused: failure.code } : { failed: String(failure) };
  }
};

const addressOf = (url: string): string | null => {
  try {
    return serverUrl(url);
  } catch (failure) {
    if (failure instanceof InvalidField) return null;
    throw failure;
  }
};

const CALLS: Readonly<Record<string, (running: Running, asked: Asked) => unknown>> = {
  live: ({ connection }, { on = true }) => connection.live(on),
  sync: ({ connection, heard }, { seconds }) =>
    void reported(connection, seconds).then((one) => heard.reports.push(one)),
  advance: ({ advance }, { seconds = 0 }) => advance(seconds),
  noticed: ({ connection }, { what = "visible" }) => connection.noticed(what),
  wrote({ connection, outbox }, { document = "" }) {
    const change = new Uint8Array(10);
    outbox.push({
      stream: STREAM, document, kind: "journal_entry", hashes: [change], changes: [change], erase: false, replaces: [],
    });
    connection.outboxChanged();
  },
  open: ({ sockets }, { socket = 0 }) => sockets[socket]?.fire("open", {}),
  say({ sockets }, { socket = 0, frame = {} }) {
    const bytes = encode(fromJson(frame, FRAMES.down) as Down);
    sockets[socket]?.fire("message", { data: bytes.buffer });
  },
  garble: ({ sockets }, { socket = 0 }) => sockets[socket]?.fire("message", { data: "No frame is a text." }),
  end: ({ sockets }, { socket = 0, code = 1006 }) => sockets[socket]?.fire("close", { code }),
  sockets: ({ sockets }) =>
    sockets.map(({ url, protocols, closed, sent }) => ({
      url, protocols, closed, sent: sent.map((frame) => toJson(frame, FRAMES.up)),
    })),
  address: (_, { url = "" }) => addressOf(url),
  heard: ({ heard, connection }) => ({ ...heard, connected: connection.connected }),
};

function start(): void {}

async function ask(call: string, asked: Asked): Promise<unknown> {
  const running = worlds.get(asked.store) ?? newWorld();
  worlds.set(asked.store, running);
  try {
    const answer = (await CALLS[call]?.(running, asked)) ?? null;
    await settled();
    return { answer };
  } catch (failure) {
    return { failed: failure instanceof Error ? (failure.stack ?? failure.message) : String(failure) };
  }
}

Object.assign(globalThis, { start, ask });
