import { PhoneWeb, WEB_FORMS, type WebForm } from "../../../lab/phone/web";
import { STATUS } from "../../../lab/phone/wording";
import { freePort } from "../../../lab/supervise/ports";
import { parseTrustList } from "../../../trust/trust-list";
import { paperCluster } from "./fixtures";

const { ctl } = paperCluster("source", "10.10.0.11");
const lists = { ctl: parseTrustList(ctl), itl: null };
const texts = [STATUS.noCtl, STATUS.trustListFailed, STATUS.trustListUpdated];
const messages = texts.map((text) => ({ at: new Date(0), text }));

async function open(form: WebForm) {
  const port = await freePort("tcp", ["127.0.0.1"], new Set());
  const web = new PhoneWeb({ address: "127.0.0.1", port, form, trustListPages: ["/lists"] }, () => ({
    messages,
    lists,
  }));
  await web.set(true);
  const get = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: answer.status, text: await answer.text() };
  };
  return { web, get };
}

test.each(WEB_FORMS)("shows what happened at boot, and its lists: $statusPath", async (form) => {
  const { web, get } = await open(form);
  const { status, text } = await get(form.statusPath);
  expect(status).toBe(200);
  expect(text).toMatch(
    form.letters === "capitals"
      ? /File Not Found &lt;CTLFile\.tlv&gt;.*Trust List Update Failed.*\[00:00:00\] Trust List Updated/s
      : /File Not Found &lt;CTLFile\.tlv&gt;.*Trust List update failed.*\[00:00:00\] Trust List updated/s,
  );
  const page = (await get("/lists")).text;
  expect(page).toMatch(
    form.checksum === "md5" ? /CTL File.*MD5 [0-9a-f]{32}\b/s : /CTL File.*SHA1 [0-9a-f]{40}\b/s,
  );
  expect(page).toContain("ITL File: not installed");
  expect((await get("/CTLFile.tlv")).status).toBe(404);
  await web.set(false);
  await expect(get("/lists")).rejects.toThrow();
});
