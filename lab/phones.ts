/** Asks the lab's phones where they are; for `lab status`, tests and the demo. */
import { request } from "node:http";
import type { PhoneView } from "./phone/phone";

const LISTED = 20;

/** @param control `http://127.0.0.1:port` of the phones' process. @throws Error when it does not answer */
export async function readPhones(control: string): Promise<PhoneView[]> {
  return JSON.parse(await ask("GET", `${control}/phones`)) as PhoneView[];
}

export async function rebootPhone(control: string, name: string): Promise<void> {
  await ask("POST", `${control}/phones/${name}/reboot`);
}

/** The phone's console log. */
export function phoneConsole(control: string, name: string): Promise<string> {
  return ask("GET", `${control}/phones/${name}/console`);
}

/**
 * Waits until `done` says so of all phones together.
 * @throws Error that lists the phones for which `isDone` does not hold after `timeout` milliseconds
 */
export async function phonesWhen(
  control: string,
  isDone: (phone: PhoneView) => boolean,
  timeout = 60_000,
): Promise<PhoneView[]> {
  const until = Date.now() + timeout;
  for (;;) {
    const phones = await readPhones(control);
    const waiting = phones.filter((phone) => !isDone(phone));
    if (waiting.length === 0) return phones;
    if (Date.now() > until) {
      const words = waiting.map(
        (p) => `${p.name} ${p.state}${p.failed === null ? "" : ` (${p.failed.step}: ${p.failed.words})`}`,
      );
      const more = words.length > LISTED ? ` and ${words.length - LISTED} more` : "";
      throw new Error(
        `after ${timeout / 1000} s these phones are not where they should be: ${words.slice(0, LISTED).join("; ")}${more}`,
      );
    }
    await new Promise((wait) => setTimeout(wait, 200));
  }
}

function ask(method: string, url: string): Promise<string> {
  return new Promise((done, fail) => {
    const asked = request(url, { method, timeout: 30_000, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("error", fail);
      answer.on("end", () =>
        (answer.statusCode ?? 500) < 300
          ? done(text)
          : fail(new Error(`${method} ${url}: HTTP ${answer.statusCode} ${text}`)),
      );
    });
    asked.on("timeout", () => asked.destroy(new Error(`${url}: no answer in 30 s`)));
    asked.on("error", fail);
    asked.end();
  });
}
