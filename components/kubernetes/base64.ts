/** Text as the Kubernetes API takes bytes in JSON: UTF-8 in base64. Pure. */
export function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
