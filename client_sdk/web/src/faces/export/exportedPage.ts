// An export as people read it: one page of HTML, with no script and nothing from elsewhere. Pure.

import type { Answer, IsoMoment, Section } from "../../generated/models.ts";
import type * as answers from "../../generated/answers.ts";
import type { Export } from "./exporting.ts";
import { wordsOfExport, type ExportWords } from "./exportWords.ts";

const STYLE =
  "body{font:1rem/1.5 sans-serif;max-width:45rem;margin:2rem auto;padding:0 1rem}" +
  "article{border-top:1px solid #999;padding:.5rem 0}.said{white-space:pre-wrap}small{color:#444}";
const MINUTES = 16;
const ESCAPED = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#x27;"],
]);

/** Everything as one page, in the language of a locale. */
export function exportedPage(found: Export, locale: string): string {
  const words = wordsOfExport(locale);
  const { parts } = words;
  const title = escaped(found.name || words.record);
  const blocks = [
    `<h1>${title}</h1>`,
    `<p>${escaped(words.exported(momentText(found.exported_at), found.practice))} ` +
      `<strong>${escaped(words.includesPrivate)}</strong></p>`,
    ...part(parts.journal, found.entries.map((one) => entry(words, one))),
    ...part(parts.symptoms, found.symptom_logs.map((one) => log(words, one))),
    ...part(parts.homework, found.homework.flatMap((one) => homework(words, one))),
    ...part(parts.assessments, found.assessments.map((one) => assessment(words, one))),
    ...part(parts.goals, found.goals.map((one) => goal(words, one))),
    ...part(parts.topics, found.topics.map((one) => topic(words, one))),
    ...part(parts.comments, found.comments.map((one) => article(one.made_at, [said(one.text)]))),
    ...part(
      parts.safety,
      Object.values(found.plan.safety_plan).map(({ text, contact }) => `<p>${escaped(text)} ${escaped(contact)}</p>`),
    ),
    ...part(parts.drafts, found.drafts.map(draft)),
    ...part(parts.refusals, found.refusals.map((one) => article(one.at, [said(one.text)]))),
    ...part(parts.leftOut, [`<ul>${found.left_out.map((one) => `<li>${escaped(one)}</li>`).join("")}</ul>`]),
  ];
  const head = `<meta charset="utf-8"><title>${title}</title><style>${STYLE}</style>`;
  const body = blocks.join("\n");
  return `<!doctype html>\n<html lang="${words.language}"><head>${head}</head>\n<body>\n${body}\n</body></html>\n`;
}

const part = (title: string, blocks: readonly string[]): readonly string[] =>
  blocks.length === 0 ? [] : [`<h2>${escaped(title)}</h2>`, ...blocks];

function entry(words: ExportWords, one: answers.Entry): string {
  const marks = [
    one.shared ? words.shared : words.private,
    ...(one.mood === null ? [] : [words.mood(one.mood)]),
    ...one.tags.map((tag) => `#${tag}`),
  ];
  const sections = one.sections.map((section) => under(section.prompt, answered(words, section)));
  return article(one.written_at, [said(one.text), ...sections], marks.join(", "));
}

function log(words: ExportWords, { at, values, scale, note, shared }: answers.SymptomLog): string {
  const told = Object.entries(values).map(([name, value]) => `${name} ${value}`).join(", ");
  const on = scale === null ? "" : words.scale(...scale);
  return article(at, [`<p>${escaped(told + on)}</p>`, said(note)], shared ? words.shared : words.private);
}

const homework = (words: ExportWords, { what, why, progress }: answers.Assignment): readonly string[] => [
  `<h3>${escaped(what)}</h3>${said(why)}`,
  ...progress.map((one) => {
    const given = one.answers.map((answer) => under(answer.prompt, shown(words, answer)));
    return article(one.done_at, [...given, said(one.learned), said(one.barrier_note)], words.status[one.status]);
  }),
];

function assessment(words: ExportWords, one: answers.Assessment): string {
  const given = one.items.flatMap(({ item, answer }) =>
    answer === null ? [] : [`<p>${escaped(item)}: ${escaped(valueText(words, answer, ""))}</p>`],
  );
  const scores = one.scores.map(({ key, score }) => `${key} ${score ?? words.notScored}`).join("; ");
  const marks = `${one.title}, ${words.state[one.state]}`;
  return article(one.completed_at ?? one.started_at, [...given, said(scores)], marks);
}

function goal(words: ExportWords, { what, why, steps }: answers.Goal): string {
  const listed = steps.map(({ text, done_on: on }) => `<li>${escaped(text + (on === null ? "" : words.done))}</li>`);
  return `<article><h3>${escaped(what)}</h3>${said(why)}<ul>${listed.join("")}</ul></article>`;
}

function topic(words: ExportWords, { text, made_at, talked_on }: answers.Topic): string {
  const mark = talked_on === null ? "" : words.talkedAbout(talked_on);
  return made_at === null ? `<article>${said(text)}</article>` : article(made_at, [said(text)], mark);
}

const draft = ({ title, answers: given, kept_at }: answers.FormDraft): string =>
  article(kept_at, given.map(({ prompt, text }) => under(prompt, text)), title);

/** What a section says, of whatever type. */
const answered = (words: ExportWords, { text, value, unit }: Section): string =>
  [text, valueText(words, value, unit)].filter((one) => one !== "").join("\n");

/** An answer of a worksheet in words. */
const shown = (words: ExportWords, { value, unit }: Answer): string => valueText(words, value, unit);

function valueText(words: ExportWords, value: Answer["value"], unit: string): string {
  if (value === null) return "";
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value === "object") return value.join(", ");
  return `${value} ${unit}`.trimEnd();
}

const article = (at: IsoMoment, blocks: readonly string[], marks = ""): string =>
  `<article><h3>${momentText(at)}</h3><small>${escaped(marks)}</small>${blocks.join("")}</article>`;

const under = (prompt: string, text: string): string => `<h4>${escaped(prompt)}</h4>${said(text)}`;

const said = (text: string): string => (text === "" ? "" : `<div class="said">${escaped(text)}</div>`);

const escaped = (text: string): string => text.replace(/[&<>"']/g, (one) => ESCAPED.get(one) ?? one);

/** A day and a time of day as they were there, with the offset. */
const momentText = (at: IsoMoment): string => `${at.slice(0, MINUTES).replace("T", " ")}${at.slice(-6)}`;
