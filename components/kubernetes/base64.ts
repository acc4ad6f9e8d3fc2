/** Text (as UTF-8) or bytes as the Kubernetes API takes bytes in JSON: base64. Pure. */
export function base64(content: string | Uint8Array): string {
  return Buffer.from(content as string, "utf8").toString("base64");
}
