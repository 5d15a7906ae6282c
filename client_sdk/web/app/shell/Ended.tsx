// The practice has ended this device's access: said on every screen, as what is missing there is missing for this reason.

import { Link } from "../parts/Link.tsx";
import { useApp, useAsked } from "./app.ts";
import { useHere } from "./router.ts";

/** Says so, and leads to what can be done about it; nothing while there is access. */
export function Ended() {
  const { words, faces, locale } = useApp();
  const { path } = useHere();
  const status = useAsked(() => faces.device.status(locale), [locale]);
  if (status.state !== "ready" || !status.value.access_ended) return null;
  const { last_error: why, refusals } = status.value;
  return (
    <div class="above-all" role="status">
      <div class="notice notice-attention">
        <p>
          {words.sync.ended} {why?.code === "access_ended" && words.sync.endedDeleted}
        </p>
        <p class="choices">
          {path !== "/pair" && (
            <Link to="/pair" class="button">
              {words.welcome.pair}
            </Link>
          )}
          {refusals.length > 0 && path !== "/sync" && (
            <Link to="/sync" class="button">
              {words.sync.kept}
            </Link>
          )}
        </p>
      </div>
    </div>
  );
}
