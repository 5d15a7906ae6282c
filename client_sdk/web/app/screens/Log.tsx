// Symptoms: what is followed by the plan, or something of one's own.

import type { SymptomLog } from "@intersession/client/generated/answers.ts";
import type { PlanTracker } from "@intersession/client/generated/models.ts";
import { useState } from "preact/hooks";
import { inOrder, Line, Prose, When } from "../parts/Fields.tsx";
import { Link } from "../parts/Link.tsx";
import { Scale } from "../parts/Scale.tsx";
import { Actions, Part, Screen } from "../parts/Screen.tsx";
import { SharingChoice, States } from "../parts/Sharing.tsx";
import { Empty, Problem, Shown } from "../parts/Shown.tsx";
import { useApp, useAsked, useDoing } from "../shell/app.ts";
import { fieldNow, isoOf, momentInWords, momentOf } from "../words/moments.ts";
import { OWN_SCALE, valuesInWords } from "./LogPage.tsx";

export function Log() {
  const { words, faces } = useApp();
  const asked = useAsked(async () => {
    const [plan, pairing] = await Promise.all([faces.plans.plan(), faces.device.pairing()]);
    return { trackers: inOrder(plan.trackers), shared: pairing?.share_by_default ?? false };
  });
  return (
    <Screen title={words.log.title}>
      <Shown of={asked}>{({ trackers, shared }) => <LogForm trackers={trackers} sharedFirst={shared} />}</Shown>
      <Earlier />
    </Screen>
  );
}

interface LogFormGiven {
  readonly trackers: readonly (readonly [string, PlanTracker])[];
  readonly sharedFirst: boolean;
}

function LogForm({ trackers, sharedFirst }: LogFormGiven) {
  const { words, faces, say } = useApp();
  const [values, setValues] = useState<Readonly<Record<string, number | null>>>({});
  const [own, setOwn] = useState({ name: "", value: null as number | null });
  const [note, setNote] = useState("");
  const [when, setWhen] = useState("");
  const [shared, setShared] = useState(sharedFirst);
  const doing = useDoing();
  const given = trackers.filter(([id]) => typeof values[id] === "number");
  const hasOwn = own.name.trim() !== "" && own.value !== null;
  const save = async (): Promise<void> => {
    const common = { note, at: momentOf(when) ?? isoOf(new Date()), shared };
    // What is on scales that differ is not one log.
    const byScale = new Map<string, { scale: readonly [number, number]; values: Record<string, number> }>();
    const put = (name: string, value: number, scale: readonly [number, number]): void => {
      const key = scale.join();
      const group = byScale.get(key) ?? { scale, values: {} };
      group.values[name] = value;
      byScale.set(key, group);
    };
    for (const [id, tracker] of given) put(tracker.name, values[id] ?? 0, [tracker.low, tracker.high]);
    if (hasOwn) put(own.name.trim(), own.value ?? 0, OWN_SCALE);
    for (const group of byScale.values()) await faces.symptoms.log({ ...group, ...common });
    setValues({});
    setOwn({ name: "", value: null });
    setNote("");
    setWhen("");
    say(words.log.saved);
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (given.length > 0 || hasOwn) doing.run(save);
      }}
    >
      {trackers.length === 0 && <Empty>{words.log.nothing}</Empty>}
      {trackers.map(([id, tracker]) => (
        <Scale
          key={id}
          legend={tracker.name}
          {...(tracker.question === "" ? {} : { hint: tracker.question })}
          low={tracker.low}
          high={tracker.high}
          labels={tracker.labels}
          value={values[id] ?? null}
          onChange={(value) => setValues({ ...values, [id]: value })}
          optional
        />
      ))}
      <details open={trackers.length === 0}>
        <summary>{words.log.own}</summary>
        <Line
          label={words.log.name}
          hint={words.log.nameHint}
          value={own.name}
          onChange={(name) => setOwn({ ...own, name })}
        />
        <Scale
          legend={own.name.trim() === "" ? words.log.own : own.name}
          low={OWN_SCALE[0]}
          high={OWN_SCALE[1]}
          value={own.value}
          onChange={(value) => setOwn({ ...own, value })}
          optional
        />
      </details>
      <details>
        <summary>{words.log.about}</summary>
        <When label={words.common.when} value={when === "" ? fieldNow(new Date()) : when} onChange={setWhen} />
      </details>
      <Prose label={`${words.log.note} (${words.common.optional})`} rows={2} value={note} onChange={setNote} />
      <SharingChoice shared={shared} onChange={setShared} />
      <Problem of={doing.problem} />
      <Actions>
        {given.length === 0 && !hasOwn && <p class="hint">{words.log.choose}</p>}
        <button type="submit" class="main-button" disabled={doing.busy || (given.length === 0 && !hasOwn)}>
          {words.common.save}
        </button>
      </Actions>
    </form>
  );
}

const FIRST = 10;

function Earlier() {
  const { words, faces } = useApp();
  const [limit, setLimit] = useState(FIRST);
  const logs = useAsked(() => faces.symptoms.logs({ limit }), [limit]);
  return (
    <Part title={words.log.earlier} id="earlier">
      <Shown of={logs}>
        {(found) => (
          <>
            {found.length === 0 && <Empty>{words.log.none}</Empty>}
            <ul class="list">
              {found.map((one) => (
                <li key={one.id}>
                  <LogCard log={one} />
                </li>
              ))}
            </ul>
            {found.length === limit && (
              <button type="button" onClick={() => setLimit(limit + 2 * FIRST)}>
                {words.common.older}
              </button>
            )}
          </>
        )}
      </Shown>
      <p class="hint">
        <Link to="/progress">{words.more.progress}</Link>
      </p>
    </Part>
  );
}

function LogCard({ log }: { readonly log: SymptomLog }) {
  const { locale } = useApp();
  return (
    <article class="card leads">
      <h3>
        <Link to={`/log/${log.id}`}>{valuesInWords(log)}</Link>
      </h3>
      <p class="hint">
        <time dateTime={log.at}>{momentInWords(log.at, locale, new Date())}</time>
      </p>
      {log.note !== "" && <p class="glimpse">{log.note}</p>}
      <States of={log} about={log.at} />
    </article>
  );
}
