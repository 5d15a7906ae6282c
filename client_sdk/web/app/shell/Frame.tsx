// What is around every screen: the way to its content, the tabs, what is said for a moment.

import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "../parts/Icon.tsx";
import { Link } from "../parts/Link.tsx";
import type { Words } from "../words/words.ts";
import { useApp } from "./app.ts";
import { useHere } from "./router.ts";

type Tab = Exclude<keyof Words["tabs"], "label">;

/** The tabs with the first parts of the paths that belong to them. */
const TABS: readonly { readonly tab: Tab; readonly to: string; readonly parts: readonly string[] }[] = [
  { tab: "today", to: "/", parts: [""] },
  { tab: "journal", to: "/journal", parts: ["journal", "search"] },
  { tab: "log", to: "/log", parts: ["log"] },
  { tab: "safety", to: "/safety", parts: ["safety"] },
  {
    tab: "more",
    to: "/more",
    parts: [
      "more", "homework", "assessments", "progress", "goals", "resources", "topics", "sync", "withdrawn", "settings",
    ],
  },
];

/** Something said for a moment, with what can be done about it. */
export interface Said {
  readonly text: string;
  readonly act?: { readonly label: string; readonly run: () => void };
}

interface FrameGiven {
  readonly said: Said | null;
  /** Before pairing and while locked: of the tabs there is the safety plan, and the way back. */
  readonly few: boolean;
  readonly children: ComponentChildren;
}

export function Frame({ said, few, children }: FrameGiven) {
  const { words } = useApp();
  const { path } = useHere();
  const part = path.split("/")[1] ?? "";
  const tabs = few ? TABS.filter(({ tab }) => tab === "safety" || (tab === "today" && part === "safety")) : TABS;
  return (
    <div class="frame">
      <a class="skip" href="#content">
        {words.common.skip}
      </a>
      {children}
      <div class="toast" role="status">
        {said !== null && (
          <p>
            {said.text}
            {said.act !== undefined && (
              <button type="button" onClick={said.act.run}>
                {said.act.label}
              </button>
            )}
          </p>
        )}
      </div>
      <nav class="tabs" aria-label={words.tabs.label}>
        {tabs.map(({ tab, to, parts }) => (
          <Link key={tab} to={to} current={parts.includes(part)} class={`tab tab-${tab}`}>
            <Icon name={tab satisfies IconName} />
            <span>{few && tab === "today" ? words.common.back : words.tabs[tab]}</span>
          </Link>
        ))}
      </nav>
    </div>
  );
}
