// The app as the practice's server serves it: its screens over this device's client.

import { eraseClient, openClient } from "@intersession/client/client.ts";
import { start } from "./start.tsx";

/** Where the worker is; the build knows. */
declare const WORKER: string;

const worker = (): Worker => new Worker(WORKER, { type: "module" });
start(() => openClient({ worker }), () => eraseClient({ worker }));
