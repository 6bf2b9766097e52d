import {
  activeVersion,
  afterEcho,
  asksForPaste,
  confirmation,
  endsWithPager,
  endsWithPrompt,
  listedCertificates,
  plainText,
  shownCertificate,
  withoutPagers,
  withoutPrompt,
} from "../../../../../providers/cucm/cluster/transports/cli-text";
import { identity } from "../fakes/identities";
import { LIST_OWN, LIST_TRUST, LOGIN, shown } from "../fakes/transcripts";

describe("plainText", () => {
  it("takes out CRLF, lone CR, escape sequences and other control characters", () => {
    expect(plainText("a\r\nb\r\r\nc\rd\u001b[2J\u001b[1;31me\u001b(B\u001b=f\u0007\u0000")).toBe(
      "a\nb\nc\ndef",
    );
  });

  it("applies backspaces, but not over the start of a line", () => {
    expect(plainText("abc\b\bX\n\b\bY")).toBe("aX\nY");
  });
});

describe("the prompt", () => {
  it.each([
    `${LOGIN}admin:`,
    "admin:",
    "text\nadmin: ",
    "x\nadmin(3):",
    "x\n12 admin:",
    "x\nadmin:admin:",
    "-----END CERTIFICATE-----admin:",
  ])("is seen in %j", (text) => {
    expect(endsWithPrompt(text)).toBe(true);
  });

  it.each(["admin:show", "the sysadmin:", "CN=admin:", "admin:\nmore", LOGIN])(
    "is not seen in %j",
    (text) => {
      expect(endsWithPrompt(text)).toBe(false);
    },
  );

  it("is taken off the answer", () => {
    expect(withoutPrompt("one\ntwo\nadmin:")).toBe("one\ntwo");
  });
});

describe("pagers", () => {
  it.each([
    "x\n--More--",
    "x\n<--- More --->",
    "x\nPress any key to continue",
    "x\nPress <enter> for 1 line, <space> for one page, or <q> to quit",
  ])("are seen and taken out: %j", (text) => {
    expect(endsWithPager(text)).toBe(true);
    expect(withoutPagers(text).trim()).toBe("x");
  });

  it("are not seen in ordinary output", () => {
    expect(endsWithPager(LIST_TRUST)).toBe(false);
  });
});

describe("questions", () => {
  it.each([
    ["Proceed with regeneration (yes|no)? ", "yes"],
    ["Do you want to continue? (y/n):", "y"],
    ["Delete it [y/n]?", "y"],
    ["Are you sure you want to delete this certificate?", "yes"],
    ["Include OU in CSR (yes|no)?", "yes"],
  ])("%j is answered with %s", (question, answer) => {
    expect(confirmation(`some text\n${question}`)).toBe(answer);
  });

  it.each(["Proceed with regeneration (yes|no)? yes", "What?", "Continue? yes\n", "admin:"])(
    "%j is none",
    (text) => {
      expect(confirmation(text)).toBeNull();
    },
  );

  it("knows the request to paste", () => {
    expect(asksForPaste("set cert import trust CallManager\nPaste the Certificate and Hit Enter\n")).toBe(
      true,
    );
    expect(asksForPaste("Paste the Certificate and Hit Enter\n-----BEGIN")).toBe(false);
  });
});

describe("afterEcho", () => {
  it("finds what follows the command, however the terminal wrapped it", () => {
    expect(afterEcho("admin:show cert list own\nanswer", "show cert list own")).toBe("answer");
    expect(afterEcho("show cert \nlist own\nanswer", "show cert list own")).toBe("answer");
  });

  it("is null before the echo", () => {
    expect(afterEcho("\nadmin:", "show cert list own")).toBeNull();
    expect(afterEcho("show cert li", "show cert list own")).toBeNull();
  });

  it("takes the command literally", () => {
    expect(afterEcho("show a+b.pem\nx", "show a+b.pem")).toBe("x");
    expect(afterEcho("show aab_pem\nx", "show a+b.pem")).toBeNull();
  });
});

describe("certificate lists", () => {
  it("reads own certificates", () => {
    const listed = listedCertificates(LIST_OWN);
    expect(listed).toHaveLength(7);
    expect(listed).toContainEqual({ unit: "CallManager", file: "CallManager.pem" });
    expect(listed).toContainEqual({ unit: "ITLRecovery", file: "ITLRecovery.pem" });
  });

  it("reads trust certificates, whatever the description says", () => {
    expect(listedCertificates(LIST_TRUST)).toEqual([
      { unit: "tomcat-trust", file: "cucm14-pub.collabiz.ext_791a41de2f3d66a9a4a560204d2feb5a.pem" },
      { unit: "CallManager-trust", file: "CAPF-36205338.pem" },
      { unit: "CallManager-trust", file: "Cisco_Manufacturing_CA_SHA2_02.pem" },
      { unit: "CallManager-trust", file: "CCMPUB-EC_6fa80c1b26ef5c540529502ea9ade80b.pem" },
      { unit: "Phone-SAST-trust", file: "cucm14-pub.collabiz.ext_7f.pem" },
    ]);
  });

  it("makes nothing of an error", () => {
    expect(listedCertificates("Executed command unsuccessfully\nNo valid command entered")).toEqual([]);
  });
});

describe("shownCertificate", () => {
  const { certificate } = identity("cucm-pub");

  it("reads the PEM that is glued to the description", () => {
    expect(shownCertificate(shown(certificate.pem))?.sha256).toBe(certificate.sha256);
  });

  it("reads it through a terminal", () => {
    const raw = shown(certificate.pem).replaceAll("\n", " \r\n\r");
    expect(shownCertificate(plainText(raw))?.sha256).toBe(certificate.sha256);
  });

  it("is null without PEM, and an error for two or for rubbish", () => {
    expect(shownCertificate("no such file")).toBeNull();
    expect(() => shownCertificate(certificate.pem + certificate.pem)).toThrow("found 2");
    expect(() => shownCertificate("-----BEGIN CERTIFICATE-----\n<b>\n-----END CERTIFICATE-----")).toThrow(
      "not base64",
    );
  });
});

describe("the release", () => {
  it("is that of the active partition", () => {
    const text =
      "Active Master Version: 15.0.1.12900-234\nActive Version Installed Software Options:\nciscocm.V15.0.1.cop\n";
    expect(activeVersion(text)).toBe("15.0.1.12900-234");
  });

  it("is null where nothing tells it", () => {
    expect(activeVersion("Executed command unsuccessfully\n")).toBeNull();
    expect(activeVersion("Active Master Version: unknown\n")).toBeNull();
  });
});
