// Writing an entry, new or again: free, or by the questions of the plan. What is typed is kept at once.

import type { AnswersGiven } from "@intersession/client/faces/faces.ts";
import type { Plan } from "@intersession/client/generated/answers.ts";
import type { IsoDay, IsoMoment, Section, TemplateSection } from "@intersession/client/generated/models.ts";
import { FieldInput, inOrder, Line, Prose, When } from "../parts/Fields.tsx";
import { Scale } from "../parts/Scale.tsx";
import { Actions, Screen } from "../parts/Screen.tsx";
import { SectionInput } from "../parts/SectionInput.tsx";
import { AskingButton, SharingChoice } from "../parts/Sharing.tsx";
import { Problem, Shown } from "../parts/Shown.tsx";
import { useApp, useAsked, useDoing } from "../shell/app.ts";
import { useDraft } from "../shell/drafts.ts";
import { go } from "../shell/router.ts";
import { dayOf, fieldNow, fieldOf, isoOf, momentOf } from "../words/moments.ts";

/** What is typed, as it is kept. */
interface Typed {
  readonly free: boolean;
  readonly text: string;
  readonly answers: AnswersGiven;
  /** Sections of an entry that is edited; of a new one there are none yet. */
  readonly sections: readonly Section[];
  readonly mood: number | null;
  readonly tags: string;
  /** As a field of the kind `datetime-local`; empty: now. */
  readonly when: string;
  readonly shared: boolean;
  readonly based_on: string | null;
  readonly written_at: IsoMoment | null;
}

/** The questions that are asked on a day. */
export function sectionsOn(plan: Plan, day: IsoDay): readonly (readonly [string, TemplateSection])[] {
  return inOrder(plan.sections).filter(
    ([, section]) =>
      (section.active_from === null || section.active_from <= day) &&
      (section.active_to === null || day <= section.active_to),
  );
}

export function WriteNew() {
  const { words, faces } = useApp();
  const plan = useAsked(() => faces.plans.plan());
  const begin = async (): Promise<Typed> => {
    const [current, pairing] = await Promise.all([faces.plans.plan(), faces.device.pairing()]);
    return {
      free: sectionsOn(current, dayOf(new Date())).length === 0,
      text: "",
      answers: {},
      sections: [],
      mood: null,
      tags: "",
      when: "",
      shared: pairing?.share_by_default ?? false,
      based_on: null,
      written_at: null,
    };
  };
  return (
    <Screen title={words.journal.new} above="/journal">
      <Shown of={plan}>{(found) => <EntryForm name="entry new" id={null} plan={found} begin={begin} />}</Shown>
    </Screen>
  );
}

export function WriteAgain({ id }: { readonly id: string }) {
  const { words, faces } = useApp();
  // Asked for the entry, too: withdrawn on another device while its form is open, it is not to be read there any longer.
  const plan = useAsked(async () => (await Promise.all([faces.plans.plan(), faces.journal.get(id)]))[0], [id]);
  const begin = async (): Promise<Typed> => {
    const entry = await faces.journal.get(id);
    return {
      free: true,
      text: entry.text,
      answers: {},
      sections: entry.sections,
      mood: entry.mood,
      tags: entry.tags.join(", "),
      when: fieldOf(entry.written_at),
      shared: entry.shared,
      based_on: entry.version,
      written_at: entry.written_at,
    };
  };
  return (
    <Screen title={words.journal.editTitle} above={`/journal/${id}`}>
      <Shown of={plan}>{(found) => <EntryForm name={`entry ${id}`} id={id} plan={found} begin={begin} />}</Shown>
    </Screen>
  );
}

interface EntryFormGiven {
  readonly name: string;
  readonly id: string | null;
  readonly plan: Plan;
  readonly begin: () => Promise<Typed>;
}

const tagsOf = (typed: string): readonly string[] =>
  typed
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");

