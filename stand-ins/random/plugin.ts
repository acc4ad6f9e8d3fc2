/** The provider of `@pulumi/random` for the lab: the real thing with the operating system's random numbers. */
import { version } from "@pulumi/random/package.json";
import { type ProviderDefinition, serveProvider } from "../plugin/resource-provider";
import { randomBytesType, randomIdType } from "./bytes";
import { randomPasswordType, randomStringType } from "./characters";
import { randomIntegerType, randomShuffleType } from "./choice";
import { randomPetType } from "./pet";
import { randomUuid7Type, randomUuidType } from "./uuid";

/** Resource types by token, as the SDK registers them. */
export const randomProvider: ProviderDefinition = {
  name: "random",
  version,
  resources: {
    "random:index/randomBytes:RandomBytes": randomBytesType,
    "random:index/randomId:RandomId": randomIdType,
    "random:index/randomInteger:RandomInteger": randomIntegerType,
    "random:index/randomPassword:RandomPassword": randomPasswordType,
    "random:index/randomPet:RandomPet": randomPetType,
    "random:index/randomShuffle:RandomShuffle": randomShuffleType,
    "random:index/randomString:RandomString": randomStringType,
    "random:index/randomUuid:RandomUuid": randomUuidType,
    "random:index/randomUuid4:RandomUuid4": randomUuidType,
    "random:index/randomUuid7:RandomUuid7": randomUuid7Type,
  },
};

if (require.main === module) void serveProvider(randomProvider);
