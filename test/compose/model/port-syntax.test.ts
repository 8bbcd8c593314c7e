import { expect, it } from "vitest";
import { parsePorts } from "../../../src/compose/model/port-syntax.ts";

it.each([
  ["80", [[null, null, 80, "tcp"]]],
  ["8080:80/UDP", [[null, "8080", 80, "udp"]]],
  ["127.0.0.1::80", [["127.0.0.1", null, 80, "tcp"]]],
  ["[::1]:80:80", [["::1", "80", 80, "tcp"]]],
  ["::1:80:80", [["::1", "80", 80, "tcp"]]],
  ["8000-8001:90-91", [[null, "8000", 90, "tcp"], [null, "8001", 91, "tcp"]]],
  ["8000-8009:90", [[null, "8000-8009", 90, "tcp"]]],
  ["9-10", [[null, null, 10, "tcp"], [null, null, 9, "tcp"]]],
])("%s", (text, expected) => {
  const ports = parsePorts(text);
  expect("refused" in ports ? ports : ports.map(({ hostIp, published, target, protocol }) => [hostIp, published, target, protocol])).toEqual(expected);
});

it.each(["", "80:", "x:80", "70000", "80-79", "1-2:3-5", "1.2.3:80:80", "80/icmp", "-1"])("%j is refused", (text) => {
  expect(parsePorts(text)).toHaveProperty("refused");
});
