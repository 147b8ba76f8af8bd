// SPDX-License-Identifier: BSD-2-Clause
// handle-streams.ts: the web stream of a file handle.
import { ReadableStream, type ReadableByteStreamController } from 'node:stream/web';
import type { StreamHandle } from './streams.js';

interface ReadHandle extends StreamHandle {
  read(view: Uint8Array): Promise<{ bytesRead: number }>;
}

const chunkBytes = 16_384;

/** The rest of the file, as bytes. The handle stays open meanwhile, and the stream ends when the handle is closed. */
export function openWebStream(handle: ReadHandle, { type }: { type?: unknown } = {}): ReadableStream {
  if (type !== undefined && typeof type !== 'string') {
    throw Object.assign(new TypeError(`The "options.type" property must be of type string.`), {
      code: 'ERR_INVALID_ARG_TYPE',
    });
  }
  let isDone = false;
  let end = (): void => undefined;
  const finish = (): void => {
    if (!isDone) handle.release();
    isDone = true;
  };
  const stream = new ReadableStream({
    type: 'bytes',
    autoAllocateChunkSize: chunkBytes,
    start: (controller: ReadableByteStreamController) => {
      end = () => {
        if (!isDone) controller.close();
        finish();
      };
    },
    pull: async (controller: ReadableByteStreamController) => {
      const request = controller.byobRequest;
      const view = request?.view as Uint8Array | undefined;
      if (request === null || view === undefined) return;
      const { bytesRead } = await handle.read(view);
      if (bytesRead === 0) {
        finish();
        controller.close();
      }
      request.respond(bytesRead);
    },
    cancel: finish,
  });
  handle.hold();
  handle.once('close', () => {
    end();
  });
  return stream;
}
