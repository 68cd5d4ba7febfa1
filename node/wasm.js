'use strict';

// The functions of the Node-API binary, over an instance of the WebAssembly module (`bindings/wasm`): hands it their
// arguments, and reads what they return. An instance that has panicked is never entered again.

/** What an argument is. */
const [ABSENT, STRING, ILL_FORMED_STRING, NUMBER, BYTES, HANDLE, LONG_TOKEN] = [0, 1, 2, 3, 4, 5, 6];
/** What was returned; anything else is a value as JSON. */
const [ERROR_RETURNED, STRING_RETURNED, HANDLE_RETURNED] = [0, 2, 3];

const FUNCTIONS = [
  'version',
  'errorNumbers',
  'create',
  'createForApplication',
  'createVerifier',
  'apiKey',
  'applicationId',
  'session',
  'sessionId',
  'batch',
  'generateToken',
  'generateRestToken',
  'verifyToken',
  'inspectToken',
  'inspectTokenJson',
  'sessionIdParts',
];
/** Those whose second argument is a token. */
const TAKE_TOKEN = ['verifyToken', 'inspectToken', 'inspectTokenJson'];

/** Bytes that hold the arguments of almost every call. */
const USUAL = 4096;
/** UTF-16 code units up to which a loop is faster than TextEncoder. */
const SHORT = 24;
/**
 * Calls deep that the stack is probed: more than twice what a call uses that has run before. The first run of a function
 * uses ten times more, since V8 compiles it then; probing for that would take half the time of a token.
 */
const PROBED = 200;
/** Bytes beyond which a buffer is not kept. */
const LARGE = 1 << 16;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const { now } = Date;
const getter = (name) => Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), name).get;
/** What kind of typed array a value of any realm is, and its length, whatever its own properties say. */
const [arrayKind, lengthOf] = [getter(Symbol.toStringTag), getter('length')];

function exception(code, message) {
  return Object.assign(new Error(message), { code });
}

function tooLarge() {
  return exception('invalid_size', 'the arguments do not fit into the memory of the WebAssembly module');
}

function isWellFormed(string) {
  return string.isWellFormed?.() ?? !/\p{Surrogate}/u.test(string);
}

