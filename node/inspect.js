'use strict';

const { TokmintError, inspectToken } = require('tokmint');

module.exports = { TokmintError, inspectToken };
