// What frames are made of, as the Python code says it (generated/wire.json).

import WIRE from "../generated/wire.json";

/** The type of a field. Lengths of texts count code points. */
export type Type =
  | { readonly is: "truth" }
  | { readonly is: "whole"; readonly least: number; readonly most: number }
  | { readonly is: "number"; readonly least: number; readonly most: number }
  | { readonly is: "text"; readonly most?: number }
  | { readonly is: "bytes"; readonly least?: number; readonly most?: number }
  | { readonly is: "uuid" }
  | { readonly is: "moment" }
  | { readonly is: "choice"; readonly of: readonly string[] }
  | { readonly is: "list"; readonly of: Type; readonly least?: number; readonly most?: number }
  | { readonly is: "tuple"; readonly of: readonly Type[] }
  | { readonly is: "optional"; readonly of: Type }
  | { readonly is: "struct"; readonly name: string }
  /** One of several structs, by their tags. */
  | { readonly is: "either"; readonly of: Readonly<Record<string, string>> };

/** A field; `key` is its name on the wire where that is another one. Without `default` it has to be there. */
export interface Field {
  readonly name: string;
  readonly key?: string;
  readonly type: Type;
  readonly default?: unknown;
}

/** What a struct is on the wire: a map, with its `tag` under `frame`, or a list of its fields in their order. */
export interface Shape {
  readonly fields: readonly Field[];
  readonly tag?: string;
  readonly asList?: boolean;
  /** Whether what has its default is left out. */
  readonly sparse?: boolean;
}

/** The values of a struct by the names of its fields; of one with a tag, `frame` besides. */
export type Values = Readonly<Record<string, unknown>>;

/** Under which key of a map the tag lies. */
export const TAG = "frame";

const SHAPES = WIRE.structs as unknown as Readonly<Record<string, Shape>>;

/** A struct by its name. Throws `RangeError` where there is none. */
export function shapeOf(name: string): Shape {
  const shape = SHAPES[name];
  if (shape === undefined) throw new RangeError(`There is no struct ${name}.`);
  return shape;
}

/** The default of a field as a value of its type: data has bytes as text, which are always empty. */
export const defaultOf = (field: Field): unknown => (field.type.is === "bytes" ? new Uint8Array() : field.default);

/** All frames of a direction by tag, with `packed` down. */
export const FRAMES: { readonly up: Type & { is: "either" }; readonly down: Type & { is: "either" } } = {
  up: { is: "either", of: WIRE.up },
  down: { is: "either", of: WIRE.down },
};
