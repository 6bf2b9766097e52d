import { serve } from "../framework/serve";
import { cucmProvider } from "./provider";

serve(cucmProvider);
