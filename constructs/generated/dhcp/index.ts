// Generated from the provider's declaration by `npm run generate`. Not to be edited.

export * from "./option-150";
export * from "./provider";
