/**
 * Would the comparison notice? Ten and more mistakes, put into the lab's phone or into the forecast one at a time: each
 * must make them disagree in one of the same random situations.
 */

import type * as Capf from "../../../lab/phone/capf";
import type * as ConfigFile from "../../../lab/phone/config-file";
import type * as Decide from "../../../lab/phone/decide";
import type * as Verify from "../../../lab/phone/verify";
import type * as AcceptList from "../../../trust/forecast/accept-list";
import type * as Boot from "../../../trust/forecast/boot";
import type * as Judgement from "../../../trust/forecast/judgement";
import type * as Registration from "../../../trust/forecast/registration";
import type { Device, Leg, Phone } from "../../../trust/forecast/situation";
import type * as SwitchesModule from "../../../trust/forecast/switches";
import type * as Tvs from "../../../trust/forecast/tvs";
import { Role } from "../../../trust/roles";
import { findRecord } from "../../../trust/trust-list";
import { compare } from "./compare";
import { withPatch } from "./patchable";
import { Random } from "./random";
import { drawWorld } from "./world";

jest.mock("../../../trust/trust-list", () => mockOnce("trust/trust-list"));
jest.mock("../../../trust/signed-file", () => mockOnce("trust/signed-file"));
jest.mock("../../../lab/phone/config-file", () => mockPatchable("lab/phone/config-file", mockOnce));
jest.mock("../../../lab/phone/capf", () => mockPatchable("lab/phone/capf"));
jest.mock("../../../lab/phone/decide", () => mockPatchable("lab/phone/decide"));
jest.mock("../../../lab/phone/verify", () => mockPatchable("lab/phone/verify"));
jest.mock("../../../trust/forecast/accept-list", () => mockPatchable("trust/forecast/accept-list"));
jest.mock("../../../trust/forecast/boot", () => mockPatchable("trust/forecast/boot"));
jest.mock("../../../trust/forecast/judgement", () => mockPatchable("trust/forecast/judgement"));
jest.mock("../../../trust/forecast/registration", () => mockPatchable("trust/forecast/registration"));
jest.mock("../../../trust/forecast/switches", () => mockPatchable("trust/forecast/switches"));
jest.mock("../../../trust/forecast/tvs", () => mockPatchable("trust/forecast/tvs"));

function mockOnce(module: string) {
  const { computedOnce } = jest.requireActual<typeof import("./patchable")>("./patchable");
  return computedOnce(jest.requireActual(`../../../${module}`));
}
function mockPatchable(
  module: string,
  actual = (it: string): object => jest.requireActual(`../../../${it}`),
) {
  const { patchable } = jest.requireActual<typeof import("./patchable")>("./patchable");
  return patchable(module, actual(module));
}

interface Mutation {
  readonly mistake: string;
  readonly module: string;
  readonly functions: { [name: string]: (...args: never[]) => unknown };
}

function mutation<M extends object>(
  module: string,
  mistake: string,
  functions: (actual: M) => Partial<M>,
): Mutation {
  const actual = jest.requireActual<M>(`../../../${module}`);
  return { module, mistake, functions: functions(actual) as Mutation["functions"] };
}
const lab = (mistake: string, functions: (actual: typeof Decide) => Partial<typeof Decide>) =>
  mutation("lab/phone/decide", mistake, functions);

/** What registers is told something else of the clusters, or of the phone's row. */
function inRegister(
  mistake: string,
  ends: (ends: Leg, phone: Phone) => Leg,
  row: Partial<Device> = {},
): Mutation {
  return mutation<typeof Registration>("trust/forecast/registration", mistake, ({ register }) => ({
    register: (phone, held, between, device, answers) =>
      register(phone, held, ends(between, phone), { ...device, ...row }, answers),
  }));
}
function withCapf(ends: Leg, change: Partial<NonNullable<Leg["to"]["capf"]>>): Leg {
  const { capf } = ends.to;
  return { ...ends, to: { ...ends.to, capf: capf && { ...capf, ...change } } };
}

const accepted = { kind: "accept", by: "local-ctl" } as const;

