// What a session does about a frame from the server.

import type { Down, Erased, ErrorFrame, Rejected, Rows, Snapshot, StreamOffer, Welcome } from "../generated/frames.ts";
import WIRE from "../generated/wire.json";
import type { Effect, Stopped } from "./effects.ts";
import { bytesOf, type Outgoing } from "./outgoing.ts";
import { allowed, overdrawn } from "./pace.ts";
import { due, pausedUntil, withEntry, without, type Session, type Step } from "./state.ts";

const { steadyRetry: STEADY_RETRY, aboutAll: ABOUT_ALL, finalErrors: FINAL_ERRORS } = WIRE.session;
const STOPPED_TEXT: Readonly<Record<string, string>> = WIRE.stopped;

/** What a frame changes, and what is to be done about it. */
export function received(session: Session, frame: Down, now: number): Step {
  switch (frame.frame) {
    case "welcome":
      return welcomed(session, frame, now);
    case "accepted":
      return answered(session, frame.id, (outgoing, after) => ({
        session: due(awaited({ ...after, progressed: true }, outgoing.stream, frame.seq)),
        effects: [
          { effect: "settle", document: outgoing.document, hashes: outgoing.hashes, size: bytesOf(outgoing) },
        ],
      }));
    case "outcomes":
      return frame.items.reduce<Step>(
        (before, item) => {
          const after = received(before.session, item, now);
          return { session: after.session, effects: [...before.effects, ...after.effects] };
        },
        { session, effects: [] },
      );
    case "erased":
      return answered(session, frame.id, (outgoing, after) => erased(after, outgoing, frame));
    case "rejected":
      return answered(session, frame.id, (outgoing, after) => rejected(due(after), outgoing, frame, now));
    case "rows":
      return stored({ ...session, held: withEntry(session.held, frame.stream, frame.through) }, frame);
    case "snapshot": {
      const held = withEntry(session.held, frame.stream, frame.head);
      return stored({ ...session, held, backfill: withEntry(session.backfill, frame.stream, frame.backfill) }, frame);
    }
    case "want":
      return { session: due(session), effects: [{ effect: "resend", document: frame.document }] };
    case "revoked":
      return revoked(session, frame.stream, frame.grant);
    case "error":
      return wrong(session, frame, now);
  }
}

const stored = (session: Session, page: Rows | Snapshot): Step => ({
  session: { ...session, progressed: true },
  effects: [{ effect: "storePage", page }],
});

/** An answer to a push that is under way; to one of another connection, nothing comes of it. */
function answered(session: Session, id: number, answer: (outgoing: Outgoing, after: Session) => Step): Step {
  const outgoing = session.pushes.get(id);
  if (outgoing === undefined) return { session, effects: [] };
  return answer(outgoing, { ...session, pushes: without(session.pushes, id) });
}

/** The row of what was accepted comes as all others do. */
function awaited(session: Session, stream: string, seq: number): Session {
  const goal = session.goal.get(stream);
  return goal === undefined ? session : { ...session, goal: withEntry(session.goal, stream, Math.max(seq, goal)) };
}

function erased(session: Session, { stream, document }: Outgoing, { seq, kept, readAt }: Erased): Step {
  return {
    session: due(awaited({ ...session, progressed: true }, stream, seq)),
    effects: [{ effect: "settleErasure", document, seq, kept, readAt }],
  };
}

function rejected(session: Session, outgoing: Outgoing, frame: Rejected, now: number): Step {
  const { document, hashes, erase } = outgoing;
  const { code, message, retryAfter } = frame;
  if (erase && code === "erased") {
    const gone: Effect = { effect: "settleErasure", document, seq: 0, kept: false, readAt: [] };
    return { session: { ...session, progressed: true }, effects: [gone] };
  }
  if (retryAfter === null) {
    const refuse: Effect = { effect: "refuse", document, hashes, code, message };
    return { session: { ...session, progressed: true }, effects: [refuse] };
  }
  const report: Effect = { effect: "report", code, message, passing: true, final: false, stream: null };
  if (ABOUT_ALL.includes(code)) {
    // It is not about this push: whatever is sent now would fare the same.
    const paused = pausedUntil(session, now + retryAfter);
    const pace = code === "rate_limited" ? overdrawn(paused.pace, now) : paused.pace;
    return { session: { ...paused, pace }, effects: [report] };
  }
  const lacks = code === "missing_dependency" && !erase;
  const again = lacks && session.resent.has(document);
  const wait = again ? Math.max(retryAfter, STEADY_RETRY) : retryAfter;
  const waiting = withEntry(session.waiting, document, now + wait);
  if (!lacks || again) return { session: { ...session, waiting }, effects: [report] };
  return {
    session: { ...session, waiting, resent: new Set([...session.resent, document]) },
    effects: [report, { effect: "resend", document }],
  };
}

