import { attributeOf, indexOf, keyOf } from "../../schema/path";
import { type AttributePath, UNKNOWN, type Value } from "../../schema/value";
import type { Breach, RuleName } from "./rule";
import { type HostAttribute, type HostSchema, objectType } from "./schema";
import { at, countOf, isMembers, itemsOf, misfits, same, show } from "./value";

/** One object, or one value of it, as the three that take part in a plan have it. */
interface Trio {
  readonly prior: Value;
  readonly config: Value;
  readonly planned: Value;
}

/** Every rule that a planned object breaks. */
export function planBreaches(schema: HostSchema, trio: Trio): Breach[] {
  const wrong = misfits(objectType(schema), trio.planned);
  if (wrong.length > 0) return wrong;
  if (!isMembers(trio.planned))
    return [{ rule: "plan-keeps-object", path: [], found: `the plan is ${show(trio.planned)}` }];
  return objectBreaches(schema, trio, []);
}

function objectBreaches(schema: HostSchema, trio: Trio, path: AttributePath): Breach[] {
  return Object.entries(schema).flatMap(([name, attribute]) => {
    const inner: Trio = {
      prior: at(trio.prior, name),
      config: at(trio.config, name),
      planned: at(trio.planned, name),
    };
    return attributeBreaches(attribute, inner, attributeOf(path, name));
  });
}

function attributeBreaches(attribute: HostAttribute, trio: Trio, path: AttributePath): Breach[] {
  const { type, nested, writeOnly, computed, sensitive } = attribute;
  const { prior, config, planned } = trio;
  const shown = (value: Value) => (sensitive || writeOnly ? "(sensitive value)" : show(value));
  const breach = (rule: RuleName, found: string): Breach[] => [{ rule, path, found }];

  if (writeOnly) return planned === null ? [] : breach("write-only-null", "is planned with a value");
  if (config === null) {
    if (computed || planned === null) return [];
    return breach("plan-null-unless-computed", `is not configured and planned as ${shown(planned)}`);
  }
  if (same(type, config, planned)) return [];
  if (prior !== null && same(type, prior, planned)) return [];
  if (config === UNKNOWN) return breach("plan-keeps-unknown", `is planned as ${shown(planned)}`);
  if (!nested || !isContainer(planned))
    return breach(
      "plan-takes-configuration",
      `is configured as ${shown(config)} and planned as ${shown(planned)}`,
    );
  return nestedBreaches(nested, trio, path);
}

const isContainer = (value: Value) => isMembers(value) || Array.isArray(value);

function nestedBreaches(
  { nesting, attributes }: NonNullable<HostAttribute["nested"]>,
  { prior, config, planned }: Trio,
  path: AttributePath,
): Breach[] {
  const elements = (found: string): Breach[] => [{ rule: "plan-keeps-elements", path, found }];
  const element = (trio: Trio, here: AttributePath): Breach[] => {
    if (isMembers(trio.config) && isMembers(trio.planned)) return objectBreaches(attributes, trio, here);
    if (trio.config === trio.planned) return [];
    return [{ rule: "plan-takes-configuration", path: here, found: `is planned as ${show(trio.planned)}` }];
  };

  if (nesting === "single") return element({ prior, config, planned }, path);
  if (nesting === "map") {
    const [wanted, found] = [config, planned].map((v) => Object.keys(v as object).sort());
    if (wanted!.join("\0") !== found!.join("\0"))
      return elements(`has the configured keys ${show(wanted!)} and the planned keys ${show(found!)}`);
    return wanted!.flatMap((key) =>
      element(
        { prior: at(prior, key), config: at(config, key), planned: at(planned, key) },
        keyOf(path, key),
      ),
    );
  }
  const [was, wanted, found] = [itemsOf(prior), itemsOf(config), itemsOf(planned)];
  const count = (items: readonly Value[]) =>
    nesting === "set" ? countOf(objectType(attributes), items) : items.length;
  const [asked, got] = [count(wanted), count(found)] as const;
  if (asked !== got) return elements(`has ${asked} configured elements and ${got} planned ones`);
  if (nesting === "list")
    return wanted.flatMap((value, i) =>
      element({ prior: was[i] ?? null, config: value, planned: found[i]! }, indexOf(path, i)),
    );
  // A set's elements have no place: each planned one must be a valid plan of some configured one.
  const valid = (value: Value) =>
    wanted.some((w) =>
      [null, ...was].some((p) => element({ prior: p, config: w, planned: value }, path).length === 0),
    );
  const stray = found.find((value) => !valid(value));
  return stray === undefined
    ? []
    : elements(`has the planned element ${show(stray)}, which is not configured`);
}

/** The paths of `requires_replace` at which something changes; those that are nowhere are breaches. */
export function replacements(
  paths: readonly AttributePath[],
  prior: Value,
  planned: Value,
  schema: HostSchema,
): { readonly changed: AttributePath[]; readonly breaches: Breach[] } {
  const changed: AttributePath[] = [];
  const breaches: Breach[] = [];
  for (const path of paths) {
    const [before, after] = [step(prior, path), step(planned, path)] as const;
    if (before === undefined && after === undefined)
      breaches.push({ rule: "replace-path-exists", path, found: "is in neither object" });
    else if (before === undefined || after === undefined || after === UNKNOWN) changed.push(path);
    else if (!same(typeAt(schema, path), before, after)) changed.push(path);
  }
  return { changed, breaches };
}

/** What a path leads to; undefined when it leads nowhere. */
function step(value: Value, path: AttributePath): Value | undefined {
  let here: Value | undefined = value;
  for (const one of path) {
    if (here === UNKNOWN) return UNKNOWN;
    if ("index" in one) here = itemsOf(here)[one.index];
    else {
      const name = "key" in one ? one.key : one.attribute;
      here = isMembers(here) && Object.hasOwn(here, name) ? here[name] : undefined;
    }
  }
  return here;
}

function typeAt(schema: HostSchema, path: AttributePath) {
  let type = objectType(schema);
  for (const one of path) {
    if (typeof type === "string") return type;
    if (type[0] === "object" && "attribute" in one) type = type[1][one.attribute] ?? "dynamic";
    else if (type[0] === "tuple") type = "dynamic";
    else if (type[0] !== "object") type = type[1];
  }
  return type;
}
