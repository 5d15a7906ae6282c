// A resource as it was written: its text, its steps and its link.

import type { Resource } from "@intersession/client/generated/answers.ts";
import { useApp } from "../shell/app.ts";

/** A link that may be opened: of the web, never a script. */
function safeLink(link: string): string | null {
  return /^https?:\/\//i.test(link) ? link : null;
}

interface LeafletGiven {
  readonly of: Pick<Resource, "link" | "steps" | "text">;
  /** Of the heading above its steps. */
  readonly level: 3 | 4;
}

/** What a resource says, without its title. */
export function Leaflet({ of, level }: LeafletGiven) {
  const { words } = useApp();
  const Heading = level === 3 ? "h3" : "h4";
  const link = safeLink(of.link);
  return (
    <>
      {of.text !== "" && <p class="prose">{of.text}</p>}
      {of.steps.length > 0 && (
        <>
          <Heading>{words.resources.steps}</Heading>
          <ol class="steps">
            {of.steps.map((step) => (
              <li key={step.id} class="prose">
                {step.text}
              </li>
            ))}
          </ol>
        </>
      )}
      {link !== null && (
        <p>
          <a class="button" href={link} target="_blank" rel="noopener noreferrer">
            {words.resources.link}
          </a>
          <span class="hint">{words.resources.linkSays}</span>
        </p>
      )}
    </>
  );
}
