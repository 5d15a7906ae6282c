// What a client's own scores are made from: what this device holds of some kinds, what waits to be shared included.

import type { Document } from "../../crdt/document.ts";
import { ROOT, type ObjectId } from "../../crdt/scalars.ts";
import { answerKey } from "../../documents/assessments/answers.ts";
import { hexOf } from "../../bytes.ts";
import type { Assessment, Id, IsoMoment } from "../../generated/models.ts";
import { by } from "../../measures/ordering.ts";
import { material, type AnyFiled, type FiledRows, type Material } from "../../measures/material.ts";
import { recordStream } from "../../replica/documents/streams.ts";
import { provenanceOf, type Provenance } from "../../replica/tables/provenance.ts";
import { recordModel } from "../../replica/tables/records.ts";
import { bytesOfId, fromMicros, idOf, momentOrNull, type Micros } from "../../store/values.ts";
import type { Scope } from "../scope.ts";

/** The kinds that scores are made from. */
const SCORED = ["assessment", "episode", "instrument"] as const;
type Scored = (typeof SCORED)[number];

/** When what stands at a key arrived; null: it has not. */
type Arrived = Provenance<IsoMoment>;

/** The material of one's own scores. */
export function ownMaterial(scope: Scope): Material {
  const { store } = scope;
  const stream = recordStream(store);
  const rows = store.all<[number, Uint8Array, Scored]>(
    "SELECT position, id, kind FROM documents WHERE (stream = ? OR (stream IS NULL AND wish = 1)) AND NOT erased" +
      ` AND kind IN (${SCORED.map((kind) => `'${kind}'`).join(", ")})`,
    stream === null ? null : bytesOfId(stream),
  );
  return material(rows.flatMap(([position, id, kind]) => filed(scope, position, idOf(id), kind)));
}

/** The last row that is here of the record, as a cut names it. */
export function ownHeads({ store }: Scope): Readonly<Record<Id, number>> {
  const stream = recordStream(store);
  if (stream === null) return {};
  return { [stream]: store.number("SELECT cursor FROM streams WHERE id = ?", bytesOfId(stream)) };
}

function filed(scope: Scope, position: number, id: Id, kind: Scored): readonly AnyFiled[] {
  const model = recordModel(scope.store, kind, position);
  if (model === null) return [];
  const parts = kind === "assessment" ? partsOf(scope, position, model as Assessment) : {};
  return [{ id, kind, model, rows: rowsOf(scope, position, parts) } as AnyFiled];
}

function rowsOf({ store }: Scope, position: number, parts: FiledRows["parts"]): FiledRows {
  const rows = store.all<[number, Uint8Array, Micros]>(
    "SELECT seq, author, received_at FROM changes WHERE document = ? AND seq IS NOT NULL ORDER BY seq",
    position,
  );
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) {
    return { author: null, first_seq: null, last_seq: null, first_received_at: null, last_received_at: null, parts };
  }
  const received = rows.map(([, , at]) => BigInt(at)).toSorted(by((at) => at));
  return {
    author: idOf(first[1]),
    first_seq: first[0],
    last_seq: last[0],
    first_received_at: fromMicros(received[0] ?? first[2]),
    last_received_at: fromMicros(received.at(-1) ?? last[2]),
    parts,
  };
}

/** When each answer and each completion arrived, with the change that brought it as it stands. */
function partsOf(scope: Scope, position: number, model: Assessment): FiledRows["parts"] {
  const document = scope.replica.documents.read(position);
  const arrived = broughtBy(scope, position);
  const [draft, completions] = [document.object("draft", "map"), document.object("completions", "map")];
  const given = [model.draft, model.overridden].flatMap((answers) =>
    Object.entries(answers).flatMap(([item, some]) => some.map(({ id }) => [id, answerKey(item, id)] as const)),
  );
  return Object.fromEntries([
    ...model.completions.map(({ id }) => [id, arrivedAt(document, arrived, id, completions)] as const),
    ...given.map(([id, key]) => [id, arrivedAt(document, arrived, key, draft)] as const),
  ]);
}

const arrivedAt = (document: Document, arrived: Arrived, key: string, container: ObjectId | null): IsoMoment | null =>
  arrived(document, key, container ?? ROOT);

function broughtBy({ store }: Scope, position: number): Arrived {
  const rows = store.all<[Uint8Array, number, number, Micros | null]>(
    "SELECT actor, start_op, operations, received_at FROM changes WHERE document = ?",
    position,
  );
  return provenanceOf(
    rows.flatMap(([actor, start, operations, received]) => {
      const at = momentOrNull(received);
      return at === null ? [] : [[hexOf(actor), start, operations, at] as const];
    }),
  );
}
