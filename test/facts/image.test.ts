import { expect, it } from "vitest";
import { deriveImages } from "../../src/facts/image.ts";
import type { Raw } from "../../src/snapshot/model.ts";
import { containerOf, snapshotOf } from "../support/snapshot.ts";

const derive = (...images: Raw[]): ReturnType<typeof deriveImages>["resources"] =>
  deriveImages(snapshotOf({ images, containers: [containerOf("web", { Image: "sha256:1" }), containerOf("api", { Image: "sha256:1" })] })).resources;

it("tells user, health check, age, secrets of the build in its order, and who uses it", () => {
  const [image] = derive({
    Id: "sha256:1", RepoTags: ["shop/web:4.2"], Created: "2025-12-01T10:00:00Z", Config: { User: "app:app", Healthcheck: { Test: ["CMD", "true"] } },
    History: [{ CreatedBy: "CMD [\"x\"]" }, { CreatedBy: "ENV DB_PASSWORD=[redacted:password]" }, { CreatedBy: "ADD rootfs" }],
  });
  expect(image).toMatchObject({
    id: "shop/web:4.2", user: "app:app", root: false, healthcheck: true, created: "2025-12-01T10:00:00Z", ageDays: 30, usedBy: ["api", "web"], unknown: {},
    secrets: [{ key: "step 2", step: "ENV DB_PASSWORD=[redacted:password]", credential: "password" }],
  });
});

it.each(["", "0", "root", "0:0", "root:root", "00"])("user %j is root", (User) => {
  expect(derive({ Id: "x", Config: { User, Healthcheck: { Test: ["NONE"] } }, Created: "2025-12-31T00:00:00Z", History: [] })).toMatchObject([{ root: true, healthcheck: false, ageDays: 1 }]);
});

it("knows no age of a build with a set date, and no secrets where the history was not told", () => {
  expect(derive({ Id: "x", Created: "1970-01-01T00:00:00Z", HistoryError: "HTTP 500" })[0]?.unknown).toEqual({ "/ageDays": "the image does not tell when it was made", "/secrets": "HTTP 500" });
});
