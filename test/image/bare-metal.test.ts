// SPDX-License-Identifier: BSD-2-Clause
// bare-metal.test.ts: guests that stand on glue/baremetal alone: what the host promises, on every machine.
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { bootFaultingGuest, bootGuest, makePatternDisk, scratchPath, testedMachines } from './guests.js';

const mebibyte = 1024 * 1024;

describe('bare metal: guests', function () {
  this.timeout(120_000);

  for (const machine of testedMachines) {
    describe(machine, () => {
      it('starts, prints a line and ends with status 0', async () => {
        const { status, output } = await bootGuest('hello', { machine });
        expect(output).to.match(new RegExp(`^hello from ${machine} with \\d+ KiB\\n$`));
        expect(status).to.equal(0);
      });

      it('starts in 4 MiB', async () => {
        expect((await bootGuest('hello', { machine, memory: 4 })).status).to.equal(0);
      });

      it('runs threads in turn, and its locks and heap are in order', async () => {
        const { status, output } = await bootGuest('threads', { machine });
        expect(output).to.equal('threads, locks and heap are in order\n');
        expect(status).to.equal(0);
      });

      it('keeps the red zone and the registers of programs in ring 0', async () => {
        const { status, output } = await bootGuest('program', { machine });
        expect(output).to.equal('red zone, registers and calls are in order\n');
        expect(status).to.equal(0);
      });

      it('reads and writes a disk', async () => {
        const disk = makePatternDisk(`${machine}.disk`, 4 * mebibyte);
        const second = scratchPath(`${machine}.second`);
        writeFileSync(second, '');
        truncateSync(second, mebibyte);
        const { output } = await bootGuest('blk', { machine, disks: [disk, `${second},ro`] });
        expect(output).to.equal(`4096 KiB read and written on ${machine}\n`);
        expectComplementInSecondHalf(readFileSync(disk));
      });

      it('tells the time to within a second, and time spans to within 2 %', async () => {
        const before = Date.now();
        const { output } = await bootGuest('clock', { machine });
        const after = Date.now();
        const [start, early, late] = readClockLines(output);
        expect(start.wall * 1000).to.be.within(before - 1100, after);
        expect(late.wall * 1000).to.be.within(before + 6000 - 1100, after + 100);
        expect(early.mono - start.mono).to.be.within(1.5, 2.5);
        const guestSpan = late.mono - start.mono;
        expect(guestSpan).to.be.at.least(6);
        expect(guestSpan).to.be.at.most(((after - before) / 1000) * 1.02);
      });
    });
  }

  it('reads a line from the console, and loses nothing of what came before it looked', async () => {
    const { status, output } = await bootGuest('console', { input: 'good morning\n' });
    expect(output).to.equal('say something\nGOOD MORNING\n');
    expect(status).to.equal(0);
  });

  it('gives out different random bytes each time', async () => {
    const lines = await Promise.all([1, 2].map(async () => (await bootGuest('clock')).output.split('\n')[0]));
    expect(lines[0]).to.match(/^random [0-9a-f]{8}$/);
    expect(lines[0]).to.not.equal(lines[1]);
  });

  it('reports the status of the program', async () => {
    expect((await bootGuest('fault', { args: ['exit3'] })).status).to.equal(3);
  });
});

describe('bare metal: faults', function () {
  this.timeout(60_000);

  const faults: [what: string, reason: string, printed: RegExp][] = [
    ['null', 'kernel: NULL dereference', /component guest\/fault.*\n[^]* innermost\+0x/],
    ['null-call', 'kernel: call of a NULL pointer', /#1 .*\n[^]* host_main\+0x/],
    ['write-text', 'kernel: write to memory that is read-only', / innermost\+0x/],
    ['write-const', 'kernel: write to memory that is read-only', / innermost\+0x/],
    ['run-data', 'kernel: execution of memory that is not executable', / host_main\+0x/],
    ['run-const', 'kernel: execution of memory that is not executable', / host_main\+0x/],
    ['run-heap', 'kernel: execution of memory that is not executable', / host_main\+0x/],
    ['stack', 'kernel: stack overflow', /recurse.*, \d+ times\n[^]* host_main\+0x/],
    ['thread-stack', 'kernel: stack overflow', /thread 2 \(deep\)[^]* recursing_thread\+0x/],
    ['panic', 'kernel panic', /#0 .* run_kernel_case\+0x\w+ \(guest\/fault\)\n/],
    ['program-null', 'program: NULL dereference', /#0 +0x0*400002 \(program\)/],
    ['program-stack', 'program: stack overflow', /in the program/],
    ['program-write-text', 'program: write to memory that is read-only', /address 0x400000,/],
    ['program-run-stack', 'program: execution of memory that is not executable', /in the program/],
    ['program-undefined', 'program: invalid instruction', /in the program/],
    ['program-write-kernel', 'program: write to memory that is read-only', /address 0xffffffff80101000,/],
  ];
  for (const [what, reason, printed] of faults) {
    it(`describes ${what}`, async () => {
      const fault = await bootFaultingGuest('fault', { args: [what] });
      expect(fault.code).to.equal('RUMP_RUN_GUEST_FAULT');
      expect(fault.reason).to.equal(reason);
      expect(fault.output).to.match(printed);
    });
  }

  for (const what of ['oom', 'program-oom']) {
    it(`says how much memory there is at ${what}`, async () => {
      const fault = await bootFaultingGuest('fault', { args: [what], memory: 8 });
      expect(fault.code).to.equal('RUMP_RUN_LOW_MEMORY');
      expect(fault.reason).to.match(/^out of memory: \d+ KiB for the kernel and the program, \d+ KiB left$/);
    });
  }
});

interface ClockLine {
  wall: number;
  mono: number;
}

function readClockLines(output: string): [start: ClockLine, early: ClockLine, late: ClockLine] {
  const lines = [...output.matchAll(/ wall ([\d.]+) mono ([\d.]+)$/gm)].map((match) => ({
    wall: Number(match[1]),
    mono: Number(match[2]),
  }));
  expect(lines).to.have.length(3);
  return lines as [ClockLine, ClockLine, ClockLine];
}

function expectComplementInSecondHalf(disk: Buffer): void {
  for (let offset = 0; offset < disk.length; offset += 8) {
    const written = BigInt.asUintN(64, offset < disk.length / 2 ? BigInt(offset) : ~BigInt(offset));
    if (disk.readBigUInt64LE(offset) !== written) expect.fail(`the disk differs at ${offset}`);
  }
}
