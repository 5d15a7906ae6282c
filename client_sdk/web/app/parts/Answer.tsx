// Begins a questionnaire, or goes on with what was begun of it.

import type { Due } from "@intersession/client/generated/answers.ts";
import type { Id } from "@intersession/client/generated/models.ts";
import { useApp, useDoing } from "../shell/app.ts";
import { go } from "../shell/router.ts";
import { Problem } from "./Shown.tsx";

interface AnswerGiven {
  /** What is due, or the key of an instrument. */
  readonly what: Due | string;
  readonly title: string;
  readonly draft?: Id | null;
  /** Whether it is what the screen is for. */
  readonly main?: boolean;
}

export function Answer({ what, title, draft = null, main = false }: AnswerGiven) {
  const { words, faces } = useApp();
  const doing = useDoing();
  const label = draft === null ? words.assessments.start : words.assessments.resume;
  return (
    <>
      <button
        type="button"
        class={main ? "main-button" : undefined}
        disabled={doing.busy}
        aria-label={`${label}: ${title}`}
        onClick={() =>
          doing.run(async () => go(`/assessments/${draft ?? (await faces.assessments.start(what)).id}`))
        }
      >
        {label}
      </button>
      <Problem of={doing.problem} />
    </>
  );
}
