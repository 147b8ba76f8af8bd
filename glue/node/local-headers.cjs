// SPDX-License-Identifier: BSD-2-Clause
// local-headers.cjs: prints the option that makes node-gyp use the headers that came with this Node, if they did.
// Without it node-gyp downloads them, which needs a network that lets it.
const { existsSync } = require('node:fs');
const { dirname, join } = require('node:path');

const prefix = dirname(dirname(process.execPath));
if (existsSync(join(prefix, 'include', 'node', 'node_api.h'))) process.stdout.write(`--nodedir=${prefix}`);
