// The replica's half of a connection as a pure machine: (session, event, now) → session and effects.
//
// It knows the protocol and nothing of sockets, stores or clocks. The driver carries out effects in their order, each
// finished before the next is begun: a page is stored with its cursor before anything follows from it, and `purged` is sent
// only after the purge is on disk. An effect that cannot be carried out ends the connection; the next one begins with a
// new session, the pace of this one, and the cursors that the store has then.
//
// It sends no more than `welcome` allows: what may not go yet is not even read from the outbox, and `deadline` says when to
// look again.

import type { Hello } from "../generated/frames.ts";
import WIRE from "../generated/wire.json";
import { offersDigest } from "../wire/offers.ts";
import type { Effect, Event } from "./effects.ts";
import { sent } from "./pace.ts";
import { nextOutbox, outboxRead } from "./pushing.ts";
import { received } from "./receiving.ts";
import { due, type Session, type Step } from "./state.ts";

export { begun, isCaughtUp, nothingGoesOn, type Session, type Step } from "./state.ts";

/** What is to be done about `event`; `now` is seconds of a monotonic clock. */
export function handle(session: Session, event: Event, now: number): Step {
  const reacted = react(session, event, now);
  const looked = nextOutbox(reacted.session, now);
  const effects = [...reacted.effects, ...looked.effects];
  const pace = effects.filter(isSmall).reduce((left) => sent(left, now), looked.session.pace);
  const after = { ...looked.session, pace };
  return { session: { ...after, deadline: deadlineOf(after, now) }, effects };
}

function react(session: Session, event: Event, now: number): Step {
  switch (event.event) {
    case "opened":
      return opened(session, event);
    case "received":
      return received(session, event.frame, now);
    case "outboxChanged":
      return { session: due(session), effects: [] };
    case "outboxRead":
      return outboxRead(session, event.items, now);
    case "tick":
      return ticked(session, now);
  }
}

function opened(session: Session, event: Event & { event: "opened" }): Step {
  const { replica, agent, cursors, known } = event;
  const hello: Hello = {
    frame: "hello",
    protocol: [WIRE.protocol, WIRE.protocol],
    replica,
    agent,
    streams: cursors,
    known: known.length ? offersDigest(known) : new Uint8Array(),
  };
  return {
    session: {
      ...session,
      known,
      stoppedBefore: event.stopped,
      held: new Map([...session.held, ...cursors.map((one) => [one.stream, one.cursor] as const)]),
      backfill: new Map([...session.backfill, ...cursors.map((one) => [one.stream, one.backfill] as const)]),
    },
    effects: [{ effect: "send", frame: hello }],
  };
}

function ticked(session: Session, now: number): Step {
  const waiting = new Map([...session.waiting].filter(([, at]) => at > now));
  const after = { ...session, waiting };
  return { session: waiting.size < session.waiting.size ? due(after) : after, effects: [] };
}

function deadlineOf(session: Session, now: number): number | null {
  const times = [...session.waiting.values()];
  if (session.outbox.due && session.pausedUntil > now) times.push(session.pausedUntil);
  return times.length ? Math.min(...times) : null;
}

/** Frames whose cost is that of a frame; those with pushes are counted as they are made. */
const isSmall = (effect: Effect): boolean =>
  effect.effect === "send" && !["push", "pushes", "erase"].includes(effect.frame.frame);
