// Everything of one's own as a file, to read or for other apps.

import { useApp, useDoing } from "../shell/app.ts";
import { download } from "../shell/download.ts";
import { dayOf } from "../words/moments.ts";
import { Problem } from "./Shown.tsx";

/** What it is, and a button for each kind of file. */
export function TakeAlong() {
  const { words, faces, locale } = useApp();
  const doing = useDoing();
  const take = (kind: "html" | "json"): void =>
    doing.run(async () => {
      const exported = await faces.device.export(locale);
      const name = `intersession-${dayOf(new Date())}.${kind}`;
      download(name, kind === "html" ? "text/html" : "application/json", exported[kind]);
    });
  return (
    <>
      <p class="hint">{words.settings.exportSays}</p>
      <Problem of={doing.problem} />
      <div class="choices">
        <button type="button" disabled={doing.busy} onClick={() => take("html")}>
          {words.settings.exportHtml}
        </button>
        <button type="button" disabled={doing.busy} onClick={() => take("json")}>
          {words.settings.exportJson}
        </button>
      </div>
    </>
  );
}
