import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What a stack is made with whose data key this stand-in keeps (https://www.pulumi.com/docs/iac/concepts/secrets/#hashicorp-vault-transit-secrets-engine). */
export const SECRETS_PROVIDER = "hashivault://tests";

const WRAPPED = "vault:v1:";

/**
 * A stand-in of Vault's transit engine (https://developer.hashicorp.com/vault/api-docs/secret/transit), which wraps a
 * stack's data key and keeps nothing secret. With a passphrase, every command of the engine spends a fifth of a second of
 * CPU on deriving the same key again; what it then encrypts, and how, is the same.
 * @returns its port on loopback
 */
export async function serveKeys(): Promise<number> {
  const server = createServer(async (request, response) => {
    const { plaintext = "", ciphertext = "" } = JSON.parse((await text(request)) || "{}") as Record<string, string>;
    const data = request.url?.includes("/encrypt/")
      ? { ciphertext: `${WRAPPED}${plaintext}` }
      : { plaintext: ciphertext.replace(WRAPPED, "") };
    // A connection that is kept for the next question could be closed just when that comes.
    response.writeHead(200, { "content-type": "application/json", connection: "close" });
    response.end(JSON.stringify({ data }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}
