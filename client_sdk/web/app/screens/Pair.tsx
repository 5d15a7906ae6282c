// Connecting with a practice: what will be shared is said and chosen before anything is sent.

import { useState } from "preact/hooks";
import { Line, Options } from "../parts/Fields.tsx";
import { Scanner } from "../parts/Scanner.tsx";
import { Actions, Part, Screen } from "../parts/Screen.tsx";
import { Problem } from "../parts/Shown.tsx";
import { useApp, useAsked, useDoing } from "../shell/app.ts";
import { go, useHere } from "../shell/router.ts";
import { scannedCode } from "../shell/scannedCode.ts";
import { canScan } from "../shell/scanning.ts";
import { Today } from "./Today.tsx";

/** The code in a link from a QR code: its fragment, which no server sees. */
export function codeOf(fragment: string): string {
  try {
    return decodeURIComponent(fragment).trim();
  } catch {
    return "";
  }
}

/** A device that has a practice: it connects anew where its access has ended, or where it has left. */
export function PairAgain() {
  const { faces, locale } = useApp();
  const { fragment } = useHere();
  const status = useAsked(() => faces.device.status(locale), [locale]);
  if (status.state !== "ready") return <></>;
  const { access_ended: ended, last_error: why } = status.value;
  // Else a link for pairing was opened again.
  return ended || why?.code === LEFT ? <Pair key={fragment} /> : <Today />;
}

const LEFT = "not_paired";

export function Pair() {
  const { words, faces, restart } = useApp();
  const fromLink = codeOf(useHere().fragment);
  const [code, setCode] = useState(fromLink);
  const [isScanned, setScanned] = useState(fromLink !== "");
  const [wrong, setWrong] = useState("");
  const [shared, setShared] = useState(false);
  const doing = useDoing();
  return (
    <Screen title={words.pair.title} above="/">
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          // A slip of the finger is told here: the server counts wrong codes, and stops taking them.
          const read = scannedCode(code, location.origin);
          setWrong(read.is === "code" ? "" : read.is === "none" ? words.pair.shape : words.scan.elsewhere(read.host));
          if (read.is !== "code") return;
          doing.run(async () => {
            await faces.device.pair({ url: location.origin, code: read.code, share_by_default: shared });
            // Asked now, when it is clear why: whoever has paired wants it kept.
            await navigator.storage?.persist?.();
            go("/", { replace: true });
            restart();
          });
        }}
      >
        <Scan
          onCode={(found) => {
            setCode(found);
            setScanned(true);
            setWrong("");
          }}
        />
        <Line
          label={words.pair.code}
          hint={words.pair.codeHint}
          value={code}
          onChange={(typed) => {
            setCode(typed);
            setScanned(false);
            setWrong("");
          }}
        />
        <p class="hint" role="status">
          {isScanned && words.pair.scanned}
        </p>
        {wrong !== "" && (
          <p class="notice notice-attention" role="alert">
            {wrong}
          </p>
        )}
        <Part title={words.pair.what} id="what">
          <p>{words.pair.always}</p>
          <Options
            legend={words.pair.ask}
            options={[
              { text: words.pair.private, value: false, says: words.pair.privateSays },
              { text: words.pair.shared, value: true, says: words.pair.sharedSays },
            ]}
            value={shared}
            onChange={(value) => setShared(value ?? false)}
            optional={false}
          />
          <p>{words.pair.never}</p>
          <p class="hint">{words.pair.nothing}</p>
        </Part>
        <Problem of={doing.problem} />
        <Actions>
          <button type="submit" class="main-button" disabled={doing.busy || code.trim() === ""}>
            {doing.busy ? words.pair.connecting : words.pair.connect}
          </button>
        </Actions>
      </form>
    </Screen>
  );
}

/** Takes the code from the QR code that the practice shows, where this device has a camera to do it with. */
function Scan({ onCode }: { readonly onCode: (code: string) => void }) {
  const { words } = useApp();
  const [isOpen, setOpen] = useState(false);
  const [says, setSays] = useState("");
  if (!canScan()) return null;
  const read = (text: string): void => {
    const found = scannedCode(text, location.origin);
    if (found.is === "code") {
      setOpen(false);
      setSays("");
      onCode(found.code);
    } else {
      setSays(found.is === "none" ? words.scan.none : words.scan.elsewhere(found.host));
    }
  };
  const failed = (problem: unknown): void => {
    setOpen(false);
    const isRefused = problem instanceof DOMException && problem.name === "NotAllowedError";
    setSays(isRefused ? words.scan.refused : words.scan.noCamera);
  };
  return (
    <>
      {isOpen ? (
        <Scanner onText={read} onProblem={failed} onClose={() => setOpen(false)} />
      ) : (
        <button
          type="button"
          onClick={() => {
            setSays("");
            setOpen(true);
          }}
        >
          {words.scan.open}
        </button>
      )}
      <p class="hint" role="status">
        {says}
      </p>
    </>
  );
}
