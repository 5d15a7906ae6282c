// Whether the browser keeps what is here, and whether there is room; and what to do where one of them is not so.

import { useEffect, useState } from "preact/hooks";
import type { Status } from "@intersession/client/generated/answers.ts";
import { FOUND_FULL, STORE_FULL, useApp } from "../shell/app.ts";
import { useHere } from "../shell/router.ts";
import { Part } from "./Screen.tsx";
import { TakeAlong } from "./TakeAlong.tsx";

/** Bytes below which the next long entry, or the next sync, may find no room. */
const TIGHT = 20 * 1024 * 1024;

interface Kept {
  /** Null where the browser does not say. */
  readonly persistent: boolean | null;
  readonly isTight: boolean;
}

async function lookAt(): Promise<Kept> {
  const [persistent, { quota, usage } = {}] = await Promise.all([
    navigator.storage?.persisted?.() ?? null,
    navigator.storage?.estimate?.() ?? {},
  ]);
  return { persistent, isTight: quota !== undefined && usage !== undefined && quota - usage < TIGHT };
}

/** The storage of this device, as far as a person has to know of it. */
export function Storage({ status }: { readonly status: Status }) {
  const { words, changes } = useApp();
  const { query } = useHere();
  const [kept, setKept] = useState<Kept | null>(null);
  const look = (): void => void lookAt().then(setKept, () => undefined);
  useEffect(look, [changes]);
  if (kept === null) return null;
  const isFull = query.has(FOUND_FULL) || status.last_error?.code === STORE_FULL || kept.isTight;
  const onlyHere = status.pending > 0;
  return (
    <Part title={words.sync.storage} id="storage">
      {isFull && (
        <div class="notice notice-attention">
          <p>{words.storage.full}</p>
          <ul class="steps">
            <li>{words.storage.makeRoom}</li>
            {onlyHere && <li>{words.storage.send}</li>}
            <li>{words.storage.take}</li>
          </ul>
        </div>
      )}
      {kept.persistent !== null && <p>{kept.persistent ? words.sync.persistent : words.sync.fleeting}</p>}
      {kept.persistent === false && (
        <>
          {onlyHere && <p>{words.storage.onlyHere(status.pending)}</p>}
          <button type="button" onClick={() => void navigator.storage.persist().then(look)}>
            {words.sync.ask}
          </button>
        </>
      )}
      {(isFull || (kept.persistent === false && onlyHere)) && <TakeAlong />}
    </Part>
  );
}
