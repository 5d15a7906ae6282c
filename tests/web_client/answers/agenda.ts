import { course } from "@intersession/client/agenda/adherence.ts";
import { due, dueBeforeSessions, upcoming } from "@intersession/client/agenda/agenda.ts";
import type { Done } from "@intersession/client/agenda/done.ts";
import type { Due, Work } from "@intersession/client/agenda/due.ts";
import { structOf, type StructName } from "@intersession/client/documents/types.ts";
import type { Homework, HomeworkProgress, Plan, Session } from "@intersession/client/generated/models.ts";
import { dayOf, momentOn } from "@intersession/client/time/localDays.ts";
import { checkMoment, momentText, readTime } from "@intersession/client/time/moments.ts";
import { nowOf, type Now, type Zone } from "@intersession/client/time/zones.ts";
import type { Answers } from "./answers.ts";
import { named } from "./named.ts";

interface Given {
  readonly plan?: object;
  readonly homework?: Readonly<Record<string, object>>;
  readonly sessions?: Readonly<Record<string, object>>;
  readonly done?: Partial<Done>;
  readonly now: Now;
}

interface Told {
  readonly homework: object;
  readonly plan?: object;
  readonly now: string;
  readonly progress?: readonly { readonly id: string; readonly says: object; readonly arrived_at?: string | null }[];
}

interface OnDay {
  readonly zone: Zone;
  readonly day_begins: number;
  readonly day: string;
  readonly time?: string | null;
}

/** A value with all its fields: cases leave out those that have their defaults. */
const whole = <T>(name: StructName, given: object = {}): T => structOf(name, given) as T;

const each = <T>(name: StructName, given: Readonly<Record<string, object>> = {}): Record<string, T> =>
  Object.fromEntries(Object.entries(given).map(([id, one]) => [id, whole<T>(name, one)]));

const workOf = ({ plan, homework, sessions, done }: Given): Work => ({
  plan: whole<Plan>("Plan", plan),
  homework: each<Homework>("Homework", homework),
  sessions: each<Session>("Session", sessions),
  done: { entries: [], logs: [], homework: {}, assessments: {}, ...done },
});

const listed = (found: readonly Due[]): unknown[] => found.map(named);

export const AGENDA: Answers = {
  due: (given: Given) => listed(due(workOf(given), given.now)),
  upcoming: (given: Given & { until: string }) => listed(upcoming(workOf(given), given.now, given.until)),
  before_sessions: (given: Given) => listed(dueBeforeSessions(workOf(given), given.now)),
  local_day: ({ at, day_begins }: { at: string; day_begins: number }) => dayOf(checkMoment("at", at), day_begins),
  moment: ({ zone, day_begins, day, time = null }: OnDay) =>
    momentText(momentOn({ zone, begins: day_begins }, day, time === null ? null : readTime(time))),
};

export const ADHERENCE: Answers = {
  adherence: ({ homework, plan, now, progress = [] }: Told) => {
    const recorded = progress.map(({ id, says, arrived_at = null }) => ({
      id,
      progress: whole<HomeworkProgress>("HomeworkProgress", says),
      arrivedAt: arrived_at,
    }));
    const went = course(whole<Homework>("Homework", homework), recorded, whole<Plan>("Plan", plan), nowOf(now));
    return { occurrences: went.occurrences, counts: went.adherence };
  },
};
