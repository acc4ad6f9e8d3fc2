import type { ParseSettings } from "../../../components/parse/args";

/** Images of no registry in particular. */
export const images = {
  parseServer: "registry.example.com/parseplatform/parse-server:9.10.0",
  parseDashboard: "registry.example.com/parseplatform/parse-dashboard:9.2.0",
  mongodb: "registry.example.com/library/mongo:8.0.26",
  postgresql: "registry.example.com/library/postgres:17.11",
};

/** The least a customer says. */
export const minimal: ParseSettings = { customer: "acme", images };
