import { childMain } from "../supervise/child";
import { startClusters } from "./start";

export type { ClustersReady, PhoneProvisioning } from "./start";

/** The clusters as a process of `lab up`; its options are {@link import("./options").LabOptions}. */
childMain(startClusters);
