'use strict';
// STAND-IN by the lead until the real one is there.
const engine = Object.freeze({ road: 'engine' });
module.exports = { road: () => engine };
