/** Converts the source to the form that is deployed: what the platform's own library can't read fails here. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sdr from '@salesforce/source-deploy-retrieve';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = path.join(root, 'force-app');
// Outside of the project: names that begin with a dot are ignored within it.
const target = mkdtempSync(path.join(tmpdir(), 'pandora-mdapi-'));

const components = sdr.ComponentSet.fromSource(source);
components.sourceApiVersion = '68.0';
const found = components.getSourceComponents().toArray();
await new sdr.MetadataConverter().convert(components, 'metadata', {
    type: 'directory',
    outputDirectory: target,
    genUniqueDir: false
});
const files = readdirSync(target, { recursive: true }).length;
rmSync(target, { recursive: true, force: true });
const types = [...new Set(found.map((component) => component.type.name))].sort();
console.log(`${found.length} components of ${types.length} types, ${files} files: ${types.join(', ')}`);
if (files < 150) throw new Error('Components are missing: is a suffix misspelt?');
