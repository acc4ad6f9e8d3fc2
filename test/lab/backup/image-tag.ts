import { execa } from "execa";
import { imageMirror, paths } from "../../../lab/layout";
import { nodeProgram, nodeProgramEnvironment } from "../../../lab/node/programs";

/** Gives an image of the lab one more tag: the stand-in for a newer release of the same program. */
export async function tagImage(repository: string, from: string, to: string): Promise<void> {
  await images("tag", "--force", `${imageMirror}/${repository}:${from}`, `${imageMirror}/${repository}:${to}`);
}

/** Takes a tag away; the image stays under its other ones. */
export async function untagImage(repository: string, tag: string): Promise<void> {
  await images("remove", `${imageMirror}/${repository}:${tag}`);
}

async function images(...args: string[]): Promise<void> {
  const place = ["--address", paths.containerdSocket, "--namespace", "k8s.io"];
  await execa(nodeProgram("ctr"), [...place, "images", ...args], nodeProgramEnvironment());
}
