// What `import` gets: the names of index.mjs, with the types of index.d.ts.
export * from './index.js';
