/**
 * Who the hosts of these examples are, by address: what somebody compared with what each host shows itself, once. A
 * node without a pin ends in an error that prints what it shows, and the line to add. TLS: SHA-256 of its certificate.
 * SSH: what `ssh-keygen -l` prints of its host key.
 */
export const pins = {
  source: {
    tlsSha256: {
      "10.10.0.11": [
        "7E:E8:64:A7:51:CD:E2:CF:99:35:F8:20:B3:87:C1:64:3F:EF:47:7C:33:9A:C0:72:A8:F0:3B:D6:42:73:BD:BA",
      ],
      "10.10.0.12": [
        "AB:33:05:5B:58:7F:50:D3:38:13:1E:0F:C9:68:F4:F6:60:32:ED:C8:34:AB:33:25:04:29:B1:8A:25:5F:03:05",
      ],
      "10.10.0.13": [
        "5D:6B:68:28:23:0D:30:F3:41:A6:C2:AD:F5:C2:4F:39:DF:C7:09:97:8E:79:0E:3A:20:D2:64:E4:9B:49:FF:69",
      ],
    },
    sshSha256: {
      "10.10.0.11": ["SHA256:8mRrZD+VLWd6zsc2T7oVhbpZ/HOZBfYf4GTf1Wze2So"],
      "10.10.0.12": ["SHA256:LGL93zdwt02ZXZNxGvgJOX6HFLYTo6p2juA1NxQyRnk"],
      "10.10.0.13": ["SHA256:692qSSepUnTxLID6MpDBMcHkagL5I1Bxmv9juQ+ngtQ"],
    },
  },
  destination: {
    tlsSha256: {
      "10.20.0.11": [
        "E8:FA:FD:6E:53:9E:93:CF:23:5F:A5:6F:13:A3:A3:1B:B4:9B:5D:4A:9A:E6:06:A8:D3:09:E2:3D:52:F8:3E:80",
      ],
      "10.20.0.12": [
        "E5:D4:8E:BB:BB:5A:2A:34:C8:E7:79:26:47:FC:67:9A:48:FA:57:F5:D8:BD:BC:EE:15:ED:81:ED:D6:D6:54:71",
      ],
      "10.20.0.13": [
        "C1:B2:40:73:7C:4C:B5:CA:A0:D1:3C:C3:B2:0D:61:AF:A8:02:78:63:AF:C1:E1:01:81:20:20:5C:ED:3F:54:C0",
      ],
    },
    sshSha256: {
      "10.20.0.11": ["SHA256:Xbuqf+TRQag6ebOV6E27Z60CpBMIALeHdwGNVbzOoY0"],
      "10.20.0.12": ["SHA256:Aq+0AtvUGepd47s4swGl3Fo1XaAR6vEEKLJcTm/npeo"],
      "10.20.0.13": ["SHA256:GtFtBky/jaeA3hXmIQdtreHi115m6fCSyv7t8jXmqO8"],
    },
  },
  kea: {
    tlsSha256: [
      "AA:FE:59:BB:B4:AF:75:91:12:5F:D3:46:86:4F:39:86:48:F2:D2:C1:FE:22:C1:AB:45:08:2E:EF:EA:26:8C:3C",
    ],
  },
  exchange: ["SHA256:F3A0Y7ReFSg0JRnTevuecpgdH3lhvsGDCO7NHXHupvc"],
};
