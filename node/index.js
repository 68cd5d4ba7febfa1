'use strict';

// The class and the function that people use. They check the types of arguments and hand them over one by one to the native functions,
// which is much faster than handing over an object. Limits, defaults and everything else are theirs.

const { isDate } = require('node:util').types;
const native = require('./native.js');

const NUMBERS = new Map(Object.entries(native.errorNumbers()));

class TokmintError extends Error {
  constructor(message, code) {
    super(message);
    this.code = code;
    this.number = NUMBERS.get(code);
  }
}
Object.defineProperty(TokmintError.prototype, 'name', { value: 'TokmintError', configurable: true, writable: true });

/** The one place where an exception of native code becomes ours. Its stack starts at the caller of `method`. */
function failure(exception, method) {
  const error = NUMBERS.has(exception.code)
    ? new TokmintError(exception.message, exception.code)
    : // A panic. Its text is for developers of tokmint, and is on stderr.
      new TokmintError('the native code of tokmint failed, which is a defect of tokmint: please report it', 'panic');
  Error.captureStackTrace(error, method);
  return error;
}

/** What a value is, for a message that must not hold the value. */
function kind(value) {
  if (value === null || value === undefined) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  if (typeof value === 'number') return Number.isFinite(value) ? 'a number' : 'infinite';
  return Array.isArray(value) ? 'an array' : `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`;
}

function wrongType(name, expected, value) {
  return new TypeError(`${name} must be ${expected}, but is ${kind(value)}`);
}

function text(name, value) {
  if (typeof value !== 'string') throw wrongType(name, 'a string', value);
  return value;
}

/** Joins texts by NUL for the native code, which takes long to fetch the elements of an array. */
function joined(name, value) {
  if (!Array.isArray(value)) throw wrongType(name, 'an array of strings', value);
  let all;
  for (let index = 0; index < value.length; index += 1) {
    const element = value[index];
    if (typeof element !== 'string') throw wrongType(`${name}[${index}]`, 'a string', element);
    all = index === 0 ? element : `${all}\0${element}`;
  }
  return all;
}

function integer(name, value, expected = 'an integer') {
  if (!Number.isInteger(value)) throw wrongType(name, expected, value);
  return value;
}

/** A time in Unix seconds. The milliseconds of a Date are rounded down, as those of the system clock are. */
function time(name, value) {
  if (!isDate(value)) return integer(name, value, 'an integer of Unix seconds, or a Date');
  const seconds = Math.floor(value.getTime() / 1000);
  if (Number.isNaN(seconds)) throw new TypeError(`${name} is an invalid Date`);
  return seconds;
}

/** The names of options that are given. Nothing inherited counts, so a polluted prototype grants no role. */
function given(options) {
  if (!isPlain(options)) throw wrongType('options', 'a plain object', options);
  return Object.keys(options);
}

function isPlain(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  // The last is for objects of another realm, such as that of a test runner.
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

function unknown(name, method) {
  return new TypeError(`${method} has no option ${JSON.stringify(name)}`);
}

/** The native code answers with an array, because it takes three times as long to make an object. */
function token(fields) {
  return {
    format: fields[0],
    apiKey: fields[1],
    sessionId: fields[2],
    role: fields[3],
    createTime: fields[4],
    expireTime: fields[5],
    data: fields[6],
    initialLayoutClassList: fields[7],
    nonce: fields[8],
  };
}

function inspection(answer) {
  const field = ([name, value]) => ({ name, value });
  return {
    format: answer[0],
    signature: answer[1],
    header: answer[2].map(field),
    fields: answer[3].map(field),
    token: answer[4] && token(answer[4]),
    createdAt: answer[5],
    expiresAt: answer[6],
    notBefore: answer[7],
    remainingLifetime: answer[8],
    findings: answer[9].map(([code, severity, message, serverMessage]) => ({ code, severity, message, serverMessage })),
    isRefused: answer[10],
    text: answer[11],
  };
}

/** Inspects with the credentials of a handle, or with none. `caller` is the method or function that was called. */
function inspect(handle, caller, count, tokenText, options = {}) {
  if (count > 2) throw new TypeError('inspectToken takes a token and options');
  let now, sessionId;
  for (const name of given(options)) {
    const value = options[name];
    if (value === undefined) continue;
    switch (name) {
      case 'now': now = time(name, value); break;
      case 'sessionId': sessionId = text(name, value); break;
      default: throw unknown(name, 'inspectToken');
    }
  }
  text('token', tokenText);
  try {
    return inspection(native.inspect(handle, tokenText, now, sessionId));
  } catch (exception) {
    throw failure(exception, caller);
  }
}

function inspectToken(tokenText, options) {
  return inspect(undefined, inspectToken, arguments.length, tokenText, options);
}

class OpenTok {
  #handle;

  constructor(apiKey, apiSecret) {
    if (typeof apiKey === 'number') {
      if (!Number.isSafeInteger(apiKey)) throw wrongType('apiKey', 'a string or a safe integer', apiKey);
      apiKey = String(apiKey);
    }
    text('apiKey', apiKey);
    text('apiSecret', apiSecret);
    try {
      this.#handle = native.create(apiKey, apiSecret);
    } catch (exception) {
      throw failure(exception, OpenTok);
    }
  }

  get apiKey() {
    return native.apiKey(this.#handle);
  }

  generateToken(sessionId, options = {}) {
    const handle = this.#handle;
    if (arguments.length > 2) {
      throw new TypeError("generateToken takes a session ID and options; for a T1 token, pass { tokenFormat: 't1' }");
    }
    let role, expireTime, expiresIn, data, classes, classArray, tokenFormat, createTime, nonce;
    for (const name of given(options)) {
      const value = options[name];
      if (value === undefined) continue;
      switch (name) {
        case 'role': role = text(name, value); break;
        case 'expireTime': expireTime = time(name, value); break;
        case 'expiresIn': expiresIn = integer(name, value); break;
        case 'data': data = text(name, value); break;
        case 'initialLayoutClassList': classes = joined(name, value); classArray = value; break;
        case 'tokenFormat': tokenFormat = text(name, value); break;
        case 'createTime': createTime = time(name, value); break;
        case 'nonce': nonce = integer(name, value); break;
        default: throw unknown(name, 'generateToken');
      }
    }
    text('sessionId', sessionId);
    try {
      return native.generate(
        handle, sessionId, role, expireTime, expiresIn, data, classes, classArray, tokenFormat, createTime, nonce,
      );
    } catch (exception) {
      throw failure(exception, OpenTok.prototype.generateToken);
    }
  }

  verifyToken(tokenText, options = {}) {
    const handle = this.#handle;
    if (arguments.length > 2) throw new TypeError('verifyToken takes a token and options');
    let now, leeway, sessionId;
    for (const name of given(options)) {
      const value = options[name];
      if (value === undefined) continue;
      switch (name) {
        case 'now': now = time(name, value); break;
        case 'leeway': leeway = integer(name, value); break;
        case 'sessionId': sessionId = text(name, value); break;
        default: throw unknown(name, 'verifyToken');
      }
    }
    text('token', tokenText);
    try {
      return token(native.verify(handle, tokenText, now, leeway, sessionId));
    } catch (exception) {
      throw failure(exception, OpenTok.prototype.verifyToken);
    }
  }

  inspectToken(tokenText, options) {
    return inspect(this.#handle, OpenTok.prototype.inspectToken, arguments.length, tokenText, options);
  }
}

module.exports = { OpenTok, TokmintError, inspectToken };
