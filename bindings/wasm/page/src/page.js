// The page: reads its inputs, inspects at each change, and shows what the module says.

import { comparison } from './comparison.js';
import { inspect, load } from './engine.js';
import { EXAMPLES } from './examples.js';
import MODULE from './generated/module.js';
import instantiate from './generated/wasm.js';
import { details, json, summary, verdictText } from './result.js';
import { counted, element, plain } from './text.js';

/** Text areas become slow with more. A longer token is inspected all the same. */
const [MAX_CHARACTERS, MAX_LINES] = [100_000, 1000];
/** A run of some marks, such as U+0E33, takes the cube of its length. */
const MAX_BEYOND_ASCII = 500;
const TOO_LONG = 'This is too long for this field, or has too many characters beyond ASCII.';
/** Larger files are not read, to spare the memory. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

const byId = (id) => document.getElementById(id);
const [result, announcement, compareButton] = ['result', 'announcement', 'compare'].map(byId);
const [apiKey, apiSecret, applicationId, publicKey] = ['api-key', 'api-secret', 'application-id', 'public-key'].map(
  byId,
);
const [sessionId, now] = ['session-id', 'now'].map(byId);
const kinds = [...document.querySelectorAll('input[name=credentials]')];

/** The two tokens. `raw` is exactly what was pasted, since text areas change line ends; null if there is none. */
const tokens = ['token', 'token2'].map((id) => ({ area: byId(id), note: byId(`${id}-note`), raw: null }));
/** The same of the other inputs: those of one line drop line ends, which the module refuses. */
const raws = new Map([apiKey, apiSecret, applicationId, publicKey, sessionId, now].map((input) => [input, '']));
/** How often each input has changed: a file that was read slowly must not undo a later change. */
const changes = new Map();
let isComparing = false;
let native;

function notice(text) {
  byId('notice').textContent = text;
  byId('notice').hidden = false;
}

/** Changes a text that screen readers read out at each change. */
function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function announce(text) {
  say(announcement, text);
}

/** Shows what is wrong with inputs, or nothing. */
function fault(id, inputs, text) {
  say(byId(id), text);
  for (const input of inputs) input.setAttribute('aria-invalid', String(text !== ''));
}

function changed(input) {
  changes.set(input, (changes.get(input) ?? 0) + 1);
  return changes.get(input);
}

/** Puts a text into an input that is not for a token. */
function put(input, text) {
  changed(input);
  input.value = text;
  raws.set(input, text);
}

function kind() {
  return kinds.find((radio) => radio.checked).value;
}

/** The handle of the credentials; undefined if there are none, null if they are refused. */
function credentials() {
  const { inputs, make } = {
    none: { inputs: [] },
    project: { inputs: [apiKey, apiSecret], make: native.create },
    application: { inputs: [applicationId, publicKey], make: native.createVerifier },
  }[kind()];
  const values = inputs.map((input) => raws.get(input));
  let handle;
  let text = '';
  if (values.includes('')) {
    if (values.some((value) => value !== '')) text = 'The signature is checked once both are given.';
  } else {
    try {
      handle = make?.(...values);
    } catch (error) {
      if (error.code === 'panic') throw error;
      handle = null;
      text = `${error.code}: ${plain(error.message)}`;
      byId('options').open = true;
    }
  }
  fault('credentials-note', inputs, text);
  return handle;
}

/** The time of the inspection; undefined for the present. */
function time() {
  const text = raws.get(now).trim();
  const isDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/.test(text);
  const local = text.slice(0, 19);
  // Date.parse makes 2 March of 30 February.
  const exists = isDate && new Date(`${local}Z`).toJSON()?.startsWith(local) === true;
  const seconds = exists ? Date.parse(text) / 1000 : /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  const isFaulty = text !== '' && Number.isNaN(seconds);
  fault('now-note', [now], isFaulty ? 'This is not a time, so the current time is used.' : '');
  return text === '' || isFaulty ? undefined : seconds;
}

function optionsState() {
  const parts = [];
  if (kind() !== 'none') parts.push(kind() === 'project' ? 'API key and secret' : 'application');
  if (raws.get(sessionId) !== '') parts.push('one session');
  if (raws.get(now).trim() !== '') parts.push('another time');
  byId('options-state').textContent = parts.length > 0 ? `(set: ${parts.join(', ')})` : '';
}

/** Runs what calls the module. An instance that has panicked answers no further call. */
function guarded(action) {
  try {
    action();
  } catch (error) {
    if (error.code !== 'panic') throw error;
    result.replaceChildren();
    byId('main').hidden = true;
    notice('The inspector failed, which is a defect of tokmint: please report it. Reload this page to go on.');
  }
}

