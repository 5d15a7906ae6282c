// When this device says that something is due: while the app is in the background, and while it is closed.

import { useEffect, useState } from "preact/hooks";
import { Switch } from "../../parts/Fields.tsx";
import { Part } from "../../parts/Screen.tsx";
import { Problem } from "../../parts/Shown.tsx";
import { useApp, useDoing } from "../../shell/app.ts";
import { allowed, canRemind, REMINDERS } from "../../shell/reminders.ts";
import { beginWhileClosed, endWhileClosed, whileClosed, type WhileClosed } from "../../shell/whileClosed.ts";
import { REMINDER } from "../../words/notice.ts";

export function Reminders() {
  const { words, faces } = useApp();
  const [on, setOn] = useState<boolean | null>(null);
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    // Locked meanwhile: then this is not the screen any more.
    faces.settings.get(REMINDERS).then((chosen) => setOn(chosen === true), () => undefined);
  }, [faces]);
  if (!canRemind()) {
    return (
      <Part title={words.settings.reminders} id="reminders">
        <p class="hint">{words.settings.remindUnsupported}</p>
      </Part>
    );
  }
  const choose = async (wanted: boolean): Promise<void> => {
    const given = !wanted || (await allowed());
    setRefused(!given);
    if (!given) return;
    if (!wanted) await endWhileClosed(faces);
    await faces.settings.set(REMINDERS, wanted);
    setOn(wanted);
  };
  return (
    <Part title={words.settings.reminders} id="reminders">
      {on === null ? (
        <p class="waiting">{words.common.loading}</p>
      ) : (
        <Choice label={words.settings.remind} hint={words.settings.remindSays} on={on} choose={choose} />
      )}
      {refused && (
        <p class="notice notice-note" role="status">
          {words.settings.remindRefused}
        </p>
      )}
      {on === true && <Closed />}
    </Part>
  );
}

/** The server is asked when the screen begins and after each choice, and not with everything that changes. */
function Closed() {
  const { words, faces, language } = useApp();
  const [found, setFound] = useState<WhileClosed | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const look = (): Promise<void> => whileClosed(faces).then(setFound, setProblem);
  useEffect(() => void look(), [faces]);
  if (problem !== null) return <Problem of={problem} />;
  switch (found) {
    case null:
      return <p class="waiting">{words.common.loading}</p>;
    case "install":
      return <p class="hint">{words.settings.closedInstall}</p>;
    case "no push":
      return <p class="hint">{words.settings.closedNoPush}</p>;
    case "not offered":
      return <p class="hint">{words.settings.closedNotOffered}</p>;
    default:
      return (
        <Choice
          label={words.settings.closed}
          hint={words.settings.closedSays(REMINDER[language])}
          on={found === "on"}
          choose={(on) => (on ? beginWhileClosed(faces, language) : endWhileClosed(faces)).finally(look)}
        />
      );
  }
}

interface ChoiceGiven {
  readonly label: string;
  readonly hint: string;
  readonly on: boolean;
  /** Done once `on` says what came of it. */
  readonly choose: (on: boolean) => Promise<void>;
}

/** A switch that takes a moment: it shows what was chosen until it is known what came of it. */
function Choice({ label, hint, on, choose }: ChoiceGiven) {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const doing = useDoing();
  const change = async (next: boolean): Promise<void> => {
    setChosen(next);
    await choose(next).finally(() => setChosen(null));
  };
  return (
    <>
      <Switch label={label} hint={hint} on={chosen ?? on} onChange={(next) => doing.run(() => change(next))} />
      <Problem of={doing.problem} />
    </>
  );
}
