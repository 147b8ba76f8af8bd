// SPDX-License-Identifier: BSD-2-Clause
// programs.test.ts: unmodified static Linux programs on glue/linux: what works, and how what is wrong is reported.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { GuestResult } from '../../ts/run/run-guest.js';
import { makeIso } from '../helpers/iso.js';
import { makeSmallTree } from '../helpers/trees.js';
import { scratchPath } from './guests.js';
import { compile, compileIsoCat, dataMount as data, faultOf, runProgram } from './program-guests.js';

/** The line of a program's output that says how many checks there were. */
function planOf(output: string): string {
  return /^1\.\.[1-9]\d+$/m.exec(output)?.[0] ?? 'no plan';
}

describe('programs: system calls', function () {
  this.timeout(240_000);
  let disk = '';
  before(() => {
    disk = makeIso(makeSmallTree(), 'rock-ridge');
  });

  for (const compiler of ['musl-gcc', 'gcc'] as const) {
    for (const name of ['syscalls', 'efault']) {
      it(`${name}.c, linked with ${compiler}, finds everything in order`, async () => {
        const { status, output } = await runProgram(
          compile(name, compiler),
          { disks: [disk] },
          [data],
          ['fs/cd9660', 'net/local'],
        );
        expect(output.split('\n').filter((line) => line.startsWith('not ok'))).to.deep.equal([]);
        expect(output).to.match(/^1\.\.[1-9]\d+$/m);
        expect(status).to.equal(0);
      });
    }

    it(`threads.c, linked with ${compiler}, shares locks and keeps its own variables`, async () => {
      const { status, output } = await runProgram(compile('threads', compiler));
      expect(output).to.equal('threads ok\n');
      expect(status).to.equal(0);
    });
  }

  it('pipes.c finds everything in order, here and on Linux', async () => {
    const program = compile('pipes', 'musl-gcc');
    const here = await runProgram(program);
    expect(here.output.split('\n').filter((line) => !line.startsWith('ok'))).to.deep.equal([
      planOf(here.output),
      '',
    ]);
    expect(execFileSync(program, { encoding: 'utf8' })).to.equal(here.output);
  });

  for (const name of ['epoll', 'epoll_many', 'timers']) {
    it(`${name}.c is told the same here and on Linux`, async () => {
      const program = compile(name, 'musl-gcc');
      const { output } = await runProgram(program);
      expect(output.split('\n')).to.deep.equal(execFileSync(program, { encoding: 'utf8' }).split('\n'));
    });
  }

  it('console.c waits for what is typed, along with other files', async () => {
    const program = compile('console', 'musl-gcc');
    const { status, output } = await runProgram(program, { input: 'one\ntwo\nthree\n' });
    expect(output).to.match(/^1\.\.28$/m);
    expect(output.split('\n').filter((line) => line.startsWith('not ok'))).to.deep.equal([]);
    expect(status).to.equal(0);
  });

  for (const seed of ['1', '2', '3']) {
    it(`calls at random (seed ${seed}) do no harm`, async () => {
      const { output } = await runProgram(compile('fuzz', 'musl-gcc'), {
        disks: [disk],
        args: ['fuzz', seed, '20000'],
      });
      expect(output).to.match(/fuzz ok\n$/);
      expect(output).to.match(/^rumpkit: system call ptrace \(101\) is not implemented$/m);
    });
  }

  it('passes arguments, environment, folder and name, to a position-independent program too', async () => {
    for (const program of [compile('args', 'musl-gcc'), compile('args', 'gcc', ['-static-pie'])]) {
      const { output } = await runProgram(program, {
        args: ['args', 'two words', '100 % "quoted", größer'],
        env: { NAME: 'a=b c', EMPTY: '' },
        cwd: '/dev',
        hostname: 'guest-1',
      });
      expect(output.split('\n').slice(0, 8)).to.deep.equal([
        'argv[0]=args',
        'argv[1]=two words',
        'argv[2]=100 % "quoted", größer',
        'env NAME=a=b c',
        'env EMPTY=',
        'cwd /dev',
        'hostname guest-1',
        'exe /args',
      ]);
      expect(output).to.include('stack aligned\n');
    }
  });
});

