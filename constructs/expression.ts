import { type IResolvable, Lazy } from "cdktf";

/** How HCL refers to a data source. */
export const fqn = (data: { readonly terraformResourceType: string; readonly friendlyUniqueId: string }) =>
  `data.${data.terraformResourceType}.${data.friendlyUniqueId}`;

/** An expression that core evaluates at plan. */
export const expression = (hcl: string): IResolvable => Lazy.anyValue({ produce: () => `\${${hcl}}` });
