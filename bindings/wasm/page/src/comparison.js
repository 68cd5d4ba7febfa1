// Two inspections beside each other: what differs, and what only one of them has.

import { meaning, shownOrEmpty, TIMES } from './result.js';
import { counted, element, shown, utc } from './text.js';

const STATES = {
  same: { mark: '=', name: 'same' },
  differs: { mark: '≠', name: 'differs' },
  first: { mark: '←', name: 'only in first' },
  second: { mark: '→', name: 'only in second' },
};

/** What the two sides have under each name, in the order of the first. A repeated name is compared in turn. */
export function compared(first, second) {
  const rows = new Map();
  for (const [side, pairs] of [first, second].entries()) {
    const seen = new Map();
    for (const [name, value] of pairs) {
      const turn = (seen.get(name) ?? 0) + 1;
      seen.set(name, turn);
      const key = JSON.stringify([name, turn]);
      if (!rows.has(key)) rows.set(key, { name, values: [null, null] });
      rows.get(key).values[side] = value;
    }
  }
  return [...rows.values()].map(({ name, values }) => ({ name, values, state: stateOf(values) }));
}

function stateOf([first, second]) {
  if (first === second) return 'same';
  if (first === null) return 'second';
  return second === null ? 'first' : 'differs';
}

function facts(inspection) {
  const times = TIMES.filter(([, key]) => inspection[key] !== null);
  return [
    ['Format', inspection.format ?? 'unknown'],
    ['Signature', inspection.signature],
    ...times.map(([name, key]) => [name, utc(inspection[key])]),
    ...(inspection.remainingLifetime === null ? [] : [['Remaining lifetime', `${inspection.remainingLifetime} s`]]),
    ...meaning(inspection),
  ];
}

function group(title, rows) {
  const value = (side, string) =>
    element(
      'td',
      { 'data-side': side },
      string === null ? element('span', { class: 'hint' }, 'missing') : shownOrEmpty(string),
    );
  const row = ({ name, values, state }) =>
    element(
      'tr',
      { class: state },
      element('th', { scope: 'row' }, shown(name)),
      value('First', values[0]),
      value('Second', values[1]),
      element(
        'td',
        { class: 'state' },
        element('span', { 'aria-hidden': 'true' }, `${STATES[state].mark} `),
        STATES[state].name,
      ),
    );
  const heading = element('tr', {}, element('th', { scope: 'rowgroup', colspan: '4', class: 'group' }, title));
  return rows.length === 0 ? null : element('tbody', {}, heading, rows.map(row));
}

/** The table of all names. */
export function comparison(first, second) {
  const pairs = (fields) => fields.map(({ name, value }) => [name, value]);
  const groups = [
    ['What they say', compared(facts(first), facts(second))],
    ['Header, as written', compared(pairs(first.header), pairs(second.header))],
    ['Fields, as written', compared(pairs(first.fields), pairs(second.fields))],
  ];
  const all = groups.flatMap(([, rows]) => rows);
  const count = (...states) => all.filter(({ state }) => states.includes(state)).length;
  const missing = count('first', 'second');
  const column = (name) => element('th', { scope: 'col' }, name);
  return element(
    'section',
    { class: 'part comparison', 'aria-labelledby': 'comparison-title' },
    element('h2', { id: 'comparison-title' }, 'What differs'),
    element(
      'p',
      {},
      `${counted(count('differs'), 'value')} ${count('differs') === 1 ? 'differs' : 'differ'}, `,
      `${missing} ${missing === 1 ? 'is' : 'are'} in one token only, ${count('same')} ${count('same') === 1 ? 'is' : 'are'} the same.`,
    ),
    element(
      'label',
      { class: 'only' },
      element('input', { type: 'checkbox', id: 'only-differences' }),
      ' Hide what is the same',
    ),
    element(
      'table',
      {},
      element('thead', {}, element('tr', {}, ['Name', 'First token', 'Second token', 'Difference'].map(column))),
      groups.map(([title, rows]) => group(title, rows)),
    ),
  );
}
