/**
 * Environment of the lab's Go programs. They collect garbage when their heap is five times what lives of it, not twice:
 * CPU is what the lab lacks, and memory is there. See https://go.dev/doc/gc-guide#GOGC
 */
export const seldomCollection = { GOGC: "400" } as const;
