// SPDX-License-Identifier: BSD-2-Clause
// check.ts: very many calls on one file system, in runs; a run that fails is shrunk and told, with what repeats it.
import fc from 'fast-check';
import { AssertionError } from 'chai';
import { operation, type Operation } from './operations.js';
import { Difference, runOperations } from './run.js';
import { shrink } from './shrink.js';
import type { Subject, SubjectKind } from './subjects.js';

const operationsPerRun = 1_000;
const defaultSeed = 20_261_124;
const shrinkMilliseconds = 40_000;

/** The seed of the first run: the same every time, unless RUMPKIT_SEED gives another one, or "random". */
export function firstSeed(): number {
  const given = process.env['RUMPKIT_SEED'];
  if (given === undefined) return defaultSeed;
  return given === 'random' ? Math.floor(Math.random() * 2 ** 31) : Number(given);
}

/** So many calls are made; RUMPKIT_MODEL_CALLS gives another number for all. */
export function callsOn({ calls = 100_000 }: SubjectKind): number {
  return Number(process.env['RUMPKIT_MODEL_CALLS'] ?? calls);
}

/** Compares a file system with the model; how many calls were made. */
export async function checkAgainstModel(kind: SubjectKind, seed: number): Promise<number> {
  const subject = await kind.make();
  let calls = 0;
  try {
    for (let run = seed; calls < callsOn(kind); run++) calls += await runOne(kind, subject, run, seed);
  } catch (error) {
    await subject.end().catch(() => undefined);
    throw error;
  }
  await subject.end();
  return calls;
}

async function runOne(kind: SubjectKind, subject: Subject, run: number, seed: number): Promise<number> {
  const operations = operationsOf(run);
  try {
    return await runOperations(subject, operations);
  } catch (error) {
    if (!(error instanceof Difference)) throw error;
    throw new AssertionError(await explain(kind, operations, error, run, seed));
  }
}

function operationsOf(seed: number): readonly Operation[] {
  const many = fc.array(operation, {
    minLength: operationsPerRun,
    maxLength: operationsPerRun,
    size: 'max',
  });
  return fc.sample(many, { seed, numRuns: 1 })[0]!;
}

async function explain(
  kind: SubjectKind,
  operations: readonly Operation[],
  first: Difference,
  run: number,
  seed: number,
): Promise<string> {
  let last = first;
  let again = 0;
  const fails = async (some: readonly Operation[]): Promise<boolean> => {
    const found = await failureOf(kind, some);
    if (found === undefined) return false;
    last = found;
    again++;
    return true;
  };
  if (await fails(operations)) await shrink(operations, fails, shrinkMilliseconds);
  const repeated = again > 0 ? run : seed;
  return [
    last.message,
    again > 0 ? 'after' : 'only after the runs before it, after',
    ...last.log.slice(-60).map((call) => `  ${call}`),
    `again: RUMPKIT_SEED=${repeated} npx mocha test/model/model.test.ts -g '${kind.name}'`,
  ].join('\n');
}

async function failureOf(
  kind: SubjectKind,
  operations: readonly Operation[],
): Promise<Difference | undefined> {
  let subject: Subject | undefined;
  try {
    subject = await kind.make();
    await runOperations(subject, operations);
    return undefined;
  } catch (error) {
    return error instanceof Difference ? error : undefined;
  } finally {
    await subject?.end().catch(() => undefined);
  }
}
