/** The bare API calls that any audit needs: one list, then every inspect, sixteen at a time. The yardstick for `harden scan`. */
const http = process.getBuiltinModule("node:http");

const socketPath = (process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock").replace("unix://", "");

function get(path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    http.get({ socketPath, path }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => { resolve(JSON.parse(Buffer.concat(chunks).toString())); });
    }).on("error", reject);
  });
}

const containers = (await get("/containers/json?all=1")) as { Id: string }[];
const queue = [...containers];
await Promise.all(Array.from({ length: 16 }, async () => {
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) await get(`/containers/${next.Id}/json`);
}));
