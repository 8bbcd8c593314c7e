import { describe, expect, it } from "vitest";
import { fillMessage, listPlaceholders } from "../../src/policy/message.ts";

const VIEWS = {
  container: { value: { name: "web", count: 3, list: ["a", "b"], empty: [], none: null, secret: "placeholder", part: ["x", "placeholder"], on: true, map: { a: 1 } }, at: "", unknown: { "/secret": "denied", "/part/1": "denied" } },
  element: { value: { key: "80/tcp" }, at: "/ports/0", unknown: {} },
  parameters: { value: { most: 5 }, at: "", unknown: {} },
};

function fill(message: string): string {
  return fillMessage(message, "container", VIEWS);
}

describe("messages", () => {
  it.each([
    ["{container.name} {element.key} {parameters.most}", "web 80/tcp 5"],
    ["{name} alone is the target's", "web alone is the target's"],
    ["{container.count} {container.on} {container.map}", '3 true {"a":1}'],
    ["{container.list}", "a, b"],
    ["{container.empty} {container.none} {container.absent}", "none none none"],
    ["{container.secret} is not known", "? is not known"],
    ["{container.part}", "x, ?"],
    ['{"icc": false} {} {1} { name } stay', '{"icc": false} {} {1} { name } stay'],
    ["{host.name}", "none"],
  ])("%s", (message, filled) => {
    expect(fill(message)).toBe(filled);
  });

  it("says ? for an element where there is none", () => {
    expect(fillMessage("{element.key}", "container", { container: VIEWS.container })).toBe("?");
  });

  it("tells of a long list its first fifty, and how many there are besides", () => {
    const fill = (length: number): string => fillMessage("{list}", "container", { container: { value: { list: Array.from({ length }, (_, index) => index) }, at: "", unknown: { "/list/49": "denied" } } });
    expect(fill(50)).toBe(`${Array.from({ length: 49 }, (_, index) => index).join(", ")}, ?`);
    expect(fill(1050)).toBe(`${fill(50)} and 1000 more`);
  });

  it("does not fill what it has filled in", () => {
    expect(fillMessage("{container.name}", "container", { container: { value: { name: "{element.key}" }, at: "", unknown: {} } })).toBe("{element.key}");
  });

  it("lists its placeholders by fact and path", () => {
    expect(listPlaceholders("{name} {container.a.b} {element} {parameters.most}", "container")).toEqual([
      { fact: "container", path: "name" },
      { fact: "container", path: "a.b" },
      { fact: "element", path: undefined },
      { fact: "parameters", path: "most" },
    ]);
  });
});
