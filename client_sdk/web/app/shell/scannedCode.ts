// What a QR code or a pasted link says: a pairing code of this practice's server, or why it is none.

import { pairingCode } from "@intersession/client/text/pairingCode.ts";
import { readPairingLink } from "@intersession/client/text/typed.ts";

/** A code; or the name of another server that it is for; or nothing that could be one. */
export type Scanned =
  | { readonly is: "code"; readonly code: string }
  | { readonly is: "elsewhere"; readonly host: string }
  | { readonly is: "none" };

/** Read a text for the app that is served at `origin`. */
export function scannedCode(text: string, origin: string): Scanned {
  const link = linkIn(text);
  const code = pairingCode(link?.code ?? text);
  if (code === undefined) return { is: "none" };
  const server = link === null ? null : new URL(link.url);
  return server === null || server.origin === origin ? { is: "code", code } : { is: "elsewhere", host: server.host };
}

function linkIn(text: string): { readonly url: string; readonly code: string } | null {
  try {
    const link = readPairingLink(text);
    return URL.canParse(link.url) ? link : null;
  } catch {
    return null; // a code by itself, or anything
  }
}
