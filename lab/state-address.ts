/**
 * The address of the engine's state in a folder. Without `metadata=skip` each file of the state has a side file, which is
 * written in place: an engine that is killed at that moment leaves it empty, and the stack cannot be read any more
 * ("failed to load checkpoint: EOF"). The state file itself is replaced at once.
 * See https://pkg.go.dev/gocloud.dev/blob/fileblob#URLOpener
 */
export const stateAddress = (folder: string): string => `file://${folder}?metadata=skip`;
