// Types of values, as data from the Python code: a value is checked, and brought into its canonical form, by its type.

import shapes from "../generated/shapes.json" with { type: "json" };
import { InvalidField } from "../errors.ts";
import { readDay } from "../time/calendar.ts";
import { momentText } from "../time/moments.ts";
import { readId } from "./ids.ts";
import { isUnicode, type Json } from "./json.ts";
import { readTimestamp } from "./timestamps.ts";
import { lengthOf } from "./texts.ts";

/** What a value may be. */
export type Type =
  | { readonly is: "str"; readonly most?: number }
  | { readonly is: "int" | "float"; readonly low?: number; readonly high?: number }
  | { readonly is: "bool" | "null" | "day" | "moment" | "id" }
  | { readonly is: "word"; readonly of: readonly string[] }
  | { readonly is: "list"; readonly of: Type; readonly most?: number }
  | { readonly is: "tuple"; readonly of: readonly Type[] }
  | { readonly is: "map"; readonly of: Type }
  | { readonly is: "struct"; readonly name: StructName }
  | { readonly is: "union"; readonly of: readonly Type[] };

/** The name of a struct, which is that of its interface in src/generated/models.ts. */
export type StructName = keyof typeof shapes.structs;

/** One field of a struct. */
export interface StructField {
  readonly name: string;
  readonly type: Type;
  readonly default?: Json;
}

interface Struct {
  /** Whether it is written without what has its default. */
  readonly omitsDefaults: boolean;
  readonly fields: readonly StructField[];
}

const STRUCTS = shapes.structs as unknown as Readonly<Record<StructName, Struct>>;

/** The fields of a struct, in their order. */
export const fieldsOf = (name: StructName): readonly StructField[] => STRUCTS[name].fields;

/** How many characters a text of a struct may have. */
export function mostOf(struct: StructName, field: string): number {
  const type = STRUCTS[struct].fields.find((one) => one.name === field)?.type;
  return type?.is === "str" ? (type.most ?? Infinity) : Infinity;
}

/** The words of a field of a struct that holds one of a closed set. */
export function wordsOf(struct: StructName, field: string): readonly string[] {
  const type = STRUCTS[struct].fields.find((one) => one.name === field)?.type;
  return type?.is === "word" ? type.of : [];
}

/**
 * A value of a type, in its canonical form: days, moments and ids as they are written, structs with all their fields.
 *
 * Throws `InvalidField`, which says where in the value and what is expected there, and never what was given.
 */
export function valueOf(type: Type, given: unknown, where = ""): Json {
  switch (type.is) {
    case "null":
      return given === null || given === undefined ? null : refuse(where, "null");
    case "bool":
      return typeof given === "boolean" ? given : refuse(where, "yes or no");
    case "int":
    case "float":
      return numberOf(type, given, where);
    case "str":
      return textOf(type, given, where);
    case "word":
      return typeof given === "string" && type.of.includes(given) ? given : refuse(where, `one of: ${type.of.join(", ")}`);
    case "day":
      return readDay(given) ?? refuse(where, "a day");
    case "moment": {
      const at = readTimestamp(given);
      return at === null ? refuse(where, "a moment with an offset") : momentText(at);
    }
    case "id":
      return readId(given) ?? refuse(where, "an id");
    case "list":
      return listOf(type, given, where);
    case "tuple":
      if (!Array.isArray(given) || given.length !== type.of.length) return refuse(where, `${type.of.length} values`);
      return type.of.map((of, at) => valueOf(of, given[at], `${where}[${at}]`));
    case "map":
      return mapOf(type.of, given, where);
    case "struct":
      return structOf(type.name, given, where);
    case "union":
      return unionOf(type.of, given, where);
  }
}

/** A struct of its name, with all its fields. Throws as `valueOf` does. */
export function structOf(name: StructName, given: unknown, where = ""): { readonly [key: string]: Json } {
  if (!isRecord(given)) return refuse(where, `the fields of ${name}`);
  const fields = STRUCTS[name].fields.map((field) => {
    const at = inside(where, field.name);
    const value = Object.hasOwn(given, field.name) ? given[field.name] : undefined;
    if (value !== undefined) return [field.name, valueOf(field.type, value, at)] as const;
    return [field.name, field.default === undefined ? refuse(at, "a value") : field.default] as const;
  });
  return Object.fromEntries(fields);
}

/** A struct as it is stored in JSON: its fields in their order, without those that have their default where it is so. */
export const storedStruct = (name: StructName, value: object): Json => plainOf({ is: "struct", name }, value as Json);

/** A canonical value of a type as it is stored. */
export function plainOf(type: Type, value: Json): Json {
  if (value === null) return null;
  switch (type.is) {
    case "moment":
      return String(value).replace(/\+00:00$/, "Z");
    case "struct": {
      const { omitsDefaults, fields } = STRUCTS[type.name];
      const given = value as Readonly<Record<string, Json>>;
      const kept = fields.filter((field) => !(omitsDefaults && isDefault(given[field.name], field.default)));
      return Object.fromEntries(kept.map((field) => [field.name, plainOf(field.type, given[field.name] ?? null)]));
    }
    case "list":
      return (value as readonly Json[]).map((one) => plainOf(type.of, one));
    case "map":
      return Object.fromEntries(Object.entries(value as object).map(([key, one]) => [key, plainOf(type.of, one as Json)]));
    case "union": {
      const of = type.of.find((one) => couldBe(one, value));
      return of === undefined ? value : plainOf(of, value);
    }
    default:
      return value;
  }
}

