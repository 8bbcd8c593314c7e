import { describeNight } from "../../support/night.ts";

describeNight({ name: "engine 29 with iptables-legacy", options: { version: "29", iptables: "legacy" } });
