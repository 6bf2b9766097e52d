import { RefusedCredentials } from "../../../../../providers/cucm/cluster/refused-credentials";
import { ControlCenter, RestartWatch } from "../../../../../providers/cucm/cluster/transports/control-center";
import { MODERN } from "../../../../../providers/cucm/cluster/transports/cryptography";
import { SoapServer } from "../../../../../providers/cucm/cluster/transports/soap";
import { identity } from "../fakes/identities";
import { APPLICATION, AT, failureOf, live, silent } from "../fakes/setup";
import { type Answer, fault, operationOf, soap, WebServer } from "../fakes/web-server";

const TVS = "Cisco Trust Verification Service";
const own = identity("cucm-pub");
let web: WebServer;
let server: SoapServer;
let control: ControlCenter;
const progress: string[] = [];

beforeEach(async () => {
  progress.length = 0;
  web = await WebServer.start(own);
  server = new SoapServer(
    {
      endpoint: AT,
      port: web.port,
      service: "Control Center",
      proof: { kind: "pin", sha256: [own.certificate.sha256], whose: "test" },
      cryptography: MODERN,
    },
    {
      credentials: APPLICATION,
      refused: new RefusedCredentials(),
      timeoutMs: 3000,
      concurrency: 4,
      role: "x",
      keepSession: false,
    },
    silent,
  );
  control = new ControlCenter(server, AT);
});
afterEach(async () => {
  server.close();
  await web.stop();
});

/** What pauses are divided by. */
let mockPace = 1;
jest.mock("../../../../../providers/cucm/cluster/budget", () => {
  const actual = jest.requireActual("../../../../../providers/cucm/cluster/budget");
  return { ...actual, sleep: (ms: number, signal: AbortSignal) => actual.sleep(ms / mockPace, signal) };
});

interface State {
  readonly status: string;
  readonly reason?: string;
  readonly start?: string;
  readonly up?: number;
}
const STARTED = { status: "Started", start: "Thu Mar 12 10:00:00 2026", up: 5000 };
const status = ({ status, reason = " ", start = "", up = -1 }: State): Answer => ({
  body: soap(
    `<soapGetServiceStatusResponse xmlns="http://schemas.cisco.com/ast/soap"><soapGetServiceStatusReturn><ReturnCode>0</ReturnCode><ReasonCode>-1</ReasonCode><ReasonString/><ServiceInfoList><item><ServiceName>${TVS}</ServiceName><ServiceStatus>${status}</ServiceStatus><ReasonCode>-1</ReasonCode><ReasonCodeString>${reason}</ReasonCodeString><StartTime>${start}</StartTime><UpTime>${up}</UpTime></item></ServiceInfoList></soapGetServiceStatusReturn></soapGetServiceStatusResponse>`,
  ),
});
const ordered = (code = 0, reason = ""): Answer => ({
  body: soap(
    `<soapDoControlServicesResponse xmlns="http://schemas.cisco.com/ast/soap"><soapDoControlServicesReturn><ReturnCode>${code}</ReturnCode><ReasonCode>-1</ReasonCode><ReasonString>${reason}</ReasonString><ServiceInfoList/></soapDoControlServicesReturn></soapDoControlServicesResponse>`,
  ),
});

/** One state after another; the last one stays. */
function play(states: readonly (State | Answer)[], order: Answer = ordered()) {
  const left = [...states];
  web.answer = (request) => {
    if (operationOf(request) === "soapDoControlServices") return order;
    const next = (left.length > 1 ? left.shift() : left[0])!;
    return typeof next.status === "string" ? status(next as State) : (next as Answer);
  };
}
const restart = (timeoutMs = 5000) => control.restart(TVS, timeoutMs, (line) => progress.push(line), live());
const orders = () => web.seen.filter((request) => operationOf(request) === "soapDoControlServices");

it("returns when the service was down and is Started again", async () => {
  play([STARTED, STARTED, { status: "Stopped" }, { status: "Starting" }, { ...STARTED, up: 5000 }]);
  await restart();
  expect(web.seen).toHaveLength(6);
  expect(orders()).toHaveLength(1);
  expect(orders()[0]!.body).toContain(
    `<ns:soapDoControlServices><ns:ControlServiceRequest><ns:ControlType>Restart</ns:ControlType><ns:ServiceList><ns:item>${TVS}</ns:item></ns:ServiceList></ns:ControlServiceRequest></ns:soapDoControlServices>`,
  );
  expect(progress).toEqual([
    `restarting ${TVS} on 127.0.0.1`,
    expect.stringMatching(/is Started again after [\d.]+ s$/),
  ]);
});

