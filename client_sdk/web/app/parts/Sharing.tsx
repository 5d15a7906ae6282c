// Private or shared: said of everything, chosen before it is kept, changed later.

import { useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { IsoMoment } from "@intersession/client/generated/models.ts";
import { LATE_AFTER } from "@intersession/client/time/moments.ts";
import { useApp, useDoing } from "../shell/app.ts";
import { Confirm } from "./Confirm.tsx";
import { Options } from "./Fields.tsx";
import { Badge, Problem } from "./Shown.tsx";

interface Sent {
  readonly shared: boolean;
  readonly entered_at: IsoMoment;
  readonly arrived_at: IsoMoment | null;
  readonly late: boolean;
  readonly corrected_at: IsoMoment | null;
}

interface StatesGiven {
  readonly of: Sent;
  /** When it was. */
  readonly about: IsoMoment;
}

/** Who can read it, whether it has been sent, whether that or entering it was long after it was, whether it was corrected. */
export function States({ of, about }: StatesGiven) {
  const { words } = useApp();
  const entered = Date.parse(of.entered_at) - Date.parse(about) > Number(LATE_AFTER) / 1_000;
  return (
    <span class="badges">
      {of.shared ? (
        <Badge kind="note">{words.sharing.shared}</Badge>
      ) : (
        <Badge kind="quiet">{words.sharing.private}</Badge>
      )}
      {of.shared && of.arrived_at === null && <Badge kind="quiet">{words.states.notSent}</Badge>}
      {of.late && <Badge kind="quiet">{entered ? words.states.late : words.states.sentLater}</Badge>}
      {of.corrected_at !== null && <Badge kind="quiet">{words.states.corrected}</Badge>}
    </span>
  );
}

interface SharingGiven {
  readonly shared: boolean;
  readonly onChange: (shared: boolean) => void;
}

/** The choice before something is kept. */
export function SharingChoice({ shared, onChange }: SharingGiven) {
  const { words } = useApp();
  return (
    <Options
      legend={words.sharing.choice}
      options={[
        { text: words.sharing.privateChoice, value: false },
        { text: words.sharing.sharedChoice, value: true },
      ]}
      value={shared}
      onChange={(value) => onChange(value ?? false)}
      optional={false}
    />
  );
}

interface AskingGiven {
  readonly label: string;
  readonly title: string;
  readonly says: ComponentChildren;
  readonly act?: string;
  readonly ends?: boolean;
  /** Beside other things in a list, where it should not stand out. */
  readonly small?: boolean;
  /** What it is about, for whoever does not see what it stands beside. */
  readonly about?: string;
  readonly onYes: () => Promise<unknown>;
}

/** A button that asks before it does what it says. */
export function AskingButton({ label, title, says, act, ends, small, about, onYes }: AskingGiven) {
  const [asking, setAsking] = useState(false);
  const doing = useDoing();
  return (
    <>
      <button
        type="button"
        class={small === true ? "small-button" : ends === true ? "end-button" : undefined}
        aria-label={about === undefined ? undefined : `${label}: ${about}`}
        disabled={doing.busy}
        onClick={() => setAsking(true)}
      >
        {label}
      </button>
      <Problem of={doing.problem} />
      {asking && (
        <Confirm
          title={title}
          act={act ?? label}
          ends={ends === true}
          onNo={() => setAsking(false)}
          onYes={() => {
            setAsking(false);
            doing.run(onYes);
          }}
        >
          {typeof says === "string" ? <p>{says}</p> : says}
        </Confirm>
      )}
    </>
  );
}

interface SharingButtonsGiven {
  readonly shared: boolean;
  /** What sharing and withdrawing mean for it. */
  readonly says: { readonly share: string; readonly withdraw: ComponentChildren };
  readonly onShare: () => Promise<void>;
  readonly onWithdraw: () => Promise<void>;
  readonly onDelete: () => Promise<void>;
}

/** Share what is private, or delete it; withdraw what is shared. Each is asked about first. */
export function SharingButtons({ shared, says, onShare, onWithdraw, onDelete }: SharingButtonsGiven) {
  const { words } = useApp();
  if (shared) {
    return (
      <AskingButton
        label={words.sharing.withdraw}
        title={words.sharing.withdrawAsk}
        says={says.withdraw}
        ends
        onYes={onWithdraw}
      />
    );
  }
  return (
    <>
      <AskingButton label={words.sharing.share} title={words.sharing.shareAsk} says={says.share} onYes={onShare} />
      <AskingButton
        label={words.common.delete}
        title={words.sharing.deleteAsk}
        says={words.sharing.deleteSays}
        ends
        onYes={onDelete}
      />
    </>
  );
}
