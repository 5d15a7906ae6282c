// What a session does with its outbox: when it reads it, and what of it goes at once.

import WIRE from "../generated/wire.json";
import type { Effect } from "./effects.ts";
import { cost, cut, first, hasRoom, made, packed, packing, type Outgoing } from "./outgoing.ts";
import { affords, framesAt, readyAt, sent } from "./pace.ts";
import { pausedUntil, withEntry, type Session, type Step } from "./state.ts";

const { pushBytes: PUSH_BYTES, few: FEW, tooLarge: TOO_LARGE } = WIRE.session;

/** Read the outbox when something may be in it and a push may be sent. */
export function nextOutbox(session: Session, now: number): Step {
  const { welcome, outbox, pushes } = session;
  const still: Step = { session, effects: [] };
  if (welcome === null || outbox.read || !outbox.due || now < session.pausedUntil) return still;
  const most = session.mostBytes === null ? welcome.limits.pushes : 1;
  const room = most - pushes.size;
  if (room < Math.max(1, Math.floor(most / 2))) return still; // several are read at once
  if (framesAt(session.pace, now) < 1) {
    const when = readyAt(session.pace, now, { frames: Math.min(FEW, room) });
    return { session: { ...session, pausedUntil: when }, effects: [] };
  }
  const exclude = new Set([...session.waiting.keys(), ...[...pushes.values()].map((one) => one.document)]);
  const size = Math.max(1, Math.min(PUSH_BYTES, Math.floor((frameBytes(session) * 7) / 8)));
  return {
    session: { ...session, outbox: { ...outbox, read: true, due: false } },
    effects: [{ effect: "readOutbox", exclude, limit: room, size }],
  };
}

/** What was in the outbox is sent, as far as the pace allows. The rest is read again: by then it may be withdrawn. */
export function outboxRead(session: Session, items: readonly Outgoing[], now: number): Step {
  // There may be more than was asked for, so it is read again until it is empty.
  const outbox = { read: false, empty: items.length === 0, due: session.outbox.due || items.length > 0 };
  const refused: Effect[] = [];
  let after: Session = { ...session, outbox };
  let frames = packing(frameBytes(session));
  for (const item of items) {
    const outgoing = cut(item, frameBytes(session)) ?? alone(session, item);
    if (outgoing === undefined) {
      const { document, hashes } = item;
      refused.push({ effect: "refuse", document, hashes: hashes.slice(0, 1), code: "too_large", message: TOO_LARGE });
      after = { ...after, progressed: true };
      continue;
    }
    const follows = hasRoom(frames, outgoing);
    const work = costOf(after, outgoing, follows);
    if (!affords(after.pace, work, now)) {
      after = pausedUntil(after, readyAt(after.pace, now, { work }));
      break;
    }
    frames = packed(frames, after.nextPush, outgoing);
    after = {
      ...after,
      pace: sent(after.pace, now, { work, frames: follows ? 0 : 1 }),
      pushes: withEntry(after.pushes, after.nextPush, outgoing),
      nextPush: after.nextPush + 1,
    };
  }
  const sends = made(frames).map((frame): Effect => ({ effect: "send", frame }));
  return { session: after, effects: [...refused, ...sends] };
}

function frameBytes({ welcome, mostBytes }: Session): number {
  const told = welcome?.limits.frameBytes ?? 0;
  return mostBytes === null ? told : Math.min(told, mostBytes);
}

/** The first change of an item alone, if the server says that it takes it. */
const alone = ({ welcome }: Session, item: Outgoing): Outgoing | undefined =>
  cut(first(item, 1), welcome?.limits.frameBytes ?? 0);

function costOf({ pace, vaults }: Session, outgoing: Outgoing, follows: boolean): number {
  return pace.work === null ? 0 : cost(outgoing, { sealed: vaults.has(outgoing.stream), follows });
}
