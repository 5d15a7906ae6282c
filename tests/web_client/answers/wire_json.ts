// Values of the wire's types as they lie in vectors: bytes as hexadecimal digits, fields by their names on the wire.

import { hexOf, ofHex } from "@intersession/client/bytes.ts";
import { defaultOf, FRAMES, shapeOf, TAG, type Type, type Values } from "@intersession/client/wire/schema.ts";

/** Any frame, of either direction. */
export const FRAME: Type & { is: "either" } = { is: "either", of: { ...FRAMES.up.of, ...FRAMES.down.of } };

/** A value as JSON. */
export function toJson(value: unknown, type: Type): unknown {
  switch (type.is) {
    case "bytes":
      return hexOf(value as Uint8Array);
    case "optional":
      return value === null ? null : toJson(value, type.of);
    case "list":
      return (value as unknown[]).map((one) => toJson(one, type.of));
    case "struct":
      return structToJson(value as Values, type.name);
    case "either":
      return structToJson(value as Values, nameOf(value as Values, type));
    default:
      return value;
  }
}

function structToJson(values: Values, name: string): unknown {
  const shape = shapeOf(name);
  const fields = shape.fields.map((field) => [field.key ?? field.name, toJson(values[field.name], field.type)]);
  return Object.fromEntries(shape.tag === undefined ? fields : [[TAG, shape.tag], ...fields]);
}

/** The value that JSON says; what is left out has its default. */
export function fromJson(json: unknown, type: Type): unknown {
  switch (type.is) {
    case "bytes":
      return ofHex(json as string);
    case "optional":
      return json === null || json === undefined ? null : fromJson(json, type.of);
    case "list":
      return (json as unknown[]).map((one) => fromJson(one, type.of));
    case "struct":
      return structFromJson(json as Values, type.name);
    case "either":
      return structFromJson(json as Values, nameOf(json as Values, type));
    default:
      return json;
  }
}

function structFromJson(json: Values, name: string): unknown {
  const shape = shapeOf(name);
  const fields = shape.fields.map((field) => {
    const told = json[field.key ?? field.name];
    return [field.name, told === undefined ? defaultOf(field) : fromJson(told, field.type)];
  });
  return Object.fromEntries(shape.tag === undefined ? fields : [[TAG, shape.tag], ...fields]);
}

const nameOf = (values: Values, type: Type & { is: "either" }): string => type.of[values[TAG] as string] ?? "";

/** The JSON of a struct without what has its default, in it and in the structs that it has lists of. */
export function sparse(json: Values, name = nameOf(json, FRAME)): Values {
  const shape = shapeOf(name);
  const told = shape.fields.flatMap((field) => {
    const key = field.key ?? field.name;
    const value = json[key];
    const usual = field.type.is === "bytes" ? "" : field.default;
    if ("default" in field && JSON.stringify(value) === JSON.stringify(usual)) return [];
    const inner = field.type.is === "list" && field.type.of.is === "struct" ? field.type.of.name : undefined;
    return [[key, inner === undefined ? value : (value as Values[]).map((one) => sparse(one, inner))]];
  });
  return Object.fromEntries(shape.tag === undefined ? told : [[TAG, shape.tag], ...told]);
}