module.exports = (module) => {
  const host = {
    now() {
      try {
        return Number(now());
      } catch {
        return NaN;
      }
    },
    random(start, length) {
      try {
        // Not the memory itself, which holds secrets.
        const bytes = globalThis.crypto.getRandomValues(new Uint8Array(length));
        bytesAt(start, length).set(bytes);
        return 1;
      } catch {
        return 0;
      }
    },
  };
  /** A part of the memory. JavaScript gets an address of 2 GiB or more as a negative number. */
  const bytesAt = (start, length) => new Uint8Array(memory.buffer, start >>> 0, length);
  const { memory, ...exported } = new WebAssembly.Instance(module, { host }).exports;
  /**
   * Whether a call is in the module. It stays there for ever after a panic, and where the execution of JavaScript was ended
   * from outside, as `timeout` of node:vm and debuggers do, without running `catch` or `finally`.
   */
  let isInside = false;

  function panicked() {
    return exception(
      'panic',
      'the WebAssembly module of tokmint failed, which is a defect of tokmint: please report it; ' +
        'it answers no call until it is loaded again',
    );
  }

  /** Calls an export. Whatever it throws is a panic. */
  function enter(run, argument) {
    if (isInside) throw panicked();
    isInside = true;
    try {
      const returned = run(argument);
      isInside = false;
      return returned;
    } catch {
      // There are secrets in it, and no call reads it again.
      new Uint8Array(memory.buffer).fill(0);
      throw panicked();
    }
  }

  const registry =
    typeof FinalizationRegistry === 'function'
      ? new FinalizationRegistry((number) => isInside || enter(exported.drop_handle, number))
      : undefined;

  /** What JavaScript holds of an object of core. */
  class Handle {
    #number;

    constructor(number) {
      this.#number = number;
      registry?.register(this, number);
    }

    static is(value) {
      return typeof value === 'object' && value !== null && #number in value;
    }

    static number(handle) {
      return handle.#number;
    }
  }

  const maxTokenBytes = enter(exported.max_token_bytes);

  /**
   * The arguments of a call are written here first, because their length is known only once they are encoded. After a call
   * it is empty, and holds zeros.
   */
  let buffer = new Uint8Array(USUAL);
  let view = new DataView(buffer.buffer);
  /** The bytes that are in use. */
  let used = 0;

  /** Moves to a new buffer, and wipes the old one. */
  function replace(size) {
    const old = buffer;
    try {
      buffer = new Uint8Array(size);
    } catch {
      throw tooLarge();
    }
    view = new DataView(buffer.buffer);
    buffer.set(old.subarray(0, used));
    old.fill(0, 0, used);
  }

  /** Makes room for so many more bytes. */
  function reserve(count) {
    if (used + count > buffer.length) replace(used + count + USUAL);
  }

  function empty() {
    buffer.fill(0, 0, used);
    used = 0;
    if (buffer.length > LARGE) replace(USUAL);
  }

  function writeLength(tag, length) {
    reserve(5);
    buffer[used] = tag;
    view.setUint32(used + 1, length, true);
    used += 5;
  }

  function writeString(string) {
    const { length } = string;
    reserve(5 + 3 * length);
    const start = used + 5;
    let bytes = 0;
    if (length <= SHORT) {
      for (; bytes < length; bytes += 1) {
        const unit = string.charCodeAt(bytes);
        if (unit > 127) break;
        buffer[start + bytes] = unit;
      }
    }
    if (bytes < length) bytes = encoder.encodeInto(string, buffer.subarray(start)).written;
    // ASCII has as many bytes as code units.
    writeLength(bytes === length || isWellFormed(string) ? STRING : ILL_FORMED_STRING, bytes);
    used = start + bytes;
  }

  function writeBytes(bytes) {
    const length = lengthOf.call(bytes);
    writeLength(BYTES, length);
    reserve(length);
    // `set` would throw for a detached array, whose length is 0. It does throw if another thread has made it longer.
    if (length > 0) buffer.subarray(used, used + length).set(bytes);
    used += length;
  }

  function writeArgument(value, isToken) {
    if (typeof value === 'string') {
      if (!isToken || value.length <= maxTokenBytes) writeString(value);
      else writeLength(LONG_TOKEN, value.length);
    } else if (typeof value === 'number') {
      reserve(9);
      buffer[used] = NUMBER;
      view.setFloat64(used + 1, value, true);
      used += 9;
    } else if (value === undefined || value === null) {
      reserve(1);
      buffer[used] = ABSENT;
      used += 1;
    } else if (Handle.is(value)) {
      writeLength(HANDLE, Handle.number(value));
    } else if (arrayKind.call(value) === 'Uint8Array') {
      writeBytes(value);
    } else {
      // api.js has checked the types, so it is a defect, as a panic is.
      throw exception('panic', 'an argument is not what the module expects');
    }
  }

  /** What the last call has returned. */
  function output() {
    return decoder.decode(bytesAt(enter(exported.output_pointer), enter(exported.output_length)));
  }

  function call(run, takesToken, values) {
    // A call that was ended from outside has left its arguments.
    empty();
    if (isInside) throw panicked();
    // Throws a RangeError if too little of the stack is left. In the middle of a call that would be a panic.
    exported.probe_stack(PROBED);
    try {
      for (let index = 0; index < values.length; index += 1) writeArgument(values[index], takesToken && index === 1);
      const start = used < 2 ** 32 && enter(exported.reserve, used);
      if (!start) throw tooLarge();
      bytesAt(start, used).set(buffer.subarray(0, used));
    } finally {
      empty();
    }
    const kind = enter(run);
    const returned = output();
    if (kind === STRING_RETURNED) return returned;
    const value = JSON.parse(returned);
    if (kind === ERROR_RETURNED) throw exception(...value);
    return kind === HANDLE_RETURNED ? new Handle(value) : value;
  }

  const functions = Object.fromEntries(
    FUNCTIONS.map((name) => {
      const run = exported[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
      const takesToken = TAKE_TOKEN.includes(name);
      return [name, (...values) => call(run, takesToken, values)];
    }),
  );
  // The module returns pairs.
  return { ...functions, errorNumbers: () => Object.fromEntries(functions.errorNumbers()) };
};
