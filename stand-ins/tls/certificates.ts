import { createHash, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import { checkInputs, type InputRule, type InputRules } from "../plugin/input-checks";
import { containsUnknown, type PropertyMap } from "../plugin/property-values";
import {
  type CheckFailure,
  changedInputs,
  type Difference,
  type ResourceState,
  type ResourceType,
} from "../plugin/resource-provider";
import { alternativeNames, badNames, distinguishedName, SUBJECT_PART_NAMES } from "./names";
import { parsePrivateKey } from "./private-key";
import {
  ALLOWED_USES,
  type CertificateContent,
  createRequest,
  type Issuer,
  issueCertificate,
  parseAuthority,
  parseRequest,
  subjectKeyId,
} from "./x509";

const HOUR = 3600 * 1000;

const NAME_RULES: { [name: string]: InputRule } = {
  dnsNames: { type: "strings" },
  ipAddresses: { type: "strings" },
  privateKeyPem: { type: "string" },
  subject: { type: "object" },
  uris: { type: "strings" },
};
const CERTIFICATE_RULES: { [name: string]: InputRule } = {
  allowedUses: { type: "strings", oneOf: ALLOWED_USES },
  earlyRenewalHours: { type: "integer", atLeast: 0 },
  isCaCertificate: { type: "boolean" },
  maxPathLength: { type: "integer", atLeast: -1 },
  setSubjectKeyId: { type: "boolean" },
  validityPeriodHours: { type: "integer", atLeast: 0 },
};
const REQUEST: InputRules = { required: ["privateKeyPem"], rules: NAME_RULES };
const SELF_SIGNED: InputRules = {
  required: ["privateKeyPem", "validityPeriodHours", "allowedUses"],
  rules: { ...NAME_RULES, ...CERTIFICATE_RULES, setAuthorityKeyId: { type: "boolean" } },
};
const LOCALLY_SIGNED: InputRules = {
  required: ["caCertPem", "caPrivateKeyPem", "certRequestPem", "validityPeriodHours", "allowedUses"],
  rules: {
    ...CERTIFICATE_RULES,
    caCertPem: { type: "string" },
    caPrivateKeyPem: { type: "string" },
    certRequestPem: { type: "string" },
  },
};
const COMPUTED = ["certPem", "readyForRenewal", "validityStartTime", "validityEndTime"];
const DEFAULTS = { earlyRenewalHours: 0, isCaCertificate: false, setSubjectKeyId: false };

function checkNames(rules: InputRules, inputs: PropertyMap): CheckFailure[] {
  const failures = checkInputs(rules, inputs);
  if (failures.length > 0 || containsUnknown({ ...inputs, privateKeyPem: null })) return failures;
  const parts = Object.keys((inputs.subject ?? {}) as PropertyMap);
  const unknown = parts.filter((part) => !SUBJECT_PART_NAMES.includes(part) && !part.startsWith("__"));
  return [
    ...badNames(inputs),
    ...unknown.map((part) => ({
      property: `subject.${part}`,
      reason: `is not a part of a subject; known are ${SUBJECT_PART_NAMES.join(", ")}`,
    })),
    ...(inputs.isCaCertificate && parts.length === 0
      ? [{ property: "subject", reason: "must have at least one part for the certificate of an authority" }]
      : []),
  ];
}

/** Whether the time for a new certificate has come: `earlyRenewalHours` before the end of the old one. */
export function isDue(properties: PropertyMap, earlyRenewalHours: number, now: number): boolean {
  const end = Date.parse(String(properties.validityEndTime));
  return end - earlyRenewalHours * HOUR <= now;
}

/** Every change needs a new certificate but `earlyRenewalHours`, which only says when the next one is due. */
function diffCertificate(inputNames: readonly string[]) {
  return (state: ResourceState, inputs: PropertyMap): Difference => {
    const changed = changedInputs({ inputs: inputNames }, state, inputs);
    const replaces = changed.filter((name) => name !== "earlyRenewalHours");
    if (!isDue(state.properties, Number(inputs.earlyRenewalHours), Date.now())) return { changed, replaces };
    return { changed: [...changed, "readyForRenewal"], replaces: [...replaces, "readyForRenewal"] };
  };
}

function readCertificate(state: ResourceState): ResourceState {
  if (!isDue(state.properties, Number(state.properties.earlyRenewalHours ?? 0), Date.now())) return state;
  return { id: state.id, properties: { ...state.properties, readyForRenewal: true } };
}

type Described = Pick<CertificateContent, "subject" | "alternativeNames" | "publicKey">;

function issue(inputs: PropertyMap, described: Described, issuer: Issuer): ResourceState {
  const notBefore = new Date();
  const notAfter = new Date(notBefore.getTime() + Number(inputs.validityPeriodHours) * HOUR);
  const pathLength = Number(inputs.maxPathLength ?? -1);
  const content: CertificateContent = {
    ...described,
    allowedUses: inputs.allowedUses as string[],
    isAuthority: Boolean(inputs.isCaCertificate),
    maxPathLength: pathLength >= 0 ? pathLength : undefined,
    withSubjectKeyId: Boolean(inputs.setSubjectKeyId),
    notBefore,
    notAfter,
  };
  const { pem, serialNumber } = issueCertificate(content, issuer);
  const outputs = {
    certPem: pem,
    readyForRenewal: false,
    validityStartTime: notBefore.toISOString(),
    validityEndTime: notAfter.toISOString(),
  };
  return { id: serialNumber, properties: { ...inputs, ...outputs } };
}

const subjectOf = (inputs: PropertyMap) => distinguishedName((inputs.subject ?? {}) as PropertyMap);

/** Runs `parse` and names the input in its error. */
function readInput<Result>(property: string, parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    throw new Error(`${property} cannot be read: ${(error as Error).message}`);
  }
}

