import { serve } from "../framework/serve";
import { nullStandInProvider } from "./provider";

serve(nullStandInProvider);
