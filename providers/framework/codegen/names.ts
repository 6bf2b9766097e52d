/** The names of a binding, in the conventions of `cdktf get`. */

const words = (name: string) => name.split(/[_-]+/).filter((word) => word !== "");
const upperFirst = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** `dhcp_option_150` -> `DhcpOption150` */
export const pascalCase = (name: string): string => words(name).map(upperFirst).join("");

/** `tls_sha256` -> `tlsSha256` */
export const camelCase = (name: string): string => lowerFirst(pascalCase(name));

/** `trust_memberships` -> `trust-memberships` */
export const kebabCase = (name: string): string => words(name).join("-");

export const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** Names that a construct, or a language that CDKTF translates to, has taken; and what CDKTF calls them instead. */
const TAKEN: { readonly [name: string]: string } = {
  build: "buildAttribute",
  equals: "equalTo",
  importFrom: "importFromAttribute",
  moveTo: "moveToAttribute",
  node: "nodeAttribute",
  self: "selfAttribute",
  software: "softwareAttribute",
  system: "systemAttribute",
  tfResourceType: "tfResourceTypeAttribute",
};

/** The member of a binding that stands for an attribute. */
export function memberName(attribute: string): string {
  const name = camelCase(attribute);
  // A method `getX` would clash with the getter of a property `x` in Java.
  if (/^get[A-Z]/.test(name)) return name.replace("get", "fetch");
  return Object.hasOwn(TAKEN, name) ? TAKEN[name]! : name;
}

/** `cucm_trust_memberships` of provider `cucm` -> `trust_memberships`: how pages and files are called. */
export const withoutProvider = (type: string, provider: string): string =>
  type.startsWith(`${provider}_`) ? type.slice(provider.length + 1) : type;
