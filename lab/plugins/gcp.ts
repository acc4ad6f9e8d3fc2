/** The lab's stand-in for the provider of `@pulumi/gcp`: see docs/lab-stand-ins.md. */
import { gcpProvider } from "../clouds/gcp/provider.js";
import { serveProvider } from "./resource-provider.js";

void serveProvider(gcpProvider());
