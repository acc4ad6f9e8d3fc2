import type { PropertyMap } from "../plugin/property-values";
import type { CheckFailure, ProviderDefinition, ProviderFunction } from "../plugin/resource-provider";
import { checkFields } from "../schema/check";
import { withComputed } from "../schema/values";
import { CloudResource } from "./cloud-resource";
import type { CloudContext } from "./cloud-type";
import { parsedSettings, type StandInCloud } from "./stand-in-cloud";

/** The functions of a stand-in cloud by token. */
export type CloudFunctions = { readonly [token: string]: (args: PropertyMap, context: CloudContext) => PropertyMap };

/** A stand-in cloud as the plugin server serves it. */
export function standInProvider(
  name: string,
  cloud: StandInCloud,
  functions: CloudFunctions,
  checkConfig: (settings: PropertyMap) => CheckFailure[] = () => [],
): ProviderDefinition {
  const { schema, types } = cloud.definition;
  return {
    name,
    version: schema.version,
    resources: lazily(Object.keys(types), (token) => new CloudResource(cloud, token)),
    functions: Object.fromEntries(
      Object.entries(functions).map(([token, answer]) => [token, served(cloud, token, answer)]),
    ),
    checkConfig: (settings) => checkConfig(parsedSettings(settings)),
    configure: (settings) => cloud.configure(settings),
  };
}

function served(cloud: StandInCloud, token: string, answer: CloudFunctions[string]): ProviderFunction {
  return (args) => {
    const { schema } = cloud.definition;
    const fields = schema.functions[token]?.fields ?? {};
    const [failure] = checkFields(schema, fields, args);
    if (failure) throw new Error(`${token}: ${failure.property} ${failure.reason}`);
    const content = cloud.ledger.read();
    cloud.authenticate(content, token);
    const answered = { ...args, ...answer(args, cloud.context(content)) };
    const known = Object.entries(answered).filter(([name]) => fields[name] !== undefined);
    return withComputed(schema, fields, Object.fromEntries(known), { seed: `${token} ${JSON.stringify(args)}` });
  };
}

/** An object whose values are made when they are first asked for: a plugin must start fast. */
function lazily<Value>(names: readonly string[], make: (name: string) => Value): { readonly [name: string]: Value } {
  const made: { [name: string]: Value } = {};
  for (const name of names)
    Object.defineProperty(made, name, {
      configurable: true,
      enumerable: true,
      get() {
        const value = make(name);
        Object.defineProperty(made, name, { value, enumerable: true });
        return value;
      },
    });
  return made;
}
