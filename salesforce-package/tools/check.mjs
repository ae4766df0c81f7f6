/**
 * Everything that can be checked without an org: `npm run check:salesforce`. What needs Java is left out, with a notice,
 * where there is none.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('..', import.meta.url));
const hasJava = spawnSync('java', ['-version'], { stdio: 'ignore' }).status === 0;

const steps = [
    ['prettier (Apex, XML, components)', 'npx', ['prettier', '--check', '--log-level', 'warn', '.']],
    ['ESLint (components)', 'npx', ['eslint', 'force-app', 'tests']],
    ['source conversion', process.execPath, ['tools/convert.mjs']],
    ...(hasJava
        ? [
              ['Apex against the platform', process.execPath, ['tools/check-apex.mjs']],
              ['rules: AppExchange, Security', process.execPath, ['tools/analyze.mjs']]
          ]
        : [])
];

let failed = 0;
for (const [title, command, args] of steps) {
    const began = performance.now();
    const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${title} (${seconds} s)`);
    if (status !== 0) failed += 1;
}
if (!hasJava)
    console.log("NOTICE: there is no Java here, so the Apex was not checked for meaning, nor by Salesforce's rules.");
process.exit(failed > 0 ? 1 : 0);
