// A server's address as people give it, and what is made of it.

import { InvalidField } from "../errors.ts";
import { withoutUnseen } from "../text/texts.ts";

const AROUND = /^[ \t\r\n"'<>“”„‟‘’‚«»‹›.,;]+|[ \t\r\n"'<>“”„‟‘’‚«»‹›.,;]+$/gu;
const LOOKS_LIKE = "The server's address must look like https://practice.example.";

/**
 * `url` without a trailing slash, if it is one that content may be sent to.
 *
 * What phones and mails put round it, or write in full width, makes no difference. Throws `InvalidField` unless it is
 * `https://…`; plain `http://` is taken for this machine alone.
 */
export function serverUrl(url: string): string {
  const tidy = withoutUnseen(url.normalize("NFKC")).replace(AROUND, "");
  // A URL is more lenient than whoever is to read it again: what it would mend or leave out is refused here.
  const parts = /^https?:\/\/[^/?#]/i.test(tidy) ? parsed(tidy) : null;
  if (parts === null || /[?#]/.test(tidy)) throw new InvalidField(LOOKS_LIKE);
  if (parts.username !== "" || parts.password !== "" || tidy.includes("@")) {
    throw new InvalidField("The server's address must not hold a user name or password.");
  }
  if (parts.protocol === "http:" && !isThisMachine(parts.hostname)) {
    throw new InvalidField(
      "Plain http would send entries unencrypted over the network. Use the server's https address.",
    );
  }
  return `${parts.origin}${parts.pathname.replace(/\/+$/, "")}`;
}

/** The WebSocket address of a server's sync endpoint. */
export const syncUrl = (server: string): string => `ws${server.replace(/^http/, "")}/sync`;

function parsed(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

const isThisMachine = (host: string): boolean =>
  host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
