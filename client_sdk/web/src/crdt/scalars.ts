// The values of documents. JavaScript has one type of numbers, documents have two, so each value names its type.

import type { Raw } from "./automerge.ts";

/** An object of a document, by the operation that made it. */
export type ObjectId = string;

/** The map that every document begins with. */
export const ROOT: ObjectId = "_root";

/** What an object is. */
export type ObjectKind = "map" | "list" | "text";

/** One value. */
export type Scalar =
  | { readonly type: "str"; readonly value: string }
  | { readonly type: "int"; readonly value: number }
  | { readonly type: "f64"; readonly value: number }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "bytes"; readonly value: Uint8Array }
  | { readonly type: "null"; readonly value: null };

/** What lies at a key, as Automerge says it. */
export type Found = ReturnType<Raw["getWithType"]>;

export const text = (value: string): Scalar => ({ type: "str", value });
export const yesNo = (value: boolean): Scalar => ({ type: "boolean", value });
export const NULL: Scalar = { type: "null", value: null };

/** A whole number as one, any other as a fraction. */
export const number = (value: number): Scalar => ({ type: Number.isInteger(value) ? "int" : "f64", value });

/** The text that a value is; null for any other. */
export const textIn = (scalar: Scalar | null): string | null => (scalar?.type === "str" ? scalar.value : null);

/** The value that was found; null where there is none, an object, or a value that no document of ours has. */
export function scalarOf(found: Found): Scalar | null {
  if (found === null) return null;
  const [type, value] = found;
  switch (type) {
    case "str":
    case "int":
    case "f64":
    case "boolean":
    case "bytes":
    case "null":
      return { type, value } as Scalar;
    case "uint":
      return { type: "int", value };
    default:
      return null;
  }
}

/** What two values have in common that are the same. Yes is not 1 here, and 1 is not 1.0. */
export const sameness = (scalar: Scalar | null): string => `${scalar?.type ?? "null"} ${String(scalar?.value ?? null)}`;
