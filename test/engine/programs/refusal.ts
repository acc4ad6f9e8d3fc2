/** Ends as the platform does when it refuses its settings. */
import { RunError } from "@pulumi/pulumi";

throw new RunError('onprem:customer must be a DNS label, not "Acme Corp"');
