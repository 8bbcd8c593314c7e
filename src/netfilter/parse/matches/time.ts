/** -m time. */
import type { Condition, TimeMatch } from "../../matches.ts";
import { type Extension, type Option, Unmodelled, find, isGiven, plain } from "../given.ts";
import { toInteger } from "../values.ts";

export const timeExtensions: Readonly<Record<string, Extension<Condition>>> = {
  time: {
    options: {
      "--datestart": 1, "--datestop": 1, "--timestart": 1, "--timestop": 1, "--monthdays": 1, "--weekdays": 1,
      "--contiguous": 0, "--utc": 0, "--localtz": 0, "--kerneltz": 0,
    },
    build: buildTime,
  },
};

/** The ends of the clock and of the calendar bound nothing and are null; iptables-save prints some of them where no bound was given. */
function buildTime(given: readonly Option[]): TimeMatch {
  // --localtz was converted to UTC when the rule was loaded, with a time zone that we do not know.
  if (find(given, "--localtz") !== null) throw new Unmodelled("--localtz");
  isGiven(find(given, "--utc"));
  const dateStop = plain(find(given, "--datestop"), toDate);
  const timeStart = plain(find(given, "--timestart"), toTime);
  const timeStop = plain(find(given, "--timestop"), toTime);
  return {
    kind: "time",
    dateStart: plain(find(given, "--datestart"), toDate),
    dateStop: dateStop === null || lastSeconds.has(dateStop) ? null : dateStop,
    timeStart: timeStart === "00:00:00" ? null : timeStart,
    timeStop: timeStop === "23:59:59" ? null : timeStop,
    monthDays: buildDays(find(given, "--monthdays"), 31, (word) => toInteger(word, 31)),
    weekdays: buildDays(find(given, "--weekdays"), 7, toWeekday),
    contiguous: isGiven(find(given, "--contiguous")),
    kernelTimezone: isGiven(find(given, "--kerneltz")),
  };
}

/** The largest second that 31 and 32 bits hold. */
const lastSeconds: ReadonlySet<string> = new Set(["2038-01-19T03:14:07", "2106-02-07T06:28:15"]);

/** `7:30`, `07:30:00`. */
function toTime(text: string): string {
  if (!/^\d{1,2}:\d{1,2}(:\d{1,2})?$/.test(text)) throw new Unmodelled(text);
  const [hour = "", minute = "", second = "0"] = text.split(":");
  return [hour, minute, second].map((part) => part.padStart(2, "0")).join(":");
}

/** `2026-01-31`, `2026-01-31T12:00:00`, and shorter forms, whose missing parts are the first of their kind. */
function toDate(text: string): string {
  const [date = "", time = "00:00:00"] = text.split("T");
  if (!/^\d{4}(-\d{1,2}){0,2}$/.test(date)) throw new Unmodelled(text);
  const [year = "", month = "1", day = "1"] = date.split("-");
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}T${toTime(time)}`;
}

const weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** `Mon`, `Mo`, `1`. */
function toWeekday(text: string): number {
  if (/^[1-7]$/.test(text)) return Number(text);
  const index = text.length < 2 ? -1 : weekdays.findIndex((name) => name.toLowerCase().startsWith(text.toLowerCase()));
  if (index === -1) throw new Unmodelled(text);
  return index + 1;
}

/** The days that are named, or with `!` all others. */
function buildDays(option: Option | null, last: number, convert: (word: string) => number): readonly number[] | null {
  if (option === null) return null;
  const named = new Set((option.values[0] ?? "").split(",").map(convert));
  return Array.from({ length: last }, (_, index) => index + 1).filter((day) => named.has(day) !== option.negated);
}
