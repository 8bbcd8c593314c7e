import { expect, test } from "vitest";
import { deriveImages } from "../../../src/facts/image.ts";
import { readSnapshot } from "../../../src/snapshot/read.ts";
import { readCrictl } from "../../support/crictl.ts";

/** The id of the image that the recorded containers run. */
const USED = (JSON.parse(readCrictl("inspect")) as { status: { imageRef: string } }[])[0]?.status.imageRef ?? "";

test("the images of containerd that containers use, as recorded, and who uses them", async () => {
  const { resources } = deriveImages(await readSnapshot(readCrictl("inspect") + readCrictl("inspecti"), "x", "2026-11-28T02:00:00.000Z"));
  const unknown = { "/healthcheck": "an image of the OCI's form says nothing of health checks", "/ageDays": "crictl does not tell when it was asked" };
  expect(resources).toMatchObject([
    { id: "registry.example/shop/web:4.2", user: "1000", root: false, created: "2026-11-01T00:00:00Z", secrets: [], usedBy: ["shop/agent/agent", "shop/web/app", "shop/web/plain"], unknown },
  ]);
});

test("a credential in a step of the build, in its order, redacted", async () => {
  const image = { status: { id: USED, repoTags: [] }, info: { imageSpec: { config: {}, history: [{ created_by: "ADD rootfs" }, { created_by: "ENV DB_PASSWORD=correct-horse-battery" }] } } };
  const { resources } = deriveImages(await readSnapshot(readCrictl("inspect") + JSON.stringify(image), "x", "2026-11-28T02:00:00.000Z"));
  expect(resources).toMatchObject([{ id: USED, secrets: [{ key: "step 2", step: "ENV DB_PASSWORD=[redacted:password]", credential: "password" }] }]);
});

test("a quiet answer tells nothing", async () => {
  const { resources } = deriveImages(await readSnapshot(readCrictl("inspect") + JSON.stringify({ status: { id: USED, repoTags: ["a:1"] } }), "x", "2026-11-28T02:00:00.000Z"));
  expect(resources.map(({ unknown }) => unknown)).toEqual([{ "": "crictl was asked without info.imageSpec, which crictl inspecti prints unless it is told to be quiet" }]);
});
