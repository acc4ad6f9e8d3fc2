import assert from "node:assert/strict";
import { boards } from "../../../components/monitoring/dashboards";
import { queriesOf } from "../../../components/monitoring/dashboards/board";
import { buildBoard } from "../../../components/monitoring/dashboards/grafana";
import { everything } from "../../support/monitoring/sample-monitoring";

interface BuiltPanel {
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; refId: string }[];
}

describe("dashboards", () => {
  for (const board of boards(everything)) {
    it(`${board.title} is a dashboard of Grafana's with every panel and query of ours`, () => {
      const built = buildBoard(board) as unknown as { uid: string; title: string; panels: BuiltPanel[] };
      assert.deepEqual([built.uid, built.title], [board.id, board.title]);
      const panels = built.panels.filter(({ type }) => type !== "row");
      const asked = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
      assert.deepEqual(
        asked,
        queriesOf(board).map(({ expr }) => expr),
      );
      for (const { gridPos, title } of panels) assert.ok(gridPos.x + gridPos.w <= 24, title);
    });
  }

  it("have ids and titles that are each there once, and ids that are names of Kubernetes", () => {
    for (const key of ["id", "title"] as const) {
      const all = boards(everything).map((board) => board[key]);
      assert.equal(new Set(all).size, all.length);
    }
    for (const { id } of boards(everything)) assert.match(id, /^[a-z][-a-z0-9]{0,39}$/);
  });

  it("show nothing of what a stack does not have", () => {
    const { parse } = everything;
    const titles = boards({ parse, databaseInCluster: false, backup: undefined, gitops: undefined }).map(
      ({ title }) => title,
    );
    assert.deepEqual(titles, ["Platform / Overview", "Platform / Parse", "Platform / Database"]);
  });
});
