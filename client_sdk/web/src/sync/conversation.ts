// One connection of a replica: its session, and the carrying out of what that decides.

import type { StreamCursor } from "../generated/frames.ts";
import type { Effect, Event } from "../replica/effects.ts";
import type { Pace } from "../replica/pace.ts";
import type { Trouble } from "../replica/problems.ts";
import { begun, handle, type Session } from "../replica/session.ts";
import * as transfers from "../replica/transfers.ts";
import { decodeDown, type Message } from "../wire/codec.ts";
import type { EffectOf, LocalSide } from "./local.ts";
import { mailbox } from "./mailbox.ts";
import { Ended, NO_WORD, openLine, type Line } from "./socket.ts";
import type { World } from "./world.ts";

/** Seconds between two looks at how much waits to be sent, while something is being sent. */
const MEASURED_EVERY = 0.5;
/** Seconds without an answer after which a connection is taken for lost: a browser does not tell. */
const SILENT_WITHIN = 60;

/** What one run has exchanged, in changes; `complete` when nothing was left to exchange. */
export interface Exchanged {
  pushed: number;
  pulled: number;
  refused: number;
  complete: boolean;
}

/** What one process remembers from connection to connection. */
export interface Memory {
  pace: Pace;
  meter: transfers.Meter;
  mostBytes: number | null;
  /** Over how many seconds devices come back after a break, as the server last said. */
  spread: number;
}

