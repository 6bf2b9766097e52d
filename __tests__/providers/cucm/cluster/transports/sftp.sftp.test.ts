import { RealSshd } from "../fakes/real-sshd";
import { sftpScenarios } from "../fakes/sftp-scenarios";

let sshd: RealSshd;
beforeAll(async () => {
  sshd = await RealSshd.start();
});
afterAll(() => sshd?.stop());

sftpScenarios(() => sshd);
