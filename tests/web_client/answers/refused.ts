import { IntersessionError } from "@intersession/client/errors.ts";

/** What was answered, or as what it was refused. */
export function orRefused(answer: () => unknown): unknown {
  try {
    return answer();
  } catch (refusal) {
    if (!(refusal instanceof IntersessionError)) throw refusal;
    return { refused: { code: refusal.code, words: refusal.message } };
  }
}