/** What a conversation is about. */
export interface Subject {
  readonly world: World;
  readonly local: LocalSide;
  readonly memory: Memory;
  readonly exchanged: Exchanged;
  /** Counts what was put into the outbox since the run began. */
  readonly writes: () => number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** What it was told, or that it has ended, in the order in which it came. */
type Arrived =
  | { readonly is: "message"; readonly message: Message }
  | { readonly is: "event"; readonly event: Event }
  | { readonly is: "ended"; readonly why: Ended };

/** One connection's session. */
export interface Conversation {
  readonly session: Session;
  /** How many writes there had been when the outbox was last read. */
  readonly readAt: number;
  /** Whether anything was stored that is not applied yet. */
  readonly isBehind: boolean;
  /** What the server last said is wrong and does not pass by itself. */
  readonly complained: Trouble | null;
  /** What it last said is wrong, also where it passes; told once. */
  takeSaid(): Trouble | null;
  /** Connect, and say hello. Throws `Ended`. */
  begin(): Promise<void>;
  /** Something has happened on this device. */
  tell(event: Event): void;
  /** The device may have slept: a connection on which nothing has come for a while is taken for lost. */
  check(): void;
  /** There is no network any more. */
  lost(): void;
  /** Take up what comes next, and do what follows. Throws `Ended`, `WireError`, and what the store throws. */
  goOn(): Promise<void>;
  /** End it, without waiting for the network. */
  drop(): void;
}

/** A conversation that is yet to begin. */
export function conversation({ world, local, memory, exchanged, writes, signal }: Subject): Conversation {
  const inbox = mailbox<Arrived>(world);
  let session = begun(memory.pace, memory.mostBytes);
  let line: Line | null = null;
  let cursors: readonly StreamCursor[] = [];
  let [readAt, heardAt, isBehind] = [-1, world.seconds(), false];
  /** Since when the server owes an answer; null: it does not. */
  let owedSince: number | null = null;
  let complained: Trouble | null = null;
  let said: Trouble | null = null;
  let measured = { writes: -1, at: 0 };

  /** How much waits is counted when something was written since, and not too often. */
  const measure = (every: number): void => {
    const [count, now] = [writes(), world.seconds()];
    if (measured.writes === count || now - measured.at < every) return;
    measured = { writes: count, at: now };
    memory.meter = transfers.waits(memory.meter, local.amount());
  };

  const note = (effect: EffectOf<"report">): void => {
    const { code, message, final } = effect;
    const trouble: Trouble = { code, message, final };
    said = trouble;
    if (!effect.passing) complained = trouble;
    local.trouble(trouble);
  };

  /** Do what an effect asks for, and count it. */
  const carryOut = (effect: Exclude<Effect, { effect: "settle" }>): Event | null => {
    switch (effect.effect) {
      case "send":
        line?.send(effect.frame);
        return null;
      case "join":
        local.join(effect.welcome);
        memory.meter = transfers.offered(memory.meter, effect.welcome.streams, cursors);
        measure(0);
        return null;
      case "storePage":
        exchanged.pulled += local.storePage(effect.page);
        memory.meter = transfers.received(memory.meter, effect.page);
        isBehind = local.isBehind();
        return null;
      case "readOutbox": {
        readAt = writes();
        const items = local.outgoing(effect);
        measure(MEASURED_EVERY);
        return { event: "outboxRead", items };
      }
      case "settleErasure":
        local.settleErasure(effect);
        memory.meter = transfers.sent(memory.meter, effect.document, 0);
        return null;
      case "refuse":
        local.refuse(effect);
        exchanged.refused += Math.max(1, effect.hashes.length);
        isBehind = local.isBehind();
        return null;
      case "resend":
        local.resend(effect.document);
        return null;
      case "purge":
        exchanged.refused += local.purge(effect.stream, effect.grant);
        return null;
      case "stop":
        local.stop(effect.streams);
        return null;
      case "report":
        note(effect);
        return null;
    }
  };

  /** What was accepted leaves the outbox in one transaction, as each commit waits for the disk. */
  const settle = (settled: readonly EffectOf<"settle">[]): void => {
    if (settled.length === 0) return;
    local.settle(settled);
    for (const { hashes, document, size } of settled) {
      exchanged.pushed += hashes.length;
      memory.meter = transfers.sent(memory.meter, document, size);
    }
  };

  const react = (event: Event): readonly Effect[] => {
    const step = handle(session, event, world.seconds());
    session = step.session;
    owedSince = isAnswerDue(session) ? (owedSince ?? world.seconds()) : null;
    memory.pace = session.pace;
    return step.effects;
  };

  /** Carry out what the session makes of events, in order. */
  const carryOutAll = (events: readonly Event[]): void => {
    const pending: Effect[] = events.flatMap(react);
    settle(pending.filter(isSettle));
    for (let effect = pending.shift(); effect !== undefined; effect = pending.shift()) {
      if (effect.effect === "settle") continue;
      const answer = carryOut(effect);
      if (answer !== null) pending.push(...react(answer));
    }
  };

  const eventOf = (arrived: Arrived): Event => {
    if (arrived.is === "ended") throw arrived.why;
    return arrived.is === "event" ? arrived.event : { event: "received", frame: decodeDown(arrived.message) };
  };

  /** When a server that goes on saying nothing is taken for lost; infinite where it owes nothing. */
  const lostAt = (): number => (owedSince === null ? Infinity : Math.max(heardAt, owedSince) + SILENT_WITHIN);

  /** Seconds until there is something to do though nothing comes; null: none. */
  const waitFor = (): number | null => {
    const until = Math.min(session.deadline ?? Infinity, lostAt());
    return until === Infinity ? null : Math.max(0, until - world.seconds());
  };

  return {
    get session() {
      return session;
    },
    get readAt() {
      return readAt;
    },
    get isBehind() {
      return isBehind;
    },
    get complained() {
      return complained;
    },
    takeSaid() {
      const told = said;
      said = null;
      return told;
    },
    async begin() {
      const listener = {
        message: (message: Message) => {
          heardAt = world.seconds();
          inbox.put({ is: "message", message });
        },
        ended: (why: Ended) => inbox.put({ is: "ended", why }),
      };
      line = await openLine(world, local.credentials(), listener, signal);
      heardAt = world.seconds();
      const opened = local.opened();
      cursors = opened.cursors;
      isBehind = local.isBehind();
      carryOutAll([opened]);
    },
    tell: (event) => inbox.put({ is: "event", event }),
    check() {
      if (line !== null && world.seconds() - heardAt >= SILENT_WITHIN) {
        inbox.put({ is: "ended", why: new Ended(NO_WORD, true) });
      }
    },
    lost: () => inbox.put({ is: "ended", why: new Ended(NO_WORD, line !== null) }),
    async goOn() {
      if (isBehind && inbox.first === undefined) {
        isBehind = local.applySome();
        return world.turn();
      }
      await inbox.wait(waitFor(), signal);
      signal.throwIfAborted();
      const arrived = inbox.take();
      if (arrived === undefined) {
        if (world.seconds() >= lostAt()) throw new Ended(NO_WORD, true);
        return carryOutAll([{ event: "tick" }]);
      }
      const event = eventOf(arrived);
      if (event.event === "received") local.contact();
      const events = [event];
      while (isAccepted(events.at(-1)) && inbox.first?.is === "message") {
        const next = inbox.take();
        if (next !== undefined) events.push(eventOf(next));
      }
      for (const group of grouped(events)) carryOutAll(group);
      // A page takes its time, and so does a commit: others on this thread are heard before the next.
      if (event.event === "received") await world.turn();
      signal.throwIfAborted();
    },
    drop: () => line?.drop(),
  };
}

/** Whether the server owes an answer: the welcome, or that of a push. */
const isAnswerDue = ({ welcome, pushes }: Session): boolean => welcome === null || pushes.size > 0;

const isSettle = (effect: Effect): effect is EffectOf<"settle"> => effect.effect === "settle";

const isAccepted = (event: Event | undefined): boolean =>
  event?.event === "received" && (event.frame.frame === "accepted" || event.frame.frame === "outcomes");

/** The accepted ones together, and the one after them by itself. */
function grouped(events: readonly Event[]): readonly (readonly Event[])[] {
  const accepted = events.filter(isAccepted);
  const other = events.filter((event) => !isAccepted(event));
  return [accepted, ...other.map((event) => [event])].filter((group) => group.length > 0);
}
