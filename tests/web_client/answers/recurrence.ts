import { checkOccurrence, occurrenceKey, occurrences } from "@intersession/client/agenda/recurrence.ts";
import { checkRule } from "@intersession/client/agenda/rules.ts";
import { timeText } from "@intersession/client/time/moments.ts";
import type { Answers } from "./answers.ts";
import { orRefused } from "./refused.ts";

interface Window {
  readonly rule: string;
  readonly since: string;
  readonly first: string;
  readonly last: string;
}

export const RECURRENCE: Answers = {
  rule: ({ rule, zone = null }: { rule: string; zone?: string | null }) => orRefused(() => checkRule(rule, zone)),
  due: ({ rule, since, first, last }: Window) =>
    orRefused(() => ({
      rule: checkRule(rule),
      occurrences: occurrences(rule, since, first, last).map(occurrenceKey),
    })),
  key: ({ key }: { key: string }) =>
    orRefused(() => {
      const { day, at } = checkOccurrence(key);
      return { day, at: at === null ? null : timeText(at) };
    }),
};
