'use strict';

/**
 * The deliberate differences between the packages: `[point, what, call, setup, expected]`, where `point` is that of
 * COMPATIBILITY.md, `call(client, sdk, world)` returns a promise, `setup` is that of `see`, and `expected` the requests
 * and the result of ours. W3, E9, E10 and M1 need another protocol, minutes, much memory or other tools: they have tests
 * of their own.
 */
const DIFFERENCES = ['requests', 'answers', 'filters'].flatMap((part) => require(`./differences/${part}`));

module.exports = { DIFFERENCES };
