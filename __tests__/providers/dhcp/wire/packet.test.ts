import fc from "fast-check";
import { decodePacket, encodePacket, OPTION } from "../../../../lab/dhcp/packet";
import { addressesIn, decodeOffer, encodeDiscover } from "../../../../providers/dhcp/wire/packet";

/** Our packets against the lab's, which are written by other code. */

const DISCOVER = {
  xid: 0xdeadbeef,
  mac: "02:00:00:00:00:42",
  relay: "10.1.0.20",
  subnet: "10.1.20.0",
  vendorClass: "x".repeat(255),
  seconds: 70_000,
};

const answer = (options: Iterable<readonly [number, Buffer]> = []) =>
  encodePacket({
    ...decodePacket(encodeDiscover(DISCOVER))!,
    op: 2,
    options: new Map([[OPTION.messageType, Buffer.from([2])], ...options]),
  });

test("a DISCOVER has at least the 300 bytes of BOOTP, and what does not fit its fields is cut", () => {
  const bytes = encodeDiscover(DISCOVER);
  expect(bytes.length).toBeGreaterThan(300);
  expect(bytes.readUInt16BE(8)).toBe(0xffff);
  expect(encodeDiscover({ ...DISCOVER, vendorClass: null, subnet: null })).toHaveLength(300);
  expect(decodePacket(bytes)).toMatchObject({ xid: DISCOVER.xid, mac: DISCOVER.mac, giaddr: DISCOVER.relay });
});

test("63 addresses fit one option 150, and more come in parts", () => {
  for (const count of [1, 63, 64, 200]) {
    const value = Buffer.alloc(count * 4, 9);
    const offer = decodeOffer(answer([[OPTION.ciscoTftp, value]]));
    expect(addressesIn(offer!.ciscoTftp!)).toHaveLength(count);
  }
});

test("no bytes, and no damage to an answer, throw or are read beyond their end", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      decodeOffer(Buffer.from(bytes));
    }),
  );
  const good = answer([
    [OPTION.ciscoTftp, Buffer.alloc(8, 9)],
    [52, Buffer.from([3])],
  ]);
  fc.assert(
    fc.property(
      fc.nat(good.length),
      fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 8 }),
      (length, damage) => {
        const bytes = Buffer.from(good);
        for (const [at, byte] of damage) bytes[at] = byte;
        const offer = decodeOffer(bytes.subarray(0, length));
        if (offer?.ciscoTftp) addressesIn(offer.ciscoTftp);
        if (length < 240) expect(offer).toBeNull();
      },
    ),
  );
});
