// What `import` gets: the names of index.mjs, with the types of index.d.ts.
export * from './index.js';

import * as connect from './index.js';
/** All that the package exports, as `require` returns it. */
export default connect;
