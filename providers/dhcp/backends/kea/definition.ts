import { DhcpError } from "../backend";

export const DEFINITION_LINE =
  '{ "name": "cisco-tftp", "code": 150, "space": "dhcp4", "type": "ipv4-address", "array": true }';
export const DEFINITION_ADVICE = `Add this to "option-def" of the server's configuration: ${DEFINITION_LINE}`;

export const noDefinition = (server: string) =>
  new DhcpError(
    server,
    `DHCP server "${server}" has no definition of option 150`,
    DEFINITION_ADVICE,
    "refused",
  );
