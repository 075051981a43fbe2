'use strict';

const { readId } = require('./ids.js');
const { printObject } = require('./output.js');

/**
 * Makes a command that prints one object.
 *
 * @param {object} get What it prints.
 * @param {string} get.name The command.
 * @param {import('./ids').Kind} get.kind
 * @param {(client: *) => *} get.of The resource.
 * @returns {import('./main').Command} The command.
 */
function getCommand({ name, kind, of }) {
  return {
    name,
    summary: `Prints all that Connect says of a ${kind.noun}`,
    usage: `${kind.prefix}-... [options]`,
    options: {},
    examples: [`connect-usage ${name} ${kind.example}`],
    async run(context) {
      const id = readId(context.args, kind, name);
      await printObject(context.io, await of(context.client).get(id), context.values);
      return 0;
    },
  };
}

module.exports = { getCommand };
