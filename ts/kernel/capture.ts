// SPDX-License-Identifier: BSD-2-Clause
// capture.ts: frames of an interface, as a pcap file. The kernel gives the bytes of one; they are taken as they come, as
// long as whoever writes them can follow. What it cannot is dropped by the kernel, which counts.
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { KernelCalls } from '../native/kernel-calls.js';
import type { Endpoint } from './net/endpoint.js';
import { throwLater } from './net/net-events.js';
import { PcapFilter } from './pcap-filter.js';

/** How frames are captured. */
export interface CaptureOptions {
  /** Bytes of each frame that are kept; all, unless told otherwise. */
  snaplen?: number;
  /** Which frames are kept, of Ethernet with their headers; all, unless told otherwise. */
  filter?: (frame: Buffer) => boolean;
}

/** What became of the frames of a capture. */
export interface CaptureCounters {
  /** Frames that the interface received or sent meanwhile. */
  received: number;
  /** Of these, those that were lost, as nobody took them in time. */
  dropped: number;
}

/** A capture that runs, until it is stopped, the interface is removed or the kernel is shut down. */
export interface Capture extends AsyncDisposable {
  /** What became of the frames so far. */
  readonly counters: CaptureCounters;
  /** Ends it: what was captured is written, and a file is closed. */
  stop(): Promise<CaptureCounters>;
}

/** RUMP_BIOCGSTATS, and the size of its answer. */
const getStatistics = 0x4080426f;
const statisticsSize = 128;
const pieceBytes = 65_536;

/** @internal */
export class FrameCapture implements Capture {
  readonly #calls: KernelCalls;
  readonly #sink: Writable;
  readonly #isOwn: boolean;
  readonly #filter: PcapFilter | undefined;
  readonly #piece = Buffer.allocUnsafeSlow(pieceBytes);
  #endpoint: Endpoint | undefined;
  #counters: CaptureCounters = { received: 0, dropped: 0 };
  #isWaiting = false;
  #stopped: Promise<CaptureCounters> | undefined;
  #failure: Error | undefined;

  constructor(calls: KernelCalls, to: string | Writable, options: CaptureOptions) {
    this.#calls = calls;
    this.#isOwn = typeof to === 'string';
    this.#sink = typeof to === 'string' ? createWriteStream(to) : to;
    this.#sink.on('error', (error) => {
      this.#failure ??= error;
      this.#close();
    });
    if (options.filter !== undefined) this.#filter = new PcapFilter(options.filter);
  }

  /** Frames come from here from now on. */
  attach(endpoint: Endpoint): void {
    this.#endpoint = endpoint;
    this.onReadable();
  }

  get counters(): CaptureCounters {
    return { ...this.#counters };
  }

  stop(): Promise<CaptureCounters> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  onReadable(): void {
    while (!this.#isWaiting && this.#endpoint !== undefined) {
      const count = this.#endpoint.read(this.#piece);
      if (count === 0) {
        // The interface is gone.
        this.stop().catch(throwLater);
        return;
      }
      if (count < 0) return;
      this.#write(this.#piece.subarray(0, count));
    }
  }

  onWritable(): void {
    // It is read only.
  }

  onKernelEnd(): void {
    this.#endpoint = undefined;
    this.stop().catch(throwLater);
  }

  #write(bytes: Buffer): void {
    let kept: Buffer;
    try {
      kept = this.#filter === undefined ? Buffer.from(bytes) : this.#filter.take(bytes);
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new Error(String(error));
      this.#close();
      return;
    }
    if (kept.length === 0 || this.#sink.write(kept) || this.#stopped !== undefined) return;
    this.#isWaiting = true;
    this.#sink.once('drain', () => {
      this.#isWaiting = false;
      this.onReadable();
    });
  }

  async #stop(): Promise<CaptureCounters> {
    await this.#count();
    // What waits is written, however much there is.
    this.#isWaiting = false;
    for (let count = 1; count > 0 && this.#endpoint !== undefined;) {
      count = this.#endpoint.read(this.#piece);
      if (count > 0) this.#write(this.#piece.subarray(0, count));
    }
    this.#close();
    if (this.#isOwn && this.#failure === undefined) {
      this.#sink.end();
      await finished(this.#sink);
    }
    if (this.#failure !== undefined) throw this.#failure;
    return this.counters;
  }

  #close(): void {
    this.#endpoint?.close();
    this.#endpoint = undefined;
  }

  async #count(): Promise<void> {
    if (this.#endpoint === undefined) return;
    const answer = Buffer.alloc(statisticsSize);
    const { result } = await this.#calls.call(
      'rump___sysimpl_ioctl',
      this.#endpoint.fd,
      getStatistics,
      answer,
    );
    if (result !== 0) return;
    this.#counters = {
      received: Number(answer.readBigUInt64LE(0)),
      dropped: Number(answer.readBigUInt64LE(8)),
    };
  }
}
