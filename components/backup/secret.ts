import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { takenUp } from "../kubernetes/object-metadata";

/** What {@link secretOf} makes. */
export interface SecretContent {
  readonly metadata: Omit<kubernetes.types.input.meta.v1.ObjectMeta, "annotations">;
  /** File name → text. */
  readonly content: Readonly<Record<string, pulumi.Input<string>>>;
  /** Default: `Opaque`. */
  readonly type?: string;
  readonly parent: pulumi.Resource;
  /** Refuses to delete it. Default: false. */
  readonly protect?: boolean;
  /** What has to be there first. Default: nothing. */
  readonly dependsOn?: readonly pulumi.Resource[];
}

/** A Secret whose texts are secret in the state too. */
export function secretOf(
  name: string,
  { metadata, content, type = "Opaque", parent, protect, dependsOn = [] }: SecretContent,
) {
  const data = Object.fromEntries(
    Object.entries(content).map(([key, value]) => [
      key,
      pulumi.secret(value).apply((text) => Buffer.from(text, "utf8").toString("base64")),
    ]),
  );
  return new kubernetes.core.v1.Secret(
    name,
    { metadata: { ...metadata, annotations: takenUp }, type, data },
    { parent, protect, dependsOn: [...dependsOn] },
  );
}
