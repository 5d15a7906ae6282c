// What waits to be sent, when the practice was heard last, and whether the browser keeps what is here.

import type { Status } from "@intersession/client/generated/answers.ts";
import { Actions, Screen } from "../parts/Screen.tsx";
import { Problem, Shown } from "../parts/Shown.tsx";
import { Storage } from "../parts/Storage.tsx";
import { problemInWords, useApp, useAsked, useDoing } from "../shell/app.ts";
import { notedInWords } from "../words/moments.ts";
import { Refusals } from "./Refusals.tsx";

/** A clock that differs by more than this, in seconds, is worth a word. */
const CLOCK_DIFFERS = 300;

export function Sync() {
  const { words, faces, locale, say } = useApp();
  const status = useAsked(() => faces.device.status(locale), [locale]);
  const doing = useDoing();
  return (
    <Screen title={words.sync.title} above="/more">
      <Shown of={status}>
        {(found) => (
          <>
            <Standing of={found} />
            <Storage status={found} />
          </>
        )}
      </Shown>
      <Problem of={doing.problem} />
      <Actions>
        <button
          type="button"
          class="main-button"
          disabled={doing.busy}
          onClick={() =>
            doing.run(async () => {
              const report = await faces.device.sync();
              say(report.complete ? words.sync.complete : reasonInWords(report.reason_code, report.reason));
            })
          }
        >
          {doing.busy ? words.sync.running : words.sync.now}
        </button>
      </Actions>
    </Screen>
  );

  function reasonInWords(code: string | null, reason: string | null): string {
    return reason ?? problemInWords({ code }, { words, locale });
  }
}

function Standing({ of }: { readonly of: Status }) {
  const { words, locale } = useApp();
  const now = new Date();
  const notices = [
    of.access_ended ? "" : (of.last_error?.message ?? ""), // the end of access is said above every screen
    ...of.stopped.map((one) => one.message),
    of.clock_offset !== null && Math.abs(of.clock_offset) > CLOCK_DIFFERS ? words.sync.clock : "",
    of.problems > 0 ? words.sync.problems(of.problems) : "",
    of.not_listed > 0 ? words.today.partial : "",
  ].filter(Boolean);
  return (
    <>
      <section class="card">
        <p>
          <strong>{of.pending === 0 ? words.sync.nothingWaits : words.sync.waiting(of.pending)}</strong>
        </p>
        {of.oldest_pending !== null && <p>{words.sync.oldest(notedInWords(of.oldest_pending, locale, now))}</p>}
        <p>
          {of.last_contact === null ? words.sync.never : words.sync.last(notedInWords(of.last_contact, locale, now))}
        </p>
        <p class="hint">{of.connected ? words.sync.connected : navigator.onLine ? "" : words.sync.offline}</p>
      </section>
      {notices.map((text) => (
        <p key={text} class="notice notice-attention">
          {text}
        </p>
      ))}
      {of.refusals.length > 0 && <Refusals of={of.refusals} />}
    </>
  );
}
