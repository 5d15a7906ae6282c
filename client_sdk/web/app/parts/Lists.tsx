// What lists of one's own have in common: what is current, what is over behind it, and a form for another one.

import type { ComponentChildren } from "preact";
import type { Doing } from "../shell/app.ts";
import { Empty, Problem } from "./Shown.tsx";

interface CurrentAndOverGiven<One> {
  readonly of: readonly One[];
  readonly isOver: (one: One) => boolean;
  /** What is said where nothing is current. */
  readonly nothing: string;
  /** What those are called that are over. */
  readonly over: string;
  readonly children: (of: readonly One[]) => ComponentChildren;
}

/** Those that are current; those that are over can be opened below. */
export function CurrentAndOver<One>({ of, isOver, nothing, over, children }: CurrentAndOverGiven<One>) {
  const current = of.filter((one) => !isOver(one));
  const past = of.filter(isOver);
  return (
    <>
      {current.length === 0 ? <Empty>{nothing}</Empty> : children(current)}
      {past.length > 0 && (
        <details>
          <summary>{over}</summary>
          {children(past)}
        </details>
      )}
    </>
  );
}

interface AddFormGiven {
  readonly doing: Doing;
  /** What the button says. */
  readonly act: string;
  /** There is something to add. */
  readonly ready: boolean;
  /** It is what one comes to this screen for. */
  readonly main?: boolean;
  readonly onAdd: () => Promise<unknown>;
  readonly children: ComponentChildren;
}

/** A form that adds something; what went wrong stands above its button. */
export function AddForm({ doing, act, ready, main, onAdd, children }: AddFormGiven) {
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) doing.run(onAdd);
      }}
    >
      {children}
      <Problem of={doing.problem} />
      <button type="submit" class={main === true ? "main-button" : undefined} disabled={doing.busy || !ready}>
        {act}
      </button>
    </form>
  );
}
