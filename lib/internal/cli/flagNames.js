'use strict';

/** Messages of the SDK name its options; those of the command name its flags, as they are typed. */
const NAMES = [
  [/too \(hidden\)/g, 'too (--hidden)'],
  [/choose one \(sheet\) of/g, 'choose one (--sheet NAME) of'],
  [/leave out the option sheet\b/g, 'leave out --sheet'],
  [/`stopOnError` is set/g, '--stop-on-error is set'],
  [/or give one for all of them/g, 'or give one for all of them (--billing-id ID)'],
  [/or give one invoice for all (records|chunks)/g, 'or give one invoice for all $1 (--billing-id ID)'],
  [/raise maxBytes to allow more/g, 'split it into several files'],
];

/** A message with the flags in place of the options. */
function withFlags(message) {
  return NAMES.reduce((text, [option, flag]) => text.replace(option, flag), message);
}

module.exports = { withFlags };
