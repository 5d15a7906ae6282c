// One symptom log: what it says, who can read it, what it was corrected from; to be corrected, shared and withdrawn.

import type { SymptomLog } from "@intersession/client/generated/answers.ts";
import { useState } from "preact/hooks";
import { Prose, When } from "../parts/Fields.tsx";
import { Readers } from "../parts/Readers.tsx";
import { Scale } from "../parts/Scale.tsx";
import { Screen } from "../parts/Screen.tsx";
import { SharingButtons, States } from "../parts/Sharing.tsx";
import { Problem, Shown } from "../parts/Shown.tsx";
import { useApp, useAsked, useDoing } from "../shell/app.ts";
import { go } from "../shell/router.ts";
import { fieldOf, momentInWords, momentOf } from "../words/moments.ts";

/** The scale of what is logged without one in the plan. */
export const OWN_SCALE: readonly [number, number] = [0, 10];

export function LogPage({ id }: { readonly id: string }) {
  const { words, faces } = useApp();
  const log = useAsked(() => faces.symptoms.get(id), [id]);
  const [correcting, setCorrecting] = useState(false);
  return (
    <Screen title={words.log.one} above="/log">
      <Shown of={log}>
        {(found) =>
          correcting ? (
            <CorrectForm log={found} onDone={() => setCorrecting(false)} />
          ) : (
            <>
              <Logged log={found} />
              <Choices log={found} onCorrect={() => setCorrecting(true)} />
            </>
          )
        }
      </Shown>
    </Screen>
  );
}

/** What was logged, and on which scale. */
export function valuesInWords(log: Pick<SymptomLog, "scale" | "values">): string {
  const scale = log.scale === null ? "" : ` (${log.scale[0]}–${log.scale[1]})`;
  return `${Object.entries(log.values)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ")}${scale}`;
}

function Logged({ log }: { readonly log: SymptomLog }) {
  const { words, locale } = useApp();
  const now = new Date();
  return (
    <article class="card">
      <h2>{valuesInWords(log)}</h2>
      <p class="hint">
        <time dateTime={log.at}>{momentInWords(log.at, locale, now)}</time>
      </p>
      {log.note !== "" && <p class="prose">{log.note}</p>}
      {log.earlier.map((one) => (
        <p class="hint" key={one.entered_at}>
          {words.log.before(`${valuesInWords(one)}, ${momentInWords(one.at, locale, now)}`)}
        </p>
      ))}
      <States of={log} about={log.at} />
      <Readers of={log} />
    </article>
  );
}

function Choices({ log, onCorrect }: { readonly log: SymptomLog; readonly onCorrect: () => void }) {
  const { words, faces, say } = useApp();
  return (
    <div class="choices">
      <button type="button" class="main-button" onClick={onCorrect}>
        {words.log.correct}
      </button>
      <SharingButtons
        shared={log.shared}
        says={{ share: words.log.shareSays, withdraw: words.sharing.withdrawSays }}
        onShare={async () => {
          await faces.symptoms.share(log.id);
          say(words.sharing.shared);
        }}
        onWithdraw={async () => {
          await faces.symptoms.withdraw(log.id);
          go("/withdrawn", { replace: true });
        }}
        onDelete={async () => {
          await faces.symptoms.withdraw(log.id);
          go("/log", { replace: true });
        }}
      />
    </div>
  );
}

function CorrectForm({ log, onDone }: { readonly log: SymptomLog; readonly onDone: () => void }) {
  const { words, faces, say } = useApp();
  const [values, setValues] = useState(log.values);
  const [note, setNote] = useState(log.note);
  const [when, setWhen] = useState(fieldOf(log.at));
  const doing = useDoing();
  const [low, high] = log.scale ?? OWN_SCALE;
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        // A time that was not touched keeps the offset that it was written with.
        const at = when === fieldOf(log.at) ? {} : { at: momentOf(when) ?? log.at };
        doing.run(async () => {
          await faces.symptoms.correct(log.id, { values, note, ...at });
          onDone();
          say(words.common.saved);
        });
      }}
    >
      {Object.entries(values).map(([name, value]) => (
        <Scale
          key={name}
          legend={name}
          low={low}
          high={high}
          value={value}
          onChange={(next) => next !== null && setValues({ ...values, [name]: next })}
        />
      ))}
      <Prose label={words.log.note} rows={2} value={note} onChange={setNote} />
      <When label={words.common.when} value={when} onChange={setWhen} />
      <Problem of={doing.problem} />
      <div class="choices">
        <button type="submit" class="main-button" disabled={doing.busy}>
          {words.common.save}
        </button>
        <button type="button" onClick={onDone}>
          {words.common.cancel}
        </button>
      </div>
    </form>
  );
}
