'use strict';

/**
 * Reads back the body that was saved to a file: a hook may look at it, or make another response of it.
 *
 * No file stays open between two chunks, for a hook may leave the body half read.
 */

/** How many bytes are read at once. */
const CHUNK = 1 << 20;

/** What says whether a file is still the same. */
const identityOf = ({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`;

/** Reads the chunk at an offset; gives it with the file's identity. */
async function readAt(path, at, length) {
  const fs = require('fs');
  const file = await fs.promises.open(path);
  try {
    const stat = await file.stat();
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(length), 0, length, at);
    return { chunk: buffer.subarray(0, bytesRead), size: stat.size, identity: identityOf(stat) };
  } finally {
    await file.close();
  }
}

/**
 * The chunks of a saved body.
 *
 * @param {{ path: string, bytes: number }} saved The file.
 * @returns {AsyncGenerator<Buffer>} The chunks. Rejects with Node's error, and with an Error if the file has changed.
 */
async function* chunksOfSaved({ path, bytes }) {
  let first;
  for (let at = 0; at < bytes; ) {
    const { chunk, size, identity } = await readAt(path, at, Math.min(CHUNK, bytes - at));
    first = first || identity;
    if (size !== bytes || identity !== first || chunk.length === 0) {
      throw new Error(`${path} was changed after the response was saved to it`);
    }
    at += chunk.length;
    yield chunk;
  }
}

/** All bytes of a saved body. */
async function readSaved(saved) {
  const all = [];
  for await (const chunk of chunksOfSaved(saved)) all.push(chunk);
  return Buffer.concat(all);
}

module.exports = { chunksOfSaved, readSaved };
