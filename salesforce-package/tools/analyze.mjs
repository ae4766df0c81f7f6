/**
 * Salesforce's own rules over the package: `node tools/analyze.mjs [engines] [report.json]`. Fails on any violation.
 * Engines: pmd (AppExchange and Security), regex, retirejs by default; sfge follows data through the Apex.
 */
import { createRequire } from 'node:module';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fetchAnalyzers, folder } from './analyzers.mjs';

const [engines = 'pmd,regex,retirejs', report] = process.argv.slice(2);
fetchAnalyzers();
const require = createRequire(path.join(folder, 'package.json'));
const core = await import(pathToFileURL(require.resolve('@salesforce/code-analyzer-core')));
const { CodeAnalyzer, CodeAnalyzerConfig } = core.default ?? core;

const analyzer = new CodeAnalyzer(CodeAnalyzerConfig.fromObject({ log_folder: folder }));
for (const name of engines.split(',')) {
    const engine = require(`@salesforce/code-analyzer-${name}-engine`);
    // One after the other: each tells its rules.
    await analyzer.addEnginePlugin(engine.createEnginePlugin());
}
const source = fileURLToPath(new URL('../force-app', import.meta.url));
const workspace = await analyzer.createWorkspace([source]);
const rules = await analyzer.selectRules(['AppExchange', 'Security'], { workspace });
const results = await analyzer.run(rules, { workspace });
const violations = results.getViolations().map((violation) => {
    const at = violation.getPrimaryLocation();
    return {
        severity: violation.getRule().getSeverityLevel(),
        rule: `${violation.getRule().getEngineName()}:${violation.getRule().getName()}`,
        at: `${path.relative(source, at.getFile() ?? source)}:${at.getStartLine() ?? 0}`,
        says: violation.getMessage().split('\n')[0]
    };
});
for (const { severity, rule, at, says } of violations) console.log(`${severity} ${rule} ${at} ${says}`);
const byEngine = Object.fromEntries(
    rules.getEngineNames().map((name) => [
        name,
        rules
            .getRulesFor(name)
            .map((rule) => rule.getName())
            .sort()
    ])
);
console.log(`${rules.getCount()} rules of ${Object.keys(byEngine).join(', ')}: ${violations.length} violations`);
if (report) writeFileSync(report, `${JSON.stringify({ rules: byEngine, violations }, null, 2)}\n`);
process.exit(violations.length > 0 ? 1 : 0);
