// Inflating with a bound: a kilobyte may hold a megabyte.

import { ZStream, Z_BUF_ERROR, Z_NO_FLUSH, Z_OK, Z_STREAM_END, zlibInflate, zlibInflateInit2 } from "pako";

import { joined } from "../bytes.ts";

const CHUNK = 64 * 1024;
const WINDOW_BITS = { zlib: 15, raw: -15 };

/** What there is in deflated bytes; or why not: more than was asked for, damaged, or not ending where it should. */
export type Inflated = Uint8Array<ArrayBuffer> | "too large" | "damaged" | "unended";

/** Inflate at most `most` bytes, of zlib's format or of deflate alone. Never more than that is held. */
export function inflated(data: Uint8Array, most: number, format: keyof typeof WINDOW_BITS): Inflated {
  const stream = new ZStream();
  zlibInflateInit2(stream, WINDOW_BITS[format]);
  stream.input = data;
  stream.avail_in = data.length;
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    stream.output = new Uint8Array(Math.min(CHUNK, most + 1 - size));
    stream.next_out = 0;
    stream.avail_out = stream.output.length;
    const status = zlibInflate(stream, Z_NO_FLUSH);
    parts.push(stream.output.subarray(0, stream.next_out));
    size += stream.next_out;
    if (size > most) return "too large";
    if (status === Z_STREAM_END) return stream.avail_in ? "unended" : joined(parts);
    if (status !== Z_OK && status !== Z_BUF_ERROR) return "damaged";
    if (stream.avail_out) return "unended"; // all was read, and there is nothing more to come
  }
}
