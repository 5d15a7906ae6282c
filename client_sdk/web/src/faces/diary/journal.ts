// The journal: entries with prose, sections, mood and tags, on this device first.

import { createEntry, readEntry } from "../../documents/diary/journal.ts";
import { answeredAgain, checkRequired, checkSections, isAnswered, sectionsFrom } from "../../documents/diary/sections.ts";
import { isBlank } from "../../documents/texts.ts";
import { structOf } from "../../documents/types.ts";
import { InvalidField, NotFound } from "../../errors.ts";
import type { Entry, Withdrawal } from "../../generated/answers.ts";
import type { Field, Id, IsoMoment, JournalEntry, Section } from "../../generated/models.ts";
import { withdrawals, withdrawalWith } from "../../replica/documents/erasures.ts";
import type { StoredDocument } from "../../replica/documents/rows.ts";
import { currentId, findDocument } from "../../replica/documents/stored.ts";
import { isShared } from "../../replica/documents/streams.ts";
import { headsOf, newId } from "../../replica/documents/writing.ts";
import { editLongEntry, type TimeCorrection } from "../../replica/longProse.ts";
import { shareEntry } from "../../replica/sharing.ts";
import { entries, entryWith, searchEntries } from "../../replica/tables/entries.ts";
import { checkMoment } from "../../time/moments.ts";
import type { AnswersGiven, EntryEdit, Journal } from "../faces.ts";
import * as given from "../given.ts";
import type { Scope } from "../scope.ts";

const SEARCH_PAGE = 50;

type Asked = readonly (readonly [string, Field])[];

/** The journal of a client's device. */
export function journalOf(scope: Scope): Journal {
  const { replica, store } = scope;

  const current = (id: Id): Id => currentId(store, given.id("id", id));
  const entry = (id: Id): Entry => {
    const found = entryWith(store, id);
    if (found === null) throw noEntry();
    return found;
  };
  const held = (id: Id): StoredDocument => {
    const document = findDocument(store, current(id));
    if (document === null || document.erased || document.kind !== "journal_entry") throw noEntry();
    return document;
  };
  const withdrawal = (id: Id): Withdrawal => {
    const found = withdrawalWith(store, id);
    if (found === null) throw new NotFound("No entry with that id was withdrawn on this device.");
    return found;
  };

  const correction = (before: IsoMoment, at: IsoMoment | undefined): TimeCorrection | undefined => {
    if (at === undefined) return undefined;
    const written_at = given.moment("at", at);
    if (checkMoment("at", written_at).micros === checkMoment("at", before).micros) return undefined;
    return { id: newId(store), time: { written_at, entered_at: store.now(), zone: scope.zoneOf(written_at) } };
  };

  /** What must be answered may not be emptied again. */
  const checkKept = (before: JournalEntry, after: readonly Section[], about: IsoMoment): void => {
    const answered = new Set(before.sections.filter(isAnswered).map(({ key }) => key));
    checkRequired(scope.asked(about).filter(([id]) => answered.has(id)), after);
  };

  return {
    write({ text = "", sections, mood = null, tags = [], at, shared }) {
      const now = store.now();
      const about = at === undefined ? now : given.moment("at", at);
      const said = {
        ...{ written_at: about, entered_at: now, zone: scope.zoneOf(about), mood },
        text: given.text("text", text),
        sections: sections === undefined ? [] : answeredSections(sections, scope.asked(about)),
        tags: given.tags(tags),
      };
      if (isBlank(said.text) && said.sections.length === 0 && said.tags.length === 0 && mood === null) {
        throw new InvalidField("This entry is empty. Give it a text, sections, a mood or tags.");
      }
      return replica.write((writing) => {
        const to = replica.destination(shared ?? null);
        return entry(writing.create("journal_entry", (document) => [createEntry(document, said)], to).document.id);
      });
    },
    edit(id, { text, sections, mood, tags, at, based_on }: EntryEdit) {
      const edit = {
        ...(text === undefined ? {} : { text: given.text("text", text) }),
        ...(mood === undefined ? {} : { mood }),
        ...(tags === undefined ? {} : { tags: given.tags(tags) }),
      };
      const basedOn = headsOf(based_on);
      return replica.write((writing) => {
        const document = held(id);
        writing.edit(
          document.position,
          (written) => {
            const before = readEntry(written);
            const about = before.written_at ?? entry(document.id).written_at;
            const after = sections === undefined ? undefined : answeredAnew(before.sections, sections, scope.asked(about));
            if (after !== undefined) checkKept(before, after, about);
            const changed = after === undefined ? edit : { ...edit, sections: after };
            return editLongEntry(written, changed, correction(about, at));
          },
          { basedOn },
        );
        return entry(document.id);
      });
    },
    get: (id) => entry(current(id)),
    entries: (window) => entries(store, given.window(window)),
    search: (query, { limit = SEARCH_PAGE, after } = {}) =>
      searchEntries(
        store,
        given.query(query),
        { limit: given.pageLimit(limit) },
        after === undefined ? null : given.text("after", after),
      ),
    share: (id) =>
      replica.write((writing) => {
        const document = held(id);
        if (isShared(store, document)) return entry(document.id);
        return entry(shareEntry(writing, document, replica.destination(true)));
      }),
    withdraw(id) {
      const wanted = current(id);
      const before = withdrawalWith(store, wanted);
      if (before !== null) return before;
      return replica.write((writing) => {
        const document = held(wanted);
        if (!isShared(store, document)) {
          throw new InvalidField("This entry is already private: nobody else has it.");
        }
        writing.withdraw(document);
        return withdrawal(wanted);
      });
    },
    delete: (id) =>
      replica.write((writing) => {
        const document = held(id);
        if (isShared(store, document)) {
          throw new InvalidField(
            "This entry is shared. Withdraw it instead, so that your care team's copy is deleted too.",
          );
        }
        writing.withdraw(document);
      }),
    withdrawals: (page) => withdrawals(store, given.listed(page)),
  };
}

/** Answers by prompt, or by id in `asked`, as sections. */
function answeredSections(answers: AnswersGiven, asked: Asked): readonly Section[] {
  const refusal = "sections must map prompts to texts, or be a list of Section.";
  const found = sectionsFrom(asked, given.answers(answers, refusal));
  checkRequired(asked, found);
  return found;
}

/** An entry's sections with other answers, each of the type and under the wording that it has. */
function answeredAnew(
  before: readonly Section[],
  answers: readonly Section[] | AnswersGiven,
  asked: Asked,
): readonly Section[] {
  if (isList(answers)) {
    const found = answers.map((one) => structOf("Section", one) as unknown as Section);
    checkSections(found, before.map(({ text }) => text));
    return found;
  }
  const refusal = "sections must map prompts to texts, or be a list of Section.";
  const known = new Map(before.map((section) => [section.prompt, section]));
  const fields = new Map(asked);
  return Object.entries(given.answers(answers, refusal)).flatMap(([prompt, answer]): readonly Section[] => {
    const section = known.get(prompt);
    if (section === undefined || section.type === "prose") return sectionsFrom([], { [prompt]: answer });
    return [answeredAgain(section, fields.get(section.key), answer)];
  });
}

const isList = (answers: readonly Section[] | AnswersGiven): answers is readonly Section[] => Array.isArray(answers);

const noEntry = (): NotFound => new NotFound("There is no entry with that id in this store.");
