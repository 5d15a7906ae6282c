// Typed calls between a page and the worker that has the replica: what a face has as a method, a page calls and waits
// for.
//
// Everything goes by structured clone. What fails on purpose comes back as a code and a message. A defect comes back as
// that and no more, as its text may quote what a person wrote.

import { toldOf } from "../errors.ts";
import { FaceError, type Remote } from "../faces/faces.ts";

/** One end of a way for messages: of a worker, of a page's side of it, or of a `MessageChannel`. */
export interface Port {
  postMessage(message: unknown): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
}

/** The code of a call that the worker cannot answer any more. */
export const CLOSED = "store_closed";

interface Call {
  readonly call: number;
  readonly path: readonly string[];
  readonly given: readonly unknown[];
}

type Answer =
  | { readonly answered: number; readonly value: unknown }
  | { readonly failed: number; readonly code: string; readonly message: string };

interface News {
  readonly news: string;
  readonly value: unknown;
}

/** What the worker's end tells the page without being asked. */
export type Tell<Told> = <Name extends keyof Told & string>(name: Name, value: Told[Name]) => void;

/**
 * Answer what comes by `port` with the methods of the faces there are then; returns what tells the page news.
 *
 * `absent` says why a method is not there; null where it never is.
 */
export function serve<Told>(port: Port, faces: () => object, absent: () => Error | null = () => null): Tell<Told> {
  port.addEventListener("message", ({ data }) => {
    if (isCall(data)) void answer(faces(), data, absent).then((said) => port.postMessage(said));
  });
  return (news, value) => port.postMessage({ news, value } satisfies News);
}

async function answer(faces: object, { call, path, given }: Call, absent: () => Error | null): Promise<Answer> {
  try {
    const method = methodOf(faces, path);
    if (method === null) throw absent() ?? new TypeError(`There is no method ${path.join(".")}.`);
    const value: unknown = await method(...given);
    return { answered: call, value };
  } catch (failure) {
    const told = failure instanceof FaceError ? { code: failure.code, message: failure.message } : toldOf(failure);
    return { failed: call, ...told };
  }
}

function methodOf(faces: object, path: readonly string[]): ((...given: readonly unknown[]) => unknown) | null {
  let found: unknown = faces;
  for (const name of path) {
    const has = typeof found === "object" && found !== null && Object.hasOwn(found, name);
    found = has ? (found as Readonly<Record<string, unknown>>)[name] : undefined;
  }
  return typeof found === "function" ? (found as (...given: readonly unknown[]) => unknown) : null;
}

/** A page's end. */
export interface Remoted<Face, Told> {
  readonly faces: Remote<Face>;
  /** Be told of news; what it returns ends that. */
  on<Name extends keyof Told & string>(name: Name, listener: (value: Told[Name]) => void): () => void;
  /** No more answers come: every call that waits, and every later one, is refused. */
  end(): void;
}

/** The faces that are served at the other end of `port`. */
export function remote<Face, Told>(port: Port): Remoted<Face, Told> {
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (failure: FaceError) => void }>();
  const listeners = new Map<string, Set<(value: never) => void>>();
  let [next, isOpen] = [1, true];

  const closed = (): FaceError => new FaceError(CLOSED, "The store has been closed. Open it again.");

  port.addEventListener("message", ({ data }) => {
    if (isNews(data)) {
      for (const listener of [...(listeners.get(data.news) ?? [])]) listener(data.value as never);
    } else if (isAnswer(data)) {
      const call = "answered" in data ? data.answered : data.failed;
      const one = waiting.get(call);
      waiting.delete(call);
      if ("answered" in data) one?.resolve(data.value);
      else one?.reject(new FaceError(data.code, data.message));
    }
  });

  const ask = (path: readonly string[], given: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (!isOpen) return reject(closed());
      const call = next;
      next += 1;
      port.postMessage({ call, path, given } satisfies Call); // throws for what cannot be cloned
      waiting.set(call, { resolve, reject });
    });

  return {
    faces: proxied(ask, []) as Remote<Face>,
    on(name, listener) {
      const all = listeners.get(name) ?? new Set();
      listeners.set(name, all.add(listener));
      return () => all.delete(listener);
    },
    end() {
      isOpen = false;
      for (const { reject } of waiting.values()) reject(closed());
      waiting.clear();
    },
  };
}

type Ask = (path: readonly string[], given: readonly unknown[]) => Promise<unknown>;

function proxied(ask: Ask, path: readonly string[]): unknown {
  const made = new Map<string, unknown>();
  return new Proxy(() => {}, {
    apply: (_, __, given: readonly unknown[]) => ask(path, given),
    get(_, name) {
      // Else whoever awaits a face would call it.
      if (typeof name !== "string" || name === "then") return undefined;
      const one = made.get(name) ?? proxied(ask, [...path, name]);
      made.set(name, one);
      return one;
    },
  });
}

const has = (data: unknown, name: string): boolean => typeof data === "object" && data !== null && name in data;
const isCall = (data: unknown): data is Call => has(data, "call");
const isAnswer = (data: unknown): data is Answer => has(data, "answered") || has(data, "failed");
const isNews = (data: unknown): data is News => has(data, "news");
