'use strict';

/**
 * An answer that goes to a file, where not the engine writes it. As there, it is written under another name and moved
 * to its place when it is whole.
 */

let count = 0;

/**
 * Writes a file.
 *
 * @param {string} to Its path.
 * @param {object} chunks Its pieces: an iterable, or a stream.
 * @returns {Promise<number>} How many bytes it has; rejects with Node's error, and leaves what was there.
 */
async function save(to, chunks) {
  const fs = require('fs');
  count += 1;
  const part = `${to}.${process.pid}-js${count}.part`;
  const file = await fs.promises.open(part, 'wx');
  let bytes = 0;
  try {
    try {
      for await (const chunk of chunks) {
        const piece = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
        await file.writeFile(piece);
        bytes += piece.length;
      }
    } finally {
      await file.close();
    }
    await fs.promises.rename(part, to);
  } catch (error) {
    await fs.promises.rm(part, { force: true });
    throw error;
  }
  return bytes;
}

module.exports = { save };
