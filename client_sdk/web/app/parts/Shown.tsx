// What was asked of a face, once it is there.

import type { ComponentChildren } from "preact";
import { codeOf, FOUND_FULL, problemInWords, STORE_FULL, useApp, type Asked } from "../shell/app.ts";
import { Link } from "./Link.tsx";

interface ShownGiven<Value> {
  readonly of: Asked<Value>;
  readonly children: (value: Value) => ComponentChildren;
}

/** The value, or a word that it is on its way, or what went wrong and what to do. */
export function Shown<Value>({ of, children }: ShownGiven<Value>) {
  const { words, locale } = useApp();
  if (of.state === "ready") return <>{children(of.value)}</>;
  if (of.state === "waiting") return <p class="waiting">{words.common.loading}</p>;
  return (
    <div class="notice notice-attention" role="alert">
      <p>{problemInWords(of.problem, { words, locale })}</p>
      <p class="choices">
        <button type="button" onClick={of.again}>
          {words.common.again}
        </button>
        <Link to="/" class="button">
          {words.common.home}
        </Link>
      </p>
    </div>
  );
}

/** What went wrong with something that a person started; nothing while nothing did. */
export function Problem({ of }: { readonly of: unknown }) {
  const { words, locale } = useApp();
  if (of === null) return null;
  return (
    <p class="notice notice-attention" role="alert">
      <span class="sign" aria-hidden="true">
        ◆
      </span>{" "}
      {problemInWords(of, { words, locale })}
      {codeOf(of) === STORE_FULL && (
        <>
          {" "}
          <Link to={`/sync?${FOUND_FULL}`}>{words.storage.more}</Link>
        </>
      )}
    </p>
  );
}

/** Nothing there yet: what would be here. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

/** What kind of thing this is: a sign and a word or two. */
export function Badge({ kind, children }: { readonly kind: BadgeKind; readonly children: ComponentChildren }) {
  return (
    <span class={`badge badge-${kind}`}>
      <span class="sign" aria-hidden="true">
        {SIGNS[kind]}
      </span>
      {children}
    </span>
  );
}

export type BadgeKind = "attention" | "good" | "note" | "quiet";

const SIGNS: Readonly<Record<BadgeKind, string>> = { attention: "◆", good: "✓", note: "●", quiet: "○" };
