import { serve } from "../framework/serve";
import { dhcpProvider } from "./provider";

serve(dhcpProvider);