/** `tls.SelfSignedCert`. */
export const selfSignedCertType: ResourceType = {
  inputs: Object.keys(SELF_SIGNED.rules),
  computedOutputs: [...COMPUTED, "keyAlgorithm"],
  secretOutputs: ["privateKeyPem"],
  withDefaults: () => ({ ...DEFAULTS, setAuthorityKeyId: false }),
  check: (inputs) => checkNames(SELF_SIGNED, inputs),
  diff: diffCertificate(Object.keys(SELF_SIGNED.rules)),
  read: readCertificate,
  create(inputs) {
    const { privateKey, algorithm } = parsePrivateKey(String(inputs.privateKeyPem), "privateKeyPem");
    const publicKey = createPublicKey(privateKey);
    const subject = subjectOf(inputs);
    const issuer = { name: subject, privateKey, keyId: ownKeyId(inputs, publicKey) };
    const { id, properties } = issue(
      inputs,
      { subject, alternativeNames: alternativeNames(inputs), publicKey },
      issuer,
    );
    return { id, properties: { ...properties, keyAlgorithm: algorithm } };
  },
};

/** A self-signed certificate names its own key as its authority's, where it is asked to and names its key at all. */
function ownKeyId(inputs: PropertyMap, publicKey: KeyObject): ArrayBuffer | undefined {
  if (!inputs.setAuthorityKeyId) return undefined;
  if (!inputs.isCaCertificate && !inputs.setSubjectKeyId) {
    throw new Error("setAuthorityKeyId needs setSubjectKeyId or isCaCertificate: there is no key identifier to name");
  }
  return subjectKeyId(publicKey);
}

/** `tls.CertRequest`. */
export const certRequestType: ResourceType = {
  inputs: Object.keys(REQUEST.rules),
  computedOutputs: ["certRequestPem", "keyAlgorithm"],
  secretOutputs: ["privateKeyPem"],
  check: (inputs) => checkNames(REQUEST, inputs),
  create(inputs) {
    const { privateKey, algorithm } = parsePrivateKey(String(inputs.privateKeyPem), "privateKeyPem");
    const { pem, der } = createRequest(subjectOf(inputs), alternativeNames(inputs), privateKey);
    const id = createHash("sha1").update(der).digest("hex");
    return { id, properties: { ...inputs, certRequestPem: pem, keyAlgorithm: algorithm } };
  },
};

/** `tls.LocallySignedCert`: a certificate for a request, signed by an authority whose key is at hand. */
export const locallySignedCertType: ResourceType = {
  inputs: Object.keys(LOCALLY_SIGNED.rules),
  computedOutputs: [...COMPUTED, "caKeyAlgorithm"],
  secretOutputs: ["caPrivateKeyPem"],
  withDefaults: () => DEFAULTS,
  check: (inputs) => checkInputs(LOCALLY_SIGNED, inputs),
  diff: diffCertificate(Object.keys(LOCALLY_SIGNED.rules)),
  read: readCertificate,
  create(inputs) {
    const { privateKey, algorithm } = parsePrivateKey(String(inputs.caPrivateKeyPem), "caPrivateKeyPem");
    const authority = readInput("caCertPem", () => parseAuthority(String(inputs.caCertPem)));
    if (!new X509Certificate(String(inputs.caCertPem)).checkPrivateKey(privateKey)) {
      throw new Error("caPrivateKeyPem is not the private key of the certificate in caCertPem");
    }
    const request = readInput("certRequestPem", () => parseRequest(String(inputs.certRequestPem)));
    const described = { subject: request.subject, alternativeNames: request.names, publicKey: request.publicKey };
    const { id, properties } = issue(inputs, described, { ...authority, privateKey });
    return { id, properties: { ...properties, caKeyAlgorithm: algorithm } };
  },
};
