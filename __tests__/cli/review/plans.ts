/** The plans of a lab beside this file (make-plans.ts), and plans that are made from them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Plan = { [key: string]: Json };

interface Changed {
  address: string;
  type: string;
  change: { after: Plan | null; before: Plan | null; actions: string[]; [more: string]: unknown };
}

export const plan = (name: string): Plan =>
  JSON.parse(readFileSync(join(__dirname, "plans", `${name}.json`), "utf8"));

export const changesOf = (of: Plan): Changed[] => of.resource_changes as unknown as Changed[];

export function changeOf(of: Plan, type: string): Changed {
  return changesOf(of).find((one) => one.type === type)!;
}

/**
 * Derived from `shadowed`: its scope, with its findings, so many times, each with a subnet of its own, all of the same
 * wave. A lab with as many subnets would need a phone in each.
 */
export function manyScopes(count: number): Plan {
  const made = plan("shadowed");
  const model = changeOf(made, "dhcp_option_150");
  const names = Array.from(
    { length: count },
    (_, i) => `dhcp_option_150.move_hq_option-150-site${i}_00000000`,
  );
  const scopes = names.map((address, i) => {
    const copy = structuredClone(model);
    copy.address = address;
    for (const values of [copy.change.before, copy.change.after])
      (values!.scope as Plan).subnet = `10.${Math.floor(i / 250) + 2}.${i % 250}.0/24`;
    return copy;
  });
  made.resource_changes = [...changesOf(made).filter((one) => one !== model), ...scopes] as unknown as Json[];
  delete made.resource_drift;
  const { resources } = (made.configuration as Plan).root_module as unknown as {
    resources: { address: string; depends_on: string[] }[];
  };
  resources.find(({ address }) => address.startsWith("cucm_phone_registration."))!.depends_on.push(...names);
  return made;
}