/** What `storedStruct` gave, as it was: moments with their offset, structs with all their fields. It is not checked. */
export const ofStored = (name: StructName, stored: unknown): unknown => canonical({ is: "struct", name }, stored as Json);

function canonical(type: Type, stored: Json): Json {
  if (stored === null) return null;
  switch (type.is) {
    case "moment":
      return String(stored).replace(/Z$/, "+00:00");
    case "struct": {
      const given = stored as Readonly<Record<string, Json>>;
      return Object.fromEntries(
        STRUCTS[type.name].fields.map(({ name, type: of, default: fallback = null }) => [
          name,
          Object.hasOwn(given, name) ? canonical(of, given[name] ?? null) : fallback,
        ]),
      );
    }
    case "list":
      return (stored as readonly Json[]).map((one) => canonical(type.of, one));
    case "map":
      return Object.fromEntries(Object.entries(stored as object).map(([key, one]) => [key, canonical(type.of, one as Json)]));
    case "union": {
      const of = type.of.find((one) => couldBe(one, stored));
      return of === undefined ? stored : canonical(of, stored);
    }
    default:
      return stored;
  }
}

/** A struct that is the default of a field is written all the same. */
function isDefault(value: Json | undefined, fallback: Json | undefined): boolean {
  if (fallback === undefined) return false;
  if (Array.isArray(fallback)) return Array.isArray(value) && value.length === 0;
  return (value ?? null) === fallback;
}

const takes = (type: Type, is: Type["is"]): boolean =>
  type.is === is || (type.is === "union" && type.of.some((one) => one.is === is));

/** Whether null is a value of this type. */
export const takesNull = (type: Type): boolean => takes(type, "null");
/** Whether whole numbers are kept as such. */
export const takesWhole = (type: Type): boolean => takes(type, "int");
/** Whether fractions are values of this type. */
export const takesFractions = (type: Type): boolean => takes(type, "float");
/** Whether its values are moments. */
export const holdsMoment = (type: Type): boolean => takes(type, "moment");
/** Whether its values are days. */
export const holdsDay = (type: Type): boolean => takes(type, "day");
/** Whether its values are texts of people's. */
export const holdsText = (type: Type): boolean => takes(type, "str");

// -- the types, one by one -------------------------------------------------------------------------------------------------

function numberOf(type: Extract<Type, { low?: number }>, given: unknown, where: string): number {
  if (typeof given !== "number" || !Number.isFinite(given)) return refuse(where, "a number");
  if (type.is === "int" && !Number.isInteger(given)) return refuse(where, "a whole number");
  if (type.low !== undefined && given < type.low) return refuse(where, `a number >= ${type.low}`);
  if (type.high !== undefined && given > type.high) return refuse(where, `a number <= ${type.high}`);
  return given;
}

function textOf(type: Extract<Type, { is: "str" }>, given: unknown, where: string): string {
  if (typeof given !== "string") return refuse(where, "text");
  if (!isUnicode(given)) return refuse(where, "text without a lone surrogate");
  if (type.most !== undefined && lengthOf(given) > type.most) return refuse(where, `text of at most ${type.most} characters`);
  return given;
}

function listOf(type: Extract<Type, { is: "list" }>, given: unknown, where: string): readonly Json[] {
  if (!Array.isArray(given)) return refuse(where, "a list");
  if (type.most !== undefined && given.length > type.most) return refuse(where, `a list of at most ${type.most}`);
  return given.map((one, at) => valueOf(type.of, one, `${where}[${at}]`));
}

function mapOf(of: Type, given: unknown, where: string): { readonly [key: string]: Json } {
  if (!isRecord(given)) return refuse(where, "values by their names");
  return Object.fromEntries(
    Object.entries(given).map(([key, one]) => {
      if (!isUnicode(key)) return refuse(where, "names without a lone surrogate");
      return [key, valueOf(of, one, `${where}[...]`)];
    }),
  );
}

function unionOf(types: readonly Type[], given: unknown, where: string): Json {
  // Of all types that a union has here, one at most takes the JSON that is given, so what it refuses is refused.
  const one = types.find((type) => couldBe(type, given));
  return one === undefined ? refuse(where, types.map((type) => type.is).join(" or ")) : valueOf(one, given, where);
}

function couldBe(type: Type, given: unknown): boolean {
  switch (type.is) {
    case "null":
      return given === null;
    case "bool":
      return typeof given === "boolean";
    case "int":
      return Number.isInteger(given);
    case "float":
      return typeof given === "number";
    case "list":
    case "tuple":
      return Array.isArray(given);
    case "struct":
    case "map":
      return isRecord(given);
    default:
      return typeof given === "string";
  }
}

const isRecord = (given: unknown): given is Readonly<Record<string, unknown>> =>
  typeof given === "object" && given !== null && !Array.isArray(given);

const inside = (where: string, name: string): string => (where === "" ? name : `${where}.${name}`);

function refuse(where: string, expected: string): never {
  throw new InvalidField(`${where || "A field"}: expected ${expected}.`);
}
