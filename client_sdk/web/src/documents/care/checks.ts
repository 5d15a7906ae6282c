// What may be read but not written, kind by kind, as a required field left empty. Each throws `InvalidField`.

import type { Plan, Records, ScheduledAssessment } from "../../generated/models.ts";
import { ONCE } from "../../agenda/homework.ts";
import { checkOccurrence } from "../../agenda/recurrence.ts";
import { checkRule } from "../../agenda/rules.ts";
import { InvalidField } from "../../errors.ts";
import { isName } from "../../text/names.ts";
import { isPrintable } from "../../text/texts.ts";
import { checkWording } from "../assessments/wordings.ts";
import { checkField } from "../forms.ts";
import { isBlank } from "../texts.ts";
import { checkZone } from "../zones.ts";

// A host never holds an @, which would make what stands before it a name and a password; \ is a / to some browsers.
const LINK = /^https?:\/\/(?:[^\s/?#@:\\[\]]+|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?#][^\s\\]*)?$/iu;

/** Whether `text` is a web address that may be offered to be opened: never a script, a file or a password. */
export const isLink = (text: string): boolean => isPrintable(text) && LINK.test(text);

/** Whether it can be the name of a scale, such as `phq-9/total`. */
export function isScale(key: string): boolean {
  const at = key.indexOf("/");
  return at >= 0 && !isBlank(key.slice(0, at)) && !isBlank(key.slice(at + 1));
}

/** By kind what throws unless a document may hold a value. */
export const CHECKS: { readonly [K in keyof Records]: (value: Records[K]) => void } = {
  acknowledgement: ({ signal, made_at }) =>
    need(signal !== "" && made_at !== null, "An acknowledgement needs its signal and the time it was made."),
  comment: ({ on, made_at, text, helped }) => {
    need(on !== null && made_at !== null, "A comment needs the document it is about and the time it was made.");
    need(!isBlank(text) || helped !== null, "A comment needs a text, or whether the resource helped.");
  },
  episode: (episode) => {
    const { began_on, ended_on, phase_began_on, phase, baseline } = episode;
    if (began_on === null) throw new InvalidField("An episode needs the day it began.");
    need(ended_on === null || ended_on >= began_on, "An episode cannot end before it begins.");
    need(phase_began_on === null || phase_began_on >= began_on, "A phase cannot begin before its episode.");
    need((phase === "ended") === (ended_on !== null), "An episode has an end date if, and only if, it has ended.");
    need(Object.values(baseline).every((one) => one.assessment !== null), "A baseline names an assessment.");
  },
  goal: ({ what, steps }) => {
    need(!isBlank(what), "A goal needs a description (what).");
    need(Object.values(steps).every((step) => !isBlank(step.text)), "A step of a goal needs a text.");
  },
  homework: (homework) => {
    const { what, due, rule, since, until, fields } = homework;
    need(!isBlank(what), "Homework needs a description (what).");
    need(due === null || rule === "", "Homework is due once (due) or by a rule (rule), not both.");
    if (rule !== "") {
      checkRule(rule);
      need(since !== null, "Homework with a rule needs the day it begins (since).");
    }
    need(since === null || until === null || until >= since, "Homework cannot end before it begins.");
    for (const field of Object.values(fields)) checkField("A field of the worksheet", field);
  },
  homework_progress: ({ homework, occurrence, zone, entered_at, done_at }) => {
    need(homework !== null, "Progress needs the homework it is about.");
    if (occurrence !== ONCE) checkOccurrence(occurrence);
    checkZone(zone);
    need(
      entered_at !== null && done_at !== null,
      "Progress needs the time it was done and the time it was entered.",
    );
  },
  homework_review: ({ homework, reviewed_at }) =>
    need(
      homework !== null && reviewed_at !== null,
      "A review needs the homework it is about and the time it was made.",
    ),
  instrument: checkWording,
  note: ({ text, made_at }) => need(!isBlank(text) && made_at !== null, "A note needs a text and the time it was made."),
  plan: checkPlan,
  resource: ({ title, text, steps, link }) => {
    need(!isBlank(title), "A resource needs a title.");
    need(!isBlank(text) || Object.keys(steps).length > 0 || link !== "", "A resource needs a text, steps or a link.");
    need(Object.values(steps).every((step) => !isBlank(step.text)), "A step of a resource needs a text.");
    need(link === "" || isLink(link), "A link must be a web address that begins with https:// or http://.");
  },
  session: ({ planned_at }) => need(planned_at !== null, "A session needs a time (planned_at)."),
  template: ({ title, what, fields, steps, rule }) => {
    need(!isBlank(title), "A template needs a title.");
    need(
      !isBlank(what) || Object.keys(fields).length > 0 || Object.keys(steps).length > 0,
      "A template needs a text, fields or steps to start from.",
    );
    for (const field of Object.values(fields)) checkField("A field of a template", field);
    need(
      Object.values(steps).every((step) => !isBlank(step.text) || !isBlank(step.contact)),
      "A step of a safety plan needs a text or a contact.",
    );
    if (rule !== "") checkRule(rule);
  },
  topic: ({ text, made_at }) => need(!isBlank(text) && made_at !== null, "A topic needs a text and the time it was made."),
};

function checkPlan(plan: Plan): void {
  for (const section of Object.values(plan.sections)) {
    checkField("A section", section);
    checkDays("A section", section.active_from, section.active_to);
  }
  for (const tracker of Object.values(plan.trackers)) {
    need(isName(tracker.name), "A tracker needs a name of printable characters.");
    need(tracker.low < tracker.high, "A tracker's lowest value must be below its highest.");
    checkRule(tracker.rule);
    checkDays("A tracker", tracker.since, tracker.until);
  }
  for (const scheduled of Object.values(plan.assessments)) checkScheduled(scheduled);
  for (const step of Object.values(plan.safety_plan)) {
    need(!isBlank(step.text) || !isBlank(step.contact), "A step of the safety plan needs a text or a contact.");
  }
  for (const pause of Object.values(plan.pauses)) {
    need(pause.first !== null, "A pause needs its first day.");
    checkDays("A pause", pause.first, pause.last);
  }
  if (plan.journal_rule !== "") checkRule(plan.journal_rule);
}

function checkScheduled(scheduled: ScheduledAssessment): void {
  const { instrument, rule, before_each_session, remind_days, open_days, since, until } = scheduled;
  need(
    instrument !== "" && (rule !== "" || before_each_session),
    "A scheduled assessment needs an instrument, and a rule or the sessions it goes with.",
  );
  if (rule !== "") checkRule(rule);
  need(
    remind_days === null || remind_days < open_days,
    "An assessment can only be reminded of while it is open: remind_days must be less than open_days.",
  );
  checkDays("A scheduled assessment", since, until);
}

const checkDays = (what: string, first: string | null, last: string | null): void =>
  need(first === null || last === null || last >= first, `${what} cannot end before it begins.`);

function need(isThere: boolean, otherwise: string): void {
  if (!isThere) throw new InvalidField(otherwise);
}
