// A new version of the app is here: it waits until the person takes it.

import { useApp } from "../shell/app.ts";
import { useUpdate } from "../shell/update.ts";

export function UpdateNotice() {
  const { words } = useApp();
  const update = useUpdate();
  if (!update.waiting) return null;
  return (
    <div class="notice notice-note">
      <p>
        {words.today.update} {words.today.updateSays}
      </p>
      <button type="button" onClick={update.take}>
        {words.today.updateNow}
      </button>
    </div>
  );
}
