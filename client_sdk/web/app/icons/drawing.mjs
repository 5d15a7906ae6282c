// The app's sign, drawn once: a wave on a warm ground, as SVG and as PNG of any size.
//
// PNG is deflated by pako, since what Node.js makes of the same pixels depends on its zlib and on the processor.

import { deflate } from "pako";

const GROUND = [0x8a, 0x45, 0x27];
const WAVE = [0xff, 0xf8, 0xf0];
/** The wave in a square of 32: where it begins, and its two curves. */
const BEGIN = [7, 21];
const CURVES = [
  [[11, 21], [11, 11], [16, 11]],
  [[21, 11], [21, 21], [25, 21]],
];
const STROKE = 3;
const ROUND = 7;
/** Each pixel is looked at this many times in each direction, so that edges are smooth. */
const SAMPLES = 4;

/** The sign as SVG. */
export function svg() {
  const hex = (colour) => `#${colour.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  const path = `M${BEGIN.join(" ")}${CURVES.map((curve) => `C${curve.map((point) => point.join(" ")).join(" ")}`).join("")}`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="${ROUND}" ` +
    `fill="${hex(GROUND)}"/><path d="${path}" fill="none" stroke="${hex(WAVE)}" stroke-width="${STROKE}" ` +
    `stroke-linecap="round"/></svg>\n`
  );
}

/** Points along the wave, close enough together to measure distances from. */
function alongWave() {
  const points = [];
  let from = BEGIN;
  for (const [one, two, to] of CURVES) {
    for (let at = 0; at <= 64; at += 1) {
      const t = at / 64;
      const s = 1 - t;
      const along = (axis) =>
        s * s * s * from[axis] + 3 * s * s * t * one[axis] + 3 * s * t * t * two[axis] + t * t * t * to[axis];
      points.push([along(0), along(1)]);
    }
    from = to;
  }
  return points;
}

/** Whether a point of the square lies within its rounded corners. */
function inGround(x, y) {
  const beyond = (value) => Math.max(ROUND - value, value - (32 - ROUND), 0);
  return Math.hypot(beyond(x), beyond(y)) <= ROUND;
}

/** The sign as PNG, `size` pixels wide. `whole`: without corners, and smaller, for platforms that cut their own shape. */
export function png(size, { whole = false } = {}) {
  const wave = alongWave();
  const scale = whole ? 0.75 : 1;
  const place = (pixel) => 16 + ((pixel / size) * 32 - 16) / scale;
  // Only what is as near as this to the middle of a pixel can be as near as half a stroke to any of it.
  const reach = STROKE / 2 + 32 / size / scale;
  const rows = [];
  for (let row = 0; row < size; row += 1) {
    const line = Buffer.alloc(1 + size * 4);
    const beside = wave.filter(([, y]) => Math.abs(y - place(row + 0.5)) <= reach);
    for (let column = 0; column < size; column += 1) {
      const near = beside.filter(([x]) => Math.abs(x - place(column + 0.5)) <= reach);
      let [ground, lit] = [0, 0];
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
        const x = ((column + ((sample % SAMPLES) + 0.5) / SAMPLES) / size) * 32;
        const y = ((row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) / size) * 32;
        if (!whole && !inGround(x, y)) continue;
        ground += 1;
        const [inX, inY] = [16 + (x - 16) / scale, 16 + (y - 16) / scale];
        if (near.some(([px, py]) => (px - inX) ** 2 + (py - inY) ** 2 <= (STROKE / 2) ** 2)) lit += 1;
      }
      const share = ground === 0 ? 0 : lit / ground;
      for (let part = 0; part < 3; part += 1) {
        line[1 + column * 4 + part] = Math.round(GROUND[part] * (1 - share) + WAVE[part] * share);
      }
      line[4 + column * 4] = Math.round((255 * ground) / (SAMPLES * SAMPLES));
    }
    rows.push(line);
  }
  return encoded(size, Buffer.concat(rows));
}

function encoded(size, pixels) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8); // eight bits a channel, with transparency
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflate(pixels, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name, content) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), content]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(content.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return (sum ^ 0xffffffff) >>> 0;
}