function revoked(session: Session, stream: string, grant: string): Step {
  return {
    session: {
      ...session,
      held: without(session.held, stream),
      backfill: without(session.backfill, stream),
      goal: without(session.goal, stream),
      stopped: without(session.stopped, stream),
      pushes: new Map([...session.pushes].filter(([, outgoing]) => outgoing.stream !== stream)),
    },
    effects: [
      // Before a welcome it is about whatever is held: maybe under an earlier grant than the latest, which is named.
      { effect: "purge", stream, grant: session.welcome === null ? null : grant },
      { effect: "send", frame: { frame: "purged", stream, grant } },
    ],
  };
}

function wrong(session: Session, { code, message, retryAfter, stream }: ErrorFrame, now: number): Step {
  if (stream !== null && Object.hasOwn(STOPPED_TEXT, code)) {
    const stopped = withEntry(session.stopped, stream, { code, message });
    return {
      session: {
        ...session,
        stopped,
        goal: without(session.goal, stream),
        backfill: without(session.backfill, stream),
      },
      effects: session.welcome === null ? [] : [{ effect: "stop", streams: stopped }],
    };
  }
  const passing = code === "rate_limited";
  const told =
    retryAfter !== null && stream === null ? pausedUntil({ ...session, retryAfter }, now + retryAfter) : session;
  return {
    session: passing ? { ...told, pace: overdrawn(told.pace, now) } : told,
    effects: [{ effect: "report", code, message, passing, final: FINAL_ERRORS.includes(code), stream }],
  };
}

// -- the welcome ------------------------------------------------------------------------------------------------------

function welcomed(session: Session, frame: Welcome, now: number): Step {
  const welcome = frame.known ? completed(session, frame) : frame;
  const isFirst = session.welcome === null;
  const found = isFirst ? stoppedBy(session, welcome) : new Map<string, Stopped>();
  const stopped = new Map([...found, ...session.stopped]);
  const goal = welcome.streams
    .filter(({ stream }) => !stopped.has(stream))
    .map(({ stream, head }) => [stream, Math.max(head, session.goal.get(stream) ?? 0)] as const);
  const vaults = welcome.streams.filter(({ audience }) => audience === "vault").map(({ stream }) => stream);
  const effects: Effect[] = [{ effect: "join", welcome }];
  // Also of none: what was stopped before goes on again.
  if (isFirst && (stopped.size > 0 || session.stoppedBefore)) effects.push({ effect: "stop", streams: stopped });
  return {
    session: due({
      ...session,
      welcome,
      stopped,
      backfill: without(session.backfill, ...found.keys()),
      spread: welcome.limits.reconnectWithinMs / 1000,
      pace: allowed(session.pace, welcome.limits, now),
      goal: new Map(goal),
      vaults: new Set(vaults),
    }),
    effects,
  };
}

/** The welcome with what it leaves out, as that is known here. */
function completed({ known, held }: Session, welcome: Welcome): Welcome {
  const named = new Set(welcome.streams.map(({ stream }) => stream));
  const left = known.flatMap((offer): StreamOffer[] => {
    const head = held.get(offer.stream);
    return head === undefined || named.has(offer.stream) ? [] : [{ ...offer, head }];
  });
  return { ...welcome, streams: [...welcome.streams, ...left], known: false };
}

/**
 * What cannot go on: streams that are held and not offered any more, as a server says `revoked` of what has ended before
 * its welcome, and those in which the log is another one.
 */
function stoppedBy({ held }: Session, welcome: Welcome): ReadonlyMap<string, Stopped> {
  const offered = new Map(welcome.streams.map((offer) => [offer.stream, offer]));
  const gone = [...held.keys()].filter((stream) => !offered.has(stream));
  const forked = [...offered.values()].filter(({ fork }) => fork !== null).map(({ stream }) => stream);
  const why = (code: string): Stopped => ({ code, message: STOPPED_TEXT[code] ?? "" });
  return new Map([
    ...gone.map((stream) => [stream, why("unknown_stream")] as const),
    ...forked.map((stream) => [stream, why("log_diverged")] as const),
  ]);
}
