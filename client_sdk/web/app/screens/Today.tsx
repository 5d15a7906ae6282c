// What is planned for today, why, and what to do about it; nothing has to be done.

import type { Due, Plan } from "@intersession/client/generated/answers.ts";
import type { IsoDay } from "@intersession/client/generated/models.ts";
import { useState } from "preact/hooks";
import { Answer } from "../parts/Answer.tsx";
import { Link } from "../parts/Link.tsx";
import { Scale } from "../parts/Scale.tsx";
import { Part, Screen } from "../parts/Screen.tsx";
import { Problem, Shown } from "../parts/Shown.tsx";
import { UpdateNotice } from "../parts/UpdateNotice.tsx";
import { useApp, useAsked, useDoing } from "../shell/app.ts";
import { dayInWords, dayOf, isoOf, momentInWords } from "../words/moments.ts";
import { titleOf } from "../words/titles.ts";
import { DraftsBegun } from "./DraftsBegun.tsx";

/** What was put aside, and on which day. */
interface PutAside {
  readonly day: IsoDay;
  readonly keys: readonly string[];
}

const keyOf = (due: Due): string => `${due.kind} ${due.id} ${due.occurrence}`;

export function Today() {
  const { words, faces, locale, say } = useApp();
  const [version, setVersion] = useState(0);
  const asked = useAsked(
    async () => {
      const now = new Date();
      const [plan, due, aside, session, status] = await Promise.all([
        faces.plans.plan(),
        faces.plans.due(),
        faces.settings.get("put aside") as Promise<PutAside | null>,
        faces.sessions.next(),
        faces.device.status(locale),
      ]);
      const today = dayOf(now);
      const hidden = aside?.day === today ? aside.keys : [];
      return { now, today, plan, due, hidden, session, status };
    },
    [version],
  );
  const putAside = async (keys: readonly string[], today: IsoDay): Promise<void> => {
    await faces.settings.set("put aside", { day: today, keys });
    setVersion((count) => count + 1);
  };
  return (
    <Screen title={words.today.title} beside={<Beside />}>
      <UpdateNotice />
      <Shown of={asked}>
        {({ now, today, plan, due, hidden, session, status }) => {
          const open = due.filter((one) => !hidden.includes(keyOf(one)));
          return (
            <>
              {status.refusals.length > 0 && (
                <p class="notice notice-attention">
                  <Link to="/sync">{words.today.refused(status.refusals.length)}</Link>
                </p>
              )}
              {status.not_listed > 0 && <p class="notice notice-note">{words.today.partial}</p>}
              <p class="day">
                <time dateTime={today}>
                  {now.toLocaleDateString(locale, { weekday: "long", day: "numeric", month: "long" })}
                </time>
                {session !== null && (
                  <span class="hint">
                    {words.today.session(momentInWords(session.planned_at, locale, now))}
                  </span>
                )}
              </p>
              <Part title={words.today.due} id="due">
                {open.length === 0 ? (
                  <p class="empty">{due.length === 0 ? words.today.nothing : words.today.nothingMore}</p>
                ) : (
                  <ul class="list">
                    {open.map((one) => (
                      <li key={keyOf(one)} class="card">
                        <DueCard
                          due={one}
                          plan={plan}
                          today={today}
                          onAside={() => {
                            void putAside([...hidden, keyOf(one)], today);
                            say(words.today.hidden, {
                              label: words.today.undo,
                              run: () => void putAside(hidden, today),
                            });
                          }}
                        />
                      </li>
                    ))}
                  </ul>
                )}
              </Part>
              <DraftsBegun />
              <nav class="quick" aria-label={words.today.write}>
                <Link to="/journal/new" class={open.length === 0 ? "button main-button" : "button"}>
                  {words.today.write}
                </Link>
                <Link to="/log" class="button">
                  {words.today.logSymptoms}
                </Link>
                <Link to="/topics" class="button">
                  {words.today.topic}
                </Link>
              </nav>
              {status.pending > 0 && (
                <p class="hint centred">
                  <Link to="/sync">{words.today.waiting(status.pending)}</Link>
                </p>
              )}
            </>
          );
        }}
      </Shown>
    </Screen>
  );
}

function Beside() {
  const { words } = useApp();
  return (
    <Link to="/search" class="beside">
      {words.search.title}
    </Link>
  );
}

interface DueGiven {
  readonly due: Due;
  readonly plan: Plan;
  readonly today: IsoDay;
  readonly onAside: () => void;
}

function DueCard({ due, plan, today, onAside }: DueGiven) {
  const { words, locale } = useApp();
  const now = new Date();
  const tracker = due.kind === "tracker" ? plan.trackers[due.id] : undefined;
  const facts = [
    due.day < today ? words.today.open(dayInWords(due.day, locale, now)) : "",
    due.closes_on === null ? "" : words.today.closes(dayInWords(due.closes_on, locale, now)),
  ].filter(Boolean);
  // The scale below a tracker's title asks its question.
  const title = due.kind === "journal" ? words.journal.title : (tracker?.name ?? titleOf(due.title));
  return (
    <>
      <h3>{due.kind === "homework" ? <Link to={`/homework/${due.id}`}>{title}</Link> : title}</h3>
      <p class="hint">{words.today.reasons[due.kind]}</p>
      {facts.length > 0 && <p class="hint">{facts.join(" · ")}</p>}
      {tracker !== undefined && <QuickLog tracker={tracker} />}
      <div class="choices">
        <DueLink due={due} />
        <button type="button" class="small-button aside" onClick={onAside} aria-label={`${words.today.notToday}: ${title}`}>
          {words.today.notToday}
        </button>
      </div>
    </>
  );
}

function DueLink({ due }: { readonly due: Due }) {
  const { words } = useApp();
  switch (due.kind) {
    case "journal":
      return (
        <Link to="/journal/new" class="button">
          {words.journal.write}
        </Link>
      );
    case "homework":
      return (
        <Link
          to={`/homework/${due.id}/report?occurrence=${encodeURIComponent(due.occurrence)}`}
          class="button"
          label={`${words.homework.record}: ${titleOf(due.title)}`}
        >
          {words.homework.record}
        </Link>
      );
    case "assessment":
      return <Answer what={due} title={due.title} />;
    case "tracker":
      return null;
  }
}

/** A log in two taps: the value, then "Save". */
function QuickLog({ tracker }: { readonly tracker: Plan["trackers"][string] }) {
  const { words, faces, say } = useApp();
  const [value, setValue] = useState<number | null>(null);
  const doing = useDoing();
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (value === null) return;
        doing.run(async () => {
          await faces.symptoms.log({
            values: { [tracker.name]: value },
            scale: [tracker.low, tracker.high],
            at: isoOf(new Date()),
          });
          say(words.log.saved);
        });
      }}
    >
      <Scale
        legend={tracker.question === "" ? tracker.name : tracker.question}
        unseenLegend={tracker.question === ""}
        low={tracker.low}
        high={tracker.high}
        labels={tracker.labels}
        value={value}
        onChange={setValue}
      />
      <Problem of={doing.problem} />
      {value !== null && (
        <button type="submit" class="main-button" disabled={doing.busy}>
          {words.common.save}
        </button>
      )}
    </form>
  );
}
