'use strict';

const Directory = require('./directory.js');
const Fulfillment = require('./fulfillment.js');
const Inventory = require('./inventory.js');
const Listings = require('./listings.js');
const Subscriptions = require('./subscriptions.js');

module.exports = { Fulfillment, Directory, Inventory, Subscriptions, Listings };
