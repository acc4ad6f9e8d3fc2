import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { checkInputs, type InputRules } from "../plugin/input-checks";
import type { PropertyMap } from "../plugin/property-values";
import type { ResourceType } from "../plugin/resource-provider";
import { publicKeyOfSshPrivateKey, sshOutputs, sshPrivateKey } from "./openssh";

const generate = promisify(generateKeyPair);

/** The algorithms, by the provider's name. */
export const ALGORITHMS = ["RSA", "ECDSA", "ED25519"] as const;
/** OpenSSL's name of each curve, by the provider's name. */
const CURVES = { P224: "secp224r1", P256: "prime256v1", P384: "secp384r1", P521: "secp521r1" } as const;

const RULES: InputRules = {
  required: ["algorithm"],
  rules: {
    algorithm: { type: "string", oneOf: ALGORITHMS },
    ecdsaCurve: { type: "string", oneOf: Object.keys(CURVES) },
    // Go refuses shorter RSA keys since 1.24, and so does the real provider.
    rsaBits: { type: "integer", atLeast: 1024 },
  },
};

async function generateKey(inputs: PropertyMap): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> {
  switch (inputs.algorithm) {
    case "RSA":
      return generate("rsa", { modulusLength: Number(inputs.rsaBits) });
    case "ECDSA":
      return generate("ec", { namedCurve: CURVES[inputs.ecdsaCurve as keyof typeof CURVES] });
    default:
      return generate("ed25519");
  }
}

/** PKCS#1 for RSA and SEC1 for ECDSA, as the real provider writes them; Ed25519 has only PKCS#8. */
function privateKeyPem(privateKey: KeyObject): string {
  const types = { rsa: "pkcs1", ec: "sec1" } as const;
  const type = types[privateKey.asymmetricKeyType as keyof typeof types] ?? "pkcs8";
  return privateKey.export({ type, format: "pem" }).toString();
}

/** The outputs that a private key and the function `getPublicKey` have in common, and the id: SHA-1 of the public key. */
function publicKeyOutputs(publicKey: KeyObject): { id: string; properties: PropertyMap } {
  const ssh = sshOutputs(publicKey);
  const der = publicKey.export({ type: "spki", format: "der" });
  return {
    id: createHash("sha1").update(der).digest("hex"),
    properties: {
      publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
      publicKeyOpenssh: ssh.line,
      publicKeyFingerprintMd5: ssh.md5,
      publicKeyFingerprintSha256: ssh.sha256,
    },
  };
}

/** `tls.PrivateKey`: any changed input makes a new key. It cannot be imported, as the real one. */
export const privateKeyType: ResourceType = {
  inputs: Object.keys(RULES.rules),
  computedOutputs: [
    ...["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8", "publicKeyPem", "publicKeyOpenssh"],
    ...["publicKeyFingerprintMd5", "publicKeyFingerprintSha256"],
  ],
  secretOutputs: ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"],
  withDefaults: () => ({ ecdsaCurve: "P224", rsaBits: 2048 }),
  check: (inputs) => checkInputs(RULES, inputs),
  async create(inputs) {
    const { privateKey, publicKey } = await generateKey(inputs);
    const { id, properties } = publicKeyOutputs(publicKey);
    const secrets = {
      privateKeyOpenssh: sshPrivateKey(privateKey, publicKey),
      privateKeyPem: privateKeyPem(privateKey),
      privateKeyPemPkcs8: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    };
    return { id, properties: { ...inputs, ...properties, ...secrets } };
  },
};

/** Parses a private key in PEM and names its algorithm. @param property the input, for the error's text. */
export function parsePrivateKey(pem: string, property: string): { privateKey: KeyObject; algorithm: string } {
  try {
    const privateKey = createPrivateKey(pem);
    return { privateKey, algorithm: algorithmOf(privateKey) };
  } catch (error) {
    throw new Error(`${property} cannot be read as a private key in PEM: ${(error as Error).message}`);
  }
}

function algorithmOf(key: KeyObject): string {
  const names: { [type: string]: string } = { rsa: "RSA", ec: "ECDSA", ed25519: "ED25519" };
  const name = names[key.asymmetricKeyType ?? ""];
  if (!name) throw new Error(`${key.asymmetricKeyType} is not one of ${ALGORITHMS.join(", ")}`);
  return name;
}

/** `tls.getPublicKey`: the public half of a private key in PEM or OpenSSH format. */
export function getPublicKey(args: PropertyMap): PropertyMap {
  const { privateKeyPem: pem, privateKeyOpenssh: openssh } = args;
  if ((pem === undefined) === (openssh === undefined)) {
    throw new Error("getPublicKey needs exactly one of privateKeyPem and privateKeyOpenssh");
  }
  const publicKey =
    pem === undefined
      ? publicKeyFromOpenssh(String(openssh))
      : createPublicKey(parsePrivateKey(String(pem), "privateKeyPem").privateKey);
  const { id, properties } = publicKeyOutputs(publicKey);
  return { ...args, id, algorithm: algorithmOf(publicKey), ...properties };
}

function publicKeyFromOpenssh(text: string): KeyObject {
  try {
    return publicKeyOfSshPrivateKey(text);
  } catch (error) {
    throw new Error(`privateKeyOpenssh cannot be read: ${(error as Error).message}`);
  }
}
