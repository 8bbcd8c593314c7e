/** Compose files of any size for growth: services of a few shapes, as a large project has them. */
export function composeOfSize(services: number): string {
  return `services:\n${Array.from({ length: services }, (_, index) => serviceOf(index)).join("")}`;
}

/** One in twenty is privileged, one in three is hardened. */
function serviceOf(index: number): string {
  const lines = [
    `  s${String(index)}:`,
    `    image: nginx:1.${String(index % 30)}`,
    `    ports: ["${String(8000 + index % 50_000)}:80"]`,
    "    environment:",
    `      NAME: s${String(index)}`,
    "      TZ: UTC",
    "    volumes:",
    `      - ./data${String(index)}:/data`,
    "    restart: unless-stopped",
    ...(index % 20 === 0 ? ["    privileged: true"] : []),
    ...(index % 3 === 0 ? ["    read_only: true", "    cap_drop: [ALL]", "    security_opt:", "      - no-new-privileges:true"] : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}