it("is checked without an order", async () => {
  play([STARTED]);
  await control.check(TVS, live());
  play([{ status: "Stopped" }]);
  await control.check(TVS, live());
  play([{ status: "Stopped", reason: "Service Not Activated" }]);
  expect(await failureOf(control.check(TVS, live()))).toMatchObject({
    kind: "refused",
    summary: expect.stringContaining("is not activated"),
  });
  expect(orders()).toEqual([]);
});

it("does not take the state before the restart for the one after it", async () => {
  play([STARTED, { ...STARTED, up: 5001 }]);
  const error = await failureOf(restart(1200));
  expect(error.kind).toBe("timeout");
  expect(error.detail).toContain("last seen: Started");
});

it("sees a restart that was too quick to be caught down, by its start time", async () => {
  play([STARTED, { ...STARTED, start: "Thu Mar 12 11:00:00 2026", up: 5002 }]);
  await restart();
});

it("keeps looking while Control Center itself stumbles", async () => {
  play([
    STARTED,
    { cut: true },
    { status: 500, body: "<html>" },
    fault("not ready"),
    { ...STARTED, start: "later" },
  ]);
  await restart();
});

it("goes on when the order itself was not answered", async () => {
  play([STARTED, { status: "Stopped" }, { ...STARTED, start: "later" }], { cut: true });
  await restart();
  expect(orders()).toHaveLength(1);
});

describe("an order that was lost", () => {
  beforeAll(() => {
    mockPace = 50;
  });
  afterAll(() => {
    mockPace = 1;
  });

  it("is given again when nothing is seen of it", async () => {
    let up = 5000;
    let restarted = false;
    web.answer = (request) => {
      if (operationOf(request) === "soapGetServiceStatus")
        return status(restarted ? { ...STARTED, start: "later", up: 1 } : { ...STARTED, up: up++ });
      restarted = orders().length === 2;
      return restarted ? ordered() : { cut: true };
    };
    await restart();
    expect(orders()).toHaveLength(2);
    expect(progress).toContainEqual(expect.stringContaining("ordering it again"));
  });

  it("is not waited for where it was refused for load: nothing was processed", async () => {
    play([STARTED], { status: 503, body: "<html>later</html>" });
    expect(await failureOf(restart(60_000))).toMatchObject({ kind: "unreachable" });
  });
});

it("waits for a restart that is under way, as an interrupted run leaves it, before it orders its own", async () => {
  const busy = ordered(1, "Service is already being stopped or started");
  const states: State[] = [
    { status: "Stopping" },
    { status: "Starting" },
    STARTED,
    { status: "Stopped" },
    { ...STARTED, start: "later" },
  ];
  let last: State = states[0]!;
  web.answer = (request) => {
    if (operationOf(request) === "soapDoControlServices") return last.status === "Started" ? ordered() : busy;
    last = states.shift() ?? last;
    return status(last);
  };
  await restart();
  expect(orders()).toHaveLength(1);
  expect(progress[0]).toBe(`${TVS} on 127.0.0.1 is Stopping: waiting before it is restarted`);
});

it("refuses what is not activated, without ordering anything", async () => {
  play([{ status: "Stopped", reason: "Service Not Activated" }]);
  expect((await failureOf(restart())).kind).toBe("refused");
  expect(orders()).toEqual([]);
});

it("passes on why an order is refused", async () => {
  play([STARTED], ordered(1, "Service cannot be stopped"));
  const error = await failureOf(restart());
  expect(error.kind).toBe("refused");
  expect(error.detail).toContain("Service cannot be stopped");
});

it("says in which state a service stayed", async () => {
  play([STARTED, { status: "Stopped", reason: "Component is not running" }]);
  const error = await failureOf(restart(1200));
  expect(error.kind).toBe("timeout");
  expect(error.detail).toContain("Stopped (Component is not running)");
});

it("can be cancelled", async () => {
  play([STARTED, { status: "Stopping" }]);
  const cancel = new AbortController();
  setTimeout(() => cancel.abort(), 200);
  await expect(control.restart(TVS, 60_000, silent, cancel.signal)).rejects.toBeTruthy();
});

describe("RestartWatch", () => {
  const at = (upTime: number, startTime = "a") => ({ status: "Started", reason: "", startTime, upTime });

  it("believes an up time that is shorter than before, or than since the order", () => {
    expect(new RestartWatch(at(100), 0).seen(at(101), 1000)).toBe(false);
    expect(new RestartWatch(at(100), 0).seen(at(3), 5000)).toBe(true);
    // Up for 0 s (rounded down) before the order and after it: only time tells.
    expect(new RestartWatch(at(0), 0).seen(at(0), 500)).toBe(false);
    expect(new RestartWatch(at(0), 0).seen(at(2), 2500)).toBe(false);
    expect(new RestartWatch(at(0), 0).seen(at(1), 2100)).toBe(true);
  });

  it("never takes a missing up time for a short one", () => {
    expect(new RestartWatch(at(100), 0).seen(at(-1), 5000)).toBe(false);
  });
});
