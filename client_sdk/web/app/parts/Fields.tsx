// Questions of worksheets and of the journal, one part for each type that there is.
//
// Every control says `autocomplete="off"`: else a browser keeps what was typed or chosen in files of its own, to put it
// back after a restart or to suggest it later, and neither a lock nor deleting reaches those.

import { useId } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { AnswersGiven } from "@intersession/client/faces/faces.ts";
import type { Field } from "@intersession/client/generated/models.ts";
import { useApp } from "../shell/app.ts";
import { Scale } from "./Scale.tsx";

type Value = AnswersGiven[string];

interface FieldGiven {
  readonly field: Field;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

/** Fields in their order, with their ids. */
export function inOrder<Ordered extends { readonly order: number }>(
  fields: Readonly<Record<string, Ordered>>,
): readonly (readonly [string, Ordered])[] {
  return Object.entries(fields).sort(([one, a], [other, b]) => a.order - b.order || (one < other ? -1 : 1));
}

/** One question with its answer. */
export function FieldInput({ field, value, onChange }: FieldGiven) {
  const { words } = useApp();
  const asked = field.required ? `${field.prompt} (${words.common.asked})` : field.prompt;
  switch (field.type) {
    case "prose":
      return <Prose label={asked} value={textOf(value)} onChange={onChange} />;
    case "scale":
      return (
        <Scale
          legend={asked}
          low={field.low ?? 0}
          high={field.high ?? 10}
          labels={field.labels}
          value={typeof value === "number" ? value : null}
          onChange={onChange}
          optional
        />
      );
    case "number":
      return <Numeric label={asked} field={field} value={value} onChange={onChange} />;
    case "time":
      return (
        <Labelled label={asked}>
          {(id) => (
            <input
              id={id}
              type="time"
              autocomplete="off"
              value={textOf(value)}
              onInput={(event) => onChange(event.currentTarget.value === "" ? null : event.currentTarget.value)}
            />
          )}
        </Labelled>
      );
    case "yes_no":
      return (
        <Options
          legend={asked}
          options={[
            { text: words.common.yes, value: true },
            { text: words.common.no, value: false },
          ]}
          value={value}
          onChange={onChange}
        />
      );
    case "one_of":
      return (
        <Options
          legend={asked}
          options={field.options.map((text) => ({ text, value: text }))}
          value={value}
          onChange={onChange}
        />
      );
    case "several_of":
    case "checklist":
      return <Several legend={asked} options={field.options} value={value} onChange={onChange} />;
  }
}

function textOf(value: Value): string {
  return typeof value === "string" ? value : "";
}

interface LabelledGiven {
  readonly label: string;
  readonly hint?: string;
  readonly children: (id: string, hint: string | undefined) => ComponentChildren;
}

/** A label above what it is of, with a hint below it. */
export function Labelled({ label, hint, children }: LabelledGiven) {
  const id = useId();
  const hintId = hint === undefined ? undefined : `${id}-hint`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={hintId}>
          {hint}
        </p>
      )}
      {children(id, hintId)}
    </div>
  );
}

interface ProseGiven {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly rows?: number;
  readonly hint?: string;
}

