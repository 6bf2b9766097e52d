/** What the CLI prints, by section of the interface notes: Cisco's documents and public clients' recordings. */
import { IMPORTED, LIST_OWN, LIST_TRUST } from "./transcripts";

export interface CliShape {
  readonly section: string;
  readonly shape: string;
  readonly line: string;
  /** What stands between the echo and the prompt; a question ends the first part. */
  readonly prints: readonly string[];
}

const CTL = `The checksum value of the CTL file:
0c05655de63fe2a042cf252d96c6d609(MD5)
8c92d1a569f7263cf4485812366e66e3b503a2f5(SHA1)

Length of CTL file: 4947
The CTL File was last modified on Fri Mar 06 19:45:13 CET 2015

Parse CTL File
----------------
Version:        1.2
HeaderLength:   336 (BYTES)

BYTEPOS TAG             LENGTH  VALUE
------- ---             ------  -----
3       SIGNERID        2       149
4       SIGNERNAME      62      CN=cucm-1051-a-pub;OU=TAC;O=Cisco;L=Krakow;ST=Malopolska;C=PL
5       SERIALNUMBER    16      70:CA:F6
12      SIGNATURE       128
 65  ba  26
        CTL Record #:1
                  ----
4       FUNCTION        2       System Administrator Security Token | CCM+TFTP | CAPF
9       CERTIFICATE     694     E9 D4 33 (SHA1 Hash HEX)
This etoken was used to sign the CTL file.

The CTL file was verified successfully.
`;

const RESTART =
  "Please Restart the TFTP and Cisco CallManager services on all nodes in the cluster that run these services\n";

export const CLI_SHAPES: readonly CliShape[] = [
  {
    section: "2.1",
    shape: "pagination off",
    line: "show cli pagination",
    prints: ["Automatic Pagination : Off.\n"],
  },
  { section: "2.2", shape: "own certificates", line: "show cert list own", prints: [LIST_OWN] },
  { section: "2.2", shape: "trust certificates of 14", line: "show cert list trust", prints: [LIST_TRUST] },
  {
    section: "2.2",
    shape: "import",
    line: "set cert import trust CallManager",
    prints: ["Paste the Certificate and Hit Enter\n", IMPORTED],
  },
  {
    section: "2.2",
    shape: "signing request, with a question of 14",
    line: "set csr gen tomcat",
    prints: ["Include OU in CSR (yes|no)?", "Successfully Generated CSR for tomcat.\n"],
  },
  {
    section: "2.2",
    shape: "regeneration",
    line: "set cert regen ITLRecovery",
    prints: [
      "Proceed with regeneration (yes|no)? ",
      "Successfully Regenerated Certificate for ITLRecovery.\n",
    ],
  },
  {
    section: "2.2",
    shape: "bulk export",
    line: "set cert bulk export all",
    prints: [
      "Successfully exported tomcat certificate(s) to sftp server.\nSuccessfully exported tftp certificate(s) to sftp server.\n",
    ],
  },
  {
    section: "2.2",
    shape: "bulk import",
    line: "set cert bulk import all",
    prints: ["Successfully imported tomcat certificates.\nSuccessfully imported tftp certificates.\n"],
  },
  {
    section: "2.3",
    shape: "service list",
    line: "utils service list",
    prints: [
      "Cisco Tftp[STARTED]\nCisco CTL Provider[STOPPED]  Service Not Activated\nCisco CallManager[STOPPED]  Commanded Out of Service\n",
    ],
  },
  {
    section: "2.3",
    shape: "service restart",
    line: "utils service restart Cisco Trust Verification Service",
    prints: [
      " Don't press Ctrl-c while the service is getting RESTARTED.If Service has not Restarted Properly, execute the same Command Again\n" +
        "Service Manager is running\nCisco Trust Verification Service[STOPPING]  \nCisco Trust Verification Service[STARTING]  \n" +
        "Cisco Trust Verification Service[STARTED]  \n",
    ],
  },
  { section: "2.4", shape: "CTL", line: "show ctl", prints: [CTL] },
  {
    section: "2.4",
    shape: "no CTL",
    line: "show ctl",
    prints: [
      "Length of CTL file: 0\nCTL File not found . Please run CTLClient plugin or run the CLI - utils ctl.. to generate the CTL file.\nError parsing the CTL File.\n",
    ],
  },
  {
    section: "2.4",
    shape: "mixed mode",
    line: "utils ctl set-cluster mixed-mode",
    prints: [
      "This operation sets the cluster to Mixed mode. Do you want to continue? (y/n):",
      `Moving Cluster to Mixed Mode\nCluster set to Mixed Mode\n${RESTART}`,
    ],
  },
  {
    section: "2.4",
    shape: "CTL update",
    line: "utils ctl update CTLFile",
    prints: [
      "This operation updates the CTLFile. Do you want to continue? (y/n):",
      `Updating CTL file\nCTL file Updated\n${RESTART}`,
    ],
  },
  {
    section: "2.4",
    shape: "cluster",
    line: "show network cluster",
    prints: [
      "10.3.74.12 CUCMSUB.edgrodrilab.com CUCMSUB Subscriber callmanager DBSub authenticated using TCP since Thu Oct 28 11:24:16 2021\n" +
        "10.3.74.11 CUCMPUB.edgrodrilab.com CUCMPUB Publisher callmanager DBPub authenticated\n\n" +
        "Server Table (processnode) Entries\n----------------------------------\n10.3.74.11\n10.3.74.12\n",
    ],
  },
  {
    section: "2.4",
    shape: "version",
    line: "show version active",
    prints: [
      "Active Master Version: 15.0.1.12900-234\nActive Version Installed Software Options:\nNo Installed Software Options Found.\n",
    ],
  },
  {
    section: "2.4",
    shape: "SQL",
    line: "run sql select paramname,paramvalue from processconfig where paramname='ClusterSecurityMode'",
    prints: [
      "paramname           paramvalue\n=================== ==========\nClusterSecurityMode 0         \n",
    ],
  },
];
