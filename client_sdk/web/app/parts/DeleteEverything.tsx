// The end of everything on this device, which may be the only way on where a passcode is forgotten.

import type { ComponentChildren } from "preact";
import { useApp } from "../shell/app.ts";
import { forget } from "../shell/remembered.ts";
import { go } from "../shell/router.ts";
import { endWhileClosed } from "../shell/whileClosed.ts";
import { AskingButton } from "./Sharing.tsx";

/** A button that says what would be lost before it deletes everything. */
export function DeleteEverything({ says }: { readonly says: ComponentChildren }) {
  const { words, faces, say, restart } = useApp();
  return (
    <AskingButton
      label={words.settings.deleteAll}
      title={words.settings.deleteAllAsk}
      says={says}
      ends
      onYes={async () => {
        await endWhileClosed(faces);
        await faces.device.deleteEverything();
        forget();
        say(words.settings.deleted);
        go("/", { replace: true });
        restart();
      }}
    />
  );
}
