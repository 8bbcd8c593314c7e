import { describeNight } from "../../support/night.ts";

describeNight({ name: "engine 20.10 with iptables-legacy", options: { version: "20.10", iptables: "legacy" }, direct: true });
