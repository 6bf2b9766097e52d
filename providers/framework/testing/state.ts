import type { Json } from "../schema/value";

interface StateResource {
  readonly address: string;
  readonly values: { readonly [name: string]: Json };
  readonly tainted?: boolean;
  readonly depends_on?: readonly string[];
}
interface StateModule {
  readonly resources?: readonly StateResource[];
  readonly child_modules?: readonly StateModule[];
}

/** A state, as `show -json` prints it (https://developer.hashicorp.com/terraform/internals/json-format). */
export class State {
  /** Address -> resource; data sources too. */
  readonly resources: { readonly [address: string]: StateResource };
  readonly outputs: { readonly [name: string]: Json };

  constructor(
    readonly json: {
      readonly values?: {
        readonly root_module?: StateModule;
        readonly outputs?: { readonly [name: string]: { readonly value: Json } };
      };
    },
  ) {
    this.resources = Object.fromEntries(resourcesOf(json.values?.root_module).map((r) => [r.address, r]));
    this.outputs = Object.fromEntries(
      Object.entries(json.values?.outputs ?? {}).map(([name, { value }]) => [name, value]),
    );
  }

  /** The attributes of a resource. @throws when the state does not have it. */
  values(address: string): StateResource["values"] {
    const found = this.resources[address];
    if (!found) {
      throw new Error(
        `The state has no ${address}; it has ${Object.keys(this.resources).join(", ") || "nothing"}.`,
      );
    }
    return found.values;
  }
}

const resourcesOf = (module: StateModule | undefined): StateResource[] => [
  ...(module?.resources ?? []),
  ...(module?.child_modules ?? []).flatMap(resourcesOf),
];
