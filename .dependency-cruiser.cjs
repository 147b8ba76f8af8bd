// SPDX-License-Identifier: BSD-2-Clause
// .dependency-cruiser.cjs: who may import whom in ts/, as docs/architecture.md says.
'use strict';

const chain = ['sources', 'component', 'builder', 'linker', 'image', 'run'];
const shared = ['errors.ts', 'error-codes.ts', 'paths.ts', 'exec/'];

/** A folder of the chain may use the folders before it and what all share. */
const chainRules = chain.map((name, index) => ({
  name: `${name}-looks-back-only`,
  severity: 'error',
  from: { path: `^ts/${name}/` },
  to: {
    path: '^ts/',
    pathNot: `^ts/(${[...shared, ...chain.slice(0, index + 1).map((each) => `${each}/`)].join('|')})`,
  },
}));

module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nobody-imports-cli', severity: 'error', from: { pathNot: '^ts/cli/' }, to: { path: '^ts/cli/' } },
    ...chainRules,
    {
      name: 'exec-stands-alone',
      severity: 'error',
      from: { path: '^ts/exec/' },
      to: { path: '^ts/', pathNot: '^ts/(exec/|errors|error-codes|paths)' },
    },
    {
      name: 'kernel-knows-native-only',
      severity: 'error',
      from: { path: '^ts/kernel/' },
      to: { path: '^ts/', pathNot: '^ts/(kernel|native|errors|error-codes|paths)' },
    },
    {
      name: 'disk-stands-alone',
      severity: 'error',
      from: { path: '^ts/disk/' },
      to: { path: '^ts/', pathNot: '^ts/(disk|exec|errors|error-codes|paths)' },
    },
    {
      name: 'disk-is-for-cli-only',
      severity: 'error',
      from: { path: '^ts/', pathNot: '^ts/(disk/|cli/|index)' },
      to: { path: '^ts/disk/' },
    },
    {
      name: 'native-knows-no-builder',
      severity: 'error',
      from: { path: '^ts/native/' },
      to: { path: '^ts/', pathNot: '^ts/(native|exec|errors|error-codes|paths)' },
    },
    {
      name: 'only-exec-starts-processes',
      severity: 'error',
      from: { path: '^ts/', pathNot: '^ts/exec/' },
      to: { path: '^(execa|child_process|node:child_process)|node_modules/execa' },
    },
    {
      name: 'only-native-loads-native-code',
      severity: 'error',
      from: { path: '^ts/', pathNot: '^ts/native/' },
      to: { path: 'node_modules/koffi' },
    },
    {
      name: 'only-cli-shows-things',
      severity: 'error',
      from: { path: '^ts/', pathNot: '^ts/cli/' },
      to: { path: 'node_modules/(citty|listr2|picocolors)' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
