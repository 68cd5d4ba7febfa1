'use strict';

// The classes and the function that people use, made from the native functions: those of the binary, or those of
// wasm.js. They check the types of arguments and pass them on one by one: an object takes three times as long, and
// packing them into one string saves nothing. Limits, defaults and everything else are native.

const { getTime } = Date.prototype;
/** Tells what kind of typed array a value of any realm is. It cannot be deceived. */
const { get: arrayKind } = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
);

/** What a value is, for a message that must not hold the value. */
function kind(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? 'a number' : 'infinite';
  if (typeof value !== 'object') return `a ${typeof value}`;
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return tag === 'Object' ? 'an object' : `an object (${tag})`;
}

function wrongType(name, expected, value) {
  return new TypeError(`${name} must be ${expected}, but is ${kind(value)}`);
}

/** A method that was not called on the object that it needs. */
function detached(member, owner) {
  return new TypeError(`call ${member} on ${owner} itself: it was detached, or reached through a Proxy`);
}

function string(name, value) {
  if (typeof value !== 'string') throw wrongType(name, 'a string', value);
  return value;
}

/** The text or the bytes of a key. `type` is the one that an export needs. */
function key(name, value, type) {
  if (typeof value === 'string' || arrayKind.call(value) === 'Uint8Array') return value;
  const error = wrongType(name, 'a string or a Uint8Array', value);
  const objects = { KeyObject: 'key', CryptoKey: 'crypto.KeyObject.from(key)' };
  const [, object] = Object.entries(objects).find(([tag]) => kind(value) === `an object (${tag})`) ?? [];
  if (object) error.message += `; export it as PEM, with ${object}.export({ type: '${type}', format: 'pem' })`;
  throw error;
}

/** Joins strings by NUL: fetching two elements of an array takes native code 200 ns of the 1,600 of a token. */
function strings(name, value) {
  if (!Array.isArray(value)) throw wrongType(name, 'an array of strings', value);
  let all;
  for (let index = 0; index < value.length; index += 1) {
    let element = value[index];
    if (typeof element !== 'string') throw wrongType(`${name}[${index}]`, 'a string', element);
    // A class must not hold NUL. Core refuses any other control character in the same way.
    if (element.includes('\0')) element = element.replaceAll('\0', '\x01');
    all = index === 0 ? element : `${all}\0${element}`;
  }
  return all;
}

function integer(name, value) {
  if (!Number.isInteger(value)) throw wrongType(name, 'an integer', value);
  return value;
}

/** Whole seconds. JavaScript has one type of number, so a fraction is rounded down, as that of the system clock is. */
function seconds(name, value, expected = 'a finite number of seconds') {
  if (!Number.isFinite(value)) throw wrongType(name, expected, value);
  return Math.floor(value);
}

/** A time in whole Unix seconds. */
function time(name, value) {
  let unix = value;
  try {
    // Of a Date of any realm; everything else throws.
    if (typeof value === 'object') unix = getTime.call(value) / 1000;
  } catch {}
  return seconds(name, unix, 'a finite number of Unix seconds, or a valid Date');
}

/**
 * The names of the options in an object: its own properties, and the getters of its class. Nothing else that is
 * inherited counts, so a polluted prototype grants no role.
 */
