import { z } from "zod";
import { isPort } from "../../grammars/git-url";
import { secret } from "../fields";

/** The port in an address of a registry or an image; `undefined` where there is none. */
const portOf = (address: string): string | undefined => /^[^/]*:([0-9]+)/.exec(address)?.[1];

const mirror = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:[0-9]{1,5})?(\/[a-z0-9._/-]*[a-z0-9])?$/)
  .refine((address) => portOf(address) === undefined || isPort(portOf(address) ?? ""))
  .meta({
    allowed:
      "a registry's host with an optional port from 1 to 65535 and path, without https:// and without a slash at the end",
    example: "registry.example.com",
  });

/** Where artefacts come from: upstream by default, mirrors where the site has no way out. */
export const sources = z
  .strictObject({
    images: mirror
      .optional()
      .describe(
        "Registry mirror. It takes the place of each image's registry host; the rest of the name stays: `docker.io/library/mongo` becomes `registry.example.com/library/mongo`.",
      ),
    imagePullCredentials: secret("a Docker config.json")
      .optional()
      .describe(
        "Docker `config.json` with the credentials of the mirror; made a pull secret in each of our namespaces.",
      ),
    charts: z
      .string()
      .min(1)
      .meta({ allowed: "a directory or an https:// or oci:// address of a chart repository", example: "mirror/charts" })
      .optional()
      .describe(
        "Directory, relative to the project, or repository that holds the third-party charts as `NAME-VERSION.tgz`.",
      ),
    manifests: z
      .string()
      .min(1)
      .meta({ allowed: "a directory or an https:// address", example: "mirror/manifests" })
      .optional()
      .describe(
        "Directory, relative to the project, or address that holds release manifests (Flux `install.yaml`, CRDs); their checksums are verified whatever the source.",
      ),
  })
  .describe("Where images, charts and manifests come from. Upstream when empty; an air-gapped site sets all three.");
