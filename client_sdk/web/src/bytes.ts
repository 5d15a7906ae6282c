// Bytes and the texts that stand for them.

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Bytes as lower-case hexadecimal digits. */
export function hexOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** The bytes that hexadecimal digits say. Throws `RangeError` for any other text. */
export function ofHex(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 2 || !/^[0-9a-f]*$/i.test(text)) throw new RangeError("These are not hexadecimal digits of bytes.");
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

/** A text as UTF-8; what is half a character becomes U+FFFD. */
export const utf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);

/** The text that bytes are in UTF-8, a byte order mark included. Throws `TypeError` where they are none. */
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);

/** A UUID's 16 bytes as text. */
export function uuidOf(bytes: Uint8Array): string {
  const hex = hexOf(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The 16 bytes of a UUID that is written as `uuidOf` writes it. */
export const uuidBytes = (uuid: string): Uint8Array<ArrayBuffer> => ofHex(uuid.replaceAll("-", ""));

/** All of them, one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Whether both are the same bytes. */
export const sameBytes = (one: Uint8Array, other: Uint8Array): boolean => compareBytes(one, other) === 0;

/** Less than 0 where `one` comes before `other`, byte by byte; what is the beginning of the other comes first. */
export function compareBytes(one: Uint8Array, other: Uint8Array): number {
  const shorter = Math.min(one.length, other.length);
  for (let at = 0; at < shorter; at += 1) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0);
    if (difference) return difference;
  }
  return one.length - other.length;
}

/** A whole number >= 0, big end first, in so many bytes. */
export function bigEndian(number: number | bigint, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let left = BigInt.asUintN(8 * length, BigInt(number));
  for (let at = length - 1; at >= 0; at -= 1) {
    bytes[at] = Number(left & 0xffn);
    left >>= 8n;
  }
  return bytes;
}
