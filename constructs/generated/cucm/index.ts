// Generated from the provider's declaration. Not to be edited.

export * from "./data-assumptions";
export * from "./data-cluster";
export * from "./data-phone-whereabouts";
export * from "./data-phones";
export * from "./data-scope-coverage";
export * from "./data-signers";
export * from "./data-trust-forecast";
export * from "./phone-registration";
export * from "./provider";
export * from "./trust-memberships";
export * from "./tvs-proof";
