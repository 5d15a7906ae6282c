// The camera, looking for a QR code.

import { useEffect, useRef } from "preact/hooks";
import { useApp } from "../shell/app.ts";
import { scan } from "../shell/scanning.ts";

interface ScannerGiven {
  /** A code was read; the same one may be told again and again. */
  readonly onText: (text: string) => void;
  readonly onProblem: (problem: unknown) => void;
  readonly onClose: () => void;
}

/** Shows what the camera sees, until it is closed or the app goes into the background. */
export function Scanner({ onText, onProblem, onClose }: ScannerGiven) {
  const { words } = useApp();
  const video = useRef<HTMLVideoElement>(null);
  const told = useRef({ onText, onProblem, onClose });
  told.current = { onText, onProblem, onClose };
  useEffect(() => {
    const ended = new AbortController();
    const { signal } = ended;
    const turned = (): void => {
      if (document.visibilityState !== "hidden") return;
      ended.abort(); // at once: what is drawn out of sight may come late
      told.current.onClose();
    };
    document.addEventListener("visibilitychange", turned, { signal });
    if (video.current !== null) {
      scan(video.current, (text) => told.current.onText(text), signal).catch(
        (problem: unknown) => !signal.aborted && told.current.onProblem(problem),
      );
    }
    return () => ended.abort();
  }, []);
  return (
    <div class="card">
      <p role="status">{words.scan.hold}</p>
      <video ref={video} class="camera" muted playsInline aria-label={words.scan.picture} />
      <button type="button" onClick={onClose}>
        {words.scan.stop}
      </button>
    </div>
  );
}
