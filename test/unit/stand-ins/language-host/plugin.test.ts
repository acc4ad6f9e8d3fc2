import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeClient, LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/language_pb";
import {
  configurationEnvironment,
  languageService,
  preloadArguments,
  programArguments,
  runResponse,
} from "../../../../stand-ins/language-host/plugin";
import { listen } from "../../../../stand-ins/plugin/plugin-server";

describe("lab language host", () => {
  let folder: string;
  let server: grpc.Server;
  let client: LanguageRuntimeClient;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "language-host-"));
    const listening = await listen(LanguageRuntimeService, languageService("127.0.0.1:1"));
    server = listening.server;
    client = new LanguageRuntimeClient(`127.0.0.1:${listening.port}`, grpc.credentials.createInsecure());
  });
  after(() => {
    client.close();
    server.forceShutdown();
    rmSync(folder, { recursive: true });
  });

  const info = (): messages.ProgramInfo =>
    new messages.ProgramInfo().setRootDirectory(folder).setProgramDirectory(folder).setEntryPoint("dist/index.js");
  const runRequest = (): messages.RunRequest => {
    const request = new messages.RunRequest().setProject("shop").setStack("dev").setOrganization("organization");
    request.getConfigMap().set("shop:customer", "acme").set("aws:region:zone", "a");
    return request
      .setPwd(folder)
      .setMonitorAddress("127.0.0.1:2")
      .setParallel(4)
      .setInfo(info())
      .setConfigsecretkeysList(["shop:key"]);
  };

  it("runs the entry point that Pulumi.yaml names, with everything that the SDK must know", () => {
    assert.equal(
      programArguments(runRequest().setDryrun(true), "127.0.0.1:1").join(" "),
      "--monitor 127.0.0.1:2 --engine 127.0.0.1:1 --organization organization --project shop --stack dev " +
        `--root-directory ${folder} --pwd ${folder} --parallel 4 --dry-run dist/index.js`,
    );
    assert.ok(!programArguments(runRequest(), "x").includes("--dry-run"));
  });

  it("starts a program as the official host does, and with modules of its own before it only where it is asked to", () => {
    for (const value of [undefined, "", "never", "1"])
      assert.deepEqual(preloadArguments({ ONPREM_LAB_PRELOADS: value }), [], value);
    const names = preloadArguments({ ONPREM_LAB_PRELOADS: "always" }).map((argument) => basename(argument));
    assert.deepEqual(names, [
      ...["--require", "late-modules.js"],
      ...["--require", "light-promises.js"],
      ...["--require", "linear-structs.js"],
    ]);
  });

  it("passes configuration on in the SDK's long form", () => {
    const { PULUMI_CONFIG, PULUMI_CONFIG_SECRET_KEYS } = configurationEnvironment(runRequest());
    assert.deepEqual(JSON.parse(PULUMI_CONFIG ?? ""), {
      "shop:config:customer": "acme",
      "aws:config:region:zone": "a",
    });
    assert.deepEqual(JSON.parse(PULUMI_CONFIG_SECRET_KEYS ?? ""), ["shop:key"]);
  });

  it("tells success, an error that the user has read already, and any other end apart", () => {
    const told = (code: number | null, signal: NodeJS.Signals | null = null) => {
      const response = runResponse(code, signal);
      return [response.getBail(), response.getError()];
    };
    assert.deepEqual(told(0), [false, ""]);
    assert.deepEqual(told(32), [true, ""]);
    assert.deepEqual(told(7), [false, "the program exited with code 7"]);
    assert.deepEqual(told(null, "SIGSEGV"), [false, "the program was stopped by SIGSEGV"]);
  });

  it("says what to do where the SDK is not installed", async () => {
    const error = await new Promise<grpc.ServiceError | null>((done) =>
      client.run(runRequest(), (failure) => done(failure)),
    );
    assert.equal(error?.details, `@pulumi/pulumi is not installed for ${folder}: run "npm install" there`);
  });

  it("asks for no plugins in advance", async () => {
    const request = new messages.GetRequiredPackagesRequest().setInfo(info());
    const response = await new Promise<messages.GetRequiredPackagesResponse>((resolve, reject) =>
      client.getRequiredPackages(request, (error, answer) => (error ? reject(error) : resolve(answer))),
    );
    assert.deepEqual(response.getPackagesList(), []);
  });

  it("lists the packages of the nearest package.json", async () => {
    const nested = join(folder, "program");
    mkdirSync(nested);
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({ dependencies: { zod: "4" }, devDependencies: { mocha: "11" } }),
    );
    const request = new messages.GetProgramDependenciesRequest().setInfo(info().setProgramDirectory(nested));
    const response = await new Promise<messages.GetProgramDependenciesResponse>((resolve, reject) =>
      client.getProgramDependencies(request, (error, answer) => (error ? reject(error) : resolve(answer))),
    );
    const found = response.getDependenciesList().map((item) => `${item.getName()} ${item.getVersion()}`);
    assert.deepEqual(found.sort(), ["mocha 11", "zod 4"]);
  });

  it("installs nothing, and says so", async () => {
    const call = client.installDependencies(new messages.InstallDependenciesRequest().setInfo(info()));
    const error = await new Promise<grpc.ServiceError>((done) =>
      call.on("error", (failure) => done(failure as grpc.ServiceError)).resume(),
    );
    assert.match(error.details, /this language host installs nothing: run "npm install"/);
  });

  it("refuses plugins of a kind that it has no script for", async () => {
    const request = new messages.RunPluginRequest().setPwd(folder).setInfo(info()).setKind("converter");
    const call = client.runPlugin(request);
    const error = await new Promise<grpc.ServiceError>((done) =>
      call.on("error", (failure) => done(failure as grpc.ServiceError)).resume(),
    );
    assert.match(error.details, /runs no plugins of the kind "converter"/);
  });
});
