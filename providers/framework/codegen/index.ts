/** From a declaration to CDKTF bindings and to documentation pages. */
export { generateBindings } from "./binding";
export { generateDocs } from "./docs";
