// A number on a scale, chosen by one tap.

import { useId } from "preact/hooks";
import type { Label } from "@intersession/client/generated/models.ts";
import { useApp } from "../shell/app.ts";

interface ScaleGiven {
  readonly legend: string;
  readonly low: number;
  readonly high: number;
  readonly labels?: readonly Label[];
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
  /** Whether it may be left without a value. */
  readonly optional?: boolean;
  readonly hint?: string;
  /** What it is about stands above it already. */
  readonly unseenLegend?: boolean;
}

/** Beyond this many points a slider is easier to use than buttons. */
const MOST_BUTTONS = 21;

/** More than this many buttons do not fit beside one another on a phone. */
const MOST_BESIDE = 7;

/** How many buttons stand in a row, so that all rows are about as long: 0 to 10 are six and five. */
function columnsOf(points: number): number {
  return Math.ceil(points / Math.ceil(points / MOST_BESIDE));
}

/** Buttons for each point, or a slider where there are too many of them. */
export function Scale(given: ScaleGiven) {
  const { words } = useApp();
  const { legend, low, high, labels = [], value, onChange, optional, hint, unseenLegend } = given;
  const id = useId();
  const called = (at: number): string | undefined => labels.find((one) => one.at === at)?.text;
  const points = Array.from({ length: Math.max(0, high - low + 1) }, (_, at) => low + at);
  return (
    <fieldset class="scale">
      <legend class={unseenLegend === true ? "unseen" : undefined}>{legend}</legend>
      {hint !== undefined && <p class="hint">{hint}</p>}
      {points.length > MOST_BUTTONS ? (
        <Slider {...given} />
      ) : (
        <div class="points" style={{ "--columns": columnsOf(points.length) }}>
          {points.map((point) => (
            <label key={point} class="point">
              <input
                type="radio"
                name={id}
                autocomplete="off"
                checked={value === point}
                onChange={() => onChange(point)}
              />
              <span>
                {point}
                {called(point) !== undefined && <span class="unseen"> {called(point)}</span>}
              </span>
            </label>
          ))}
        </div>
      )}
      {labels.length > 0 && (
        <p class="ends" aria-hidden="true">
          {[...labels]
            .sort((one, other) => one.at - other.at)
            .map((one) => (
              <span key={one.at}>
                {one.at} {one.text}
              </span>
            ))}
        </p>
      )}
      {optional === true && value !== null && (
        <button type="button" class="small-button" onClick={() => onChange(null)}>
          {words.common.noAnswer}
        </button>
      )}
    </fieldset>
  );
}

function Slider({ legend, low, high, value, onChange }: ScaleGiven) {
  return (
    <div class="slider">
      <input
        type="range"
        autocomplete="off"
        min={low}
        max={high}
        step={1}
        value={value ?? low}
        aria-label={legend}
        // A slider that was not touched is no answer, though it has to stand somewhere.
        aria-valuetext={value === null ? "–" : String(value)}
        onInput={(event) => onChange(Number(event.currentTarget.value))}
        onClick={(event) => onChange(Number(event.currentTarget.value))}
      />
      <output>{value ?? "–"}</output>
    </div>
  );
}
