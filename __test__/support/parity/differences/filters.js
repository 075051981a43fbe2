'use strict';

/** Filters (R of COMPATIBILITY.md). */

const { refused, search, sends } = require('./terms');

module.exports = [
  [
    'R9',
    '$not of a value',
    search({ a: { $not: { $eq: 'x' } }, $not: [{ b: 1 }] }),
    {},
    sends('not(eq(a,x))&not(b=1)'),
  ],
  ['R9', 'a root $or of an object', search({ $or: { a: 1 } }), {}, sends('(a=1)')],
  [
    'R10',
    'inherited keys',
    search(Object.create({ a: 1 }, { b: { value: 2, enumerable: true } })),
    {},
    sends('b=2'),
  ],
  ['R10', 'a number', search(7), {}, refused(expect.stringContaining('filter'))],

  ['R1', '$gte and $lte', search({ a: { $gte: 1, $lte: 'x y' } }), {}, sends('ge(a,1)&le(a,%22x%20y%22)')],
  ['R1', 'within $or', search({ a: { $or: [{ $gte: 1 }, 'b'] } }), {}, sends('((ge(a,1))%7C(a=b))')],
  ['R2', '$range', search({ a: { $range: { min: 1, max: 2 } } }), {}, sends('ge(a,1)&le(a,2)')],
  ['R2', '$range with one end', search({ a: { $range: { max: 2 } } }), {}, sends('le(a,2)')],
  ['R3', '$null', search({ a: { $null: true }, b: { $null: false } }), {}, sends('a=null()&ne(b,null())')],
  [
    'R3',
    '$empty',
    search({ a: { $empty: true }, b: { $empty: false } }),
    {},
    sends('a=empty()&ne(b,empty())'),
  ],
  ['R4', 'a "', search({ a: 'x"y' }), {}, sends('a=%27x%22y%27')],
  ['R4', 'both quotes', search({ a: '"\'' }), {}, refused(expect.stringMatching(/contains both/))],
  ['R5', '#', search({ a: 'x#y', b: 1 }), {}, sends('a=%22x%23y%22&b=1')],
  ['R5', '%', search({ a: '100%', b: '%41' }), {}, sends('a=%22100%25%22&b=%22%2541%22')],
  ['R6', 'a Date', search({ a: new Date(0) }), {}, sends('a=1970-01-01T00:00:00.000Z')],
  [
    'R6',
    'a Date in an operator',
    search({ a: { $ge: new Date(0) } }),
    {},
    sends('ge(a,1970-01-01T00:00:00.000Z)'),
  ],
  [
    'R7',
    'an unknown operator',
    search({ a: { $foo: 1 } }),
    {},
    refused(expect.stringMatching(/`a\.\$foo` is not a known operator/)),
  ],
  ['R7', 'a string', search('a=b'), {}, refused(expect.stringMatching(/must be an object/))],
  ['R7', 'a list', search([1]), {}, refused(expect.stringMatching(/must be an object/))],
  ['R8', 'a list of values', search({ a: ['x', 'y z'] }), {}, sends('in(a,(x,%22y%20z%22))')],
];
