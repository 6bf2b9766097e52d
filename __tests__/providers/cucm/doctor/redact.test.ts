/** Nothing of whose cluster it is leaves, whatever names it has; and what parsers need stays. */
import fc from "fast-check";
import { escapeXml } from "../../../../providers/cucm/cluster/transports/xml";
import { type Known, namesOf, Redactor } from "../../../../providers/cucm/doctor/redact";
import type { Certificate } from "../../../../trust/certificate";
import { identity, name } from "../../../trust/authority";
import { LIST_OWN, LIST_TRUST, LOGIN, shown } from "../cluster/fakes/transcripts";

/** Of the vocabulary, names or not. */
const WORDS = [
  ..."max grace will may white page long short field hand day key post root case cross reading".split(" "),
  ..."voice publisher subscriber service phone status trust node cluster cisco registered tftp directory true".split(
    " ",
  ),
];
const PLACEHOLDERS = /<[a-z0-9-]+-\d+>|<certificate \d+: [^<>]*>/g;

/** Whose cluster it is. */
interface Owner {
  readonly host: string;
  readonly domain: string;
  readonly address: string;
  readonly ipv6: string;
  readonly mac: string;
  readonly serial: string;
  readonly device: string;
  readonly extension: string;
  readonly user: string;
  readonly password: string;
  readonly person: string;
}

const letters = (min: number, max: number) =>
  fc.stringMatching(new RegExp(`^[a-zA-Z]{${min},${max}}$`)).filter((text) => text.length >= min);
const hex = (size: number) => fc.stringMatching(new RegExp(`^[0-9A-F]{${size}}$`));
const octet = fc.integer({ min: 0, max: 255 });
/** Words of CUCM, signs of expressions, both, none. */
const secret = fc.oneof(
  fc.constantFrom(
    "certificate",
    "show cert",
    "Cisco",
    "trust",
    "name",
    "return",
    "status",
    "a.*b",
    "(|",
    "[x]{2}",
    "$&$1",
    "\\d+",
  ),
  fc.string({ minLength: 3, maxLength: 20 }).filter((text) => /[\p{L}\p{N}]{2}/u.test(text)),
);

const owner: fc.Arbitrary<Owner> = fc.record({
  host: fc.tuple(letters(4, 8), fc.integer({ min: 10, max: 99 })).map(([text, n]) => `${text}-Xq${n}`),
  domain: letters(5, 9).map((text) => `${text}qx.example`),
  address: fc.tuple(fc.integer({ min: 10, max: 223 }), octet, octet, octet).map((all) => all.join(".")),
  ipv6: fc.tuple(hex(4), hex(4)).map(([a, b]) => `fd00:${a.toLowerCase()}::${b.toLowerCase()}`),
  mac: fc.array(hex(2), { minLength: 6, maxLength: 6 }).map((all) => all.join(":")),
  serial: hex(30).map((text) => `7${text}F`),
  device: hex(12).map((text) => `SEP${text}`),
  extension: fc.integer({ min: 10_000, max: 99_999_999 }).map(String),
  user: fc.oneof(letters(6, 10), fc.constantFrom("administrator", "ccmadmin", "axl.user")),
  password: secret,
  person: letters(7, 10).map((text) => `${text}qz`),
});

const keys = identity();

/** As emulated and real clusters answer, with this owner everywhere it could be. */
function answers(of: Owner, certificate: Certificate): string[] {
  const { host, domain, address, ipv6, mac, serial, device, extension, user, password, person } = of;
  const fqdn = `${host}.${domain}`;
  const cells = [host, fqdn, address, ipv6, mac, serial, device, extension, user, password, person];
  const soap = (content: string) =>
    `<?xml version="1.0"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>${content}</soapenv:Body></soapenv:Envelope>`;
  return [
    `${LOGIN}${LIST_OWN}CallManager-trust/${host}.pem: Trust Certificate\nPhone-SAST-trust/${fqdn}_${serial.toLowerCase()}.pem: Signed by ${person}`,
    LIST_TRUST.replaceAll("cucm14-pub.collabiz.ext", fqdn),
    shown(certificate.pem).replaceAll("cucm-pub", host).replace("523C32C0D4B2A3E84E95FB0E", serial),
    soap(`<row>${cells.map((cell) => `<name>${escapeXml(cell)}</name>`).join("")}</row>`),
    soap(
      `<item><Name>${escapeXml(cells.join(" "))}</Name><IP>${address}</IP><DirNumber>${extension}-Registered</DirNumber></item>`,
    ),
    `<html><td><a href="certificateEdit.do?cert=${encodeURIComponent(fqdn)}&amp;u=${encodeURIComponent(password)}">${escapeXml(host)}</a></td></html>`,
    JSON.stringify({ server: fqdn, trusts: cells, certificate: certificate.pem, [host]: 1 }),
    `Error on ${host.toUpperCase()} (${address}:8443): ${password} of ${user}@${domain}, phone ${device.toLowerCase()}`,
    // Nobody knows this one: a host of another cluster.
    `peer${person}.${domain} node-${address.replaceAll(".", "-")}`,
    [...person].map((letter) => `&#${letter.charCodeAt(0)};`).join(""),
  ];
}

