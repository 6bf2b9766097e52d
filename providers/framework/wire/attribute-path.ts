import type { AttributePath, PathStep } from "../schema/value";
import { DecodeError } from "./decode-error";
import type { Draft, MessageOf } from "./protobuf/message";
import type { AttributePathMessage } from "./tfplugin6";

type PathFields = MessageOf<typeof AttributePathMessage>;

export const encodePath = (path: AttributePath): Draft<PathFields> => ({
  steps: path.map((step) =>
    "attribute" in step
      ? { attribute_name: step.attribute }
      : "key" in step
        ? { element_key_string: step.key }
        : { element_key_int: step.index },
  ),
});

export const decodePath = (path: PathFields): AttributePath =>
  path.steps.map((step): PathStep => {
    if (step.attribute_name !== undefined) return { attribute: step.attribute_name };
    if (step.element_key_string !== undefined) return { key: step.element_key_string };
    if (step.element_key_int !== undefined) return { index: step.element_key_int };
    throw new DecodeError("a step of an attribute path selects nothing");
  });
