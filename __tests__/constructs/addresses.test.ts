import { isHost, isIpv4, isSubnet } from "../../constructs/addresses";

test.each(["0.0.0.0", "10.1.20.255", "255.255.255.255"])("%s is an address", (text) => {
  expect([isIpv4(text), isHost(text)]).toEqual([true, true]);
});

test.each(["256.1.1.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4 ", ""])(
  "%j is neither address nor host",
  (text) => {
    expect([isIpv4(text), isHost(text)]).toEqual([false, false]);
  },
);

test.each(["cm1", "cm-1.example.com", "1cm.example.com", "a".repeat(63)])("%s is a host name", (text) => {
  expect([isIpv4(text), isHost(text)]).toEqual([false, true]);
});

test.each(["-cm1", "cm1-", "cm_1", "cm1..com", "cm1.", "cm1:22", "https://cm1", "::1", "a".repeat(64)])(
  "%s is no host name",
  (text) => {
    expect(isHost(text)).toBe(false);
  },
);

test.each(["0.0.0.0/0", "10.0.0.0/8", "10.1.20.0/24", "10.1.20.128/25", "10.1.20.1/32"])(
  "%s is a subnet",
  (text) => {
    expect(isSubnet(text)).toBe(true);
  },
);

test.each([
  "10.1.20.0",
  "10.1.20.0/33",
  "10.1.20.1/24",
  "10.1.20.0/-1",
  "10.1.20.0/2 4",
  "10.1.20.0/024",
  "/24",
])("%s is none", (text) => {
  expect(isSubnet(text)).toBe(false);
});
