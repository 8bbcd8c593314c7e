/** The host of the sample reports: a small shop, its tools, and the mistakes that such hosts have. */
import type { Engine } from "../test/support/engine.ts";
import { importImage } from "../test/support/images.ts";

/** What the demo's services are told; a recording must not hold them. */
export const DEMO_SECRETS = ["orange-harbour-41", "kq7TzR2mWv9c"] as const;

export const DEMO_DAEMON_JSON = { "live-restore": true, "log-driver": "json-file", "log-opts": { "max-size": "10m" } } as const;
const CONFINED = ["--user", "1000", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--read-only"] as const;

/** Images by name, with the Dockerfile instructions that set them apart. */
const IMAGES: Readonly<Record<string, readonly string[]>> = {
  "shop/proxy:1.27": ["EXPOSE 80 443", 'CMD ["httpd", "-f", "-p", "80", "-h", "/www"]'],
  "shop/web:4.2": ["USER 1000", "EXPOSE 8000"],
  "shop/database:16": ["EXPOSE 5432", "VOLUME /var/lib/database"],
  "shop/cache:7": ["USER 1000", "EXPOSE 6379"],
  "tools/dashboard:2.21": ["EXPOSE 9000"],
  "tools/metrics:1.8": ["USER 65534", "EXPOSE 9100"],
  "tools/backup:3": [],
  "tools/runner:11": [],
};

/** What the shop was made from, by now: somebody has closed the database's port, and not said `up`. */
export const DEMO_COMPOSE = {
  folder: "/srv/shop",
  name: "compose.yaml",
  text: `services:
  proxy:
    image: shop/proxy:1.27
    ports: ["80:80", "443:443"]
    networks: [front]

  web:
    image: shop/web:4.2
    user: "1000"
    read_only: true
    cap_drop: [ALL]
    security_opt: [no-new-privileges]
    environment:
      DATABASE_URL: postgres://shop:\${DATABASE_PASSWORD}@db:5432/shop
    networks: [front, back]

  db:
    image: shop/database:16
    ports: ["127.0.0.1:5432:5432"]
    environment:
      POSTGRES_PASSWORD: \${DATABASE_PASSWORD}
    networks: [back]

  cache:
    image: shop/cache:7
    user: "1000"
    read_only: true
    cap_drop: [ALL]
    security_opt: [no-new-privileges]
    networks: [back]

networks:
  front:
  back:
`,
} as const;

/** `run` starts a container, `create` leaves it stopped: what gets every capability cannot be started on every test machine. */
const CONTAINERS: readonly { readonly how: "run" | "create"; readonly name: string; readonly image: string; readonly args: readonly string[] }[] = [
  { how: "run", name: "shop-proxy-1", image: "shop/proxy:1.27", args: [...ofShop("proxy"), "--network", "shop_front", "-p", "80:80", "-p", "443:443"] },
  {
    how: "run", name: "shop-web-1", image: "shop/web:4.2",
    args: [...ofShop("web"), "--network", "shop_front", ...CONFINED, "-e", `DATABASE_URL=postgres://shop:${DEMO_SECRETS[0]}@db:5432/shop`],
  },
  {
    how: "run", name: "shop-db-1", image: "shop/database:16",
    args: [...ofShop("db"), "--network", "shop_back", "-p", "5432:5432", "-e", `POSTGRES_PASSWORD=${DEMO_SECRETS[0]}`],
  },
  { how: "run", name: "shop-cache-1", image: "shop/cache:7", args: [...ofShop("cache"), "--network", "shop_back", ...CONFINED] },
  { how: "run", name: "dashboard", image: "tools/dashboard:2.21", args: ["-p", "127.0.0.1:9000:9000", "-v", "/var/run/docker.sock:/var/run/docker.sock"] },
  { how: "run", name: "metrics", image: "tools/metrics:1.8", args: ["--network", "host", "--pid", "host", "-v", "/proc:/host/proc:ro"] },
  { how: "create", name: "backup", image: "tools/backup:3", args: ["--network", "none", "--cap-add", "DAC_READ_SEARCH", "-v", "/srv:/srv:ro"] },
  { how: "create", name: "runner", image: "tools/runner:11", args: ["--privileged", "-e", `RUNNER_TOKEN=${DEMO_SECRETS[1]}`] },
];

function ofShop(service: string): string[] {
  const { folder, name: file } = DEMO_COMPOSE;
  const labels = { project: "shop", service, "container-number": "1", "project.working_dir": folder, "project.config_files": `${folder}/${file}` };
  return Object.entries(labels).flatMap(([name, value]) => ["--label", `com.docker.compose.${name}=${value}`]);
}

/** Makes the images, networks and containers on a fresh engine, whose socket stands for /var/run/docker.sock. */
export async function populateDemoHost(engine: Engine): Promise<void> {
  for (const [name, changes] of Object.entries(IMAGES)) await importImage(engine, name, changes);
  for (const name of ["front", "back"]) {
    await engine.docker("network", "create", "--label", "com.docker.compose.project=shop", "--label", `com.docker.compose.network=${name}`, `shop_${name}`);
  }
  for (const { how, name, image, args } of CONTAINERS) {
    const mounted = args.map((word) => word.replace(/^\/var\/run\/docker\.sock:/, `${engine.socket}:`));
    await engine.docker(how, ...(how === "run" ? ["--detach"] : []), "--name", name, ...mounted, image);
  }
  await engine.docker("network", "connect", "shop_back", "shop-web-1");
}
