import { describe, expect, it } from "vitest";
import { splitFiles } from "../../src/facts/compose-labels.ts";

const NOWHERE = "the labels of its containers name a compose file that is no path on this host";
const UNTOLD = "the labels of its containers name a compose file relative to a folder that they do not tell";

describe("splitFiles", () => {
  it.each<[string, string, string, string, string | { files: string[]; envFiles: string[] }]>([
    ["what Compose v2 writes", "/srv/a.yaml,/etc/b.yaml", "/srv", "/srv/prod.env", { files: ["/srv/a.yaml", "/etc/b.yaml"], envFiles: ["/srv/prod.env"] }],
    ["Compose v1 in the project's folder", "docker-compose.yml,docker-compose.override.yml", "/srv/shop", "", { files: ["/srv/shop/docker-compose.yml", "/srv/shop/docker-compose.override.yml"], envFiles: [] }],
    ["an env file of the same", "docker-compose.yml", "/srv/shop", "env/prod.env", { files: ["/srv/shop/docker-compose.yml"], envFiles: ["/srv/shop/env/prod.env"] }],
    ["Compose v1 from above", "shop/deploy/a.yml,shop/b.yml,/etc/c.yml", "/srv/shop/deploy/", "", { files: ["/srv/shop/deploy/a.yml", "/srv/shop/b.yml", "/etc/c.yml"], envFiles: [] }],
    ["Compose v1 from the root folder", "srv/a.yml", "/srv", "", { files: ["/srv/a.yml"], envFiles: [] }],
    ["a path that leads up from the project's folder", "a.yml,../b/c.yml", "/srv/a", "", { files: ["/srv/a/a.yml", "/srv/b/c.yml"], envFiles: [] }],
    ["Compose v1 from elsewhere", "../shop/a.yml", "/srv/shop", "", UNTOLD],
    ["a project folder of its own", "deploy/a.yml", "/srv/shop", "", UNTOLD],
    ["the end of a name that is no folder", "op/a.yml", "/srv/shop", "", UNTOLD],
    ["standard input", "-", "/srv", "", "Compose read its files from standard input, from which they cannot be read again"],
    ["standard input among others", "/srv/a.yaml,-", "/srv", "", "Compose read its files from standard input, from which they cannot be read again"],
    ["no file", "", "/srv", "", "the labels of its containers name no compose file, as where Compose v1 read it from standard input"],
    ["a path of Windows", "C:\\shop\\a.yaml", "C:\\shop", "", NOWHERE],
    ["a registry", "oci://registry.example/shop", "/srv", "", NOWHERE],
    ["a folder that is no path", "a.yml", "srv", "", NOWHERE],
  ])("tells the files of %s", (_, files, folder, envFiles, expected) => {
    expect(splitFiles({ project: "shop", files, folder, envFiles })).toEqual(typeof expected === "string" ? expected : { ...expected, folder });
  });
});
