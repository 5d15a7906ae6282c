// After an answer that says that it is very hard: the safety plan, at once, and that nobody is watching.

import { useApp } from "../shell/app.ts";
import { SafetySteps } from "./SafetyPlan.tsx";

interface RiskNoticeGiven {
  /** The practice has it: then nothing is said of it not being sent. */
  readonly sent: boolean;
}

/** Stands above everything else; read out at once. */
export function RiskNotice({ sent }: RiskNoticeGiven) {
  const { words } = useApp();
  return (
    <section class="risk" role="alert" aria-labelledby="risk">
      <h2 id="risk">{words.assessments.risk}</h2>
      <p>{sent ? words.assessments.riskSent : words.assessments.riskSays}</p>
      <SafetySteps level={3} />
    </section>
  );
}
