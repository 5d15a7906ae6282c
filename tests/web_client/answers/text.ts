import { compareTexts } from "@intersession/client/text/order.ts";
import * as search from "@intersession/client/text/searchWords.ts";
import { linesOf, parted, stripped } from "@intersession/client/text/spaces.ts";
import { pairingLink, readPairingLink, typedCode } from "@intersession/client/text/typed.ts";
import type { Answers } from "./answers.ts";
import { orRefused } from "./refused.ts";

export const TEXT: Answers = {
  words: ({ text }: { text: string }) => search.words(text).map(({ key, start, end }) => [key, start, end]),
  search: ({ parts, query }: { parts: readonly string[]; query: string }) => {
    const runs = search.sought(query);
    const { text, spans } = search.passage(parts, runs);
    return { indexed: search.indexed(parts), runs, matching: search.matching(runs), passage: [text, spans] };
  },
  typed: ({ text }: { text: string }) => typedCode(text),
  link: ({ text }: { text: string }) =>
    orRefused(() => {
      const pairing = readPairingLink(text);
      return [pairing.url, pairing.code, pairingLink(pairing)];
    }),
  cut: ({ text }: { text: string }) => [stripped(text), parted(text), linesOf(text)],
  order: ({ texts }: { texts: readonly string[] }) => texts.toSorted(compareTexts),
};
