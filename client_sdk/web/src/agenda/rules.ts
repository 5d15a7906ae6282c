// What a rule may say: an RRULE (RFC 5545) over local days, or words that stand for one, in its plain form.
//
// SKIP=BACKWARD is that of RFC 7529: a day that a month does not have is its last one. The words "monthly" and
// "yearly" mean that; FREQ=MONTHLY alone leaves such a month out, as RFC 5545 has it.

import { InvalidField } from "../errors.ts";
import agenda from "../generated/agenda.json" with { type: "json" };
import { linesOf, parted, SPACE, stripped } from "../text/spaces.ts";
import { withoutUnseen } from "../text/texts.ts";
import { MINUTE, readMoment, shown, timeText } from "../time/moments.ts";
import { inZone, type Zone } from "../time/zones.ts";

/** The parts of a rule in their order, by name: `FREQ` is `WEEKLY`. */
export type Parts = ReadonlyMap<string, string>;

const { rules } = agenda;
const words = new Map(Object.entries(rules.words));
const numbers = new Map(Object.entries(rules.numbers));
const units = new Map(Object.entries(rules.units));
const parts = new Set(rules.parts);
const days = new Set(rules.days);

const PART = /^[A-Z-]+=[A-Z0-9,+-]+$/;
/** Calendars part long lines like that, in the middle of a word as well. */
const FOLD = /\r?\n[ \t]/g;
const SIGNS = new RegExp(`[${SPACE}]*([:;=,])[${SPACE}]*`, "gu");
const PROPERTY = /^([A-Z-]+)[:;]/;
const UNTIL = /^(\d{8})(?:T(\d{6})(Z?))?$/;
const EVERY = new RegExp(
  `^every (${[...numbers.keys()].join("|")}|[1-9]\\d{0,2}(?:st|nd|rd|th)?) (${[...units.keys()].join("|")})s?$`,
);
const WEEKDAY = /^(?:every |on )?(monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?$/;
const COUNT = /^[1-9]\d{0,2}$/;
const VALUES = new Map([
  ["BYMONTH", /^(?:[1-9]|1[0-2])$/],
  ["BYDAY", new RegExp(`^(?:[+-]?[1-5])?(?:${rules.days.join("|")})$`)],
  ["BYMONTHDAY", /^[+-]?(?:[1-9]|[12]\d|3[01])$/],
  ["BYHOUR", /^(?:[01]?\d|2[0-3])$/],
  ["BYMINUTE", /^[0-5]?\d$/],
]);
const LIKE = `Write it like FREQ=WEEKLY;BYDAY=MO,TH, with any of ${rules.parts.slice(1).join(", ")}.`;

/**
 * `rule` in its plain form, a word such as "daily" as its RRULE. Throws `InvalidField` for one that is not taken.
 *
 * The line of a calendar is taken as it is there: behind RRULE:, folded, in lower case. Days have no time zone here, so
 * an UNTIL in UTC becomes the local one of `zone`, and is refused without it.
 */
export function checkRule(rule: string, zone: Zone | null = null): string {
  return [...partsOf(rule, zone)].map(([name, value]) => `${name}=${value}`).join(";");
}

/** The parts of a rule in its plain form, as `checkRule` has it. Throws `InvalidField` for one that is not taken. */
export function partsOf(rule: string, zone: Zone | null = null): Parts {
  if (rule === "" || [...rule].length > rules.longest) {
    throw new InvalidField(`A rule is text of at most ${rules.longest} characters, such as FREQ=WEEKLY;BYDAY=MO.`);
  }
  const line = lineOf(rule);
  const plain = ofWords(line.toLowerCase()) ?? line.replace(/^RRULE:/, "");
  const values = new Map<string, string>();
  for (const part of plain.split(";")) {
    if (part === "" || rules.saysNothing.includes(part)) continue;
    const [name = "", value] = split(part);
    if (value === null || name === "") throw new InvalidField(`That is not a valid rule. ${LIKE}`);
    if (!parts.has(name)) throw new InvalidField(`${name.slice(0, 20)} is not supported in a rule. ${LIKE}`);
    if (values.has(name)) throw new InvalidField(`${name} appears twice in the rule.`);
    if (!PART.test(part)) throw new InvalidField(`${name} in the rule has an invalid value. ${LIKE}`);
    values.set(name, value);
  }
  if (!rules.frequencies.includes(values.get("FREQ") ?? "")) {
    throw new InvalidField(`A rule needs FREQ: ${rules.frequencies.join(", ")}. ${LIKE}`);
  }
  const until = values.get("UNTIL");
  if (until !== undefined) values.set("UNTIL", plainUntil(until, zone));
  checkValues(values);
  checkDays(values);
  return values;
}

/** What a part of a rule lists. */
export const listed = (values: Parts, name: string): string[] => values.get(name)?.split(",") ?? [];

/** Whether a weekday is without a number: `MO`, not `1MO`. */
export const isWeekday = (one: string): boolean => days.has(one);

function split(part: string): [name: string, value: string | null] {
  const at = part.indexOf("=");
  return at < 0 ? [part, null] : [part.slice(0, at), part.slice(at + 1)];
}

/** The one line that a rule is, in capitals. Throws `InvalidField` for what a calendar has beside it. */
function lineOf(rule: string): string {
  const text = withoutUnseen(rule).normalize("NFKC").replace(FOLD, "").toUpperCase();
  const lines = linesOf(text)
    .map((line) => stripped(line).replace(SIGNS, "$1"))
    .filter((line) => line !== "");
  for (const line of lines) {
    const named = PROPERTY.exec(line)?.[1];
    if (named === "DTSTART") {
      throw new InvalidField("DTSTART is not part of the rule here. Give the first day separately (since).");
    }
    if (named !== undefined && named !== "RRULE") {
      throw new InvalidField(`${named.slice(0, 20)} is not supported: give only the RRULE line.`);
    }
  }
  if (lines.length > 1) throw new InvalidField("A rule is a single line. Give only the RRULE line.");
  return lines[0] ?? "";
}

/** The rule that words stand for; null for what are none. */
function ofWords(line: string): string | null {
  const said = parted(line).join(" ");
  const weekday = WEEKDAY.exec(said)?.[1];
  if (weekday !== undefined) return `FREQ=WEEKLY;BYDAY=${weekday.slice(0, 2).toUpperCase()}`;
  const [, number, unit] = EVERY.exec(said) ?? [];
  if (number === undefined || unit === undefined) return words.get(said) ?? null;
  const [frequency = "", ...more] = (units.get(unit) ?? "").split(";");
  const interval = numbers.get(number) ?? Number.parseInt(number, 10);
  return [frequency, ...(interval > 1 ? [`INTERVAL=${interval}`] : []), ...more].join(";");
}

/** The end of a rule as a local day, or a local minute. */
function plainUntil(until: string, zone: Zone | null): string {
  const [, day, time, utc] = UNTIL.exec(until) ?? [];
  const at = day === undefined ? null : readMoment(`${day}T${time ?? "000000"}Z`);
  if (at === null) throw new InvalidField("UNTIL must be a valid date, such as 20260531 or 20260531T180000.");
  if (time === undefined) return until;
  if (utc === "Z" && zone === null) {
    throw new InvalidField("UNTIL is in UTC (Z). Give the last day in local time instead: UNTIL=20260531.");
  }
  const local = shown(utc === "Z" && zone !== null ? inZone(at, zone) : at);
  const last = local.day.replaceAll("-", "");
  const minute = timeText(local.time - (local.time % MINUTE)).replaceAll(":", "");
  // Calendars write the last second of the last day.
  return minute === "235900" ? last : `${last}T${minute}`;
}

function checkValues(values: Parts): void {
  if (values.has("BYMINUTE") && !values.has("BYHOUR")) {
    throw new InvalidField("A rule with minutes (BYMINUTE) must name the hours (BYHOUR) as well.");
  }
  if (!["INTERVAL", "COUNT"].every((name) => COUNT.test(values.get(name) ?? "1"))) {
    throw new InvalidField("INTERVAL and COUNT must be integers from 1 to 999.");
  }
  if (values.has("COUNT") && values.has("UNTIL")) {
    throw new InvalidField("A rule may have COUNT or UNTIL, not both.");
  }
  if (listed(values, "BYHOUR").length > 24 || listed(values, "BYMINUTE").length > 12) {
    throw new InvalidField("A rule may have at most 24 hours (BYHOUR) and 12 minutes (BYMINUTE).");
  }
  for (const [name, pattern] of VALUES) {
    if (!listed(values, name).every((one) => pattern.test(one))) {
      throw new InvalidField(`${name} in the rule has an invalid value. ${LIKE}`);
    }
  }
  if (!days.has(values.get("WKST") ?? "MO")) {
    throw new InvalidField("WKST is the weekday on which weeks begin, such as MO.");
  }
}

/** Throws `InvalidField` where a rule names days that its frequency does not have. */
function checkDays(values: Parts): void {
  const frequency = values.get("FREQ");
  if (values.has("BYMONTH") && frequency !== "YEARLY") throw new InvalidField("BYMONTH is only for yearly rules.");
  if (values.has("BYDAY") && frequency === "YEARLY") {
    throw new InvalidField("A yearly rule takes months and days of the month (BYMONTH, BYMONTHDAY), not weekdays.");
  }
  const skip = values.get("SKIP");
  if (skip !== undefined && (skip !== "BACKWARD" || (frequency !== "MONTHLY" && frequency !== "YEARLY"))) {
    throw new InvalidField("SKIP=BACKWARD is only for monthly and yearly rules; no other SKIP is supported.");
  }
  if (skip !== undefined && values.has("BYDAY")) {
    throw new InvalidField("SKIP=BACKWARD is for days of the month, not for weekdays (BYDAY).");
  }
  // Days of a month and numbered weekdays may never meet, as the first Monday and the 31st.
  const numbered = !listed(values, "BYDAY").every(isWeekday);
  if (numbered && (frequency !== "MONTHLY" || values.has("BYMONTHDAY"))) {
    throw new InvalidField("Numbered weekdays, such as 1MO, are only for monthly rules without BYMONTHDAY.");
  }
  if (values.has("BYMONTHDAY") && frequency === "WEEKLY") {
    throw new InvalidField("A weekly rule takes weekdays (BYDAY), not days of the month.");
  }
}
