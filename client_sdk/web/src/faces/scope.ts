// Where faces read and write: the record of the client whose device this is, what is here of any stream, and what waits
// for one.

import { sectionsOn } from "../agenda/plan.ts";
import { inOrder, type RecordKind } from "../documents/shapes.ts";
import { structOf } from "../documents/types.ts";
import { InvalidField, NotFound } from "../errors.ts";
import type { Audience, Kind } from "../generated/frames.ts";
import type { Field, Id, IsoDay, IsoMoment, Plan, Records } from "../generated/models.ts";
import STREAMS from "../generated/streams.json";
import type { Destination, Hash, StoredDocument, Write } from "../replica/documents/rows.ts";
import { currentId, documentAt, findDocument } from "../replica/documents/stored.ts";
import { audienceOf } from "../replica/documents/streams.ts";
import type { Writing } from "../replica/documents/writing.ts";
import type { Replica } from "../replica/replica.ts";
import {
  creation,
  records,
  recordWith,
  revision,
  type RowKind,
  type StoredRecord,
  type Which,
} from "../replica/tables/records.ts";
import type { Store } from "../store/store.ts";
import { nameKey } from "../text/names.ts";
import { dayOf } from "../time/localDays.ts";
import { checkMoment, offsetText } from "../time/moments.ts";
import { isKnownZone, offsetAt, type Now, type Zone } from "../time/zones.ts";
import * as given from "./given.ts";

/** A document of which it is known who made it; null: it was made here, and is not in a log yet. */
type Written = Pick<StoredRecord<RowKind>, "author" | "position">;

/** What the faces have to work with. */
export interface Scope {
  readonly replica: Replica;
  readonly store: Store;
  /** The moment it is for the person at this device. */
  now(): IsoMoment;
  /** The name of this device's zone, if its clocks show that moment as it is written; null where they do not. */
  zoneOf(at: IsoMoment): Zone | null;
  /** That moment, with its zone to reckon days in: this device's, or the moment's own offset. */
  present(at: IsoMoment): Now;
  /** The local day of a moment as it is written, which begins at the hour that the plan says. */
  dayOf(at: IsoMoment): IsoDay;
  /** The person's own local day. */
  today(): IsoDay;
  /** Whose device this is; null before pairing. */
  account(): Id | null;
  /** Who wrote a document; null for one that was written here before pairing. */
  author(row: Pick<Written, "author">): Id | null;
  /** The plan, if it has arrived. */
  plan(): StoredRecord<"plan"> | null;
  /** What the plan says; an empty one before it has arrived. */
  agreed(): Plan;
  /** The questions that the plan asks on the local day of a moment. */
  asked(at: IsoMoment): readonly (readonly [string, Field])[];
  /** Documents of a kind, newest first. Throws `NotFound`. */
  rows<K extends RowKind>(kind: K, which?: Which<K>): readonly StoredRecord<K>[];
  /** One document. Throws `NotFound`. */
  row<K extends RowKind>(kind: K, id: Id): StoredRecord<K>;
  /** A document that client and care team both read. Throws `NotFound`. */
  shared(on: Id): StoredDocument;
  /** Make a document of a record's fields, to be shared; returns its id. Throws `InvalidField`. */
  add<K extends RecordKind & RowKind>(writing: Writing, kind: K, value: Partial<Records[K]>): Id;
  /** The same of what `write` writes. */
  create(writing: Writing, kind: Kind, write: Write): Id;
  /** Turn what a document says, or said at a version, into what `change` makes of it. Throws `InvalidField`. */
  change<K extends RecordKind & RowKind>(
    writing: Writing,
    kind: K,
    row: Written,
    change: (before: Records[K]) => Records[K],
    basedOn?: readonly Hash[] | null,
  ): void;
  /** Change a document by what `write` writes into it. Throws `InvalidField`. */
  edit(writing: Writing, row: Written, write: Write, basedOn?: readonly Hash[] | null): void;
}

/** Before a plan has come. */
const NO_PLAN = structOf("Plan", {}) as unknown as Plan;

type Rules = Readonly<Record<string, Readonly<Record<string, { readonly authored: boolean }>>>>;
const RULES: Rules = STREAMS.rules;
const isAuthored = (audience: Audience, kind: string): boolean => RULES[audience]?.[kind]?.authored ?? false;

/** The scope of a replica; `deviceZone` tells which zone this device is in, null where it cannot. */
export function scopeOf(replica: Replica, deviceZone: () => Zone | null): Scope {
  const { store } = replica;
  const share = (): Destination => replica.destination(true);

  const zoneOf = (at: IsoMoment): Zone | null => {
    const zone = deviceZone();
    const { micros, offset } = checkMoment("at", at);
    return zone !== null && isKnownZone(zone) && offsetAt(zone, micros) === offset ? zone : null;
  };
  const account = (): Id | null => replica.pairing()?.account ?? null;
  const plan = (): StoredRecord<"plan"> | null => records(store, "plan", { window: { limit: 1 } })[0] ?? null;
  const agreed = (): Plan => plan()?.model ?? NO_PLAN;

  const checkAuthor = ({ position, author }: Written): void => {
    const document = documentAt(store, position);
    const audience = audienceOf(store, document.stream);
    if (audience === null || author === null || author === account()) return;
    if (isAuthored(audience, document.kind)) {
      throw new InvalidField(
        "Somebody else wrote this, and only they may change it. Write a comment or a new one instead.",
      );
    }
  };

  const scope: Scope = {
    replica,
    store,
    now: () => store.now(),
    zoneOf,
    present: (at) => ({ at, zone: zoneOf(at) ?? offsetText(checkMoment("now", at).offset) }),
    dayOf: (at) => dayOf(checkMoment("at", at), agreed().day_begins),
    today: () => scope.dayOf(store.now()),
    account,
    author: (row) => row.author ?? account(),
    plan,
    agreed,
    asked(at) {
      const plan = agreed();
      const ids = new Set(sectionsOn(plan, scope.dayOf(at)));
      return inOrder(plan.sections).filter(([id]) => ids.has(id));
    },
    rows: (kind, which = {}) => records(store, kind, which),
    row(kind, id) {
      const found = recordWith(store, kind, given.id("id", id));
      if (found === null) throw new NotFound(`There is no ${kind.replaceAll("_", " ")} with that id here.`);
      return found;
    },
    shared(on) {
      const document = findDocument(store, currentId(store, given.id("on", on)));
      const isRead =
        document !== null &&
        !document.erased &&
        (document.stream === null ? document.wish === true : audienceOf(store, document.stream) === "record");
      if (isRead) return document;
      throw new NotFound("There is no document with that id that the client and the care team share.");
    },
    add: (writing, kind, value) => scope.create(writing, kind, creation(kind, value)),
    create: (writing, kind, write) => writing.create(kind, write, share()).document.id,
    change: (writing, kind, row, change, basedOn = null) =>
      scope.edit(writing, row, revision(kind, (before) => [change(before)]), basedOn),
    edit(writing, row, write, basedOn = null) {
      checkAuthor(row);
      writing.edit(row.position, write, { basedOn });
    },
  };
  return scope;
}

/** The scale of each tracker, by what the spellings of its name have in common. */
export const scalesIn = (plan: Plan): ReadonlyMap<string, readonly [number, number]> =>
  new Map(Object.values(plan.trackers).map(({ name, low, high }) => [nameKey(name), [low, high] as const]));
