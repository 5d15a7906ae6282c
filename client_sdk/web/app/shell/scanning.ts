// Reading a QR code with this device's camera. The picture stays in this page: nothing of it is kept or sent.

import decodeQR from "qr/decode.js";

/** Milliseconds between two looks: often enough for a hand that holds still, and the phone stays cool. */
const EVERY = 150;
/** The longer side of the picture that is looked at, in pixels. */
const LOOKED_AT = 800;

/** Whether this browser has a camera to ask for; over plain http there is none. */
export const canScan = (): boolean => typeof navigator.mediaDevices?.getUserMedia === "function";

/**
 * Show the camera in `video` and call `found` with the text of each QR code that is held before it, until `signal` ends it.
 *
 * Throws `NotAllowedError` where the person or the browser does not allow it, and what else a camera may throw.
 */
export async function scan(video: HTMLVideoElement, found: (text: string) => void, signal: AbortSignal): Promise<void> {
  const camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  const stop = (): void => camera.getTracks().forEach((track) => track.stop());
  if (signal.aborted) return stop();
  signal.addEventListener("abort", stop, { once: true });
  video.srcObject = camera;
  await video.play().catch((problem: unknown) => {
    if (!signal.aborted) throw problem; // closed before it had begun
  });
  const canvas = document.createElement("canvas");
  while (!signal.aborted) {
    const text = textIn(video, canvas);
    if (text !== null) found(text);
    await new Promise((resolve) => setTimeout(resolve, EVERY));
  }
}

/** The text of the QR code that is in sight; null for none. */
function textIn(video: HTMLVideoElement, canvas: HTMLCanvasElement): string | null {
  const scale = Math.min(1, LOOKED_AT / Math.max(video.videoWidth, video.videoHeight));
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  if (drawing === null || canvas.width === 0 || canvas.height === 0) return null;
  drawing.drawImage(video, 0, 0, canvas.width, canvas.height);
  try {
    return decodeQR(drawing.getImageData(0, 0, canvas.width, canvas.height));
  } catch {
    return null; // that is how it says that there is none
  }
}
