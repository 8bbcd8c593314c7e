import { describeNight } from "../../support/night.ts";

describeNight({ name: "engine 29 with nftables", options: { version: "29", daemonJson: { "firewall-backend": "nftables" }, forwardingFirst: true } });
