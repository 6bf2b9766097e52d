/**
 * What a message tells to set, as lines to paste: for HCL, and how the constructs write the same. An error that a
 * setting could mend ends with them.
 */

type Value = string | readonly string[] | Settings;
/** Attributes of one cluster in the provider's configuration. */
export interface Settings {
  readonly [attribute: string]: Value;
}

/** @param candidates the likeliest first */
export function linesToSet(cluster: string, candidates: readonly Settings[]): string {
  // A second line of one name would silently replace the first.
  const beside = candidates.some((settings) => "spellings" in settings) ? ", beside its other spellings" : "";
  const which = candidates.length > 1 ? ", the first of these that works" : "";
  const lines = candidates.map((settings) => `\n  ${attributes(settings, hcl)}`).join("");
  const [first] = candidates;
  const same = candidates.length > 1 ? ", the others likewise" : "";
  return `Set for cluster "${cluster}"${beside}${which}:${lines}\nIn constructs: ${attributes(first!, typeScript)}${same}.`;
}

interface Notation {
  readonly assigned: string;
  readonly name: (name: string) => string;
  readonly text: (text: string) => string;
}

const isWord = (name: string) => /^[A-Za-z_]\w*$/.test(name);
const hcl: Notation = {
  assigned: " = ",
  name: (name) => (isWord(name) ? name : JSON.stringify(name)),
  // A template may hide in what a node calls its buttons.
  text: (text) => JSON.stringify(text).replace(/[$%](?=\{)/g, "$&$&"),
};
const typeScript: Notation = {
  assigned: ": ",
  name: (name) =>
    isWord(name) ? name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()) : JSON.stringify(name),
  text: (text) => JSON.stringify(text),
};

const attributes = (settings: Settings, notation: Notation): string =>
  Object.entries(settings)
    .map(([name, value]) => `${notation.name(name)}${notation.assigned}${written(value, notation)}`)
    .join(", ");

function written(value: Value, notation: Notation): string {
  if (typeof value === "string") return notation.text(value);
  if (isList(value)) return `[${value.map(notation.text).join(", ")}]`;
  return `{ ${attributes(value, notation)} }`;
}

const isList = (value: Value): value is readonly string[] => Array.isArray(value);