const MUTATIONS: readonly Mutation[] = [
  lab("a CCM+TFTP record is enough for the signer of a CTL", ({ judgeList }) => ({
    judgeList: (which, file, lists, switches, caps) =>
      which === "ctl" && lists.ctl !== null && findRecord(lists.ctl, file.signer, [Role.CCM_TFTP])
        ? judgeList("itl", file, lists, switches, caps)
        : judgeList(which, file, lists, switches, caps),
  })),
  lab("any role from TVS is good enough", ({ judgeVouch }) => ({
    judgeVouch: (what, file, vouch) => judgeVouch(what, file, { ...vouch, roles: [Role.SAST, Role.TFTP] }),
  })),
  lab("TVS servers are trusted whatever they show", () => ({ isTrustedTvs: () => true })),
  lab("unsigned configurations are always taken", () => ({ servesSignedFiles: () => false })),
  lab("a miss is never the end", () => ({ afterTvs: () => null })),
  lab("any CallManager is trusted", () => ({ isTrustedCallManager: () => true })),
  lab("a SAST record is enough for who signs configurations", ({ judgeConfig }) => ({
    judgeConfig: (file, lists, caps) =>
      lists.ctl !== null && findRecord(lists.ctl, file.signer, [Role.SAST])
        ? accepted
        : judgeConfig(file, lists, caps),
  })),
  lab("digests are not looked at", ({ judgeList }) => ({
    judgeList: (which, file, lists, switches, caps) =>
      judgeList(which, file, lists, switches, { ...caps, digests: ["sha1", "sha256", "sha512"] }),
  })),
  lab("every TFTP server counts as listed", () => ({ isListedTftp: () => true })),
  lab("the ITL's signer must be in the CTL", ({ judgeList }) => ({
    judgeList: (which, file, lists, switches, caps) =>
      judgeList(which, file, lists.ctl === null ? lists : { ...lists, itl: null }, switches, caps),
  })),
  mutation<typeof ConfigFile>("lab/phone/config-file", "a bare configuration is enough", (actual) => ({
    parsePhoneConfig: (text) => ({ ...actual.parsePhoneConfig(text), full: true }),
  })),
  mutation<typeof ConfigFile>(
    "lab/phone/config-file",
    "encrypted configurations are not asked for",
    (actual) => ({
      parsePhoneConfig: (text) => ({ ...actual.parsePhoneConfig(text), encrypted: false }),
    }),
  ),
  mutation<typeof Capf>("lab/phone/capf", "any CAPF is trusted", ({ enrol }) => ({
    enrol: (order, lists, io) => enrol(order, lists, { ...io, ask: (to) => io.ask(to, async () => true) }),
  })),
  mutation<typeof Capf>("lab/phone/capf", "only the CTL names CAPF", ({ enrol }) => ({
    enrol: (order, lists, ...rest) => enrol(order, { ...lists, itl: null }, ...rest),
  })),
  lab("any role from TVS is good enough for CAPF", () => ({
    judgeServer: () => accepted,
  })),
  mutation<typeof Verify>("lab/phone/verify", "TVS is never asked about CAPF", () => ({
    isVouchedFor: async () => false,
  })),
  mutation<typeof Capf>("lab/phone/capf", "no CAPF is ever visited", () => ({
    enrol: async () => "capf-unreachable",
  })),
  mutation<typeof Judgement>("trust/forecast/judgement", "signatures are not checked", () => ({
    signedBy: () => true,
  })),
  mutation<typeof Judgement>("trust/forecast/judgement", "every model can do everything", () => ({
    can: () => true,
  })),
  mutation<typeof Tvs>("trust/forecast/tvs", "what the plan imports is forgotten", ({ tvsDirectory }) => ({
    tvsDirectory: (ends) => tvsDirectory({ from: { ...ends.from, assumeTrusted: [] }, to: ends.to }),
  })),
  mutation<typeof Tvs>("trust/forecast/tvs", "only the first TVS server is asked", ({ askTvs }) => ({
    askTvs: (question, phone, ...rest) => askTvs(question, { ...phone, tvs: phone.tvs.slice(0, 1) }, ...rest),
  })),
  mutation<typeof Tvs>("trust/forecast/tvs", "TVS may be asked with the first ITL", ({ askTvs }) => ({
    askTvs: (question, phone, held, ...rest) =>
      askTvs(question, phone, { ...held, itl: phone.itl ?? held.itl }, ...rest),
  })),
  mutation<typeof AcceptList>(
    "trust/forecast/accept-list",
    "a CTL is judged like an ITL",
    ({ acceptList }) => ({
      acceptList: (_, ...rest) => acceptList("itl", ...rest),
    }),
  ),
  mutation<typeof Registration>("trust/forecast/registration", "following is registering", () => ({
    register: (phone) => ({ judgement: { accepted: true, by: "local-ctl" }, lsc: phone.lsc }),
  })),
  mutation<typeof Registration>(
    "trust/forecast/registration",
    "profiles are secure without mixed mode",
    ({ register }) => ({
      register: (phone, held, leg, ...rest) =>
        register(phone, held, { ...leg, to: { ...leg.to, mixedMode: true } }, ...rest),
    }),
  ),
  mutation<typeof Registration>(
    "trust/forecast/registration",
    "a phone with its old settings is taken in any mode",
    ({ registerAsBefore }) => ({
      registerAsBefore: (phone, held, to, group, device, answers) =>
        registerAsBefore(
          phone,
          held,
          { ...to, mixedMode: true },
          group,
          device && { ...device, mode: phone.mode },
          answers,
        ),
    }),
  ),
  inRegister("every database knows the phone's key", (ends) => ends, {
    encryptedConfig: false,
  }),
  inRegister("a key from before is the phone's present one", (ends) => ({
    ...ends,
    from: { ...ends.from, capf: null },
  })),
  inRegister("an operation that waits there has nothing to do with the way back", (leg) => ({
    ...leg,
    part: "alone",
  })),
  inRegister("what waits at one cluster waits at the other", (leg) => ({ ...leg, part: "there" })),
  inRegister("CAPF answers always", (ends) => withCapf(ends, { reachable: true })),
  inRegister("CAPF takes whoever comes", (ends, phone) =>
    withCapf(ends, { trust: [phone.lsc, phone.mic].flatMap((one) => one?.issuedBy ?? []) }),
  ),
  inRegister("what waits is always by null string", (ends) => ends, { enrolment: "null string" }),
  mutation<typeof Registration>(
    "trust/forecast/registration",
    "the phone keeps its LSC whatever CAPF gives it",
    ({ register }) => ({
      register: (phone, ...rest) => ({ ...register(phone, ...rest), lsc: phone.lsc }),
    }),
  ),
  mutation<typeof Boot>("trust/forecast/boot", "an encrypted file needs no signature", () => ({
    encryptedFile: () => null,
  })),
  mutation<typeof SwitchesModule>(
    "trust/forecast/switches",
    "only what is expected is looked at",
    ({ everyWay }) => ({
      everyWay: (fixed, run) => {
        const { ways, ...rest } = everyWay(fixed, run);
        return { ways: ways.slice(0, 1), ...rest };
      },
    }),
  ),
  mutation<typeof SwitchesModule>("trust/forecast/switches", "nothing decides", () => ({
    decisive: () => new Set<string>(),
  })),
];

const SEED = 4711;
const SITUATIONS = 1500;

test.each(MUTATIONS)("$module: $mistake", async ({ module, functions }) => {
  const found = await withPatch(module, functions, async () => {
    for (let i = 0; i < SITUATIONS; i++) {
      const random = new Random(SEED + i);
      const { differences } = await compare(drawWorld(random), random, 2);
      if (differences.length > 0) return differences[0];
    }
    return null;
  });
  expect(found).not.toBeNull();
});

test("without any of them they agree", async () => {
  for (let i = 0; i < 100; i++) {
    const random = new Random(SEED + i);
    expect((await compare(drawWorld(random), random, 2)).differences).toEqual([]);
  }
});
