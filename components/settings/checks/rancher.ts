import { createPrivateKey, X509Certificate } from "node:crypto";
import { rancherLines } from "../../releases/releases";
import type { Problem } from "../problems";
import type { OpenSettings } from "../schema";
import type { Check } from "./check";

type Rancher = NonNullable<OpenSettings["rancher"]>;

/** Versions that go together, the project of the VM, and a certificate that was given. */
export const checkRancher: Check = ({ rancher, cluster }, { now }) => {
  if (!rancher) return [];
  return [...checkVersions(rancher, cluster), ...checkProject(rancher, cluster), ...checkCertificate(rancher, now)];
};

function checkVersions({ version }: Rancher, cluster: OpenSettings["cluster"] | undefined): Problem[] {
  const line = rancherLines.find((candidate) => version.startsWith(`${candidate.line}.`));
  if (!line) {
    const known = rancherLines.map((candidate) => `${candidate.line}.x`).join(", ");
    const newest = rancherLines[0]?.version;
    return [
      {
        path: ["rancher", "version"],
        given: `"${version}"`,
        allowed: known,
        wayOut: `pulumi config set --path 'onprem:rancher.version' ${newest}`,
      },
    ];
  }
  if (cluster?.kind !== "gke" || line.kubernetes.includes(cluster.kubernetesVersion)) return [];
  const fitting = rancherLines.filter((candidate) => candidate.kubernetes.includes(cluster.kubernetesVersion));
  return [
    {
      path: ["rancher", "version"],
      given: `"${version}" with Kubernetes ${cluster.kubernetesVersion}`,
      allowed: `Rancher ${line.line} with Kubernetes ${line.kubernetes.join(", ")}`,
      wayOut: fitting[0]
        ? `pulumi config set --path 'onprem:rancher.version' ${fitting[0].version}, or choose another onprem:cluster.kubernetesVersion`
        : "choose another onprem:cluster.kubernetesVersion",
      involves: [["cluster", "kubernetesVersion"]],
    },
  ];
}

function checkProject({ project }: Rancher, cluster: OpenSettings["cluster"] | undefined): Problem[] {
  if (project !== undefined || cluster?.kind !== "existing") return [];
  return [
    {
      path: ["rancher", "project"],
      given: "nothing",
      allowed: "a Google Cloud project id: an existing cluster has none that could be taken",
      wayOut: "pulumi config set --path 'onprem:rancher.project' acme-platform",
      involves: [["cluster", "kind"]],
    },
  ];
}

function checkCertificate({ tls, hostname }: Rancher, now: Date): Problem[] {
  if (tls.kind !== "provided") return [];
  const path = ["rancher", "tls", "certificate"];
  const certificate = readable(() => new X509Certificate(tls.certificate));
  if (!certificate)
    return [
      {
        path,
        given: "a PEM certificate that cannot be read",
        allowed: "an X.509 certificate",
        wayOut: "export it again as PEM",
      },
    ];
  const problems: Problem[] = [];
  if (!certificate.checkHost(hostname)) {
    problems.push({
      path,
      given: `a certificate for ${certificate.subjectAltName ?? certificate.subject}`,
      allowed: `a certificate for ${hostname}`,
      wayOut: "ask the customer's CA for one with that name",
      involves: [["rancher", "hostname"]],
    });
  }
  if (now > new Date(certificate.validTo) || now < new Date(certificate.validFrom)) {
    problems.push({
      path,
      given: `a certificate valid from ${certificate.validFrom} to ${certificate.validTo}`,
      allowed: "a certificate that is valid today",
      wayOut: "ask the customer's CA for a new one",
    });
  }
  return [...problems, ...checkPrivateKey(certificate, tls.privateKey)];
}

function checkPrivateKey(certificate: X509Certificate, pem: string): Problem[] {
  const path = ["rancher", "tls", "privateKey"];
  const wayOut = "pulumi config set --secret --path 'onprem:rancher.tls.privateKey' < key.pem";
  const key = readable(() => createPrivateKey(pem));
  if (!key)
    return [
      {
        path,
        given: "a value that is no private key, which is not shown",
        allowed: "a PEM private key without a passphrase",
        wayOut,
      },
    ];
  if (certificate.checkPrivateKey(key)) return [];
  return [
    {
      path,
      given: "a private key that does not belong to the certificate",
      allowed: "the private key of the first certificate in onprem:rancher.tls.certificate",
      wayOut,
      involves: [["rancher", "tls", "certificate"]],
    },
  ];
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
