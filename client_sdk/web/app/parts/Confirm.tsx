// A question before something that cannot be taken back.

import { useEffect, useId, useRef } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { useApp } from "../shell/app.ts";

interface ConfirmGiven {
  readonly title: string;
  readonly children?: ComponentChildren;
  /** What the button says that does it. */
  readonly act: string;
  readonly ends?: boolean;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

/** Asks; escape and "Cancel" change nothing. The browser keeps the focus inside. */
export function Confirm({ title, children, act, ends, onYes, onNo }: ConfirmGiven) {
  const { words } = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="confirm"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onNo();
      }}
    >
      <h2 id={id}>{title}</h2>
      {children}
      <div class="choices">
        <button type="button" class={ends === true ? "end-button" : "main-button"} onClick={onYes}>
          {act}
        </button>
        <button type="button" onClick={onNo}>
          {words.common.cancel}
        </button>
      </div>
    </dialog>
  );
}
