// SPDX-License-Identifier: BSD-2-Clause
// encoding.ts: bytes as the caller wants them.
import type { EncodingOptions } from './arguments.js';

/** Names and paths: text in the encoding asked for, UTF-8 by default, or the bytes. */
export function encodeName(bytes: Buffer, encoding: EncodingOptions['encoding']): string | Buffer {
  if (encoding === 'buffer') return bytes;
  return bytes.toString(encoding || 'utf8');
}

/** Contents: the bytes by default, or text in the encoding asked for. */
export function encodeContents(bytes: Buffer, encoding: EncodingOptions['encoding']): string | Buffer {
  return encoding ? bytes.toString(encoding as BufferEncoding) : bytes;
}
