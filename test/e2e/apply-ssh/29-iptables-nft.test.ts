import { describeNight } from "../../support/night.ts";

describeNight({ name: "engine 29 with iptables-nft", options: { version: "29" } });