function names(options) {
  let prototype = options === null ? undefined : Object.getPrototypeOf(options);
  if (prototype === Object.prototype || prototype === null) return Object.keys(options);
  // No string, no array, and above all no Promise or Date, which would read as an object without options.
  if (Object.prototype.toString.call(options) !== '[object Object]')
    throw wrongType('options', 'a plain object', options);
  const all = new Set(Object.keys(options));
  // The last prototype is that of plain objects, perhaps in another realm.
  while (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    for (const [name, { get, value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (get) all.add(name);
      else if (typeof value !== 'function' && !all.has(name)) throw new TypeError(`options inherit "${name}"`);
    }
    prototype = Object.getPrototypeOf(prototype);
  }
  return all;
}

function unknownOption(method, name) {
  return new TypeError(`${method} has no option ${JSON.stringify(name)}`);
}

/** Makes the function that reads the options of a method, each of them once. */
function reader(method, types) {
  const converters = { __proto__: null, ...types };
  const absent = Object.fromEntries(Object.keys(types).map((name) => [name, undefined]));
  return (options) => {
    if (options === undefined) return absent;
    // Has every option as a property of its own, so that none is read from a prototype.
    const values = { ...absent };
    for (const name of names(options)) {
      const value = options[name];
      if (value === undefined) continue;
      const convert = converters[name];
      if (convert === undefined) throw unknownOption(method, name);
      values[name] = convert(name, value);
    }
    return values;
  };
}

const restTokenOptions = reader('generateRestToken', { expiresIn: seconds, createTime: time, jti: string });
const verifyOptions = reader('verifyToken', { now: time, leeway: seconds, sessionId: string });
const sessionVerifyOptions = reader('verifyToken of a Session', { now: time, leeway: seconds });
const inspectOptions = reader('inspectToken', { now: time, sessionId: string });

/**
 * Native code returns arrays, because making an object takes it three times as long. A token has an API key or an
 * application ID; the other one is not there.
 */
function token(fields) {
  return fields[1] === null
    ? {
        format: fields[0],
        applicationId: fields[2],
        sessionId: fields[3],
        role: fields[4],
        createTime: fields[5],
        expireTime: fields[6],
        data: fields[7],
        initialLayoutClassList: fields[8],
        nonce: fields[9],
      }
    : {
        format: fields[0],
        apiKey: fields[1],
        sessionId: fields[3],
        role: fields[4],
        createTime: fields[5],
        expireTime: fields[6],
        data: fields[7],
        initialLayoutClassList: fields[8],
        nonce: fields[9],
      };
}

function inspection(fields) {
  const field = ([name, value]) => ({ name, value });
  const finding = ([code, severity, message, serverMessage]) => ({ code, severity, message, serverMessage });
  return {
    format: fields[0],
    signature: fields[1],
    header: fields[2].map(field),
    fields: fields[3].map(field),
    token: fields[4] && token(fields[4]),
    now: fields[5],
    createTime: fields[6],
    expireTime: fields[7],
    notBefore: fields[8],
    remainingLifetime: fields[9],
    findings: fields[10].map(finding),
    isRefused: fields[11],
    text: fields[12],
  };
}

/** With it the constructor takes a handle that was made already. Nobody else has it. */
const HANDLE = Symbol('handle');

module.exports = (native) => {
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
    // The end of the stack, which is no defect.
    if (exception instanceof RangeError) return exception;
    const error = NUMBERS.has(exception.code)
      ? new TokmintError(exception.message, exception.code)
      : // A panic. Its message is for developers of tokmint, and is on stderr.
        new TokmintError('the native code of tokmint failed, which is a defect of tokmint: please report it', 'panic');
    // Not every browser has it.
    Error.captureStackTrace?.(error, method);
    return error;
  }

  /** Calls a native function that fails only after a panic. */
  function attempt(run, handle) {
    try {
      return run(handle);
    } catch (exception) {
      throw failure(exception);
    }
  }

  /** Inspects with the credentials of a handle, or with none. `caller` is the method or function that was called. */
  function inspect(handle, caller, count, tokenString, options) {
    if (count > 2) throw new TypeError('inspectToken takes a token and options');
    const { now, sessionId } = inspectOptions(options);
    string('token', tokenString);
    try {
      return inspection(native.inspectToken(handle, tokenString, now, sessionId));
    } catch (exception) {
      throw failure(exception, caller);
    }
  }

  function inspectToken(token, options) {
    return inspect(undefined, inspectToken, arguments.length, token, options);
  }

  /** Verifies with the handle of an OpenTok or of a Session. */
  function verify(method, handle, tokenString, now, leeway, sessionId) {
    string('token', tokenString);
    try {
      return token(native.verifyToken(handle, tokenString, now, leeway, sessionId));
    } catch (exception) {
      throw failure(exception, method);
    }
  }

  /**
   * Generates a token with a handle of any kind; it is that of a session or of a batch if there is no session ID. Each
   * option is read once. The table of `reader` would take 80 ns more, of 640.
   */
  function generate(method, handle, sessionId, options) {
    let role, expireTime, expiresIn, data, initialLayoutClassList, tokenFormat, createTime, nonce, jti;
    if (options !== undefined) {
      for (const name of names(options)) {
        const value = options[name];
        if (value === undefined) continue;
        switch (name) {
          case 'role':
            role = string(name, value);
            break;
          case 'expireTime':
            expireTime = time(name, value);
            break;
          case 'expiresIn':
            expiresIn = seconds(name, value);
            break;
          case 'data':
            data = string(name, value);
            break;
          case 'initialLayoutClassList':
            initialLayoutClassList = strings(name, value);
            break;
          case 'tokenFormat':
            tokenFormat = string(name, value);
            break;
          case 'createTime':
            createTime = time(name, value);
            break;
          case 'nonce':
            nonce = integer(name, value);
            break;
          case 'jti':
            jti = string(name, value);
            break;
          default:
            throw unknownOption('generateToken', name);
        }
      }
    }
    try {
      // biome-ignore format: one line for each argument would be no clearer
      return native.generateToken(
        handle, sessionId, role, expireTime, expiresIn, data, initialLayoutClassList, tokenFormat, createTime, nonce, jti,
      );
    } catch (exception) {
      throw failure(exception, method);
    }
  }

  /** Generates the tokens of a batch, each when it is asked for. */
  function* tokens(batch, list) {
    for (const options of list) yield tokenOrError(batch, options);
  }

  function tokenOrError(batch, options) {
    try {
      return generate(tokenOrError, batch, undefined, options);
    } catch (error) {
      // What a getter throws may be a string, which would pass for a token.
      if (error instanceof Error) return error;
      throw error;
    }
  }

  /** Makes the handle of a project. */
  function projectHandle(apiKey, apiSecret) {
    if (typeof apiKey === 'number') {
      if (!Number.isSafeInteger(apiKey)) throw wrongType('apiKey', 'a string or a safe integer', apiKey);
      apiKey = String(apiKey);
    }
    string('apiKey', apiKey);
    string('apiSecret', apiSecret);
    try {
      return native.create(apiKey, apiSecret);
    } catch (exception) {
      throw failure(exception, OpenTok);
    }
  }

  class OpenTok {
    #handle;

    constructor(apiKey, apiSecret) {
      this.#handle = apiKey === HANDLE ? apiSecret : projectHandle(apiKey, apiSecret);
    }

    static forApplication(applicationId, privateKey) {
      string('applicationId', applicationId);
      key('privateKey', privateKey, 'pkcs8');
      try {
        return new OpenTok(HANDLE, native.createForApplication(applicationId, privateKey));
      } catch (exception) {
        throw failure(exception, OpenTok.forApplication);
      }
    }

    static verifier(applicationId, publicKey) {
      string('applicationId', applicationId);
      key('publicKey', publicKey, 'spki');
      try {
        return new OpenTok(HANDLE, native.createVerifier(applicationId, publicKey));
      } catch (exception) {
        throw failure(exception, OpenTok.verifier);
      }
    }

    static #handleOf(opentok, member) {
      try {
        return opentok.#handle;
      } catch {
        throw detached(member, 'an OpenTok');
      }
    }

    get apiKey() {
      return attempt(native.apiKey, OpenTok.#handleOf(this, 'apiKey')) ?? undefined;
    }

    get applicationId() {
      return attempt(native.applicationId, OpenTok.#handleOf(this, 'applicationId')) ?? undefined;
    }

    generateToken(sessionId, options) {
      const handle = OpenTok.#handleOf(this, 'generateToken');
      if (arguments.length > 2) {
        throw new TypeError("generateToken takes a session ID and options; for a T1 token, pass { tokenFormat: 't1' }");
      }
      return generate(OpenTok.prototype.generateToken, handle, string('sessionId', sessionId), options);
    }

    session(sessionId) {
      const handle = OpenTok.#handleOf(this, 'session');
      if (arguments.length > 1) throw new TypeError('session takes a session ID only');
      string('sessionId', sessionId);
      try {
        return new Session(HANDLE, native.session(handle, sessionId));
      } catch (exception) {
        throw failure(exception, OpenTok.prototype.session);
      }
    }

    generateRestToken(options) {
      const handle = OpenTok.#handleOf(this, 'generateRestToken');
      if (arguments.length > 1) throw new TypeError('generateRestToken takes options only');
      const { expiresIn, createTime, jti } = restTokenOptions(options);
      try {
        return native.generateRestToken(handle, expiresIn, createTime, jti);
      } catch (exception) {
        throw failure(exception, OpenTok.prototype.generateRestToken);
      }
    }

    verifyToken(tokenString, options) {
      const handle = OpenTok.#handleOf(this, 'verifyToken');
      if (arguments.length > 2) throw new TypeError('verifyToken takes a token and options');
      const { now, leeway, sessionId } = verifyOptions(options);
      return verify(OpenTok.prototype.verifyToken, handle, tokenString, now, leeway, sessionId);
    }

    inspectToken(token, options) {
      const handle = OpenTok.#handleOf(this, 'inspectToken');
      return inspect(handle, OpenTok.prototype.inspectToken, arguments.length, token, options);
    }
  }

  class Session {
    #handle;

    constructor(key, handle) {
      if (key !== HANDLE) throw new TypeError('make a Session with the method session of an OpenTok');
      this.#handle = handle;
    }

    static #handleOf(session, member) {
      try {
        return session.#handle;
      } catch {
        throw detached(member, 'a Session');
      }
    }

    get sessionId() {
      return attempt(native.sessionId, Session.#handleOf(this, 'sessionId'));
    }

    generateToken(options) {
      const handle = Session.#handleOf(this, 'generateToken');
      if (arguments.length > 1) throw new TypeError('generateToken of a Session takes options only');
      return generate(Session.prototype.generateToken, handle, undefined, options);
    }

    generateTokens(options) {
      const handle = Session.#handleOf(this, 'generateTokens');
      if (arguments.length > 1) throw new TypeError('generateTokens takes an iterable of options only');
      if (typeof options !== 'object' || typeof options?.[Symbol.iterator] !== 'function')
        throw wrongType('options', 'an iterable of options', options);
      return tokens(attempt(native.batch, handle), options);
    }

    verifyToken(tokenString, options) {
      const handle = Session.#handleOf(this, 'verifyToken');
      if (arguments.length > 2) throw new TypeError('verifyToken takes a token and options');
      const { now, leeway } = sessionVerifyOptions(options);
      return verify(Session.prototype.verifyToken, handle, tokenString, now, leeway);
    }
  }

  return { OpenTok, Session, TokmintError, inspectToken };
};
