'use strict';

const zlib = require('zlib');

/** Coded bodies, and what each of them is read as, for every transport that undoes codings. */

const TEXT = JSON.stringify({ text: 'Connect '.repeat(20_000) });
const { gzipSync: gzip, deflateSync: deflate, deflateRawSync: deflateRaw, brotliCompressSync: br } = zlib;

/** Two members, as log files have that were written in two goes. */
const half = TEXT.length / 2;
const MEMBERS = Buffer.concat([gzip(TEXT.slice(0, half)), gzip(TEXT.slice(half))]);
const followedBy = (body, rest) => Buffer.concat([body, Buffer.from(rest)]);
const damaged = (body, fromEnd) => {
  const copy = Buffer.from(body);
  copy[copy.length - fromEnd] ^= 1;
  return copy;
};
const times = (count) => Array.from({ length: count });
const layered = (count) => times(count).reduce((body) => gzip(body), Buffer.from(TEXT));

/** `[name, Content-Encoding, body]`: each is `TEXT`. */
const READABLE = [
  ['gzip', 'gzip', gzip(TEXT)],
  ['gzip of two members', 'gzip', MEMBERS],
  ['gzip of two members, the first one empty', 'gzip', Buffer.concat([gzip(''), gzip(TEXT)])],
  ['gzip and zeros behind it', 'gzip', followedBy(gzip(TEXT), Buffer.alloc(10_000))],
  ['gzip and garbage behind it', 'gzip', followedBy(gzip(TEXT), 'garbage')],
  ['members and garbage behind them', 'gzip', followedBy(MEMBERS, 'garbage')],
  ['x-gzip', 'x-gzip', gzip(TEXT)],
  ['GZIP in capitals', 'GZIP', gzip(TEXT)],
  ['blanks around it', ' \tgzip ', gzip(TEXT)],
  ['deflate', 'deflate', deflate(TEXT)],
  ['deflate without a frame', 'deflate', deflateRaw(TEXT)],
  ['brotli', 'br', br(TEXT)],
  ['Brotli in capitals', 'BR', br(TEXT)],
  ['gzip, then brotli', 'gzip, br', br(gzip(TEXT))],
  ['two headers', ['deflate', 'gzip'], gzip(deflate(TEXT))],
  ['identity beside it', 'identity, gzip', gzip(TEXT)],
  ['five codings', times(5).fill('gzip').join(), layered(5)],
];

/** `[name, Content-Encoding, body]`: none of them is read. */
const BROKEN = [
  ['gzip that is cut', 'gzip', gzip(TEXT).subarray(0, -9)],
  ['gzip whose trailer is cut', 'gzip', gzip(TEXT).subarray(0, -1)],
  ['a second member that is cut', 'gzip', MEMBERS.subarray(0, -20)],
  ['a second member of which there is a header', 'gzip', followedBy(gzip(TEXT), gzip('').subarray(0, 10))],
  ['gzip with a wrong checksum', 'gzip', damaged(gzip(TEXT), 5)],
  ['gzip with a wrong length', 'gzip', damaged(gzip(TEXT), 1)],
  ['a second member with a wrong checksum', 'gzip', damaged(MEMBERS, 5)],
  ['no gzip at all', 'gzip', Buffer.from(TEXT)],
  ['deflate that is cut', 'deflate', deflate(TEXT).subarray(0, -5)],
  ['deflate with a wrong checksum', 'deflate', damaged(deflate(TEXT), 1)],
  ['deflate without a frame that is cut', 'deflate', deflateRaw(TEXT).subarray(0, -2)],
  ['brotli that is cut', 'br', br(TEXT).subarray(0, -2)],
  ['brotli that is none', 'br', Buffer.alloc(1000, 0xff)],
  ['the outer coding that is cut', 'gzip, br', br(gzip(TEXT)).subarray(0, -2)],
  ['the inner coding that is cut', 'gzip, br', br(gzip(TEXT).subarray(0, -9))],
];

/** `[name, Content-Encoding, body]`: they stay as they are. */
const UNKNOWN = [
  ['a coding that nobody knows', 'compress', Buffer.from(TEXT)],
  ['one among those that are known', 'gzip, compress', gzip(TEXT)],
  ['more codings than five', times(6).fill('gzip').join(), layered(6)],
];

/** `[name, method, status]` of answers without a byte, whatever their headers say. */
const EMPTY = [
  ['HEAD', 'HEAD', 200],
  ['204', 'GET', 204],
  ['304', 'GET', 304],
  ['an empty 200', 'GET', 200],
  ['an empty 404', 'GET', 404],
];

module.exports = { TEXT, READABLE, BROKEN, UNKNOWN, EMPTY };
