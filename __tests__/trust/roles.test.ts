import { Role, roleName, roleShown } from "../../trust/roles";

test("the numbers of CertMgr's enumeration", () => {
  expect([Role.SAST, Role.CCM, Role.CCM_TFTP, Role.TFTP, Role.CAPF, Role.APP_SERVER, Role.TVS]).toEqual([
    0, 1, 2, 3, 4, 7, 21,
  ]);
});

test("names, and the words of show ctl", () => {
  expect([0, 1, 2, 3, 4, 7, 21].map(roleName)).toEqual([
    "SAST",
    "CCM",
    "CCM+TFTP",
    "TFTP",
    "CAPF",
    "APP-SERVER",
    "TVS",
  ]);
  expect(roleShown(0)).toBe("System Administrator Security Token");
  expect(roleShown(2)).toBe("CCM+TFTP");
});

test("every role has a name, and a number without one is shown as it is", () => {
  for (const role of Object.values(Role)) expect(roleName(role)).not.toMatch(/^role/);
  expect(roleName(99)).toBe("role 99");
  expect(roleShown(99)).toBe("role 99");
});
