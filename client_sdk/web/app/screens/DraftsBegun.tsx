// What was begun and not finished, on this device.

import { Link } from "../parts/Link.tsx";
import { Part } from "../parts/Screen.tsx";
import { useApp, useAsked } from "../shell/app.ts";
import { notedInWords } from "../words/moments.ts";

/** Where a draft goes on; null for one that stands on its own screen anyway. */
export function placeOfDraft(name: string): string | null {
  const [kind, id, occurrence] = name.split(" ");
  if (kind === "entry") return id === "new" ? "/journal/new" : `/journal/${id}/edit`;
  if (kind === "report") return `/homework/${id}/report?occurrence=${encodeURIComponent(occurrence ?? "")}`;
  return null;
}

/** Links to forms that were begun; nothing where there are none. */
export function DraftsBegun() {
  const { words, faces, locale } = useApp();
  const drafts = useAsked(() => faces.drafts.list());
  if (drafts.state !== "ready") return null;
  const begun = drafts.value.flatMap((one) => {
    const place = placeOfDraft(one.name);
    return place === null ? [] : [{ ...one, place }];
  });
  if (begun.length === 0) return null;
  return (
    <Part title={words.today.drafts} id="drafts">
      <ul class="rows">
        {begun.map((one) => (
          <li key={one.name}>
            <Link to={one.place}>
              {one.name.startsWith("entry") ? words.today.draftEntry : words.homework.title}
              <span class="hint">{notedInWords(one.kept_at, locale, new Date())}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Part>
  );
}
