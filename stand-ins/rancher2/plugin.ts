/** The lab's stand-in for the provider of `@pulumi/rancher2`: see docs/lab-stand-ins.md. */

import { serveProvider } from "../plugin/resource-provider";
import { rancher2Provider } from "./provider";

void serveProvider(rancher2Provider());
