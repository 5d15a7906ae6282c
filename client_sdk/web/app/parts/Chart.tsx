// A line of values over time, as a picture and as a table.

import type { IsoMoment } from "@intersession/client/generated/models.ts";
import { useApp } from "../shell/app.ts";
import { dayOnAxis, momentInWords } from "../words/moments.ts";

/** One value in time. */
export interface ChartPoint {
  readonly at: IsoMoment;
  readonly value: number;
  readonly note?: string;
}

interface ChartGiven {
  readonly name: string;
  readonly points: readonly ChartPoint[];
  readonly low: number;
  readonly high: number;
}

const WIDTH = 320;
const HEIGHT = 132;
const LEFT = 26;
const RIGHT = 10;
const TOP = 10;
const BOTTOM = 22;
/** More dots than this are a smear; the line says it all then. */
const MOST_DOTS = 60;

/** Where each point lies in the picture; oldest first. */
export function placed(
  points: readonly ChartPoint[],
  low: number,
  high: number,
): readonly { readonly x: number; readonly y: number }[] {
  const times = points.map((point) => Date.parse(point.at));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const span = last - first;
  const range = high - low || 1;
  return points.map((point, at) => {
    // A single moment stands in the middle.
    const share = span === 0 ? 0.5 : ((times[at] ?? first) - first) / span;
    const height = Math.min(1, Math.max(0, (point.value - low) / range));
    return {
      x: round(LEFT + share * (WIDTH - LEFT - RIGHT)),
      y: round(TOP + (1 - height) * (HEIGHT - TOP - BOTTOM)),
    };
  });
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** A chart with its table below. `points` in any order. */
export function Chart({ name, points, low, high }: ChartGiven) {
  const { words, locale } = useApp();
  const sorted = [...points].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const [first, last] = [sorted[0], sorted[sorted.length - 1]];
  if (first === undefined || last === undefined) return null;
  const places = placed(sorted, low, high);
  const values = sorted.map((point) => point.value);
  const now = new Date();
  const label = words.progress.chart(name, values.length, Math.min(...values), Math.max(...values), last.value);
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        {[low, (low + high) / 2, high].map((value) => {
          const y = TOP + (1 - (value - low) / (high - low || 1)) * (HEIGHT - TOP - BOTTOM);
          return (
            <g key={value}>
              <line class="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={y} y2={y} />
              {value !== (low + high) / 2 && (
                <text class="axis" x={LEFT - 5} y={y + 4} text-anchor="end">
                  {value}
                </text>
              )}
            </g>
          );
        })}
        <polyline class="line" points={places.map(({ x, y }) => `${x},${y}`).join(" ")} />
        {places.length <= MOST_DOTS && places.map(({ x, y }, at) => <circle key={at} class="dot" cx={x} cy={y} r="3" />)}
        <text class="axis" x={LEFT} y={HEIGHT - 6}>
          {dayOnAxis(first.at, locale)}
        </text>
        {sorted.length > 1 && (
          <text class="axis" x={WIDTH - RIGHT} y={HEIGHT - 6} text-anchor="end">
            {dayOnAxis(last.at, locale)}
          </text>
        )}
      </svg>
      <details>
        <summary>{words.progress.table}</summary>
        <table>
          <caption class="unseen">{name}</caption>
          <thead>
            <tr>
              <th scope="col">{words.progress.day}</th>
              <th scope="col" class="figure">
                {words.progress.value}
              </th>
            </tr>
          </thead>
          <tbody>
            {[...sorted].reverse().map((point, at) => (
              <tr key={at}>
                <td>
                  {momentInWords(point.at, locale, now)}
                  {point.note !== undefined && <span class="hint"> {point.note}</span>}
                </td>
                <td class="figure">{point.value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
