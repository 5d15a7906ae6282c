// What the sync needs of the world: given to it, so that a test may give another.

/** One WebSocket, as far as it is needed; a browser's own fits. */
export interface Socket {
  binaryType: string;
  addEventListener(name: "open", listener: () => void): void;
  addEventListener(name: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(name: "close", listener: (event: { readonly code: number }) => void): void;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(): void;
}

/** The network, and time as it passes. */
export interface World {
  /** Begin to open a WebSocket that offers these subprotocols. */
  readonly connect: (url: string, protocols: readonly string[]) => Socket;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Seconds of a monotonic clock. */
  readonly seconds: () => number;
  /** Random in [0, 1). */
  readonly chance: () => number;
  /** Call after so many seconds; what it returns calls that off. */
  readonly after: (seconds: number, call: () => void) => () => void;
  /** Lets others have their turn: resolves once what else waits on this thread was done. */
  readonly turn: () => Promise<void>;
  /** How this app names itself to a server: version and platform, nothing about the person. */
  readonly agent: string;
}

/** Wait; less long where `signal` is aborted meanwhile. */
export const pause = ({ after }: World, seconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const cancel = after(seconds, done);
    signal.addEventListener("abort", done);
  });
