// One section of an entry that is edited: of the type and under the wording that it was answered under.

import type { Plan } from "@intersession/client/generated/answers.ts";
import type { Field, Section } from "@intersession/client/generated/models.ts";
import { useState } from "preact/hooks";
import { FieldInput, Prose } from "./Fields.tsx";

interface SectionInputGiven {
  readonly section: Section;
  readonly plan: Plan;
  readonly onChange: (section: Section) => void;
}

/** The answer of a section, to be given anew, and what was said beside it. */
export function SectionInput({ section, plan, onChange }: SectionInputGiven) {
  const [saysMore] = useState(section.text !== "");
  const { type, prompt, text } = section;
  const field = useFieldOf(section, plan);
  const prose = <Prose label={prompt} value={text} onChange={(next) => onChange({ ...section, text: next })} />;
  if (type === "prose") return prose;
  return (
    <>
      <FieldInput
        field={field}
        value={section.value}
        onChange={(value) => onChange({ ...section, value, label: labelAt(field, value) })}
      />
      {saysMore && prose}
    </>
  );
}

/** The question of a section: as it is asked now, or what is left of it where it is asked in other words or not at all. */
function useFieldOf({ key, type, prompt, value, unit }: Section, plan: Plan): Field {
  const asked = plan.sections[key];
  const [chosen] = useState(typeof value === "string" ? [value] : Array.isArray(value) ? (value as string[]) : []);
  if (asked !== undefined && asked.type === type && asked.prompt === prompt) {
    return { ...asked, options: [...new Set([...asked.options, ...chosen])] };
  }
  // Which ends a scale had then is not known any more, so it cannot be drawn.
  const answerable = type === "scale" ? "number" : type;
  return { order: 0, prompt, type: answerable, required: false, low: null, high: null, labels: [], options: chosen, unit };
}

/** What a point of a scale is called. */
function labelAt(field: Field, value: Section["value"]): string {
  return field.type === "scale" ? (field.labels.find((one) => one.at === value)?.text ?? "") : "";
}
