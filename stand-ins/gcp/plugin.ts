/** The lab's stand-in for the provider of `@pulumi/gcp`: see docs/lab-stand-ins.md. */

import { serveProvider } from "../plugin/resource-provider";
import { gcpProvider } from "./provider";

void serveProvider(gcpProvider());
