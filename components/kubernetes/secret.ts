import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { base64 } from "./base64";

/** What a Secret consists of. */
export interface SecretContent {
  readonly metadata: kubernetes.types.input.meta.v1.ObjectMeta;
  /** Key → text. A key is the name of the file where the Secret is mounted. */
  readonly texts: Readonly<Record<string, pulumi.Input<string>>>;
  /** Absent: the cluster sets `Opaque`. */
  readonly type?: string;
  /** Whether the cluster refuses a change of the texts. Absent: it allows it. */
  readonly immutable?: boolean;
}

/** A Secret. Its texts are encrypted in the stack's state. The only place that makes one. */
export function createSecret(
  name: string,
  { metadata, texts, type, immutable }: SecretContent,
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Secret {
  const data = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, pulumi.secret(text).apply(base64)]));
  return new kubernetes.core.v1.Secret(name, { metadata, type, immutable, data }, opts);
}

/**
 * Content of a Secret with which nodes log in to an image registry.
 * @param credentials Docker `config.json`
 */
export function pullSecret(
  metadata: kubernetes.types.input.meta.v1.ObjectMeta,
  credentials: pulumi.Input<string>,
): SecretContent {
  return { metadata, type: "kubernetes.io/dockerconfigjson", texts: { ".dockerconfigjson": credentials } };
}
