import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Step } from "../steps";

/** How a container of the image starts. Fields as in the OCI image specification's `config`. */
export interface ImageSettings {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
  /** Signal that asks the program to end; default SIGTERM. */
  readonly StopSignal?: string;
  readonly ExposedPorts?: Readonly<Record<string, Record<string, never>>>;
}

interface Blob {
  readonly digest: string;
  readonly size: number;
}

/**
 * Packs root file systems into an OCI image layout, as one tar file that containerd imports. The same content gives the
 * same digest. Layers are not compressed: they never leave this machine.
 * See https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md
 * @param layers folders, the lowest first
 * @param target the tar file to write
 */
export async function packImage(
  step: Step,
  name: string,
  layers: readonly string[],
  settings: ImageSettings,
  target: string,
): Promise<void> {
  const layout = `${target}.layout`;
  const blobs = join(layout, "blobs", "sha256");
  mkdirSync(blobs, { recursive: true });
  const layerBlobs: Blob[] = [];
  for (const [index, layer] of layers.entries()) {
    const draft = join(layout, `layer-${index}.tar`);
    await step.run("tar", [...reproducible, "--directory", layer, "--create", "--file", draft, "."]);
    layerBlobs.push(await store(blobs, draft));
  }
  const image = storeJson(blobs, {
    architecture: "amd64",
    os: "linux",
    config: settings,
    rootfs: { type: "layers", diff_ids: layerBlobs.map((blob) => blob.digest) },
  });
  const manifest = storeJson(blobs, {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...image },
    layers: layerBlobs.map((blob) => ({ mediaType: "application/vnd.oci.image.layer.v1.tar", ...blob })),
  });
  const reference = { "io.containerd.image.name": name, "org.opencontainers.image.ref.name": name };
  writeFileSync(
    join(layout, "index.json"),
    JSON.stringify({
      schemaVersion: 2,
      manifests: [{ mediaType: "application/vnd.oci.image.manifest.v1+json", ...manifest, annotations: reference }],
    }),
  );
  writeFileSync(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  await step.run("tar", ["--directory", layout, "--create", "--file", target, "oci-layout", "index.json", "blobs"]);
  await step.run("rm", ["-rf", layout]);
}

const reproducible = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--format=gnu"];

async function store(blobs: string, file: string): Promise<Blob> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  const digest = hash.digest("hex");
  const size = statSync(file).size;
  renameSync(file, join(blobs, digest));
  return { digest: `sha256:${digest}`, size };
}

function storeJson(blobs: string, content: unknown): Blob {
  const text = JSON.stringify(content);
  const digest = createHash("sha256").update(text).digest("hex");
  writeFileSync(join(blobs, digest), text);
  return { digest: `sha256:${digest}`, size: Buffer.byteLength(text) };
}