/** Text of several lines; it grows with what is typed. */
export function Prose({ label, value, onChange, rows = 3, hint }: ProseGiven) {
  return (
    <Labelled label={label} {...(hint === undefined ? {} : { hint })}>
      {(id, hintId) => (
        <textarea
          id={id}
          rows={rows}
          value={value}
          autocomplete="off"
          aria-describedby={hintId}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Labelled>
  );
}

interface LineGiven extends Omit<ProseGiven, "rows"> {
  readonly type?: "password" | "search" | "text";
  readonly autocomplete?: string;
}

/** Text of one line. */
export function Line({ label, value, onChange, hint, type = "text", autocomplete = "off" }: LineGiven) {
  return (
    <Labelled label={label} {...(hint === undefined ? {} : { hint })}>
      {(id, hintId) => (
        <input
          id={id}
          {...({ type } as { type: "text" })}
          value={value}
          autocomplete={autocomplete}
          aria-describedby={hintId}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Labelled>
  );
}

interface NumericGiven extends FieldGiven {
  readonly label: string;
}

function Numeric({ label, field, value, onChange }: NumericGiven) {
  const { words } = useApp();
  const bounds = field.low !== null && field.high !== null ? words.common.between(field.low, field.high) : "";
  const hint = [field.unit, bounds].filter(Boolean).join(", ");
  return (
    <Labelled label={label} {...(hint === "" ? {} : { hint })}>
      {(id, hintId) => (
        <input
          id={id}
          type="number"
          autocomplete="off"
          inputMode="decimal"
          step="any"
          min={field.low ?? undefined}
          max={field.high ?? undefined}
          value={typeof value === "number" ? value : ""}
          aria-describedby={hintId}
          onInput={(event) => {
            const typed = event.currentTarget.valueAsNumber;
            onChange(Number.isNaN(typed) ? null : typed);
          }}
        />
      )}
    </Labelled>
  );
}

interface OptionsGiven<Chosen> {
  readonly legend: string;
  readonly options: readonly { readonly text: string; readonly value: Chosen; readonly says?: string }[];
  readonly value: unknown;
  readonly onChange: (value: Chosen | null) => void;
  /** False: one of them has to be chosen. */
  readonly optional?: boolean;
  /** What it is about stands above it already. */
  readonly unseenLegend?: boolean;
}

/** One of several, each a line that is easy to hit. */
export function Options<Chosen>(given: OptionsGiven<Chosen>) {
  const { legend, options, value, onChange, optional = true, unseenLegend } = given;
  const { words } = useApp();
  const id = useId();
  const chosen = options.some((one) => one.value === value);
  return (
    <fieldset class="options">
      <legend class={unseenLegend === true ? "unseen" : undefined}>{legend}</legend>
      {options.map((one) => (
        <label key={one.text} class="option">
          <input
            type="radio"
            name={id}
            autocomplete="off"
            checked={one.value === value}
            onChange={() => onChange(one.value)}
          />
          <span>
            {one.text}
            {one.says !== undefined && <span class="hint">{one.says}</span>}
          </span>
        </label>
      ))}
      {optional && chosen && (
        <button type="button" class="small-button" onClick={() => onChange(null)}>
          {words.common.noAnswer}
        </button>
      )}
    </fieldset>
  );
}

interface SeveralGiven {
  readonly legend: string;
  readonly options: readonly string[];
  readonly value: Value;
  readonly onChange: (value: readonly string[] | null) => void;
}

function Several({ legend, options, value, onChange }: SeveralGiven) {
  const chosen = Array.isArray(value) ? (value as readonly string[]) : [];
  const toggle = (text: string, on: boolean): void => {
    const next = options.filter((one) => (one === text ? on : chosen.includes(one)));
    onChange(next.length === 0 ? null : next);
  };
  return (
    <fieldset class="options">
      <legend>{legend}</legend>
      {options.map((text) => (
        <label key={text} class="option">
          <input
            type="checkbox"
            autocomplete="off"
            checked={chosen.includes(text)}
            onChange={(event) => toggle(text, event.currentTarget.checked)}
          />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface SwitchGiven {
  readonly label: string;
  readonly hint?: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
}

/** Yes or no, at once. */
export function Switch({ label, hint, on, onChange }: SwitchGiven) {
  const id = useId();
  return (
    <div class="switch">
      <input
        id={id}
        type="checkbox"
        autocomplete="off"
        checked={on}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface WhenGiven {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A day and a time, by the clock of this device. */
export function When({ label, value, onChange }: WhenGiven) {
  return (
    <Labelled label={label}>
      {(id) => (
        <input
          id={id}
          type="datetime-local"
          autocomplete="off"
          value={value}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Labelled>
  );
}
