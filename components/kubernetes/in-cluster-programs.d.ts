/** What the build writes: name of each program that runs inside the cluster → its text. */
declare module "*/in-cluster-programs.json" {
  const texts: Readonly<Record<import("./in-cluster-program").InClusterProgram, string>>;
  export = texts;
}