const knownOf = ({ host, domain, address, user, password }: Owner): Known[] => [
  { kind: "secret", value: password },
  { kind: "user", value: user },
  { kind: "name", value: host },
  { kind: "name", value: `${host}.${domain}` },
  { kind: "name", value: domain },
  { kind: "address", value: address },
];

test("no name, address, serial number, user or password leaves", () => {
  fc.assert(
    fc.property(owner, (of) => {
      const subject = name({ C: "AU" }, { O: of.person }, { CN: of.host });
      const { certificate } = identity({
        subject,
        serial: of.serial,
        issuer: { name: subject, key: keys.privateKey },
      });
      const redactor = new Redactor();
      redactor.learn(knownOf(of));
      redactor.learn(namesOf(certificate));
      const told = answers(of, certificate).map((text) => redactor.text(text));
      const left = told
        .join("\n")
        .replace(PLACEHOLDERS, " ")
        .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code))
        .toLowerCase();
      const gone = [
        ...Object.values(of),
        certificate.sha256,
        of.mac.replaceAll(":", ""),
        of.address.replaceAll(".", "-"),
        certificate.pem.slice(60, 120),
        encodeURIComponent(of.password),
        escapeXml(of.password),
      ];
      return gone.every((one) => !left.includes(one.toLowerCase().trim()));
    }),
    { numRuns: 80 },
  );
});

/** Whom nobody has declared: their names are words, initials, numbers. */
const word = fc.constantFrom(...WORDS);
const stranger = fc.oneof(
  word,
  fc.tuple(word, word).map(([a, b]) => `${a} ${b}`),
  fc.tuple(word, word).map(([a, b]) => `${a}.${b}`),
  fc.tuple(fc.stringMatching(/^[a-z]$/), word).map(([initial, surname]) => `${initial}.${surname}`),
  fc.integer({ min: 1, max: 999 }).map(String),
  fc.tuple(word, fc.integer({ min: 1, max: 999 }), word).map(([a, n, b]) => `${a} ${n} / ${b}`),
);
const FREE = ["LoginUserId", "Description", "DirNumber", "userid", "name", "alertingname", "fkenduser"];

test("what is in a field of a stranger's does not leave, whatever its words are", () => {
  fc.assert(
    fc.property(fc.constantFrom(...FREE), stranger, stranger, (field, one, other) => {
      const redactor = new Redactor();
      const xml = envelope(`<row><${field}>${escapeXml(one)}</${field}><Status>Registered</Status></row>`);
      const json = JSON.stringify({ [field]: one, service: "CallManager", list: [{ userid: other }] });
      for (const text of [xml, json]) redactor.learnFrom(text);
      const [, told = ""] = /<row><[^>]+>(.*)<\/[^>]+><Status>Registered<\/Status><\/row>/s.exec(
        redactor.text(xml),
      )!;
      // Keys may be redacted, too.
      const [first, service, [last]] = Object.values(JSON.parse(redactor.text(json))) as [
        string,
        string,
        [object],
      ];
      const [second] = Object.values(last) as [string];
      expect(service).toBe("CallManager");
      return [told, first, second].every((text) => text.replace(PLACEHOLDERS, "") === "");
    }),
    { numRuns: 300 },
  );
});

test("a person's name does not leave with a message, though its parts are words", () => {
  const person = fc.constantFrom(
    ...["white", "long", "grace", "will", "page", "reading", "cross", "max", "hand"],
  );
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]$/), person, person, (initial, first, last) => {
      const text = `Error of ${initial}.${last}, ${first} ${last}, ${first}.${last}, ${first}-${last}@${last}: HTTP Status 500`;
      const left = new Redactor().text(text).replace(PLACEHOLDERS, "");
      expect(left).toContain("HTTP Status");
      return ![first, last].some((name) => new RegExp(`\\b${name}\\b`).test(left));
    }),
    { numRuns: 100 },
  );
});

