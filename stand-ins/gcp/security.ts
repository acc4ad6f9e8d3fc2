import type { CloudType } from "../cloud/cloud-type";
import type { PropertyMap } from "../plugin/property-values";
import { iamMember, lastPart, projectNumber, projectOf } from "./projects";

export const KEY_RING = "gcp:kms/keyRing:KeyRing";
export const CRYPTO_KEY = "gcp:kms/cryptoKey:CryptoKey";
const SECRET = "gcp:secretmanager/secret:Secret";
export const SECRET_VERSION = "gcp:secretmanager/secretVersion:SecretVersion";

const secretIam = iamMember(
  (properties, context) => {
    const secret = String(properties.secretId);
    return secret.includes("/") ? secret : `projects/${projectOf(properties, context)}/secrets/${secret}`;
  },
  [{ path: "secretId", to: SECRET, onTargetDeletion: "cascade" }],
);
const keyIam = iamMember(
  (properties) => String(properties.cryptoKeyId),
  [{ path: "cryptoKeyId", to: CRYPTO_KEY, onTargetDeletion: "cascade" }],
);

function checkReplication({ replication }: PropertyMap) {
  const given = (replication ?? {}) as PropertyMap;
  const kinds = ["auto", "userManaged"].filter((kind) => given[kind] !== undefined);
  return replication === undefined || kinds.length === 1
    ? []
    : [{ property: "replication", reason: "must hold exactly one of auto and userManaged" }];
}

/** Secrets and keys. */
export const securityTypes: { [token: string]: CloudType } = {
  [SECRET]: {
    id: "projects/{project}/secrets/{secretId}",
    autoName: false,
    check: checkReplication,
    computed: ({ project, secretId }) => ({ name: `projects/${projectNumber(String(project))}/secrets/${secretId}` }),
    refuseDelete: ({ properties, id }) =>
      properties.deletionProtection === true
        ? `cannot destroy secret ${id} because deletionProtection is set to true`
        : undefined,
  },
  [SECRET_VERSION]: {
    autoName: false,
    id(properties, context) {
      const secret = String(properties.secret);
      const project = /^projects\/([^/]+)/.exec(secret)?.[1] ?? projectOf(properties, context);
      const number = /^[0-9]+$/.test(project) ? project : projectNumber(project);
      const name = `projects/${number}/secrets/${lastPart(secret)}`;
      return `${name}/versions/${context.count(`versions of ${name}`) + 1}`;
    },
    references: [{ path: "secret", to: SECRET, onTargetDeletion: "cascade" }],
    computed: (_properties, _context, id) => ({ name: id, version: lastPart(id) }),
  },
  "gcp:secretmanager/secretIamMember:SecretIamMember": secretIam,
  // Neither can ever be deleted in the cloud, so their names stay taken
  // (https://cloud.google.com/kms/docs/object-hierarchy#lifecycle).
  [KEY_RING]: { id: "projects/{project}/locations/{location}/keyRings/{name}", retiresId: true },
  [CRYPTO_KEY]: {
    id: "{keyRing}/cryptoKeys/{name}",
    retiresId: true,
    references: [{ path: "keyRing", to: KEY_RING }],
    check: ({ rotationPeriod }) =>
      typeof rotationPeriod !== "string" || Number(/^([0-9.]+)s$/.exec(rotationPeriod)?.[1] ?? 0) >= 86_400
        ? []
        : [
            {
              property: "rotationPeriod",
              reason: `must be at least a day, such as "7776000s", not "${rotationPeriod}"`,
            },
          ],
    computed: (_properties, _context, id) => ({
      primaries: [{ name: `${id}/cryptoKeyVersions/1`, state: "ENABLED" }],
    }),
  },
  "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": keyIam,
};
