import fc from "fast-check";
import { pilotHost } from "../../../../../providers/dhcp/backends/isc-dhcpd/managed-file";

const isOption = (words: readonly string[]) => words[1] === "cisco-tftp";

test("phones come and go in any order, and what is left of them is nothing", () => {
  const mac = fc.integer({ min: 0, max: 9 }).map((n) => `02:00:00:00:00:0${n}`);
  const answer = fc.constantFrom(["10.0.0.1"], ["10.0.0.2", "10.0.0.3"]);
  const before = fc.constantFrom<string | null>("", "# of the voice team\n", "# a\n\n# b\n", null);
  fc.assert(
    fc.property(before, fc.array(fc.tuple(mac, fc.option(answer))), (found, steps) => {
      const now = new Map<string, readonly string[]>();
      let text = found;
      for (const [phone, addresses] of steps) {
        const keeping = pilotHost(phone);
        const was = keeping.original(text);
        const next = keeping.write(text, "cisco-tftp", addresses ?? "inherited");
        // One phone back to what it had, whatever the others have become.
        expect(keeping.original(keeping.restore(next, was))).toBe(was);
        text = next;
        expect(keeping.ours(next, isOption)).toBe(true);
        if (addresses) now.set(phone, addresses);
        else now.delete(phone);
        for (const [each, served] of now)
          expect(pilotHost(each).options(next).at(-1)!.slice(2).join(" ")).toBe(served.join(" , "));
      }
      for (const phone of now.keys()) text = pilotHost(phone).write(text, "cisco-tftp", "inherited");
      if (found !== null) expect(text).toBe(found);
    }),
  );
});
