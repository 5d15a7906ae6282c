// The app's worker: this device's client, for the page that has started it.

import { version } from "../../package.json";
import { browserOf } from "./environment.ts";
import { serveClient } from "./serving.ts";

serveClient(self, { version, browser: browserOf(navigator.userAgent) });
