import cardWords from './card';
import codesWords from './codes';
import commonWords from './common';
import connectionWords from './connection';
import createWords from './create';
import dismissWords from './dismiss';
import editorWords from './editor';
import failuresWords from './failures';
import gapsWords from './gaps';
import keysWords from './keys';
import linkWords from './link';
import logWords from './log';
import mappingsWords from './mappings';
import membersWords from './members';
import noticesWords from './notices';
import previewWords from './preview';
import runsWords from './runs';
import scoringWords from './scoring';
import settingsWords from './settings';
import setupWords from './setup';
import sourcesWords from './sources';

/** All texts, by group; written from the custom labels by tools/words.mjs. */
export const words = {
    card: cardWords,
    codes: codesWords,
    common: commonWords,
    connection: connectionWords,
    create: createWords,
    dismiss: dismissWords,
    editor: editorWords,
    failures: failuresWords,
    gaps: gapsWords,
    keys: keysWords,
    link: linkWords,
    log: logWords,
    mappings: mappingsWords,
    members: membersWords,
    notices: noticesWords,
    preview: previewWords,
    runs: runsWords,
    scoring: scoringWords,
    settings: settingsWords,
    setup: setupWords,
    sources: sourcesWords
};

/** @returns the text with {0}, {1}, … filled in */
export function say(text, ...values) {
    return values.reduce((said, value, n) => said.replaceAll(`{${n}}`, () => String(value)), text);
}

/** @returns how a code of the API reads, like wordOf('severity', 'high'); the code spelled out when it is a later version's */
export function wordOf(kind, code) {
    const known = words.codes[`${kind}_${code}`];
    if (known || !code) return known ?? '';
    const text = String(code).replaceAll('_', ' ');
    return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @returns options of a combobox for these codes of a kind, in this order */
export function optionsOf(kind, codes) {
    return codes.map((value) => ({ value, label: wordOf(kind, value) }));
}
