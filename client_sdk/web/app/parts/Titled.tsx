// A text that somebody wrote as one piece, with its title above the rest.

import { titled } from "../words/titles.ts";

/** The title as a heading, the rest as prose. */
export function Titled({ text }: { readonly text: string }) {
  const { title, rest } = titled(text);
  return (
    <>
      <h2>{title}</h2>
      {rest !== "" && <p class="prose">{rest}</p>}
    </>
  );
}
