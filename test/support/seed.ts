/**
 * In CI the same random cases every time: a change is not refused for what a rare case finds in something else. Everywhere else each run
 * tries new ones.
 */
import fc from "fast-check";

if (process.env["CI"] === "true") fc.configureGlobal({ seed: 20 });
