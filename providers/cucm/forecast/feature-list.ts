/** What a cluster's own phone feature list says of models, in the words of the forecast. */
import { bareModel, type Capability, type ModelFacts } from "../../../trust/phone-model";
import type { Cluster, Operation } from "../cluster/cluster";
import { LARGE_RSA_KEYS, SECURITY_BY_DEFAULT } from "../cluster/phone-features";
import type { Unread } from "./unread";

export type FeatureList = (model: string) => ModelFacts[string];

const CAPABILITIES: { readonly [feature: string]: Capability } = {
  [SECURITY_BY_DEFAULT]: "securityByDefault",
  [LARGE_RSA_KEYS]: "largeRsaKeys",
};

/** @returns null when it could not be read; what it does not tell is a warning, and the built-in table counts. */
export async function readFeatureList(
  cluster: Cluster,
  unread: Unread,
  op: Operation,
): Promise<FeatureList | null> {
  const features = await unread.unless(null, () => cluster.phoneFeatures(op));
  if (features === null) return null;
  const known = Object.entries(CAPABILITIES).flatMap(([feature, capability]) => {
    const models = features.get(feature);
    if (models !== undefined) return [{ capability, models: new Set([...models].map(bareModel)) }];
    unread.lacks(
      `Cluster "${cluster.name}" has no phone feature list of "${feature}"`,
      "The tables productsupportsfeature and typesupportsfeature are not there, or no model has that feature. The built-in table of models counts instead.",
    );
    return [];
  });
  return (model) =>
    Object.fromEntries(known.map(({ capability, models }) => [capability, models.has(bareModel(model))]));
}
