// The safety plan: one tap from everywhere, from this device alone, also without a network.

import type { Resource, Safety } from "@intersession/client/generated/answers.ts";
import type { SafetyStep } from "@intersession/client/generated/models.ts";
import { CrisisLines, EmergencyCalls, unbroken, useCrisis } from "../parts/CrisisHelp.tsx";
import { Leaflet } from "../parts/Leaflet.tsx";
import { Link } from "../parts/Link.tsx";
import { Screen } from "../parts/Screen.tsx";
import { Shown } from "../parts/Shown.tsx";
import { useApp, useAsked } from "../shell/app.ts";
import { partInWords } from "../words/phrases.ts";

/** `inPlace`: the resources are read here, as while the app is locked there is nowhere else. */
export function SafetyPlan({ inPlace = false }: { readonly inPlace?: boolean } = {}) {
  const { words } = useApp();
  return (
    <Screen title={words.safety.title}>
      <SafetySteps level={2} inPlace={inPlace} />
    </Screen>
  );
}

/** Steps by their parts, in the order of the parts. */
export function byPart(steps: readonly SafetyStep[]): readonly (readonly [SafetyStep["part"], readonly SafetyStep[]])[] {
  const parts = new Map<SafetyStep["part"], SafetyStep[]>();
  for (const step of steps) parts.set(step.part, [...(parts.get(step.part) ?? []), step]);
  return [...parts];
}

/** A number that can be called, where a contact holds just one. */
export function callable(contact: string): string | null {
  const numbers = contact.match(/\+?\d[\d\s/().-]{1,}\d/g) ?? [];
  const [number] = numbers;
  return numbers.length === 1 && number !== undefined ? number.replace(/[^\d+]/g, "") : null;
}

/** The notice, the steps and what may help; headings begin at a level. */
export function SafetySteps({ level, inPlace = false }: Omit<StepsGiven, "safety">) {
  const { faces, locale } = useApp();
  const safety = useAsked(() => faces.plans.safety(locale), [locale]);
  // Whatever happens to the plan, this stands here.
  if (safety.state === "failed") return <WithoutPlan level={level} />;
  return <Shown of={safety}>{(found) => <Steps safety={found} level={level} inPlace={inPlace} />}</Shown>;
}

function WithoutPlan({ level }: { readonly level: 2 | 3 }) {
  const { words, locale } = useApp();
  const crisis = useCrisis(null);
  return (
    <>
      <p class="notice notice-risk">{words.safety.emergency}</p>
      <EmergencyCalls of={crisis.help} locale={locale} />
      <CrisisLines of={crisis} level={level} words={words} locale={locale} />
    </>
  );
}

interface StepsGiven {
  readonly safety: Safety;
  readonly level: 2 | 3;
  readonly inPlace?: boolean;
}

function Steps({ safety, level, inPlace = false }: StepsGiven) {
  const { words, locale } = useApp();
  const crisis = useCrisis(safety.help);
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <>
      <p class="notice notice-risk">{safety.notice}</p>
      <EmergencyCalls of={crisis.help} locale={locale} />
      {safety.steps.length === 0 && <p class="empty">{words.safety.nothing}</p>}
      {byPart(safety.steps).map(([part, steps], at) => (
        <section key={part} class="card">
          <Heading>
            {at + 1}. {partInWords(locale, part)}
          </Heading>
          <ul class="steps">
            {steps.map((step) => (
              <li key={`${step.order} ${step.text}`}>
                <Step of={step} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {safety.resources.length > 0 && (
        <section class="card">
          <Heading>{words.safety.resources}</Heading>
          <ul class="rows">
            {safety.resources.map((resource: Resource) => (
              <li key={resource.id}>
                {inPlace ? (
                  <details>
                    <summary>{resource.title}</summary>
                    <Leaflet of={resource} level={level === 2 ? 3 : 4} />
                  </details>
                ) : (
                  <Link to={`/resources/${resource.id}`}>{resource.title}</Link>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      <CrisisLines of={crisis} level={level} words={words} locale={locale} />
    </>
  );
}

function Step({ of }: { readonly of: SafetyStep }) {
  const { words } = useApp();
  const number = callable(of.contact);
  return (
    <>
      {of.text !== "" && <p class="prose">{of.text}</p>}
      {of.contact !== "" &&
        (number === null ? (
          <p>
            <strong>{of.contact}</strong>
          </p>
        ) : (
          <a class="button call" href={`tel:${number}`} aria-label={words.safety.call(`${of.text} ${of.contact}`.trim())}>
            {words.safety.call(unbroken(of.contact))}
          </a>
        ))}
    </>
  );
}
