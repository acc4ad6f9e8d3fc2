import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { parse } from "yaml";
import { projectRoot } from "../../../lab/layout";
import { own } from "../../support/sample-platform";
import { gke, rancher, smallest, validSettings } from "../../support/settings/valid-settings";

/** Settings by section, as plain data. */
export type Sections = Record<string, unknown>;

const GENERATED = 20;

/** Everything that is written down as an example: the stacks' files, those of the documentation, fixtures of tests. */
export function examples(): Sections[] {
  const files = ["Pulumi.dev.yaml", "Pulumi.prod.yaml", "lab/every-part.yaml"].map((name) =>
    sectionsOf(readFileSync(join(projectRoot, name), "utf8")),
  );
  const generated = fc.sample(validSettings, { seed: 1, numRuns: GENERATED }) as Sections[];
  return [...files, ...documented(), ...FIXTURES, ...generated].map((sections) =>
    withCluster({ ...smallest(), ...sections }),
  );
}

/** A cluster that is there needs no file of it here. */
function withCluster(sections: Sections): Sections {
  const { kind } = sections.cluster as { kind?: string };
  return kind === "existing" ? { ...sections, cluster: own } : sections;
}

/** The sections in a stack's file, or in a piece of one. */
function sectionsOf(text: string): Sections {
  const whole = parse(text, { logLevel: "silent" }) as { config?: Sections } | null;
  const entries = Object.entries(whole?.config ?? whole ?? {});
  return Object.fromEntries(
    entries.filter(([key]) => key.startsWith("onprem:")).map(([key, value]) => [key.replace("onprem:", ""), value]),
  );
}

/** What the documentation shows of settings. */
function documented(): Sections[] {
  const folder = join(projectRoot, "docs");
  const pages = readdirSync(folder).filter((name) => name.endsWith(".md"));
  const blocks = pages.flatMap((name) => [
    ...readFileSync(join(folder, name), "utf8").matchAll(/^( *)```yaml\n([\s\S]*?)^ *```/gm),
  ]);
  return blocks.flatMap(([, , text = ""]) => {
    const sections = readable(text);
    return Object.keys(sections).length > 0 ? [sections] : [];
  });
}

function readable(text: string): Sections {
  try {
    return sectionsOf(text);
  } catch {
    return {};
  }
}

const HOST_KEY = "git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
const over = (url: string, authentication: object) => ({ name: "fleet", url, authentication });
const kustomizations = [{ name: "apps", repository: "fleet", path: "./apps" }];

/** One of each kind that the files don't have. */
const FIXTURES: readonly Sections[] = [
  {
    cluster: gke({ zones: ["europe-west3-a", "europe-west3-b", "europe-west3-c"], labels: { team: "a" } }),
    rancher: rancher(),
    access: { users: [{ name: "jane" }], members: [{ user: "jane", role: "project-owner" }] },
  },
  {
    parse: {
      database: {
        kind: "external",
        engine: "mongodb",
        uri: "mongodb://parse:p4ssw0rd-p4ssw0rd@a.example.com:27017,b.example.com/parse?replicaSet=rs",
        cidrs: ["10.0.0.0/8"],
        ports: [27017],
      },
      options: { liveQuery: { classNames: ["Message"] } },
      priorityClassName: "customer-facing",
    },
    policy: {
      exceptions: [
        {
          policy: "images-pinned",
          resource: "server",
          reason: "The vendor has no tags, decided by J. Doe",
          expires: "2027-12-31",
        },
      ],
    },
  },
  {
    parse: {
      database: {
        kind: "external",
        engine: "postgresql",
        uri: "postgres://parse:p4ssw0rd-p4ssw0rd@db.example.com/parse",
      },
      ingress: {
        host: "parse.example.com",
        className: "nginx",
        tls: { secretName: "parse-tls" },
        annotations: { a: "b" },
      },
    },
    backup: {
      locations: [
        {
          kind: "s3",
          name: "outside",
          default: true,
          endpoint: "https://s3.example.com",
          region: "eu-central-1",
          bucket: "acme-backup",
          accessKeyId: "AKIAEXAMPLEEXAMPLE00",
          secretAccessKey: "s3cr3t-s3cr3t-s3cr3t",
        },
        { kind: "gcs", name: "cloud", project: "acme-platform", storageLocation: "EU" },
      ],
    },
  },
  {
    gitops: {
      repositories: [
        over("ssh://git@git.example.com/acme/fleet.git", { kind: "ssh", knownHosts: [HOST_KEY] }),
        { ...over("https://git.example.com/acme/more", { kind: "https", token: "t0ken-t0ken-t0ken" }), name: "more" },
      ],
      kustomizations,
      notifications: [{ kind: "slack", name: "chat", webhookUrl: "https://hooks.slack.com/services/T0/B0/x" }],
      receiver: { server: "github" },
    },
    monitoring: {
      receivers: [
        { kind: "webhook", name: "hook", url: "https://alerts.example.com/hook", bearerToken: "t0ken-t0ken-t0ken" },
        {
          kind: "email",
          name: "mail",
          to: ["a@example.com"],
          from: "b@example.com",
          smarthost: "smtp.example.com:465",
        },
      ],
      watchdogUrl: "https://deadman.example.com/acme",
    },
  },
];
