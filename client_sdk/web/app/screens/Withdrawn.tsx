// What became of what was withdrawn. Its content is not here any more.

import { Screen } from "../parts/Screen.tsx";
import { Empty, Shown } from "../parts/Shown.tsx";
import { useApp, useAsked } from "../shell/app.ts";
import { dayNotedInWords, notedInWords } from "../words/moments.ts";

export function Withdrawn() {
  const { words, faces, locale } = useApp();
  const withdrawals = useAsked(async () => {
    const [texts, logs] = await Promise.all([faces.journal.withdrawals(), faces.symptoms.withdrawals()]);
    const all = [
      ...texts.map((one) => ({ ...one, what: words.sharing.withdrawnText })),
      ...logs.map((one) => ({ ...one, what: words.sharing.withdrawnLog })),
    ];
    return all.sort((one, other) => Date.parse(other.asked_at) - Date.parse(one.asked_at));
  });
  const now = new Date();
  return (
    <Screen title={words.sharing.withdrawals} above="/more">
      <Shown of={withdrawals}>
        {(found) =>
          found.length === 0 ? (
            <Empty>{words.sharing.noneWithdrawn}</Empty>
          ) : (
            <ul class="list">
              {found.map((one) => (
                <li key={one.id} class="card">
                  <p>
                    {one.what} ·{" "}
                    <time dateTime={one.asked_at}>{notedInWords(one.asked_at, locale, now)}</time>
                  </p>
                  <p>{words.sharing[one.state]}</p>
                  <p class="hint">
                    {one.read_at.length === 0
                      ? words.sharing.unread
                      : words.sharing.read(one.read_at.map((moment) => dayNotedInWords(moment, locale, now)).join(", "))}
                  </p>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </Screen>
  );
}
