'use strict';

/** Numbers the temporary files of this process. */
let count = 0;

/**
 * Writes a body to a file, on the transports other than the engine. As the engine does, it writes to a temporary file
 * beside it and renames that when it is complete.
 *
 * @param {string} to The file's path.
 * @param {Iterable|AsyncIterable} chunks The body.
 * @returns {Promise<number>} How many bytes were written; rejects with Node's error, and leaves the old file as it
 *   was.
 */
async function saveToFile(to, chunks) {
  const fs = require('fs');
  count += 1;
  const temporary = `${to}.${process.pid}-js${count}.part`;
  const file = await fs.promises.open(temporary, 'wx');
  let written = 0;
  try {
    try {
      for await (const chunk of chunks) {
        const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
        await file.writeFile(bytes);
        written += bytes.length;
      }
    } finally {
      await file.close();
    }
    await fs.promises.rename(temporary, to);
  } catch (error) {
    await fs.promises.rm(temporary, { force: true });
    throw error;
  }
  return written;
}

module.exports = { saveToFile };