/** Inspects what the inputs hold. */
function update() {
  guarded(() => {
    optionsState();
    const [handle, at] = [credentials(), time()];
    const given = tokens.filter(({ raw }, index) => raw !== null && (index === 0 || isComparing));
    let text = '';
    try {
      const inspections = given.map(({ raw }) =>
        inspect(native, handle ?? undefined, raw, at, raws.get(sessionId) || undefined),
      );
      show(inspections, handle === null);
    } catch (error) {
      if (error.code === 'panic') throw error;
      // The token may be anything, so it is the session ID: it holds half of a surrogate pair.
      text = `${error.code}: ${plain(error.message)}`;
      nothing('Nothing was inspected: see the session ID.');
    }
    fault('session-note', [sessionId], text);
  });
}

function nothing(text) {
  result.replaceChildren(element('p', { class: 'nothing' }, text));
  announce('');
}

function show(inspections, areCredentialsRefused) {
  const names = ['First token', 'Second token'];
  const isOpen = result.querySelector('details')?.open === true;
  if (inspections.length === 0) {
    nothing('The result appears here. No token at hand? Take an example.');
  } else if (inspections.length === 1) {
    const [inspection] = inspections;
    result.replaceChildren(
      ...summary(inspection, areCredentialsRefused),
      ...details(inspection),
      json(inspection, 'JSON', isOpen, copy),
    );
    announce(verdictText(inspection, areCredentialsRefused));
  } else {
    const side = (inspection, index) =>
      element(
        'section',
        { class: 'side', 'aria-label': names[index] },
        element('p', { class: 'name' }, names[index]),
        summary(inspection, areCredentialsRefused),
      );
    result.replaceChildren(
      element('div', { class: 'sides' }, inspections.map(side)),
      comparison(...inspections),
      ...inspections.map((inspection, index) =>
        json(inspection, `JSON of the ${names[index].toLowerCase()}`, isOpen, copy),
      ),
    );
    announce(
      inspections
        .map((inspection, index) => `${names[index]}: ${verdictText(inspection, areCredentialsRefused)}`)
        .join(' '),
    );
  }
  if (result.querySelector('.escape') !== null) {
    const example = element('span', { class: 'escape' }, '\\u202e');
    result.append(
      element(
        'p',
        { class: 'hint' },
        'Marked codes such as ',
        example,
        ' stand for characters that cannot be seen or that change the direction of text.',
      ),
    );
  }
}

async function copy(text, button) {
  const isCopied = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
  button.textContent = isCopied ? 'Copied' : 'The browser refused: select the text and copy it';
  announce(button.textContent);
}

function canBeShown(text) {
  return (
    text.length <= MAX_CHARACTERS &&
    text.split(/[\r\n]/, MAX_LINES + 1).length <= MAX_LINES &&
    text.replaceAll(/\p{ASCII}+/gu, '').length <= MAX_BEYOND_ASCII
  );
}

/** After the whole token has changed at once: on a narrow screen the verdict is below it. */
function showVerdict() {
  result.firstElementChild?.scrollIntoView({ block: 'nearest' });
}

/** Takes a token from outside. One that is too long for its text area is described instead. */
function take(token, raw) {
  const isShown = raw === null || canBeShown(raw);
  changed(token.area);
  token.raw = raw;
  token.area.value = isShown ? (raw ?? '') : '';
  token.note.textContent = isShown ? '' : `Not shown here, but inspected: ${counted(raw.length, 'character')}.`;
}

function compare(isOn) {
  isComparing = isOn;
  byId('second').hidden = !isOn;
  document.body.classList.toggle('comparing', isOn);
  compareButton.setAttribute('aria-expanded', String(isOn));
  compareButton.textContent = isOn ? 'One token only' : 'Compare two tokens';
}

/** Fills all inputs, and empties those that are not named. */
function fill({ token = null, second = null, credentials: given = {}, sessionId: session = '', now: at = '' }) {
  take(tokens[0], token);
  take(tokens[1], second);
  compare(second !== null);
  const chosen = given.apiKey !== undefined ? 'project' : given.applicationId !== undefined ? 'application' : 'none';
  for (const radio of kinds) radio.checked = radio.value === chosen;
  put(apiKey, given.apiKey ?? '');
  put(apiSecret, given.apiSecret ?? '');
  put(applicationId, given.applicationId ?? '');
  put(publicKey, given.publicKey ?? '');
  put(sessionId, session);
  put(now, at);
  choose();
}

