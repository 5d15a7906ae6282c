// Drafts are kept as one types: what was typed before the app is closed, or killed, is there again.

import { useEffect, useRef, useState } from "preact/hooks";
import { codeOf, STORE_FULL, useApp } from "./app.ts";

/** A draft of a form. `content` is null until it is known whether one was kept. */
export interface Draft<Content> {
  readonly content: Content | null;
  /** It is on disk as it is shown. */
  readonly kept: boolean;
  change(content: Content): void;
  /** The form was sent or is not wanted: nothing of it stays on the disk. */
  discard(): Promise<void>;
  /** Show this from now on, without keeping it. */
  reset(content: Content): void;
}

/** The draft of this name, or what it begins with. */
export function useDraft<Content>(name: string, begin: () => Promise<Content> | Content): Draft<Content> {
  const { faces, words, say } = useApp();
  const [content, setContent] = useState<Content | null>(null);
  const [kept, setKept] = useState(false);
  // One write at a time; what is typed meanwhile is written next, and only the newest of it.
  const pending = useRef<{ readonly content: Content } | null>(null);
  const writing = useRef<Promise<void> | null>(null);
  const over = useRef(false);
  const told = useRef(false);

  useEffect(() => {
    let current = true;
    const load = async (): Promise<void> => {
      const found = (await faces.drafts.get(name)) as Content | null;
      const first = found ?? (await begin());
      if (!current) return;
      setContent(() => first);
      setKept(found !== null);
    };
    // Without its draft a form still opens, as it begins.
    load().catch(async () => {
      const first = await begin();
      if (current) setContent(() => first);
    });
    return () => {
      current = false;
    };
  }, [name]);

  const write = async (): Promise<void> => {
    for (let next = pending.current; next !== null && !over.current; next = pending.current) {
      pending.current = null;
      await faces.drafts.keep(name, next.content);
    }
    if (!over.current) setKept(true);
  };
  const change = (next: Content): void => {
    over.current = false;
    setContent(() => next);
    setKept(false);
    pending.current = { content: next };
    writing.current ??= write()
      .catch((problem: unknown) => {
        setKept(false);
        // Once is enough: it stays on the screen, and saving says it again.
        if (codeOf(problem) !== STORE_FULL || told.current) return;
        told.current = true;
        say(words.storage.draft);
      })
      .finally(() => {
        writing.current = null;
      });
  };
  const discard = async (): Promise<void> => {
    over.current = true;
    pending.current = null;
    await writing.current;
    await faces.drafts.delete(name);
  };
  return { content, kept, change, discard, reset: (next) => setContent(() => next) };
}
