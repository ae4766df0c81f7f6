const { defineConfig } = require('eslint/config');
const eslintJs = require('@eslint/js');
const jestPlugin = require('eslint-plugin-jest');
const salesforceLwcConfig = require('@salesforce/eslint-config-lwc/recommended');
const globals = require('globals');

module.exports = defineConfig([
    // Stand-ins of the platform's modules: decorators of LWC in plain files.
    { ignores: ['tests/jest-mocks/**'] },
    { files: ['force-app/main/default/lwc/**/*.js'], extends: [salesforceLwcConfig] },
    {
        files: ['force-app/main/default/lwc/**/*.test.js'],
        extends: [salesforceLwcConfig],
        rules: { '@lwc/lwc/no-unexpected-wire-adapter-usages': 'off', '@lwc/lwc/no-async-operation': 'off' },
        languageOptions: { globals: { ...globals.node } }
    },
    {
        files: ['tests/*.js'],
        plugins: { eslintJs, jestPlugin },
        extends: ['eslintJs/recommended'],
        languageOptions: { globals: { ...globals.node, ...globals.browser, ...globals.jest } }
    }
]);
