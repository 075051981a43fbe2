'use strict';

const { expose, pathOf } = require('../expose');
const GenericResource = require('./base');

/** Usage records. `src/core/resources/usage_records.rs` declares the methods, `index.d.ts` documents them. */
class UsageRecordResource extends GenericResource {
  /** @param {ConnectClient} client The client to send with. */
  constructor(client) {
    super(client, pathOf(UsageRecordResource));
  }
}

module.exports = expose(UsageRecordResource);
