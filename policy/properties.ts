/** Values as the engine hands them over; policies look into them by path. */
// biome-ignore lint/suspicious/noExplicitAny: inputs of resources of any kind, unknown at compile time
export type Properties = Record<string, any>;
