/** The provider of `@pulumi/random` for the lab: the real thing with the operating system's random numbers. */
import { version } from "@pulumi/random/package.json";
import { type ProviderDefinition, serveProvider } from "../plugin/resource-provider";
import { randomPasswordType } from "./password";
import { randomUuidType } from "./uuid";

/** Resource types by token, as the SDK registers them: what the platform makes, and what its tests make beside it. */
export const randomProvider: ProviderDefinition = {
  name: "random",
  version,
  resources: {
    "random:index/randomPassword:RandomPassword": randomPasswordType,
    "random:index/randomUuid:RandomUuid": randomUuidType,
  },
};

if (require.main === module) void serveProvider(randomProvider);
