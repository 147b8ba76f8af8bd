// SPDX-License-Identifier: BSD-2-Clause
// index.ts: disk images as data. Exports only.
export { checkFfs, type CheckContents, type CheckOptions, type CheckResult } from './ffs/check.js';
export {
  describeFinding,
  findingCodes,
  type Finding,
  type FindingCode,
  type FindingPlace,
  type Severity,
} from './ffs/finding.js';
export {
  checkForeign,
  formatForeign,
  type ForeignCheck,
  type ForeignFormatOptions,
  type ForeignType,
} from './foreign.js';
export { formatFfs } from './ffs/format.js';
export { repairFfs, type RepairAction, type RepairResult } from './ffs/repair.js';
export { planFfs, type FfsFormatOptions, type FfsFormatPlan } from './ffs/format-plan.js';
export { detectFileSystem, requireFileSystem, type DetectedFileSystem } from './detect.js';
export { findPartition, openPartition, readPartitions } from './partition/read-partitions.js';
export type { Partition, PartitionTable } from './partition/partition.js';
export { memoryStorage, openStorage, storagePart, type FileStorage, type Storage } from './storage.js';
