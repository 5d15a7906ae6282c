// Everything that is no tab of its own.

import { Icon } from "../parts/Icon.tsx";
import { Link } from "../parts/Link.tsx";
import { Screen } from "../parts/Screen.tsx";
import { useApp } from "../shell/app.ts";
import type { Words } from "../words/words.ts";

const PLACES: readonly (readonly [Exclude<keyof Words["more"], "title">, string])[] = [
  ["topics", "/topics"],
  ["homework", "/homework"],
  ["assessments", "/assessments"],
  ["progress", "/progress"],
  ["goals", "/goals"],
  ["resources", "/resources"],
  ["search", "/search"],
  ["sync", "/sync"],
  ["withdrawals", "/withdrawn"],
  ["settings", "/settings"],
];

export function More() {
  const { words } = useApp();
  return (
    <Screen title={words.more.title}>
      <nav aria-label={words.more.title}>
        <ul class="rows">
          {PLACES.map(([name, path]) => (
            <li key={name}>
              <Link to={path}>
                {words.more[name]}
                <Icon name="forward" />
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </Screen>
  );
}
