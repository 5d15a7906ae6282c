// Who can read something: as far as this device knows, and what it does not know.

import type { IsoMoment } from "@intersession/client/generated/models.ts";
import { useApp, useAsked } from "../shell/app.ts";
import { notedInWords } from "../words/moments.ts";

interface ReadersGiven {
  readonly of: { readonly shared: boolean; readonly arrived_at: IsoMoment | null };
}

/** Who can read it, since when, and that nobody says here who has. */
export function Readers({ of }: ReadersGiven) {
  const { words, faces, locale } = useApp();
  const status = useAsked(() => faces.device.status(locale), [locale]);
  if (!of.shared) return <p class="hint">{words.sharing.privateLong}</p>;
  if (status.state !== "ready") return null;
  const { paired, pending } = status.value;
  const team = words.sharing.team(paired?.practice ?? "");
  if (of.arrived_at === null) return <p class="hint">{words.sharing.sharedLater(team)}</p>;
  return (
    <>
      <p class="hint">{words.sharing.sharedLong(team, notedInWords(of.arrived_at, locale, new Date()))}</p>
      {pending > 0 && <p class="hint">{words.sharing.notYet}</p>}
      <p class="hint">{words.sharing.whoRead}</p>
    </>
  );
}