function EntryForm({ name, id, plan, begin }: EntryFormGiven) {
  const { words, faces, say } = useApp();
  const draft = useDraft<Typed>(name, begin);
  const doing = useDoing();
  const typed = draft.content;
  if (typed === null) return <p class="waiting">{words.common.loading}</p>;
  const change = (next: Partial<Typed>): void => draft.change({ ...typed, ...next });
  const asked = id === null ? sectionsOn(plan, dayOf(new Date())) : [];
  const save = async (): Promise<void> => {
    const common = { text: typed.text, mood: typed.mood, tags: tagsOf(typed.tags) };
    const entry =
      id === null
        ? await faces.journal.write({
            ...common,
            ...(typed.free ? {} : { sections: typed.answers }),
            at: momentOf(typed.when) ?? isoOf(new Date()),
            shared: typed.shared,
          })
        : await faces.journal.edit(id, {
            ...common,
            sections: typed.sections,
            ...timeOf(typed),
            ...(typed.based_on === null ? {} : { based_on: typed.based_on }),
          });
    await draft.discard();
    say(words.common.saved);
    go(`/journal/${entry.id}`, { replace: true });
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        doing.run(save);
      }}
    >
      {asked.length > 0 && (
        <div class="pills" role="group">
          {[false, true].map((free) => (
            <button
              type="button"
              key={String(free)}
              aria-pressed={typed.free === free}
              onClick={() => change({ free })}
            >
              {free ? words.journal.free : words.journal.questions}
            </button>
          ))}
        </div>
      )}
      {!typed.free && plan.introduction !== "" && <p class="prose">{plan.introduction}</p>}
      {!typed.free &&
        asked.map(([key, section]) => (
          <FieldInput
            key={key}
            field={section}
            value={typed.answers[key] ?? null}
            onChange={(value) => change({ answers: { ...typed.answers, [key]: value } })}
          />
        ))}
      {typed.sections.map((section, at) => (
        <SectionInput
          key={at}
          section={section}
          plan={plan}
          onChange={(next) => change({ sections: typed.sections.with(at, next) })}
        />
      ))}
      <Prose
        label={words.journal.text}
        rows={typed.free ? 8 : 3}
        value={typed.text}
        onChange={(text) => change({ text })}
      />
      <Scale
        legend={`${words.journal.moodAsk} (${words.common.optional})`}
        low={0}
        high={10}
        value={typed.mood}
        onChange={(mood) => change({ mood })}
        optional
      />
      <details>
        <summary>{words.journal.when}</summary>
        <When
          label={words.common.when}
          value={typed.when === "" ? fieldNow(new Date()) : typed.when}
          onChange={(when) => change({ when })}
        />
      </details>
      <details>
        <summary>{words.journal.tags}</summary>
        <Line
          label={words.journal.tags}
          hint={words.journal.tagsHint}
          value={typed.tags}
          onChange={(tags) => change({ tags })}
        />
      </details>
      {id === null && <SharingChoice shared={typed.shared} onChange={(shared) => change({ shared })} />}
      <Problem of={doing.problem} />
      <Actions>
        <button type="submit" class="main-button" disabled={doing.busy}>
          {words.common.save}
        </button>
        <p class="hint" role="status">
          {draft.kept ? words.journal.keptDraft : ""}
        </p>
        {draft.kept && (
          <AskingButton
            label={words.journal.discard}
            title={words.journal.discardAsk}
            says={words.journal.discardSays}
            ends
            onYes={async () => {
              await draft.discard();
              go(id === null ? "/journal" : `/journal/${id}`, { replace: true });
            }}
          />
        )}
      </Actions>
    </form>
  );
}

/** The time of an edited entry, where it was changed: what was not touched keeps its offset. */
function timeOf(typed: Typed): { readonly at?: IsoMoment } {
  if (typed.written_at === null || typed.when === fieldOf(typed.written_at)) return {};
  const at = momentOf(typed.when);
  return at === null ? {} : { at };
}
