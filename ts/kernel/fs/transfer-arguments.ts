// SPDX-License-Identifier: BSD-2-Clause
// transfer-arguments.ts: checks of the arguments of reading and writing: buffers, ranges, positions. Errors are
// node:fs's own, see arguments.ts: with a descriptor that nobody has, it refuses in any case.
import * as nodeFs from 'node:fs';
import { noDescriptor, throwAsNode } from './arguments.js';

/** What to read or write, with defaults filled in; position -1 is the file's own. */
export interface Transfer {
  bytes: Uint8Array;
  offset: number;
  length: number;
  position: number | bigint;
}

interface TransferOptions {
  offset?: unknown;
  length?: unknown;
  position?: unknown;
}

type AnyCall = (...all: unknown[]) => number;

/** Checks read's arguments after the descriptor: (buffer, options) or (buffer, offset, length, position). */
export function checkRead(args: readonly unknown[]): Transfer {
  const bytes = args[0];
  if (!ArrayBuffer.isView(bytes)) return refuseRead(args);
  const hasOptions = args.length <= 2 || (typeof args[1] === 'object' && args[1] !== null);
  if (hasOptions && args[1] !== undefined && typeof args[1] !== 'object') return refuseRead(args);
  const given: TransferOptions = hasOptions
    ? (args[1] ?? {})
    : { offset: args[1], length: args[2], position: args[3] };
  const offset = given.offset ?? 0;
  const length =
    hasOptions && given.length === undefined ? bytes.byteLength - Number(offset) : Number(given.length) | 0;
  const position = given.position ?? -1;
  if (typeof offset !== 'number' || !Number.isInteger(offset) || offset < 0) return refuseRead(args);
  if (length !== 0 && !isReadable(bytes, offset, length, position)) return refuseRead(args);
  return { bytes: viewBytes(bytes), offset, length, position: position as number | bigint };
}

function isReadable(bytes: ArrayBufferView, offset: number, length: number, position: unknown): boolean {
  if (bytes.byteLength === 0 || length < 0 || offset + length > bytes.byteLength) return false;
  if (typeof position === 'bigint') return position >= -1n && position <= 2n ** 63n - 1n - BigInt(length);
  return Number.isSafeInteger(position) && (position as number) >= -1;
}

function refuseRead(args: readonly unknown[]): never {
  const readSync = nodeFs.readSync as AnyCall;
  return throwAsNode(() => readSync(noDescriptor, ...args));
}

/** Any view's bytes. */
export function viewBytes(view: ArrayBufferView): Uint8Array {
  return view instanceof Uint8Array ? view : new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/**
 * Checks write's arguments after the descriptor: (buffer, options), (buffer, offset, length, position) or
 * (string, position, encoding).
 */
export function checkWrite(args: readonly unknown[]): Transfer {
  const [data, second, third, fourth] = args;
  if (typeof data === 'string') {
    const bytes = encodeText(data, third, args);
    return { bytes, offset: 0, length: bytes.byteLength, position: filePosition(second) };
  }
  if (!ArrayBuffer.isView(data)) return refuseWrite(args);
  const options: TransferOptions =
    typeof second === 'object' ? (second ?? {}) : { offset: second, length: third, position: fourth };
  const offset = options.offset ?? 0;
  if (typeof offset !== 'number' || !Number.isInteger(offset) || offset < 0) return refuseWrite(args);
  const length = typeof options.length === 'number' ? options.length : data.byteLength - offset;
  if (!Number.isInteger(length) || length < 0 || length > data.byteLength - offset) return refuseWrite(args);
  return { bytes: viewBytes(data), offset, length, position: filePosition(options.position) };
}

/** As node:fs reads a position to write at: what is no place in a file is the file's own. */
export function filePosition(position: unknown): number {
  return Number.isSafeInteger(position) && (position as number) >= 0 ? (position as number) : -1;
}

/**
 * The bytes themselves, or a copy if their memory can become smaller while a call uses it: unlike a system call of the
 * host's, a kernel in this process cannot be told that the memory is gone.
 */
export function steadyBytes(bytes: Uint8Array): Uint8Array {
  return (bytes.buffer as { resizable?: boolean }).resizable ? Uint8Array.from(bytes) : bytes;
}

/** Takes over what was read into a copy, as far as there is still room. */
export function takeBack(bytes: Uint8Array, steady: Uint8Array, offset: number, count: number): void {
  if (bytes === steady || count <= 0) return;
  bytes.set(
    steady.subarray(offset, Math.max(offset, Math.min(offset + count, bytes.byteLength))),
    Math.min(offset, bytes.byteLength),
  );
}

function encodeText(text: string, encoding: unknown, args: readonly unknown[]): Uint8Array {
  const known = typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8';
  if (known.toLowerCase() === 'hex' && text.length % 2 === 1) return refuseWrite(args);
  return Buffer.from(text, known);
}

function refuseWrite(args: readonly unknown[]): never {
  const writeSync = nodeFs.writeSync as AnyCall;
  return throwAsNode(() => writeSync(noDescriptor, ...args));
}

/** Checks the buffers of readv and writev. */
export function checkVector(buffers: unknown): Uint8Array[] {
  if (Array.isArray(buffers) && buffers.every((each) => ArrayBuffer.isView(each))) {
    return buffers.map(viewBytes);
  }
  return throwAsNode(() => nodeFs.readvSync(noDescriptor, buffers as Buffer[]));
}

/** The bytes of a file to write: of a view, or of text. */
export function checkContents(data: unknown, encoding: unknown): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data, (encoding || 'utf8') as BufferEncoding);
  if (ArrayBuffer.isView(data)) return viewBytes(data);
  return throwAsNode(() => {
    nodeFs.writeFileSync(noDescriptor, data as string);
  });
}
