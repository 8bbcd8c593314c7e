import { describeNight } from "../../support/night.ts";

describeNight({ name: "engine 20.10 with iptables-nft", options: { version: "20.10" }, direct: true });
