/** What lies elsewhere is never fetched: what it may bring is no fault, and unknown. */
import { expect, it } from "vitest";
import { containerOf, deriveMemory, loadMemory } from "../../support/compose/memory.ts";

const PARTS = `services:
  web:
    image: a
    depends_on: [db]
    networks: [far]
    volumes: ["store:/v"]
    secrets: [key]
    configs: [settings]
  side: {image: b, network_mode: "service:db", volumes_from: [db]}
`;

it("a part that a remote include may bring is not missing", () => {
  expect(() => loadMemory(PARTS)).toThrow(/depends on "db", which is not there(.|\n)*which is not declared/);
  const containers = deriveMemory(`include: ["https://example.com/x.git"]\n${PARTS}`);
  expect(containers["web"]?.networks).toMatchObject([{ name: "far", driver: null }]);
  expect(containers["web"]?.unknown).toMatchObject({
    "/networks/0/internal": "the network far is external: its settings are not here", "/mounts/0/paths": "the volume store is declared in a part of the project that is not fetched",
  });
  expect(containers["side"]?.unknown).toMatchObject({ "/hostNetwork": "it joins the service db, which cannot be followed", "/mounts/0": "the mounts of db are not of this project" });
});

it("what is wrong whatever it may bring is refused", () => {
  expect(() => loadMemory('include: ["https://example.com/x.git"]\nservices: {web: {image: a, depends_on: [web]}}\n')).toThrow("depend on each other");
  expect(() => loadMemory('include: ["https://example.com/x.git"]\nservices: {web: {command: x}}\n')).toThrow("neither an image nor a build");
});

it("a service that extends a remote one may have its image", () => {
  const { image, unknown } = containerOf("services: {web: {extends: {file: 'oci://x/y', service: z}}}\n");
  expect([image.reference, unknown["/image"]]).toEqual([null, "it extends a service of oci://x/y, which is not fetched"]);
});
