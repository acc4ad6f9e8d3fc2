import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { chartSource } from "../../../components/releases/chart-source";

const of = (mirror: string | undefined) =>
  chartSource("stack", "1.2.3", "https://publisher.example.com", mirror, "/project");

describe("a third-party chart", () => {
  it("comes from its publisher where there is no mirror", () => {
    assert.deepEqual(of(undefined), { chart: "stack", version: "1.2.3", repository: "https://publisher.example.com" });
  });

  it("comes from a mirror's repository under its name", () => {
    assert.deepEqual(of("https://charts.example.com"), {
      chart: "stack",
      version: "1.2.3",
      repository: "https://charts.example.com",
    });
    assert.deepEqual(of("oci://charts.example.com/all/"), {
      chart: "oci://charts.example.com/all/stack",
      version: "1.2.3",
      repository: undefined,
    });
  });

  it("is a packed chart in a directory, named relative to where the program runs", () => {
    const { chart } = of("mirror/charts");
    assert.equal(join(process.cwd(), chart), "/project/mirror/charts/stack-1.2.3.tgz");
    assert.equal(chart, `./${relative(process.cwd(), "/project/mirror/charts/stack-1.2.3.tgz")}`);
    assert.equal(of("/mnt/charts").chart, "/mnt/charts/stack-1.2.3.tgz");
  });
});
