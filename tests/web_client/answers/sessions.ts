import { hexOf, ofHex } from "@intersession/client/bytes.ts";
import { IntersessionError } from "@intersession/client/errors.ts";
import type { Down, Rows, Snapshot, StreamCursor, StreamOffer } from "@intersession/client/generated/frames.ts";
import type { Effect, Event } from "@intersession/client/replica/effects.ts";
import { afterTooLarge, type Outgoing } from "@intersession/client/replica/outgoing.ts";
import { ofClose } from "@intersession/client/replica/problems.ts";
import { attemptAfter, waitBefore } from "@intersession/client/replica/reconnect.ts";
import { begun, handle, isCaughtUp, nothingGoesOn, type Session } from "@intersession/client/replica/session.ts";
import * as transfers from "@intersession/client/replica/transfers.ts";
import type { Meter } from "@intersession/client/replica/transfers.ts";
import { decodeDown } from "@intersession/client/wire/codec.ts";
import type { Values } from "@intersession/client/wire/schema.ts";
import type { Answers } from "./answers.ts";
import { FRAME, fromJson, sparse, toJson } from "./wire_json.ts";

interface Told {
  readonly event: string;
  readonly at: number;
  readonly replica: string;
  readonly agent: string;
  readonly cursors?: readonly unknown[];
  readonly known?: readonly unknown[];
  readonly stopped?: boolean;
  readonly frame: Values;
  readonly bytes: string;
  readonly items?: readonly ToldOutgoing[];
  readonly most_bytes?: number;
}

type ToldOutgoing = Omit<Outgoing, "hashes" | "changes" | "replaces" | "erase"> & {
  readonly hashes: readonly string[];
  readonly changes: readonly string[];
  readonly replaces?: readonly string[];
  readonly erase?: boolean;
};

interface Trace {
  readonly most_bytes?: number;
  readonly events: readonly Told[];
}

function traced({ events, most_bytes }: Trace): unknown {
  let session = begun(undefined, most_bytes ?? null);
  const steps = events.map((told) => {
    if (told.event === "begun") {
      session = begun(session.pace, told.most_bytes ?? null);
      return standing(session, []);
    }
    let event: Event;
    try {
      event = eventOf(told);
    } catch (failure) {
      if (failure instanceof IntersessionError) return { refused: { code: failure.code } };
      throw failure;
    }
    const step = handle(session, event, told.at);
    session = step.session;
    return standing(session, step.effects);
  });
  return {
    steps,
    retry_after: session.retryAfter,
    spread: session.spread,
    nothing_goes_on: nothingGoesOn(session),
    under_way: [...session.pushes.values()].map((outgoing) => outgoing.document),
  };
}

const standing = (session: Session, effects: readonly Effect[]): unknown => ({
  effects: effects.map(effectToJson),
  deadline: session.deadline,
  is: [...(session.progressed ? ["progressed"] : []), ...(isCaughtUp(session) ? ["caught_up"] : [])],
});

function eventOf(told: Told): Event {
  switch (told.event) {
    case "opened":
      return {
        event: "opened",
        replica: told.replica,
        agent: told.agent,
        cursors: listed(told.cursors, "StreamCursor") as StreamCursor[],
        known: listed(told.known, "StreamOffer") as StreamOffer[],
        stopped: told.stopped ?? false,
      };
    case "received":
      return { event: "received", frame: fromJson(told.frame, FRAME) as Down };
    case "arrived":
      return { event: "received", frame: decodeDown(ofHex(told.bytes)) };
    case "outbox_changed":
      return { event: "outboxChanged" };
    case "outbox_read":
      return { event: "outboxRead", items: (told.items ?? []).map(outgoingOf) };
    case "tick":
      return { event: "tick" };
    default:
      throw new Error(told.event);
  }
}

const listed = (values: readonly unknown[] = [], name: string): unknown[] =>
  values.map((one) => fromJson(one, { is: "struct", name }));

const outgoingOf = (told: ToldOutgoing): Outgoing => ({
  ...told,
  hashes: told.hashes.map(ofHex),
  changes: told.changes.map(ofHex),
  replaces: (told.replaces ?? []).map(ofHex),
  erase: told.erase ?? false,
});

function effectToJson(effect: Effect): unknown {
  switch (effect.effect) {
    case "send":
      return { effect: "send", frame: sparse(toJson(effect.frame, FRAME) as Values) };
    case "join": {
      const { streams } = effect.welcome;
      return { effect: "join", heads: Object.fromEntries(streams.map(({ stream, head }) => [stream, head])) };
    }
    case "storePage": {
      const { page } = effect;
      return { effect: "store_page", stream: page.stream, to: page.frame === "rows" ? page.through : page.head };
    }
    case "readOutbox":
      return { ...effect, effect: "read_outbox", exclude: [...effect.exclude].toSorted() };
    case "settle":
    case "refuse":
      return { ...effect, hashes: effect.hashes.map(hexOf) };
    case "settleErasure": {
      const { document, seq, kept, readAt } = effect;
      return { effect: "settle_erasure", document, seq, kept, read_at: readAt };
    }
    case "stop": {
      const streams = [...effect.streams].map(([stream, { code, message }]) => [stream, [code, message]]);
      return { effect: "stop", streams: Object.fromEntries(streams) };
    }
    default:
      return effect;
  }
}

type Step =
  | { readonly step: "waits"; readonly documents: number; readonly bytes: number }
  | { readonly step: "sent"; readonly document: string; readonly size: number }
  | { readonly step: "offered"; readonly streams: readonly unknown[]; readonly cursors: readonly unknown[] }
  | { readonly step: "received"; readonly frame: Values }
  | { readonly step: "finished" };

function measured(meter: Meter, step: Step): Meter {
  switch (step.step) {
    case "waits":
      return transfers.waits(meter, step);
    case "sent":
      return transfers.sent(meter, step.document, step.size);
    case "offered": {
      const offers = listed(step.streams, "StreamOffer") as StreamOffer[];
      return transfers.offered(meter, offers, listed(step.cursors, "StreamCursor") as StreamCursor[]);
    }
    case "received":
      return transfers.received(meter, fromJson(step.frame, FRAME) as Rows | Snapshot);
    case "finished":
      return transfers.finished(meter);
  }
}

function transferred({ steps }: { steps: readonly Step[] }): unknown {
  let meter = transfers.UNMEASURED;
  return steps.map((step) => {
    meter = measured(meter, step);
    return transfers.transferOf(meter);
  });
}

export const SESSIONS: Answers = {
  session: traced,
  transfer: transferred,
  wait: ({ attempt, chance, told, spread }: { attempt: number; chance: number; told?: number; spread?: number }) =>
    waitBefore(attempt, chance, told, spread),
  attempt: ({ attempt, ...ended }: { attempt: number; progressed: boolean; stood: number }) =>
    attemptAfter(attempt, ended),
  too_large: ({ under_way = {}, most_bytes }: { under_way?: Record<string, number[]>; most_bytes?: number }) => {
    const underWay = Object.entries(under_way).map(([document, sizes]): Outgoing => {
      const changes = sizes.map((size) => new Uint8Array(size));
      return { stream: "", document, kind: "goal", hashes: [], changes, erase: false, replaces: [] };
    });
    const { mostBytes, refused } = afterTooLarge(underWay, most_bytes ?? null);
    return { most_bytes: mostBytes, given_up: refused?.document };
  },
  closed: ({ code }: { code?: number }) => ofClose(code ?? null),
};
