import { corrected, marksBefore, type Marks } from "@intersession/client/documents/care/progress.ts";
import { answers } from "@intersession/client/documents/forms.ts";
import { checkRequired, sectionsFrom } from "@intersession/client/documents/diary/sections.ts";
import { jsonText, readJson, type Json } from "@intersession/client/documents/json.ts";
import { textOfAssessment, textOfRecord } from "@intersession/client/documents/readable.ts";
import { isRecordKind, type RecordKind } from "@intersession/client/documents/shapes.ts";
import { storedStruct, structOf, type StructName } from "@intersession/client/documents/types.ts";
import type { Assessment, Field, HomeworkProgress, Records } from "@intersession/client/generated/models.ts";
import { isName, nameKey, newNames, spelledAs, tidyName } from "@intersession/client/text/names.ts";
import type { Answers } from "./answers.ts";
import { orRefused } from "./refused.ts";

interface Form {
  readonly fields: readonly (readonly [string, Partial<Field>])[];
  readonly given: Readonly<Record<string, unknown>>;
}

const fieldsIn = ({ fields }: Form): (readonly [string, Field])[] =>
  fields.map(([id, field]) => [id, structOf("Field", field) as unknown as Field] as const);

export const FORMS: Answers = {
  answers: (form: Form) => orRefused(() => answers(fieldsIn(form), form.given)),
  sections: (form: Form) =>
    orRefused(() => {
      const sections = sectionsFrom(fieldsIn(form), form.given);
      checkRequired(fieldsIn(form), sections);
      return sections;
    }),
  names: ({ names, most }: { names: readonly string[]; most: number }) => {
    const met = newNames(most);
    const shown = names.map((name) => met.meet(name));
    return {
      shown,
      all: met.shown(),
      left_out: met.leftOut(),
      names: names.map((name) => [tidyName(name), nameKey(name), isName(name)]),
      spelled: spelledAs(names[0] ?? "", names.slice(1)),
    };
  },
  /** A JSON text as a struct, and that as it is written. */
  struct: ({ name, text }: { name: StructName; text: string }) =>
    orRefused(() => {
      const value = structOf(name, readJson(text));
      return { value, text: jsonText(storedStruct(name, value)) };
    }),
  corrected: (given: { progress: Partial<HomeworkProgress>; id: string; now: string; marks: Partial<Marks> }) => {
    const progress = structOf("HomeworkProgress", given.progress) as unknown as HomeworkProgress;
    const after = corrected(progress, given.id, given.now, given.marks);
    return { after, before: marksBefore(after) };
  },
  readable: ({ kind, model }: { kind: string; model: Json }) =>
    isRecordKind(kind)
      ? textOfRecord(kind, model as unknown as Records[RecordKind])
      : textOfAssessment(structOf("Assessment", model) as unknown as Assessment),
};
