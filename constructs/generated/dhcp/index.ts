// Generated from the provider's declaration. Not to be edited.

export * from "./data-offer";
export * from "./option-150";
export * from "./provider";
export * from "./scope-guard";
