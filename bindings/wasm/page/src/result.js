// One inspection as elements: verdict, findings, times, what the token says, and what is written in it.

import { counted, distance, element, local, plain, shown, utc } from './text.js';

const SEVERITIES = {
  refused: { mark: '✕', name: 'Refused' },
  warning: { mark: '!', name: 'Warning' },
  note: { mark: 'i', name: 'Note' },
};

/** A mark beside a word, so that colour is never alone. */
function badge(kind, mark, word) {
  return element(
    'span',
    { class: `badge ${kind}` },
    element('span', { 'aria-hidden': 'true' }, `${mark} `),
    element('span', {}, word),
  );
}

/** What an inspection comes to: its kind, and a title and sentences. */
function verdictOf(inspection, areCredentialsRefused) {
  const count = (severity) => inspection.findings.filter((finding) => finding.severity === severity).length;
  if (inspection.isRefused) {
    const [{ message, serverMessage }] = inspection.findings;
    const others = count('refused') - 1;
    const more = others > 0 ? ` ${counted(others, 'other reason')} below.` : '';
    return { kind: 'refused', mark: '✕', title: 'Refused', reason: message, more, server: serverMessage };
  }
  const warnings = count('warning');
  const more = warnings > 0 ? ` ${counted(warnings, 'warning')} below.` : '';
  if (inspection.signature === 'valid') {
    const reason =
      'Its signature fits these credentials, and it is valid at this time. Whether the session still exists, only the server knows';
    return { kind: 'accepted', mark: '✓', title: 'Accepted', reason, more, server: null };
  }
  const why = areCredentialsRefused ? ', because the credentials are refused' : '';
  const reason = `Nothing that can be read makes a server refuse it. Anybody could have written it: its signature was not checked${why}`;
  return { kind: 'unchecked', mark: '?', title: 'Not refused, signature unchecked', reason, more, server: null };
}

/** The verdict as one string, for screen readers. */
export function verdictText(inspection, areCredentialsRefused) {
  const { title, reason, more } = verdictOf(inspection, areCredentialsRefused);
  return `${title}: ${plain(reason)}.${more}`;
}

function verdict(inspection, areCredentialsRefused) {
  const { kind, mark, title, reason, more, server } = verdictOf(inspection, areCredentialsRefused);
  return element(
    'div',
    { class: `verdict ${kind}` },
    element('p', { class: 'mark', 'aria-hidden': 'true' }, mark),
    element(
      'div',
      {},
      element('h2', {}, title),
      element('p', { class: 'sentence' }, shown(reason), `.${more}`),
      server === null ? null : element('p', {}, 'The server says: ', element('q', {}, server)),
    ),
  );
}

function findings(inspection) {
  if (inspection.findings.length === 0) return element('p', {}, 'No findings.');
  const item = ({ code, severity, message, serverMessage }) =>
    element(
      'li',
      { class: severity },
      element(
        'p',
        {},
        badge(severity, SEVERITIES[severity].mark, SEVERITIES[severity].name),
        ' ',
        element('code', {}, code),
      ),
      element('p', { class: 'sentence' }, shown(message)),
      serverMessage === null
        ? null
        : element('p', { class: 'hint' }, 'The server says: ', element('q', {}, serverMessage)),
    );
  return element('ul', { class: 'findings' }, inspection.findings.map(item));
}

/** Names and values. A value is a string of a token, or nodes. */
function list(rows) {
  const row = ([name, ...values]) =>
    element(
      'div',
      {},
      element('dt', {}, shown(name)),
      values.map((value) => element('dd', {}, typeof value === 'string' ? shownOrEmpty(value) : value)),
    );
  return element('dl', {}, rows.map(row));
}

/** A string of a token; of an empty one that it is. */
export function shownOrEmpty(string) {
  return string === '' ? element('span', { class: 'hint' }, 'empty') : shown(string);
}

/** A time, in UTC, locally, and from the time of the inspection. */
function moment(name, seconds, now) {
  const here = local(seconds);
  return [
    name,
    element(
      'span',
      {},
      utc(seconds),
      now === null ? null : element('span', {}, ', ', element('strong', {}, distance(seconds, now))),
    ),
    ...(here === null ? [] : [element('span', { class: 'hint' }, here)]),
  ];
}

export const TIMES = [
  ['Created', 'createTime'],
  ['Not valid before', 'notBefore'],
  ['Expires', 'expireTime'],
];

function times(inspection) {
  const { now } = inspection;
  const rows = TIMES.filter(([, key]) => inspection[key] !== null).map(([name, key]) =>
    moment(name, inspection[key], now),
  );
  if (inspection.remainingLifetime !== null) {
    const seconds = counted(inspection.remainingLifetime, 'second');
    rows.push(['Remaining lifetime', inspection.remainingLifetime > 0 ? seconds : `${seconds}: it is over`]);
  }
  if (now !== null) rows.push(moment('Inspected at', now, null));
  return list(rows);
}

/** What a token says, as pairs of names and values, as far as it can be read. */
export function meaning({ token, session }) {
  const ofSession =
    session === null
      ? []
      : [
          ['Session owner', session.owner],
          [
            'Session created',
            /^\d{13}$/.test(session.created) ? utc(Math.floor(session.created / 1000)) : session.created,
          ],
          ['Session ID decoded', session.decoded],
        ];
  if (token === null) return ofSession;
  return [
    token.apiKey === null ? ['Application ID', token.applicationId] : ['API key', token.apiKey],
    ['Role', token.role],
    ['Connection data', token.data],
    ['Layout classes', token.classes.join(' ')],
    [token.apiKey === null ? 'jti' : 'Nonce', token.nonce],
    ['Session ID', token.sessionId],
    ...ofSession,
  ];
}

function part(title, ...content) {
  return element('section', { class: 'part' }, element('h3', {}, title), content);
}

function written(title, fields) {
  return fields.length === 0 ? null : part(title, list(fields.map(({ name, value }) => [name, value])));
}

/** The JSON, with a button that copies it. */
export function json(inspection, title, isOpen, copy) {
  const button = element('button', { type: 'button' }, 'Copy JSON');
  button.addEventListener('click', () => copy(inspection.json, button));
  return element(
    'details',
    { class: 'part', ...(isOpen && { open: '' }) },
    element('summary', {}, title),
    element('p', { class: 'hint' }, 'What ', element('code', {}, 'tokmint inspect --json'), ' prints.'),
    element('pre', { class: 'json', dir: 'ltr', translate: 'no' }, inspection.json),
    button,
  );
}

/** The verdict and the findings. */
export function summary(inspection, areCredentialsRefused) {
  return [verdict(inspection, areCredentialsRefused), part('Findings', findings(inspection))];
}

/** Everything else that one token says. */
export function details(inspection) {
  const facts = [
    ['Format', inspection.format ?? 'unknown'],
    ['Signature', inspection.signature],
  ];
  return [
    part('Times', times(inspection)),
    part(
      'What it says',
      list([...facts, ...meaning(inspection)]),
      inspection.token === null ? element('p', { class: 'hint' }, 'Not every field can be read.') : null,
    ),
    written('Header, as written', inspection.header),
    written('Fields, as written', inspection.fields),
  ];
}
