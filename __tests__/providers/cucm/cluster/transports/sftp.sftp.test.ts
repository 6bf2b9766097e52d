import { openSftpDirectory } from "../../../../../providers/cucm/cluster/transports/sftp";
import { RealSshd } from "../fakes/real-sshd";
import { live } from "../fakes/setup";
import { sftpScenarios } from "../fakes/sftp-scenarios";

let sshd: RealSshd;
beforeAll(async () => {
  sshd = await RealSshd.start();
});
afterAll(() => sshd?.stop());

sftpScenarios(() => sshd);

it("tells how much is free, as OpenSSH does", async () => {
  const directory = await openSftpDirectory(sshd.server, live());
  expect(await directory.freeBytes(live())).toBeGreaterThan(0);
  await directory.close();
});
