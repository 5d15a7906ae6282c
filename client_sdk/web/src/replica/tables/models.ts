// Read models as tables keep them: JSON as the Python code writes it.

import { textOf, utf8 } from "../../bytes.ts";
import { shapeOf, isRecordKind } from "../../documents/shapes.ts";
import { ofStored, storedStruct, type StructName } from "../../documents/types.ts";
import type { Models } from "../../generated/models.ts";
import type { ReadKind } from "../../records/kinds.ts";

const MODEL: Readonly<Record<Exclude<ReadKind, Parameters<typeof shapeOf>[0]>, StructName>> = {
  journal_entry: "JournalEntry",
  symptom_log: "Bucket",
  assessment: "Assessment",
};

const modelOf = (kind: ReadKind): StructName => (isRecordKind(kind) ? shapeOf(kind).model : MODEL[kind]);

/** A struct as a row holds it. */
export const packedStruct = (name: StructName, value: object): Uint8Array => utf8(JSON.stringify(storedStruct(name, value)));
/** The struct that a row holds. */
export const unpackedStruct = <T>(name: StructName, packed: Uint8Array | string): T =>
  ofStored(name, JSON.parse(typeof packed === "string" ? packed : textOf(packed))) as T;

/** What a document of a kind says, as a row holds it. */
export const packedModel = <K extends ReadKind>(kind: K, model: Models[K]): Uint8Array => packedStruct(modelOf(kind), model);
/** What a row says. */
export const unpackedModel = <K extends ReadKind>(kind: K, packed: Uint8Array | string): Models[K] =>
  unpackedStruct<Models[K]>(modelOf(kind), packed);
