import type { Watched } from "../args";
import { databaseBoard, parseBoard } from "./application";
import type { Board } from "./board";
import { backupBoard, gitopsBoard } from "./operations";
import { overviewBoard } from "./overview";

/** Every dashboard for the parts that a stack has. */
export function boards(watched: Watched): Board[] {
  return [
    overviewBoard,
    parseBoard(watched),
    databaseBoard(watched),
    ...(watched.backup ? [backupBoard(watched.backup)] : []),
    ...(watched.gitops ? [gitopsBoard] : []),
  ];
}
