/** Checks the Apex against the platform's own types, as a compiler would: types, methods, fields, labels, arguments. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchAnalyzers, folder } from './analyzers.mjs';

fetchAnalyzers();
const jars = path.join(folder, 'node_modules/@salesforce/code-analyzer-pmd-engine/dist/java-lib/*');
const root = fileURLToPath(new URL('..', import.meta.url));
const check = ['-cp', jars, 'io.github.apexdevtools.apexls.CheckForIssues', '-w', root, '-d', 'errors', '-n'];
const { status, stdout, stderr } = spawnSync('java', check, { encoding: 'utf8' });
console.log(`${stdout}${stderr}`.trim() || 'Every class holds against the platform.');
process.exit(status ?? 1);
