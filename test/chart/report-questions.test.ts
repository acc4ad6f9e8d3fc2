import assert from "node:assert/strict";
import { FIGURES } from "../../ops/report/questions";
import type { Series } from "./alert-cases";
import { moment, Promtool } from "./promtool";

/** Figures that say what holds now, and series of which each is made; the last read of all of them failed. */
const NOW: Readonly<Record<string, readonly [Series, number]>> = {
  "Nodes not ready": [
    {
      'kube_node_status_condition{node="a",condition="Ready",status="true"}': "1x4 stale",
      'kube_node_status_condition{node="b",condition="Ready",status="true"}': "0x4 stale",
    },
    1,
  ],
  "Pods not running": [
    {
      'kube_pod_status_phase{pod="a",phase="Pending"}': "1x4 stale",
      'kube_pod_status_phase{pod="a",phase="Running"}': "0x4 stale",
    },
    1,
  ],
  "Pods, of those that fit": [
    {
      'kube_pod_status_phase{pod="a",phase="Running"}': "1x4 stale",
      'kube_node_status_allocatable{node="a",resource="pods"}': "4x4 stale",
    },
    0.25,
  ],
  "Memory in use": [
    {
      'node_memory_MemAvailable_bytes{node="a"}': "25x4 stale",
      'node_memory_MemTotal_bytes{node="a"}': "100x4 stale",
    },
    0.75,
  ],
  "Fullest disk": [
    {
      'node_filesystem_avail_bytes{node="a",fstype="ext4"}': "25x4 stale",
      'node_filesystem_size_bytes{node="a",fstype="ext4"}': "100x4 stale",
    },
    0.75,
  ],
};

/** Restarts as kube-state-metrics told them, which was replaced after 15 minutes; and of a container from before. */
const RESTARTS: Series = {
  'kube_pod_container_status_restarts_total{instance="one",namespace="a",pod="p",uid="1",container="c"}':
    "0x9 2x4 stale",
  'kube_pod_container_status_restarts_total{instance="two",namespace="a",pod="p",uid="1",container="c"}':
    "_x15 2x4 3x10",
  'kube_pod_container_status_restarts_total{instance="one",namespace="b",pod="q",uid="2",container="c"}': "50x9 51x15",
};

describe("a report's figures, by Prometheus' own promtool", () => {
  const promtool = new Promtool([]);
  after(() => promtool.remove());

  const exprOf = (title: string): string => {
    const found = FIGURES.find((figure) => figure.title === title);
    assert.ok(found, title);
    return found.expr.replaceAll("$span", "60m");
  };

  for (const [title, [series, value]] of Object.entries(NOW))
    it(`${title}: is there although the last read failed`, () => {
      const expected = [{ expr: exprOf(title), eval_time: "5m", exp_samples: [{ labels: "{}", value }] }];
      assert.match(promtool.testRules([moment(title, series, expected)]), /SUCCESS/);
    });

  it("Restarts of containers: are counted, each once, and no fraction of one is guessed", () => {
    const expected = [
      { expr: exprOf("Restarts of containers"), eval_time: "25m", exp_samples: [{ labels: "{}", value: 4 }] },
    ];
    assert.match(promtool.testRules([moment("restarts", RESTARTS, expected)]), /SUCCESS/);
  });

  for (const { title } of FIGURES)
    it(`${title}: has no value while nothing is known`, () => {
      const expected = [{ expr: exprOf(title), eval_time: "5m", exp_samples: [] }];
      assert.match(promtool.testRules([moment(title, { other: "1x10" }, expected)]), /SUCCESS/);
    });
});
