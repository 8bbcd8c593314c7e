import { describe, expect, it } from "vitest";
import { read } from "../../src/policy/view.ts";

const view = { value: { limits: { memory: 5, none: null }, list: ["a", "b"], name: "web" }, at: "/outer/0", unknown: {} };

function unknownView(unknown: Readonly<Record<string, string>>) {
  return { ...view, unknown };
}

describe("reading a path", () => {
  it("follows dotted names", () => {
    expect(read(view, "limits.memory")).toEqual({ at: "/outer/0/limits/memory", value: 5, unknown: null, unknownParts: {} });
  });

  it("without a path is the value itself", () => {
    expect(read(view, undefined)).toEqual({ at: "/outer/0", value: view.value, unknown: null, unknownParts: {} });
  });

  it("gives undefined for what is not there, below what is not there, and below a scalar", () => {
    expect(["limts", "limts.memory", "limits.none.x", "name.length"].map((path) => read(view, path).value)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("sees own properties only", () => {
    expect(["constructor", "__proto__", "toString", "limits.hasOwnProperty", "list.length"].map((path) => read(view, path).value)).toEqual([
      undefined, undefined, undefined, undefined, 2,
    ]);
  });

  it("of what is unknown, or lies below it, gives the reason and no value", () => {
    const denied = unknownView({ "/outer/0/limits": "denied" });
    expect(read(denied, "limits.memory")).toEqual({ at: "/outer/0/limits/memory", value: null, unknown: "denied", unknownParts: {} });
    expect(read(unknownView({ "/outer": "gone" }), "name").unknown).toBe("gone");
    expect(read(unknownView({ "": "gone" }), "name").unknown).toBe("gone");
  });

  it("is not misled by pointers that merely begin alike", () => {
    expect(read(unknownView({ "/outer/0/lim": "denied", "/outer/0/listing/0": "denied" }), "list")).toEqual({
      at: "/outer/0/list", value: ["a", "b"], unknown: null, unknownParts: {},
    });
  });

  it("names the unknown parts below", () => {
    expect(read(unknownView({ "/outer/0/list/1": "denied", "/outer/0/name": "gone" }), "list").unknownParts).toEqual({ "/outer/0/list/1": "denied" });
  });
});
