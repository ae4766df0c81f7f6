/** What an org gives every component: custom labels with their texts, and a browser's random ids. */
const { randomUUID } = require('node:crypto');
const { readFileSync } = require('node:fs');
const path = require('node:path');

const signs = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const xml = readFileSync(path.join(__dirname, '../force-app/main/default/labels/CustomLabels.labels-meta.xml'), 'utf8');
for (const [, name, value] of xml.matchAll(/<fullName>(.*?)<\/fullName>[\s\S]*?<value>([\s\S]*?)<\/value>/g)) {
    const text = value.replace(/&(lt|gt|quot|apos|amp);/g, (_all, sign) => signs[sign]);
    jest.doMock(`@salesforce/label/c.${name}`, () => ({ __esModule: true, default: text }), { virtual: true });
}

Object.defineProperty(window, 'crypto', { value: { ...window.crypto, randomUUID } });
