// The world as a browser's worker has it.

import type { IsoMoment } from "../generated/models.ts";
import { momentText } from "../time/moments.ts";
import type { Zone } from "../time/zones.ts";
import type { World } from "../sync/world.ts";
import type { Environment } from "./opening.ts";

const MILLISECOND = 1_000n;
const MINUTE = 60_000_000;

/** Now, with the offset of this device's clock. */
export function now(): IsoMoment {
  const date = new Date();
  return momentText({ micros: BigInt(date.getTime()) * MILLISECOND, offset: -date.getTimezoneOffset() * MINUTE });
}

/** The zone that this device's clock is set to; null where it does not say. */
export const deviceZone = (): Zone | null => new Intl.DateTimeFormat().resolvedOptions().timeZone || null;

/** Lets what else waits on this thread have its turn; without the pause that browsers put between timers. */
function turns(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    });
}

/** What the app is called before a server: its version, and which browser, as far as it says so itself. */
export interface Named {
  readonly version: string;
  readonly browser: string;
}

/** A browser's network, clocks and chance. */
export function browserWorld({ version, browser }: Named): World {
  return {
    connect: (url, protocols) => new WebSocket(url, [...protocols]),
    fetch: (url, init) => fetch(url, init),
    seconds: () => performance.now() / 1000,
    chance: () => Math.random(),
    after: (seconds, call) => {
      const timer = setTimeout(call, seconds * 1000);
      return () => clearTimeout(timer);
    },
    turn: turns(),
    agent: `intersession/${version} (${browser})`,
  };
}

/** All that a worker needs of a browser. */
export const browserEnvironment = (named: Named): Environment => ({
  surroundings: { now, random: (length) => crypto.getRandomValues(new Uint8Array(length)) },
  world: browserWorld(named),
});

/** Which browser this is, from what it calls itself: no more than its name and its system's. */
export function browserOf(userAgent: string): string {
  const named = (all: readonly Sign[]): string => all.find(([, sign]) => sign.test(userAgent))?.[0] ?? "other";
  return `${named(BROWSERS)}; ${named(SYSTEMS)}`;
}

type Sign = readonly [name: string, sign: RegExp];
/** Those first that call themselves what comes later, too. */
const BROWSERS: readonly Sign[] = [
  ["Firefox", /Firefox\/|FxiOS\//],
  ["Edge", /Edg(iOS|A)?\//],
  ["Chrome", /Chrom(e|ium)\/|CriOS\//],
  ["Safari", /Safari\//],
];
const SYSTEMS: readonly Sign[] = [
  ["Android", /Android/],
  ["iOS", /iPhone|iPad/],
  ["Windows", /Windows/],
  ["macOS", /Mac OS/],
  ["Linux", /Linux/],
];
