// The whole app: opens the client, finds out whether it is locked or not yet paired, shows the screen of the place.

import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { screenOf } from "../screens/screens.tsx";
import { Locked } from "../screens/Locked.tsx";
import { Gone } from "../screens/Gone.tsx";
import { Pair } from "../screens/Pair.tsx";
import { SafetyPlan } from "../screens/SafetyPlan.tsx";
import { Welcome } from "../screens/Welcome.tsx";
import { prepareMoments } from "../words/moments.ts";
import { languageOf, LANGUAGES, localeOf } from "../words/words.ts";
import { AppContext, type App, type Preferences, type TextSize } from "./app.ts";
import { useClearedWhenGone, useLockWhenAway } from "./away.ts";
import type { Client, OpenClient, Opening } from "./client.ts";
import { Ended } from "./Ended.tsx";
import { Frame, type Said } from "./Frame.tsx";
import { isRemembered, remember } from "./remembered.ts";
import { useReminders } from "./reminders.ts";
import { Here, usePlace, type Place } from "./router.ts";
import { Elsewhere, Failed, Starting } from "./Starting.tsx";
import { useWhileClosed } from "./whileClosed.ts";

type Opened = { readonly state: "starting" } | { readonly state: "failed"; readonly problem: unknown } | Opening;

/** How long something is said. */
const SAID_FOR = 6_000;
/** Changes that come within this time are shown together, in milliseconds. */
const TOGETHER = 50;
/** When, after it is known what to show, there is time for what the first screen does without, in milliseconds. */
const SOON = 500;
const PREFERENCES = "preferences";
const AT_FIRST: Preferences = { language: null, text: "normal", lockAfter: 5 };
const SIZES: Readonly<Record<TextSize, string>> = { small: "87.5%", normal: "100%", large: "120%", huge: "145%" };

interface RootGiven {
  readonly open: OpenClient;
  readonly erase?: (() => Promise<void>) | undefined;
}

export function Root({ open, erase }: RootGiven) {
  const [opened, setOpened] = useState<Opened>({ state: "starting" });
  const begin = (opening: Promise<Opening>): void => {
    setOpened({ state: "starting" });
    opening.then(
      (found) => {
        setOpened(found);
        // Another tab has taken over: this one says so, and may take it back.
        if (found.state === "open") void found.lost.then(() => begin(open()));
      },
      (problem: unknown) => setOpened({ state: "failed", problem }),
    );
  };
  useEffect(() => begin(open()), []);
  const language = languageOf(null, navigator.languages);
  const words = LANGUAGES[language];
  switch (opened.state) {
    case "starting":
      return <Starting words={words} />;
    case "failed":
      return (
        <Failed
          words={words}
          locale={localeOf(language, navigator.languages)}
          problem={opened.problem}
          erase={erase}
          onAgain={() => begin(open())}
        />
      );
    case "elsewhere":
      return <Elsewhere words={words} onTake={() => begin(opened.takeOver())} />;
    case "open":
      return <Running client={opened.client} />;
  }
}

/** Whether there is something to show: it may be locked, have no practice yet, or have been deleted by the browser. */
type Standing = "gone" | "locked" | "paired" | "unpaired";

interface Known {
  readonly standing: Standing;
  /** There is a lock, and it is open. */
  readonly isLockable: boolean;
  readonly preferences: Preferences;
}

async function lookAt({ faces }: Client): Promise<Known> {
  const { state } = await faces.lock.status();
  if (state === "locked") return { standing: "locked", isLockable: false, preferences: AT_FIRST };
  const [pairing, kept] = await Promise.all([
    faces.device.pairing(),
    faces.settings.get(PREFERENCES) as Promise<Partial<Preferences> | null>,
  ]);
  if (pairing !== null) remember();
  return {
    standing: pairing !== null ? "paired" : isRemembered() ? "gone" : "unpaired",
    isLockable: state === "open",
    preferences: { ...AT_FIRST, ...kept },
  };
}

