/** The provider of `@pulumi/random` for the lab: the real thing with the operating system's random numbers. */
import { version } from "@pulumi/random/package.json";
import { randomBytesType, randomIdType } from "./random/bytes";
import { randomPasswordType, randomStringType } from "./random/characters";
import { randomIntegerType, randomShuffleType } from "./random/choice";
import { randomPetType } from "./random/pet";
import { randomUuid7Type, randomUuidType } from "./random/uuid";
import { type ProviderDefinition, serveProvider } from "./resource-provider";

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
