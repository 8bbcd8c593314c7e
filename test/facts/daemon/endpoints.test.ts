import { expect, test } from "vitest";
import { describeHost, describeMirror, describeRegistry } from "../../../src/facts/daemon/endpoints.ts";

test.each([
  ["tcp://0.0.0.0:2375", true, false],
  ["tcp://127.0.0.1:2375", true, true],
  ["tcp://[::1]:2375", true, true],
  ["tcp://[::]:2375", true, false],
  ["tcp://localhost:2375", true, true],
  ["tcp://localhost.example:2375", true, false],
  [":2375", true, true],
  ["192.0.2.1:2375", true, false],
  ["unix:///var/run/docker.sock", false, false],
  ["fd://", false, false],
])("host %s: tcp %s, loopback %s", (host, tcp, loopback) => {
  expect(describeHost(host)).toMatchObject({ key: host, tcp, loopback });
});

test.each([
  ["127.0.0.0/8", true],
  ["127.0.0.0/7", false],
  ["::1/128", true],
  ["::/0", false],
  ["0.0.0.0/0", false],
  ["10.0.0.0/8", false],
  ["localhost:5000", true],
  ["http://127.0.0.1:5000", true],
  ["[::1]:5000", true],
  ["127.0.0.1.example:5000", false],
  ["registry.example:5000", false],
])("registry %s: loopback %s", (registry, loopback) => {
  expect(describeRegistry(registry).loopback).toBe(loopback);
});

test.each([
  ["http://mirror.example", true, false],
  ["HTTP://mirror.example", true, false],
  ["https://mirror.example", false, false],
  ["http://localhost:5000/", true, true],
  ["http://localhost:5000@mirror.example/", true, false],
])("mirror %s: plain %s, loopback %s", (mirror, plain, loopback) => {
  expect(describeMirror(mirror)).toMatchObject({ plain, loopback });
});
