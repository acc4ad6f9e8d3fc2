import assert from "node:assert/strict";
import * as fc from "fast-check";
import { gkeLocation, maintenancePolicy } from "../../../components/cluster/gke-arguments";

const zones = ["europe-west3-a", "europe-west3-b", "europe-west3-c"];

describe("the location of a GKE cluster", () => {
  it("is the region, with the nodes spread over the zones", () => {
    assert.deepEqual(gkeLocation({ region: "europe-west3", availability: "regional", zones, nodes: 6 }), {
      location: "europe-west3",
      nodeLocations: zones,
      nodesPerZone: 2,
    });
  });

  it("leaves the zones to Google where none is named, who takes three", () => {
    assert.deepEqual(gkeLocation({ region: "europe-west3", availability: "regional", zones: undefined, nodes: 3 }), {
      location: "europe-west3",
      nodesPerZone: 1,
    });
  });

  it("is the one zone of a zonal cluster, with all nodes in it", () => {
    assert.deepEqual(
      gkeLocation({ region: "europe-west3", availability: "zonal", zones: ["europe-west3-b"], nodes: 4 }),
      { location: "europe-west3-b", nodesPerZone: 4 },
    );
  });
});

describe("the maintenance window", () => {
  it("recurs on its days for its hours", () => {
    assert.deepEqual(maintenancePolicy({ start: "02:00", hours: 8, days: ["SA", "SU"] }), {
      recurringWindow: {
        startTime: "2026-01-03T02:00:00Z",
        endTime: "2026-01-03T10:00:00Z",
        recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
      },
    });
  });

  it("goes on after midnight", () => {
    const { recurringWindow } = maintenancePolicy({ start: "22:30", hours: 6, days: ["MO"] });
    assert.equal(recurringWindow.endTime, "2026-01-04T04:30:00Z");
  });

  it("is as long as asked for, whenever it starts", () => {
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"));
    fc.assert(
      fc.property(time, fc.integer({ min: 4, max: 24 }), (start, hours) => {
        const { startTime, endTime } = maintenancePolicy({ start, hours, days: ["MO"] }).recurringWindow;
        assert.equal((Date.parse(endTime) - Date.parse(startTime)) / 3_600_000, hours);
      }),
    );
  });
});