test("hosts whose names are words do not leave with a list of certificates", () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      // A trust store of every cluster, which is no secret.
      fc.pre(`${a}-${b}` !== "directory-trust");
      const list = `CallManager-trust/${a}-${b}.pem: Trust Certificate\nPhone-SAST-trust/${a}_7f00aa11bb.pem: Trust Certificate`;
      const redactor = new Redactor();
      redactor.learnFrom(list);
      const left = redactor.text(list).replace(PLACEHOLDERS, "");
      return /\/\.pem: .*\n.*\/_\.pem: /.test(left);
    }),
    { numRuns: 100 },
  );
});

test("the same value has the same placeholder, in any case and as part of a file's name", () => {
  const redactor = new Redactor();
  redactor.learn([{ kind: "name", value: "Berlin-UC1" }]);
  redactor.learn([{ kind: "serial", value: "7F3A00AA" }]);
  expect(redactor.text("BERLIN-UC1/berlin-uc1_7f3a00aa.pem, xberlin-uc1y.pem")).toBe(
    "<name-1>/<name-1>_<serial-1>.pem, <name-2>.pem",
  );
});

test("what parsers look at stays", () => {
  const redactor = new Redactor();
  const kept = [
    "tomcat/tomcat.pem: Self-signed certificate generated by system",
    "CallManager-trust/CallManager.pem: Trust Certificate",
    "Supported axl versions are 9.0, 9.1, 10.0 and 10.5",
    "Active Master Version: 10.5.2.13900-12",
    "<ReturnCode>NodeNotResponding</ReturnCode>",
    "Maximum AXL Memory Allocation Consumed",
    "at 13:05:19, 255 rows",
  ];
  expect(kept.map((text) => redactor.text(text))).toEqual(kept);
  const asked =
    "<ns:executeSQLQuery><sql>select paramname,paramvalue from processconfig</sql></ns:executeSQLQuery>";
  expect(redactor.asked(asked)).toBe(asked);
});

const envelope = (content: string) =>
  `<?xml version="1.0"?><s:Envelope><s:Body>${content}</s:Body></s:Envelope>`;
const inside = (text: string) => /<s:Body>(.*)<\/s:Body>/s.exec(text)![1];

test("a field that nobody looks at is replaced as a whole, whatever its words are", () => {
  const xml = (content: string) => inside(new Redactor().text(envelope(content)));
  expect(
    xml(
      "<LoginUserId>j.white</LoginUserId><Description>Max Long 101 / Reading</Description><userid>101</userid>",
    ),
  ).toBe("<LoginUserId><name-1></LoginUserId><Description><word-1></Description><userid><number-1></userid>");
  expect(xml('<x owner="max"><![CDATA[grace]]><!-- will --><y/>may</x>')).toBe(
    '<x owner="<word-1>"><![CDATA[<word-2>]]><!-- <word-3> --><y/><word-4></x>',
  );
  expect(xml("<Status>Registered</Status><service>Cisco Trust Verification Service</service>")).toBe(
    "<Status>Registered</Status><service>Cisco Trust Verification Service</service>",
  );
  expect(xml("<nodeUsage>Max Mustermann</nodeUsage>")).toBe("<nodeUsage><word-1></nodeUsage>");
  // Without the envelope.
  expect(new Redactor().text("<Description>Max Long 101</Description>")).toBe(
    "<Description><word-1></Description>",
  );
  // A page of a phone.
  expect(xml("<status>SHA1 F3:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:01</status>")).toBe(
    "<status>SHA1 <sha1-1></status>",
  );
  expect(new Redactor().text('{"user":"max","service":"CallManager-trust","name":["will",7]}')).toBe(
    '{"user":"<word-1>","service":"CallManager-trust","name":["<word-2>","<number-1>"]}',
  );
});

test("what such a field says is replaced elsewhere, too", () => {
  const redactor = new Redactor();
  const raw = envelope("<Description>Kim 7</Description>");
  redactor.learnFrom(raw);
  expect(inside(redactor.text(raw))).toBe("<Description><word-1></Description>");
  expect(redactor.text("Error: kim 7 is not found")).toBe("Error: <word-1> is not found");
});

test("words that are people's names stay only in what we ask", () => {
  const redactor = new Redactor();
  expect(redactor.text("j.white, Max Long, grace.long")).not.toMatch(/white|max|long|grace/i);
  expect(redactor.asked("select d.name from device d where d.description = 'key'")).toBe(
    "select d.name from device d where d.description = 'key'",
  );
  expect(redactor.text("of d.name")).toBe("of <name-3>");
});

