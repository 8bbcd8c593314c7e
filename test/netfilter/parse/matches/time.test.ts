import { expect, it } from "vitest";
import { conditionsOf } from "../../one-rule.ts";

const nothing = {
  kind: "time", dateStart: null, dateStop: null, timeStart: null, timeStop: null, monthDays: null, weekdays: null, contiguous: false, kernelTimezone: false,
};

it.each([
  ["--timestart 7:30 --timestop 18:00:00 --utc", { timeStart: "07:30:00", timeStop: "18:00:00" }],
  ["--timestart 20:00 --timestop 06:00 --contiguous --kerneltz", { timeStart: "20:00:00", timeStop: "06:00:00", contiguous: true, kernelTimezone: true }],
  ["--datestart 2026-1-31 --datestop 2026-02-01T12:00", { dateStart: "2026-01-31T00:00:00", dateStop: "2026-02-01T12:00:00" }],
  ["--datestart 2026", { dateStart: "2026-01-01T00:00:00" }],
  ["--weekdays Su,Mon,3", { weekdays: [1, 3, 7] }],
  ["! --weekdays 6,7", { weekdays: [1, 2, 3, 4, 5] }],
  ["--monthdays 15,1", { monthDays: [1, 15] }],
  // No bounds, though iptables-save prints the third.
  ["--timestart 00:00 --timestop 23:59:59 --datestop 2038-01-19T03:14:07", {}],
])("%s", (words, condition) => {
  expect(conditionsOf(`-m time ${words}`)).toEqual([{ ...nothing, ...condition }]);
});

it.each(["--weekdays Someday", "--weekdays M", "--monthdays 32", "--timestart noon", "--datestart tomorrow", "--localtz", "! --timestart 07:00"])("%s is opaque", (words) => {
  expect(conditionsOf(`-m time ${words}`)).toMatchObject([{ kind: "opaque" }]);
});
