// Taking everything along, leaving, deleting.

import { DeleteEverything } from "../../parts/DeleteEverything.tsx";
import { Part } from "../../parts/Screen.tsx";
import { AskingButton } from "../../parts/Sharing.tsx";
import { TakeAlong } from "../../parts/TakeAlong.tsx";
import { useApp, useAsked } from "../../shell/app.ts";
import { endWhileClosed } from "../../shell/whileClosed.ts";

export function Data() {
  const { words, faces, locale, restart } = useApp();
  const status = useAsked(() => faces.device.status(locale), [locale]);
  const pending = status.state === "ready" ? status.value.pending : 0;
  const paired = status.state === "ready" && status.value.paired !== null;
  const unsent = pending > 0 && <p>{words.settings.unsent(pending)}</p>;
  return (
    <Part title={words.settings.data} id="data">
      <TakeAlong />
      <div class="choices apart">
        {paired && (
          <AskingButton
            label={words.settings.leave}
            title={words.settings.leaveAsk}
            says={
              <>
                <p>{words.settings.leaveSays}</p>
                {unsent}
              </>
            }
            ends
            onYes={async () => {
              await endWhileClosed(faces);
              await faces.device.leave();
              restart();
            }}
          />
        )}
        <DeleteEverything
          says={
            <>
              <p>{words.settings.deleteAllSays}</p>
              {unsent}
            </>
          }
        />
      </div>
    </Part>
  );
}
