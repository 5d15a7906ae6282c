// A link within the app.

import type { ComponentChildren } from "preact";
import { go, hrefOf } from "../shell/router.ts";

interface LinkGiven {
  readonly to: string;
  readonly class?: string;
  readonly current?: boolean;
  readonly label?: string;
  readonly children: ComponentChildren;
}

/** Goes to a path without loading anything; with a key held it is a link like any other. */
export function Link({ to, class: name, current, label, children }: LinkGiven) {
  return (
    <a
      href={hrefOf(to)}
      class={name}
      aria-current={current === true ? "page" : undefined}
      aria-label={label}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}
