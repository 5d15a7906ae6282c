// Which screen an address shows.

import type { JSX } from "preact";
import { Link } from "../parts/Link.tsx";
import { Screen } from "../parts/Screen.tsx";
import { useApp } from "../shell/app.ts";
import { matched, type Place } from "../shell/router.ts";
import { Assessment } from "./Assessment.tsx";
import { Assessments } from "./Assessments.tsx";
import { Entry } from "./Entry.tsx";
import { GoalPage, Goals } from "./Goals.tsx";
import { HomeworkList, HomeworkPage } from "./Homework.tsx";
import { HomeworkReport } from "./HomeworkReport.tsx";
import { Journal } from "./Journal.tsx";
import { Log } from "./Log.tsx";
import { LogPage } from "./LogPage.tsx";
import { More } from "./More.tsx";
import { PairAgain } from "./Pair.tsx";
import { Progress } from "./Progress.tsx";
import { ResourcePage, Resources } from "./Resources.tsx";
import { SafetyPlan } from "./SafetyPlan.tsx";
import { Search } from "./Search.tsx";
import { Settings } from "./settings/Settings.tsx";
import { Sync } from "./Sync.tsx";
import { Today } from "./Today.tsx";
import { Topics } from "./Topics.tsx";
import { Withdrawn } from "./Withdrawn.tsx";
import { WriteAgain, WriteNew } from "./Write.tsx";

type OfId = (given: { readonly id: string }) => JSX.Element;

const PLAIN: Readonly<Record<string, () => JSX.Element>> = {
  "/": Today,
  "/journal": Journal,
  "/journal/new": WriteNew,
  "/log": Log,
  "/safety": SafetyPlan,
  "/more": More,
  "/homework": HomeworkList,
  "/assessments": Assessments,
  "/progress": Progress,
  "/goals": Goals,
  "/resources": Resources,
  "/topics": Topics,
  "/search": Search,
  "/sync": Sync,
  "/withdrawn": Withdrawn,
  "/settings": Settings,
  "/pair": PairAgain,
};

const OF_ID: readonly (readonly [string, OfId])[] = [
  ["/journal/:id", Entry],
  ["/journal/:id/edit", WriteAgain],
  ["/log/:id", LogPage],
  ["/homework/:id", HomeworkPage],
  ["/homework/:id/report", HomeworkReport],
  ["/assessments/:id", Assessment],
  ["/goals/:id", GoalPage],
  ["/resources/:id", ResourcePage],
];

/** What a document is called in an address; anything else was mistyped, or cut off. */
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The screen of a place; what is kept of one screen is never shown on another. */
export function screenOf({ path, query }: Place): JSX.Element {
  const Plain = PLAIN[path];
  if (Plain !== undefined) return <Plain key={path} />;
  for (const [pattern, OfOne] of OF_ID) {
    const id = matched(pattern, path)?.["id"];
    if (id !== undefined && ID.test(id)) return <OfOne key={`${path}?${query}`} id={id} />;
  }
  return <NotFound key={path} />;
}

function NotFound() {
  const { words } = useApp();
  return (
    <Screen title={words.app} above="/">
      <p>{words.common.notFound}</p>
      <Link to="/" class="button">
        {words.common.home}
      </Link>
    </Screen>
  );
}
