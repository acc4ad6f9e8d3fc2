/** What the build writes: name of each program that runs inside the cluster → its text. */
declare module "*/in-cluster-programs.json" {
  const texts: Readonly<Record<string, string>>;
  export = texts;
}
