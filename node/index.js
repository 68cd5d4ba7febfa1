'use strict';

const { OpenTok, Session, TokmintError, inspectToken } = require('./api.js')(require('./native.js'));

module.exports = { OpenTok, Session, TokmintError, inspectToken };
