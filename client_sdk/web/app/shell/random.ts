// Randomness of the browser, fit for keys.

import type { Random } from "@intersession/client/lock/wrapping.ts";

export const random: Random = (length) => crypto.getRandomValues(new Uint8Array(length));
