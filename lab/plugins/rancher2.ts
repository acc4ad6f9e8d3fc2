/** The lab's stand-in for the provider of `@pulumi/rancher2`: see docs/lab-stand-ins.md. */
import { rancher2Provider } from "../clouds/rancher2/provider.js";
import { serveProvider } from "./resource-provider.js";

void serveProvider(rancher2Provider());