function Running({ client }: { readonly client: Client }) {
  const place = usePlace();
  const [known, setKnown] = useState<Known | null>(null);
  const [changes, setChanges] = useState(0);
  const [starts, setStarts] = useState(0);
  const [said, setSaid] = useState<Said | null>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = client.onChange(() => {
      // A sync changes many things one after another; they are asked for again once.
      timer ??= setTimeout(() => {
        timer = undefined;
        setChanges((count) => count + 1);
      }, TOGETHER);
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [client]);
  useEffect(() => {
    let current = true;
    lookAt(client).then(
      (found) => current && setKnown(found),
      () => undefined, // closed meanwhile, as after locking: this is done again with the next client
    );
    return () => {
      current = false;
    };
  }, [client, starts]);
  useEffect(() => {
    if (said === null) return;
    const timer = setTimeout(() => setSaid(null), SAID_FOR);
    return () => clearTimeout(timer);
  }, [said]);

  const preferences = known?.preferences ?? AT_FIRST;
  const language = languageOf(preferences.language, navigator.languages);
  const locale = localeOf(language, navigator.languages);
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.style.fontSize = SIZES[preferences.text];
  }, [language, preferences.text]);
  const isKnown = known !== null;
  useEffect(() => {
    if (!isKnown) return;
    const timer = setTimeout(() => prepareMoments(locale), SOON);
    return () => clearTimeout(timer);
  }, [isKnown, locale]);
  useLive(client, known?.standing === "paired");
  const lock = useCallback((): void => {
    setKnown(null); // whoever comes back sees nothing of the record while it is being closed
    void client.faces.lock
      .lock()
      .catch(() => undefined)
      .finally(() => setStarts((count) => count + 1));
  }, [client]);
  useLockWhenAway(known?.isLockable === true, preferences.lockAfter, lock);
  useClearedWhenGone(known?.isLockable === true, () => setKnown(null));

  const say = useCallback<App["say"]>((text, act) => {
    setSaid(act === undefined ? { text } : { text, act: { label: act.label, run: () => (setSaid(null), act.run()) } });
  }, []);
  const prefer = useCallback<App["prefer"]>(
    async (next) => {
      const all = { ...preferences, ...next };
      setKnown((before) => before && { ...before, preferences: all });
      await client.faces.settings.set(PREFERENCES, all);
    },
    [client, preferences],
  );
  const app = useMemo<App>(
    () => ({
      faces: client.faces,
      words: LANGUAGES[language],
      language,
      locale,
      changes,
      preferences,
      prefer,
      say,
      restart: () => setStarts((count) => count + 1),
    }),
    [client, language, locale, changes, preferences, prefer, say],
  );
  if (known === null) return <Starting words={LANGUAGES[language]} />;
  return (
    <AppContext.Provider value={app}>
      <Here.Provider value={place}>
        <Frame said={said} few={known.standing !== "paired"}>
          {known.standing === "paired" && <Ended />}
          <Content place={place} standing={known.standing} />
        </Frame>
        {known.standing === "paired" && <Reminding />}
      </Here.Provider>
    </AppContext.Provider>
  );
}

function Content({ place, standing }: { readonly place: Place; readonly standing: Standing }) {
  if (standing !== "paired" && place.path === "/safety") return <SafetyPlan inPlace />;
  if (standing === "locked") return <Locked />;
  if (standing !== "paired" && place.path === "/pair") return <Pair key={place.fragment} />;
  if (standing === "gone") return <Gone />;
  if (standing === "unpaired") return <Welcome />;
  return screenOf(place);
}

function Reminding() {
  useReminders();
  useWhileClosed();
  return null;
}

/** Stay connected while the app is in sight; on a phone nothing else keeps it so. */
function useLive({ faces }: Client, wanted: boolean): void {
  useEffect(() => {
    if (!wanted) return;
    // Once it is locked or closed there is no connection to be kept or ended.
    const live = (on: boolean): void => void faces.device.live(on).catch(() => undefined);
    const follow = (): void => live(document.visibilityState === "visible");
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      live(false);
    };
  }, [faces, wanted]);
}
