// What is around the content of a screen: its heading, the way back, where its main action is.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useApp } from "../shell/app.ts";
import { goBack, hrefOf } from "../shell/router.ts";
import { Icon } from "./Icon.tsx";

interface ScreenGiven {
  readonly title: string;
  /** The screen above this one, for whoever comes from outside; none: this is one of the tabs. */
  readonly above?: string;
  /** Stands beside the heading. */
  readonly beside?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A screen. Its heading takes the focus, so that a screen reader says where one is. */
export function Screen({ title, above, beside, children }: ScreenGiven) {
  const { words } = useApp();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title === words.app ? title : `${title} · ${words.app}`;
  }, [title, words]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <main id="content" class="screen">
      <div class="heading">
        {above !== undefined && (
          <a
            class="back"
            href={hrefOf(above)}
            aria-label={words.common.back}
            onClick={(event) => {
              event.preventDefault();
              goBack(above);
            }}
          >
            <Icon name="back" />
          </a>
        )}
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {beside}
      </div>
      {children}
    </main>
  );
}

/** The main actions of a screen: at the bottom, where a thumb reaches. */
export function Actions({ children }: { readonly children: ComponentChildren }) {
  return <div class="actions">{children}</div>;
}

interface PartGiven {
  readonly title: string;
  readonly id: string;
  readonly children: ComponentChildren;
}

/** A part of a screen with a heading of its own. */
export function Part({ title, id, children }: PartGiven) {
  return (
    <section class="part" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