test("files are called by hosts, unless they are a node's own", () => {
  const redactor = new Redactor();
  const lines = [
    "CallManager-trust/voice-publisher.pem: Trust Certificate",
    "Phone-SAST-trust/cucm-subscriber_7f00aa11bb.pem: Trust Certificate",
    "tomcat-trust/max.long.pem: Signed by max long",
    "tomcat-trust/service trust.pem: Trust Certificate",
    "TVS/TVS.pem: Self-signed certificate generated by system",
    "CAPF-trust/Cisco_Manufacturing_CA.pem: Trust Certificate",
  ];
  const raw = `${lines.join("\n")}\n<td>voice-publisher</td>`;
  redactor.learnFrom(raw);
  expect(redactor.text(raw).split("\n")).toEqual([
    "CallManager-trust/<name-1>.pem: Trust Certificate",
    "Phone-SAST-trust/<name-2>_<hex-1>.pem: Trust Certificate",
    "tomcat-trust/<name-3>.pem: Signed by <word-1>",
    "tomcat-trust/<name-4>.pem: Trust Certificate",
    lines[4],
    lines[5],
    "<td><name-1></td>",
  ]);
  expect(redactor.text('{"filename":"voice"}')).toBe('{"filename":"<name-5>"}');
});

test("an organisation is somebody's, whatever its words are, but Cisco's own", () => {
  const subject = name({ C: "AU" }, { O: "Service" }, { OU: "Voice" }, { L: "Reading" }, { CN: "pub7" });
  const issuer = { name: name({ O: "Cisco Systems" }, { CN: "Cisco Root CA" }), key: keys.privateKey };
  const redactor = new Redactor();
  redactor.learn(namesOf(identity({ subject, issuer }).certificate));
  expect(redactor.text("O=Service, OU=Voice, L=Reading, O=Cisco Systems, CN=Cisco Root CA")).toBe(
    "O=<name-2>, OU=<name-3>, L=<name-1>, O=Cisco <word-1>, CN=Cisco <word-2> CA",
  );
  expect(inside(redactor.text(envelope("<processNodeRole>CUCM Voice/Video</processNodeRole>")))).toBe(
    "<processNodeRole>CUCM Voice/Video</processNodeRole>",
  );
});

test("what looks like a placeholder is none", () => {
  const redactor = new Redactor();
  expect(redactor.text("see <certificate 7: server01.acme.example 10.1.2.3>, <name-1>")).toBe(
    "see (certificate 7: <name-1> <address-1>), (<word-1>)",
  );
  expect(redactor.text('{"name":"<mail-3>"}')).toBe('{"name":"<word-2>"}');
});

test("a long answer of odd signs is redacted before anybody gives up", () => {
  const long = `${"a".repeat(60_000)} ${"x_".repeat(30_000)} ${"12 ".repeat(20_000)}${"a.pem: ".repeat(5_000)}`;
  const redactor = new Redactor();
  redactor.learnFrom(long);
  expect(redactor.text(long).replace(PLACEHOLDERS, "")).toMatch(/^[\s_]*(\.pem: )+$/);
});

test("a page's text is no element", () => {
  expect(new Redactor().text("<html><td nowrap>by <Osvaldo Quincy>")).toBe(
    "<html><td nowrap>by <<word-1> <word-2>>",
  );
});

test.each([
  ["10.0.0.1", "<address-1>"],
  ["10-0-0-1", "<word-1>"],
  ["2001:db8::17", "<address-1>"],
  ["aa:bb:cc:dd:ee:ff", "<mac-1>"],
  ["aabb.ccdd.eeff", "<mac-1>"],
  ["SEPAABBCCDDEEFF", "<device-1>"],
  ["someone@somewhere.invalid", "<mail-1>"],
  ["host.somewhere.invalid", "<name-1>"],
  ["4f1e0b9c-2a77-4a58-9d5e-0c1f3c2b7a10", "<id-1>"],
  ["12345", "<number-1>"],
  ["+49 30 123 45 67", "<number-1>"],
  ["030 123 45 67", "<number-1>"],
  ["deadbeef", "<hex-1>"],
  ["38 8f 5a a0 77 10 22", "<hex-1>"],
  ["server01", "<word-1>"],
  ["%4a%6f%68%6e", "<word-1>"],
  ["Müller", "<word-1>"],
  ["Sat Nov 28 09:52:18 EST 2026", "<java-date-1>"],
])("%s becomes %s", (text, placeholder) => {
  expect(new Redactor().text(text)).toBe(placeholder);
});
