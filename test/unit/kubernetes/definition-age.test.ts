import assert from "node:assert/strict";
import { isNewer } from "../../../components/kubernetes/definition-age";

const definition = (names: readonly string[], annotations = {}, labels = {}) => ({
  metadata: { annotations, labels },
  spec: { versions: names.map((name) => ({ name })) },
});

describe("the newer of two definitions", () => {
  const newer: Array<[newer: string[], older: string[]]> = [
    [["v2"], ["v1"]],
    [["v1"], ["v1beta3"]],
    [["v1beta2"], ["v1beta1", "v1alpha1"]],
    [["v1beta1"], ["v1alpha9"]],
    [["v1", "v10"], ["v9"]],
  ];
  for (const [one, other] of newer) {
    it(`has ${one} and not ${other}`, () => {
      assert.equal(isNewer(definition(one), definition(other)), true);
      assert.equal(isNewer(definition(other), definition(one)), false);
    });
  }

  it("is neither where both have the same newest version and say nothing more", () => {
    assert.equal(isNewer(definition(["v1", "v1beta1"]), definition(["v1"])), false);
    assert.equal(isNewer(definition(["v1"]), definition(["v1", "v1beta1"])), false);
  });

  for (const where of ["operator.prometheus.io/version", "app.kubernetes.io/version"]) {
    it(`is of the release that ${where} names, in numbers`, () => {
      const of = (release: string) => definition(["v1"], { [where]: release });
      assert.equal(isNewer(of("v2.10.0"), of("v2.9.5")), true);
      assert.equal(isNewer(of("0.93.0"), of("0.93.0")), false);
      assert.equal(isNewer(definition(["v1"], {}, { [where]: "3.0" }), of("2.9.5")), true);
      assert.equal(isNewer(of("2.9.5"), definition(["v1"])), false);
    });
  }
});
