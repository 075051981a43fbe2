// The types of the package, which are also the documentation that an editor shows. They need neither the DOM library nor
// @types/node, and use their types where they are there. `types/resources.d.ts` is generated from what Rust declares.
export * from './types/adapters';
export * from './types/client';
export * from './types/close-many';
export * from './types/errors';
export * from './types/files';
export * from './types/filters';
export * from './types/generic';
export * from './types/http';
export * from './types/lists';
export * from './types/objects';
export * from './types/operations/directory';
export * from './types/operations/fulfillment';
export * from './types/operations/inventory';
export * from './types/operations/listings';
export * from './types/operations/subscriptions';
export * from './types/options';
export * from './types/platform';
export * from './types/resources';
export * from './types/tables';
export * from './types/usage';
export * from './types/wait-for';
