/**
 * Which values of an answer stay readable, by the name of their element, column or key: those that checks and parsers
 * look at. The value of every other one is replaced as a whole, whatever its words are: it may be a person's, say.
 */

/** What the release itself chooses from; kept when it consists of our words, whatever else is called so. */
const CHOICES: ReadonlySet<string> = new Set(
  (
    "nodeusage processnoderole service isactive devicesecuritymode tftpencryptedconfig feature priority servicename " +
    "servicestatus returncode reasoncode reasoncodestring statusreason httpd ipaddrtype protocol deviceclass " +
    "totaldevicesfound registrationattempts uptime tkcertificateoperation tkcertificatestatus paramname tabname " +
    "colname nochange"
  ).split(" "),
);

/** Messages, times and paths: redacted word by word. */
const TEXTS: ReadonlySet<string> = new Set(
  (
    "status faultcode faultstring axlcode axlmessage reasonstring message error code paramvalue version timestamp starttime " +
    "modifieddate absolutepath filesize certificate"
  ).split(" "),
);

const ATTRIBUTES = /^(?:xmlns(?::[\w.-]+)?|xsi:\w+|version|encoding|uuid)$/;

export type Rule = "choice" | "text" | "file" | "free";

export function ruleOf(field: string): Rule {
  const name = field.replace(/^.*:/, "").toLowerCase();
  if (CHOICES.has(name)) return "choice";
  if (name === "filename") return "file";
  return TEXTS.has(name) ? "text" : "free";
}

interface Rewriting {
  /** The name of an element, with its brackets and sign. */
  name(text: string): string;
  /** White space around it is not part of it; never empty. */
  value(text: string, rule: Rule): string;
}

/** What looks like `<name-1>` in `tag` is a placeholder, and no tag. */
export function rewriteXml(xml: string, placeholder: string, { name, value }: Rewriting): string {
  const tag = `<[?/]?[A-Za-z_][\\w.:-]*(?=[\\s/>?])(?:${placeholder}|[^<>])*>`;
  const parts = xml.split(
    new RegExp(`(?!${placeholder})(<!--[\\s\\S]*?-->|<!\\[CDATA\\[[\\s\\S]*?\\]\\]>|${tag})`),
  );
  let element = "";
  let depth = 0;
  // Around the document there may be the headers of a part.
  const rule = () => (depth <= 0 ? "text" : ruleOf(element));
  return parts
    .map((part, i) => {
      if (i % 2 === 0) return trimmed(part, (text) => value(text, rule()));
      if (part.startsWith("<!--"))
        return `<!--${trimmed(part.slice(4, -3), (text) => value(text, "free"))}-->`;
      if (part.startsWith("<![")) {
        const inside = trimmed(part.slice(9, -3), (text) => value(text, rule()));
        return `<![CDATA[${inside}]]>`;
      }
      const [, start = "", called = "", rest = ""] = /^(<[?/]?)([\w.:-]+)([\s\S]*)$/.exec(part) ?? [];
      // What follows an end is nobody's field.
      const opens = start === "<" && !rest.endsWith("/>");
      element = opens ? called : "";
      if (opens) depth++;
      else if (start === "</") depth--;
      return `${name(`${start}${called}`)}${attributes(rest, value)}`;
    })
    .join("");
}

const attributes = (text: string, value: Rewriting["value"]): string =>
  text.replace(
    /([\w.:-]+)(\s*=\s*)("[^"]*"|'[^']*')/g,
    (_, called: string, sign: string, quoted: string) =>
      `${called}${sign}${quoted[0]}${trimmed(quoted.slice(1, -1), (inside) =>
        value(inside, ATTRIBUTES.test(called) ? "text" : "free"),
      )}${quoted[0]}`,
  );

export function trimmed(text: string, rewrite: (text: string) => string): string {
  const inside = text.trim();
  return inside === "" ? text : text.replace(inside, () => rewrite(inside));
}
