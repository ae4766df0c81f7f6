/**
 * Writes lwc/pandoraWords/ from the custom labels, which are the one place for texts: `Pandora_gaps_title` becomes
 * `words.gaps.title`. Run it after a label came, went or was renamed: `node tools/words.mjs`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../force-app/main/default/', import.meta.url));

/** @returns file name → content, for the folder lwc/pandoraWords */
export function wordModules(labelsXml) {
    const names = [...labelsXml.matchAll(/<fullName>(Pandora_[^<]+)<\/fullName>/g)].map((match) => match[1]);
    const groups = new Map();
    for (const name of names) {
        const [, group, key] = /^Pandora_([a-zA-Z]+)_(.+)$/.exec(name);
        groups.set(group, [...(groups.get(group) ?? []), { name, key }]);
    }
    const files = new Map();
    for (const [group, labels] of groups) files.set(`${group}.js`, groupModule(labels));
    files.set('pandoraWords.js', indexModule([...groups.keys()]));
    return files;
}

function groupModule(labels) {
    const imports = labels.map(({ name, key }) => `import ${key}_ from '@salesforce/label/c.${name}';`);
    const members = labels.map(({ key }) => `    ${key}: ${key}_`);
    return `${imports.join('\n')}\n\nexport default {\n${members.join(',\n')}\n};\n`;
}

function indexModule(groups) {
    const imports = groups.map((group) => `import ${group}Words from './${group}';`);
    const members = groups.map((group) => `    ${group}: ${group}Words`);
    return `${imports.join('\n')}

/** All texts, by group; written from the custom labels by tools/words.mjs. */
export const words = {
${members.join(',\n')}
};

/** @returns the text with {0}, {1}, … filled in */
export function say(text, ...values) {
    return values.reduce((said, value, n) => said.replaceAll(\`{\${n}}\`, () => String(value)), text);
}

/** @returns how a code of the API reads, like wordOf('severity', 'high'); the code spelled out when it is a later version's */
export function wordOf(kind, code) {
    const known = words.codes[\`\${kind}_\${code}\`];
    if (known || !code) return known ?? '';
    const text = String(code).replaceAll('_', ' ');
    return text.charAt(0).toUpperCase() + text.slice(1);
}

/** @returns options of a combobox for these codes of a kind, in this order */
export function optionsOf(kind, codes) {
    return codes.map((value) => ({ value, label: wordOf(kind, value) }));
}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const folder = path.join(root, 'lwc/pandoraWords');
    mkdirSync(folder, { recursive: true });
    const labels = readFileSync(path.join(root, 'labels/CustomLabels.labels-meta.xml'), 'utf8');
    for (const [name, content] of wordModules(labels)) writeFileSync(path.join(folder, name), content);
}