describe('programs: busybox and the examples', function () {
  this.timeout(240_000);
  let disk = '';
  let tree = '';
  before(() => {
    tree = makeSmallTree();
    disk = makeIso(tree, 'rock-ridge');
  });

  const busybox = async (...args: string[]): Promise<GuestResult> =>
    await runProgram('/bin/busybox', { disks: [disk], args: ['busybox', ...args] });

  it('cat prints a file', async () => {
    expect((await busybox('cat', '/data/hello.txt')).output).to.equal('hello, world\n');
  });

  it('sha256sum, md5sum and wc agree with the host', async () => {
    const bytes = readFileSync(join(tree, 'data.bin'));
    for (const algorithm of ['sha256', 'md5']) {
      const sum = createHash(algorithm).update(bytes).digest('hex');
      expect((await busybox(`${algorithm}sum`, '/data/data.bin')).output).to.equal(
        `${sum}  /data/data.bin\n`,
      );
    }
    expect((await busybox('wc', '-c', '/data/data.bin')).output).to.match(/^70000 /);
  });

  it('find, ls -lR and du see the whole tree', async () => {
    const expected = execFileSync('find', ['.'], { cwd: tree, encoding: 'utf8' }).trim().split('\n').sort();
    const found = (await busybox('find', '/data')).output.trim().split('\n').sort();
    expect(found).to.deep.equal(expected.map((path) => path.replace(/^\./, '/data')).sort());
    const listing = (await busybox('ls', '-lR', '/data')).output;
    expect(listing).to.match(/^lrwxrwxrwx .* dangling -> \.\.\/nothing-here$/m);
    expect(listing).to.match(/^-rw-r--r-- .* 70000 .* data\.bin$/m);
    expect((await busybox('du', '-s', '/data')).output).to.match(/^[1-9]\d*\t\/data\n$/);
  });

  it('a missing file is an error of the program, with its status', async () => {
    const { status, output } = await busybox('cat', '/data/missing');
    expect(output).to.equal("cat: can't open '/data/missing': No such file or directory\n");
    expect(status).to.equal(1);
  });

  it('iso-cat sums every file as sha256sum does', async () => {
    const { output } = await runProgram(compileIsoCat(), {
      disks: [disk],
      args: ['iso-cat', '-s', '/data'],
    });
    const sums = execFileSync('sh', ['-c', 'find . -type f | LC_ALL=C sort | xargs -d "\\n" sha256sum'], {
      cwd: tree,
      encoding: 'utf8',
    });
    const sorted = (text: string): string[] => text.trim().split('\n').sort();
    expect(sorted(output)).to.deep.equal(sorted(sums.replaceAll('  ./', '  /data/')));
  });
});

describe('programs: what is wrong is said', function () {
  this.timeout(120_000);

  it('the status of the program is the status of the run', async () => {
    const program = compile('exit3', 'musl-gcc');
    expect((await runProgram(program)).status).to.equal(3);
    expect((await runProgram(program, { args: ['exit3', '255'] })).status).to.equal(255);
  });

  it('a NULL dereference is a fault of the program, after what it printed', async () => {
    const { reason, output } = await faultOf(runProgram(compile('null', 'musl-gcc')));
    expect(reason).to.equal('program: NULL dereference');
    expect(output).to.match(/^before the null pointer\n[^]*#0 +0x[0-9a-f]+ \(program\)/);
  });

  it('a stack overflow is told from other faults', async () => {
    const { reason, output } = await faultOf(runProgram(compile('overflow', 'musl-gcc', ['-O0'])));
    expect(reason).to.equal('program: stack overflow');
    expect(output).to.match(/^before the overflow\n/);
  });

  it('abort() ends the program with status 134 and says so', async () => {
    const { status, output } = await runProgram(compile('abort', 'musl-gcc'));
    expect(output).to.equal('before the abort\nrumpkit: program ended by signal 6 (SIGABRT)\n');
    expect(status).to.equal(134);
  });

  it('a disk that is missing, is no ISO, or is cut is named', async () => {
    const noise = scratchPath('noise.iso');
    writeFileSync(noise, Buffer.alloc(100_000, 'noise'));
    const cut = scratchPath('cut.iso');
    writeFileSync(cut, readFileSync(makeIso(makeSmallTree(), 'rock-ridge')).subarray(0, 33_000));
    const program = compile('exit3', 'musl-gcc');
    const failures: [disks: string[], output: RegExp][] = [
      [[], /^rumpkit: cannot mount vda on \/data as cd9660: the machine has no such disk$/m],
      [
        [noise],
        /^rumpkit: cannot mount vda on \/data as cd9660: the disk does not hold such a file system$/m,
      ],
      [[cut], /^rumpkit: cannot mount vda on \/data as cd9660: /m],
    ];
    for (const [disks, output] of failures) {
      expect((await faultOf(runProgram(program, { disks }, [data]))).output).to.match(output);
    }
  });

  it('an unknown type, a missing driver and a missing folder are named', async () => {
    const program = compile('exit3', 'musl-gcc');
    const disk = makeIso(makeSmallTree(), 'rock-ridge');
    const unknown = await faultOf(runProgram(program, { disks: [disk] }, [{ ...data, type: 'ntfs' }]));
    expect(unknown.output).to.include('cannot mount vda on /data as ntfs: unknown file system type');
    const driver = await faultOf(runProgram(program, { disks: [disk] }, [data], []));
    expect(driver.output).to.include('the component fs/cd9660 is not in the image');
    const folder = await faultOf(runProgram(program, { cwd: '/missing' }));
    expect(folder.reason).to.equal('the working folder does not exist');
  });

  it('a program whose headers do not hold together is refused', async () => {
    const firstHeader = 64;
    const cases: [field: number, value: bigint, reason: RegExp][] = [
      [16, 0x7fff_ffff_ffff_f000n, /^the program has a segment outside of the address space$/],
      [8, 0x1000_0000n, /^the program is truncated \(a segment\)$/],
      [40, 1n, /^the program has a segment larger in the file than in memory$/],
    ];
    for (const [field, value, reason] of cases) {
      const contents = readFileSync(compile('exit3', 'musl-gcc'));
      contents.writeBigUInt64LE(value, firstHeader + field);
      const damaged = scratchPath(`damaged-${field}`);
      writeFileSync(damaged, contents);
      expect((await faultOf(runProgram(damaged))).reason).to.match(reason);
    }
  });
});
