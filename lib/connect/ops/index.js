'use strict';

const Directory = require('./directory');
const Fulfillment = require('./fulfillment');
const Inventory = require('./inventory');
const Listings = require('./listings');
const Subscriptions = require('./subscriptions');

module.exports = { Fulfillment, Directory, Inventory, Subscriptions, Listings };
