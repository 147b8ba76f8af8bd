// SPDX-License-Identifier: BSD-2-Clause
// failures.test.ts: kernels that do not start or do not stop, and a package that cannot build what it needs.
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { boot } from '../../ts/kernel/index.js';
import { composeKernel } from '../../ts/linker/compose.js';
import { packageRoot } from '../../ts/paths.js';
import { expectError } from '../helpers/expect-error.js';
import { fixtures } from '../helpers/fixtures.js';
import { useTemporaryFolder } from '../helpers/temporary-folder.js';
import { makeToolFolder } from '../helpers/tool-path.js';

const compose = async (component: string): Promise<string> => {
  const componentFolders = [join(fixtures, 'kernels')];
  return (await composeKernel({ components: [component, 'fs/cd9660'], componentFolders })).sharedObject;
};
const runTypeScript = (
  file: string,
  words: string[],
  env: Record<string, string> = {},
): Promise<{ stdout: string }> =>
  execa(process.execPath, ['--import', 'tsx', file, ...words], { reject: false, cwd: packageRoot, env });

describe('a kernel', function () {
  this.timeout(120_000);

  it('that panics while it boots is an error with its last words, and the process goes on', async () => {
    const sharedObject = await compose('test/refuses');
    const error = await expectError('RUMP_NATIVE_BOOT_FAILED', () => boot({ sharedObject }));
    expect(error.message).to.include('refused: 42');
    const kernel = await boot({
      sharedObject: (await composeKernel({ components: ['fs/cd9660'] })).sharedObject,
    });
    await kernel.shutdown();
  });

  it('that has a thread which does not stop says so', async () => {
    const { stdout } = await runTypeScript(join(import.meta.dirname, 'h_runaway.ts'), [
      await compose('test/runaway'),
    ]);
    expect(stdout.split(' ')).to.deep.equal(['RUMP_KERNEL_NOT_STOPPED', JSON.stringify({ threads: 1 })]);
  });
});

describe('boot() in a package', function () {
  this.timeout(120_000);
  const temporary = useTemporaryFolder();

  /** A copy of the package without what was built in it. */
  const copyPackage = (): string => {
    const folder = join(temporary(), 'package');
    mkdirSync(folder);
    for (const name of ['ts', 'package.json', 'tsconfig.json', 'binding.gyp']) {
      cpSync(join(packageRoot, name), join(folder, name), { recursive: true });
    }
    for (const name of ['node_modules', 'glue', 'rump', 'cmake', 'CMakeLists.txt']) {
      symlinkSync(join(packageRoot, name), join(folder, name));
    }
    const script = `import { boot } from './ts/kernel/index.js';
      await boot({ components: ['fs/cd9660'] }).catch((error) => console.log(error.code));`;
    writeFileSync(join(folder, 'boot.mts'), script);
    return folder;
  };
  const bootIn = async (folder: string, env: Record<string, string> = {}): Promise<string> => {
    const cache = { RUMPKIT_CACHE: join(temporary(), 'cache') };
    const { stdout } = await runTypeScript(join(folder, 'boot.mts'), [], { ...cache, ...env });
    return stdout;
  };

  it('that has no addon and no compiler says so', async () => {
    const path = makeToolFolder(join(temporary(), 'bin'), ['sh', 'python3']);
    expect(await bootIn(copyPackage(), { PATH: path })).to.equal('RUMP_NATIVE_ADDON_MISSING');
  });

  it('whose builder gives no answer, or not the one asked for, says so', async () => {
    const folder = copyPackage();
    cpSync(join(packageRoot, 'build/Release'), join(folder, 'build/Release'), { recursive: true });
    for (const answer of ['', 'process.stdout.write("{}");']) {
      writeFileSync(join(folder, 'ts/cli/main.ts'), answer);
      expect(await bootIn(folder)).to.equal('RUMP_NATIVE_BUILD_FAILED');
    }
  });
});
