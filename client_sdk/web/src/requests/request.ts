// One request to a practice's server: nothing that a browser knows of its person goes along, and no answer is kept.

import { Unreachable } from "../errors.ts";
import { NO_ANSWER } from "../sync/troubles.ts";
import type { World } from "../sync/world.ts";

/** What is asked of a server, at a path of it. */
export interface Asked {
  readonly server: string;
  readonly path: string;
  readonly method: "DELETE" | "GET" | "POST" | "PUT";
  /** The device's token, for what only a device may ask. */
  readonly token?: string;
  readonly body?: Fields;
  readonly seconds: number;
}

/** What it answered; `told` is null where that is no JSON. */
export interface Answered {
  readonly status: number;
  readonly ok: boolean;
  readonly told: unknown;
}

export type Fields = Readonly<Record<string, unknown>>;

/** Ask within so many seconds. Throws `Unreachable` where nobody answers. */
export async function request({ fetch, after }: World, asked: Asked): Promise<Answered> {
  const { server, path, method, token, body, seconds } = asked;
  const late = new AbortController();
  const cancel = after(seconds, () => late.abort());
  try {
    const response = await fetch(`${server}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: late.signal,
    });
    const told: unknown = await response.json().catch(() => null);
    return { status: response.status, ok: response.ok, told };
  } catch {
    const text = "No server answered. Check the address and your network connection.";
    throw new Unreachable(`${server} cannot be reached. ${text}`, NO_ANSWER.code);
  } finally {
    cancel();
  }
}

/** The code and text of a refusal; null where the answer is none of an Intersession server's. */
export function refusalOf({ told }: Answered): { readonly code: string; readonly message: string } | null {
  if (!isFields(told) || typeof told["code"] !== "string" || typeof told["message"] !== "string") return null;
  return { code: told["code"], message: told["message"] };
}

/** That what answered is no server of ours. */
export const stranger = (server: string, status: number): Unreachable =>
  new Unreachable(`${server} is not an Intersession server (HTTP ${status}). Check the address.`);

export const isFields = (told: unknown): told is Fields => typeof told === "object" && told !== null;
