const path = require('node:path');
const { jestConfig } = require('@salesforce/sfdx-lwc-jest/config');

module.exports = {
    ...jestConfig,
    rootDir: __dirname,
    moduleNameMapper: {
        ...jestConfig.moduleNameMapper,
        '^tests/(.*)$': path.join(__dirname, 'tests/$1'),
        '^lightning/(modal|navigation|platformShowToastEvent)$': path.join(__dirname, 'tests/jest-mocks/lightning/$1')
    },
    setupFilesAfterEnv: [
        ...(jestConfig.setupFilesAfterEnv || []),
        path.join(__dirname, 'tests/accessibility.js'),
        path.join(__dirname, 'tests/platform.js')
    ],
    modulePathIgnorePatterns: [path.join(__dirname, '.analyzer'), path.join(__dirname, 'preview')],
    collectCoverageFrom: ['force-app/main/default/lwc/**/*.js', '!**/__tests__/**'],
    coverageThreshold: { global: { lines: 85, branches: 75, functions: 80, statements: 85 } }
};
