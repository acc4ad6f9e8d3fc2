import assert from "node:assert/strict";
import { decodeConfig } from "../../../components/settings/loader";
import { formatPath } from "../../../components/settings/property-path";

describe("the configuration that the engine hands over", () => {
  it("is decoded section by section: plain text and JSON", () => {
    const { raw, problems } = decodeConfig(
      { "onprem:customer": "007", "onprem:parse": '{"replicas":3}', "gcp:project": "x" },
      "onprem-platform",
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(raw, { customer: "007", parse: { replicas: 3 } });
  });

  it("is refused where a section is text, without showing it", () => {
    const { problems } = decodeConfig({ "onprem:parse": "s3cr3t" }, "onprem-platform");
    assert.deepEqual(
      problems.map(({ path }) => formatPath(path)),
      ["onprem:parse"],
    );
    assert.doesNotMatch(JSON.stringify(problems), /s3cr3t/);
  });

  it("is refused where a section stands in the project's own namespace or a misspelt one", () => {
    const { problems } = decodeConfig(
      { "onprem-platform:parse": "{}", "onprm:customer": "acme", "kubernetes:context": "x" },
      "onprem-platform",
    );
    assert.deepEqual(
      problems.map(({ wayOut }) => wayOut),
      [
        "rename onprem-platform:parse to onprem:parse in the stack's file",
        "rename onprm:customer to onprem:customer in the stack's file",
      ],
    );
  });
});
