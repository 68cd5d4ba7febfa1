// Elements, and text that cannot deceive. What a token holds was written by somebody else: it gets into the page as
// text nodes only.

/** Makes an element. Children are nodes, or strings that become text; those that are null are left out. */
export function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

// Characters that are invisible, white space other than U+0020, halves of surrogate pairs, characters that change the
// direction of text, and combining marks beyond two in a row.
const HIDDEN = /([\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}|(?<=\p{M}\p{M})\p{M})+/gu;

function escaped(characters) {
  const codes = Array.from(characters, (character) => character.codePointAt(0).toString(16).padStart(4, '0'));
  return codes.map((code) => (code.length > 4 ? `\\u{${code}}` : `\\u${code}`)).join('');
}

/** A string of a token, with hidden characters as marked escapes. */
export function shown(string) {
  const parts = [];
  let end = 0;
  for (const { 0: characters, index } of string.matchAll(HIDDEN)) {
    parts.push(string.slice(end, index), element('span', { class: 'escape' }, escaped(characters)));
    end = index + characters.length;
  }
  parts.push(string.slice(end));
  return element('bdi', { class: 'value', dir: 'ltr', translate: 'no' }, parts);
}

/** The same as a string. */
export function plain(string) {
  return string.replaceAll(HIDDEN, escaped);
}

// The characters that the command line escapes in JSON.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
const ESCAPED_IN_JSON = /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** JSON as the command line prints it: the same values, in characters that are safe to print. */
export function printable(json) {
  return json.replace(ESCAPED_IN_JSON, escaped);
}

/** A number of seconds in its largest unit and, unless that is zero, the next smaller one. */
function duration(seconds) {
  const units = [
    ['d', 86400, Number.POSITIVE_INFINITY],
    ['h', 3600, 24],
    ['min', 60, 60],
    ['s', 1, 60],
  ];
  const counts = units.map(([unit, size, limit]) => [Math.floor(seconds / size) % limit, unit]);
  const first = counts.findIndex(([count]) => count > 0);
  const parts = counts.slice(first, first + 2).filter(([count]) => count > 0);
  return parts.map(([count, unit]) => `${count.toLocaleString('en')} ${unit}`).join(' ');
}

/** How far a time is from another one. */
export function distance(seconds, now) {
  const ahead = seconds - now;
  if (ahead === 0) return 'now';
  return ahead > 0 ? `in ${duration(ahead)}` : `${duration(-ahead)} ago`;
}

/** A time in UTC; Unix seconds where a Date does not count that far. */
export function utc(seconds) {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return `Unix time ${seconds}`;
  return `${date.toISOString().replace('T', ' ').replace('.000Z', '')} UTC`;
}

const LOCAL = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' });

/** The same in the time zone of the browser; null where `utc` has no date. */
export function local(seconds) {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? null : LOCAL.format(date);
}

/** A count with its noun. */
export function counted(count, noun) {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