/** Shows the inputs of the chosen credentials. */
function choose() {
  for (const id of ['project', 'application']) byId(id).hidden = kind() !== id;
  byId('credentials-hint').hidden = kind() === 'none';
  update();
}

/** The text of a file, with every byte that means something to an inspection, such as a byte order mark. */
async function textOf(file) {
  if (file.size > MAX_FILE_BYTES) return null;
  // A folder cannot be read.
  const bytes = await file.arrayBuffer().catch(() => null);
  return bytes && new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** Says below an input what it did not take, and why. */
function refuse(input, text) {
  say(byId(input.getAttribute('aria-describedby').split(' ').at(-1)), text);
}

async function drop(event) {
  const { dataTransfer: data, target } = event;
  const [file, ...others] = data.files;
  const dropped = data.getData('text/plain');
  // The browser puts a line of text into the other inputs by itself, as it does what is pasted.
  const isInput = target.matches('.field input, #public-key');
  if (isInput && file === undefined && canBeShown(dropped) && !/[\r\n]/.test(dropped)) return;
  event.preventDefault();
  if (file === undefined && !data.types.includes('text/plain')) return;
  const token = tokens[1].area === target ? tokens[1] : tokens[0];
  const input = isInput ? target : token.area;
  const change = changed(input);
  const text = file === undefined ? dropped : await textOf(file);
  if (changes.get(input) !== change) return;
  const isTaken = text !== null && (!isInput || canBeShown(text));
  if (isTaken && isInput) put(target, text);
  else if (isTaken) take(token, text);
  update();
  if (isTaken) showVerdict();
  else refuse(input, text === null ? 'The file cannot be read, or is too large.' : TOO_LONG);
  if (isTaken && others.length > 0) refuse(input, 'Only the first of the files was read.');
}

/** Calls `take` at each change with what was pasted, or else with what the input holds, and `tooLong` with a paste. */
function listenTo(input, tooLong, take) {
  let pasted;
  input.addEventListener('paste', (event) => {
    const text = event.clipboardData.getData('text/plain');
    const { selectionStart, selectionEnd, value } = input;
    // What is pasted into other text is left to the browser.
    pasted = selectionStart === 0 && selectionEnd === value.length ? text : undefined;
    if (canBeShown(text)) return;
    event.preventDefault();
    tooLong(text);
  });
  input.addEventListener('input', ({ inputType }) => {
    const isPasted = inputType === 'insertFromPaste';
    changed(input);
    take((isPasted && pasted) || input.value, isPasted);
  });
}

function listen() {
  for (const token of tokens) {
    const tooLong = (text) => {
      take(token, text);
      update();
      showVerdict();
    };
    listenTo(token.area, tooLong, (text, isPasted) => {
      token.raw = text || null;
      token.note.textContent = '';
      update();
      if (isPasted) showVerdict();
    });
  }
  for (const input of raws.keys()) {
    const tooLong = () => refuse(input, TOO_LONG);
    listenTo(input, tooLong, (text) => {
      raws.set(input, text);
      update();
    });
  }
  for (const radio of kinds) radio.addEventListener('change', choose);
  compareButton.addEventListener('click', () => {
    compare(!isComparing);
    update();
    if (isComparing) tokens[1].area.focus();
  });
  byId('again').addEventListener('click', update);
  byId('clear').addEventListener('click', () => {
    fill({});
    tokens[0].area.focus();
  });
  // Browsers keep a page for their back button.
  addEventListener('pagehide', () => fill({}));
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', drop);
  for (const [name, make] of EXAMPLES) {
    const button = element('button', { type: 'button' }, name);
    button.addEventListener('click', () =>
      guarded(() => {
        try {
          fill(make(native));
        } catch (error) {
          if (error.code === 'panic') throw error;
          fill({});
          nothing(`The example cannot be generated. ${error.code}: ${plain(error.message)}`);
        }
        showVerdict();
      }),
    );
    byId('examples').append(element('li', {}, button));
  }
}

async function start() {
  try {
    native = await load(instantiate, MODULE);
    byId('version').textContent = native.version();
  } catch {
    return notice(
      'This page needs WebAssembly, which this browser lacks or blocks. Use another browser, or the command line: tokmint inspect.',
    );
  }
  listen();
  byId('main').hidden = false;
  // On a narrow screen they would push the result out of it.
  byId('examples-part').open = matchMedia('(min-width: 60rem)').matches;
  fill({});
}

start();
