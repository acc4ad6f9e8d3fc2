import { chmodSync, copyFileSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { Artefact } from "./artefact";
import { DownloadError } from "./download";

/**
 * Takes an artefact's programs out of the file that was downloaded, and nothing else that is in it: what an archive
 * would put anywhere else is never written.
 * @param file the download, which was checked
 * @param folder where the programs go, each by its name
 * @throws DownloadError `bad-archive` when a program is not in it, or is no plain file
 */
export async function unpackPrograms(artefact: Artefact, file: string, folder: string): Promise<void> {
  const programs = Object.entries(artefact.files);
  const scratch = `${folder}.scratch`;
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  try {
    if (artefact.archive === "none") for (const [, path] of programs) copyFileSync(file, join(scratch, path));
    else await extract(artefact, file, scratch);
    for (const [name, path] of programs) {
      const program = join(scratch, path);
      if (!existsSync(program) || !lstatSync(program).isFile())
        throw new DownloadError("bad-archive", `${artefact.url} has no program ${path}`);
      chmodSync(program, 0o755);
      renameSync(program, join(folder, name));
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function extract(artefact: Artefact, file: string, folder: string): Promise<void> {
  const tar = async (...args: readonly string[]) => {
    const { failed, stdout, stderr } = await execa("tar", ["--gzip", "--file", file, ...args], { reject: false });
    if (!failed) return stdout;
    const [reason = "tar failed"] = stderr.split("\n");
    throw new DownloadError("bad-archive", `${artefact.url} cannot be unpacked: ${reason}`);
  };
  // Some publishers' entries begin with "./".
  const entries = new Map((await tar("--list")).split("\n").map((entry) => [entry.replace(/^\.\//, ""), entry]));
  const members = Object.values(artefact.files).flatMap((path) => entries.get(path) ?? []);
  const plainly = ["--no-same-owner", "--no-same-permissions", "--no-recursion"];
  if (members.length > 0) await tar("--extract", ...plainly, "--directory", folder, "--", ...members);
}
