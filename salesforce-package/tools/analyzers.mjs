/**
 * Fetches the heavy analyzers (PMD with Salesforce's rules, the Apex language server, the data-flow engine) into
 * `.analyzer/`, once. They are not part of the repository's own install: 400 MB that most people never need.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const folder = fileURLToPath(new URL('../.analyzer/', import.meta.url));

const dependencies = {
    '@salesforce/code-analyzer-core': '0.52.0',
    '@salesforce/code-analyzer-pmd-engine': '0.46.0',
    '@salesforce/code-analyzer-regex-engine': '0.33.0',
    '@salesforce/code-analyzer-retirejs-engine': '0.32.0',
    '@salesforce/code-analyzer-sfge-engine': '0.25.0'
};

/** @throws Error when npm can't fetch them */
export function fetchAnalyzers() {
    const manifest = `${JSON.stringify({ private: true, name: 'pandora-analyzers', dependencies }, null, 2)}\n`;
    const file = path.join(folder, 'package.json');
    const isThere = existsSync(path.join(folder, 'node_modules')) && existsSync(file);
    if (isThere && readFileSync(file, 'utf8') === manifest) return;
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, manifest);
    console.log('Fetching the analyzers (once)…');
    const { status } = spawnSync(
        'npm',
        ['install', '--no-audit', '--no-fund', '--no-package-lock', '--workspaces=false'],
        {
            cwd: folder,
            stdio: ['ignore', 'ignore', 'inherit']
        }
    );
    if (status !== 0) throw new Error('npm could not fetch the analyzers.');
}
