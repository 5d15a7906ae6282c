// Changes, which the vectors have in base64.

/** The bytes of changes. */
export const bytesOf = (changes: readonly string[] = []): Uint8Array[] =>
  changes.map((one) => Uint8Array.from(atob(one), (letter) => letter.charCodeAt(0)));

/** A change as text; null for none. */
export function written(change: Uint8Array | null): string | null {
  if (change === null) return null;
  let letters = "";
  for (const byte of change) letters += String.fromCharCode(byte);
  return btoa(letters);
}
