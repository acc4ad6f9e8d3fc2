/** The provider of `@pulumi/tls` for the lab: real keys and certificates by Node's crypto. */
import { version } from "@pulumi/tls/package.json";
import { type ProviderDefinition, serveProvider } from "../plugin/resource-provider";
import { certRequestType, locallySignedCertType, selfSignedCertType } from "./certificates";
import { getPublicKey, privateKeyType } from "./private-key";

/** Resource types and functions by token, as the SDK registers them. */
export const tlsProvider: ProviderDefinition = {
  name: "tls",
  version,
  resources: {
    "tls:index/certRequest:CertRequest": certRequestType,
    "tls:index/locallySignedCert:LocallySignedCert": locallySignedCertType,
    "tls:index/privateKey:PrivateKey": privateKeyType,
    "tls:index/selfSignedCert:SelfSignedCert": selfSignedCertType,
  },
  functions: { "tls:index/getPublicKey:getPublicKey": getPublicKey },
};

if (require.main === module) void serveProvider(tlsProvider);
