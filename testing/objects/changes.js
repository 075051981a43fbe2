'use strict';

/** Changes of an object's state: the status, the event, and the entry that says which request did it. */

const { invalid } = require('../replies.js');

function push(map, id, entry) {
  const earlier = map.get(id);
  if (earlier) earlier.push(entry);
  else map.set(id, [entry]);
}

/** Notes that a request changed an object. */
function noteChange({ state, call, operation }, id, from, to) {
  push(state.changes, id, { requestNumber: call.number, operation, from, to });
}

/** The event of now. */
const eventNow = ({ state, user }) => ({ at: state.clock.iso(), by: { ...user } });

/**
 * Changes the status of an object.
 *
 * @param {object} context of the request
 * @param {object} object a file, chunk or reconciliation
 * @param {string} status the new one
 * @param {string} [event] the name of the event
 */
function change(context, object, status, event) {
  noteChange(context, object.id, object.status, status);
  object.status = status;
  if (event !== undefined) object.events = { ...object.events, [event]: eventNow(context) };
}

/** The reply if an object is in another status than these; undefined if it is in one. */
function refuseStatus(object, what, statuses, done) {
  if (statuses.includes(object.status)) return undefined;
  const wanted =
    statuses.length === 1 ? statuses[0] : `${statuses.slice(0, -1).join(', ')} or ${statuses.at(-1)}`;
  return invalid(`Only a ${what} that is ${wanted} can be ${done}; this one is ${object.status}.`);
}

module.exports = { change, eventNow, noteChange, push, refuseStatus };
