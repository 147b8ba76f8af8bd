// SPDX-License-Identifier: BSD-2-Clause
// faulty-wire.ts: a wire between two buses that loses, doubles, reorders, damages and delays frames, and can be cut. What
// it does follows from its seed and from the frames.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { seededRandom } from '../random.js';

/** How often what happens to a frame, from 0 to 1; delay: milliseconds. */
export interface Faults {
  loss?: number;
  duplication?: number;
  reordering?: number;
  corruption?: number;
  delay?: number;
}

const frameMost = 65_550;

/** One end: a member of a bus, with the frames that it hears. */
class End {
  readonly #socket: Socket;
  #pieces: Buffer[] = [];
  #length = 0;

  private constructor(socket: Socket, onFrame: (frame: Buffer) => void) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => {
      this.#take(bytes, onFrame);
    });
    socket.on('error', () => undefined);
  }

  static async join(path: string, onFrame: (frame: Buffer) => void): Promise<End> {
    const socket = connect(path);
    await once(socket, 'connect');
    return new End(socket, onFrame);
  }

  /** A frame with its length in front. */
  send(frame: Buffer): void {
    this.#socket.write(frame);
  }

  leave(): void {
    this.#socket.destroy();
  }

  #take(bytes: Buffer, onFrame: (frame: Buffer) => void): void {
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    if (this.#length < 4) return;
    let rest = Buffer.concat(this.#pieces);
    while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE(0)) {
      const end = 4 + Math.min(rest.readUInt32BE(0), frameMost);
      onFrame(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    this.#pieces = [rest];
    this.#length = rest.length;
  }
}

export class FaultyWire {
  faults: Faults;
  /** Nothing goes through. */
  isCut = false;
  /** What has happened to frames. */
  readonly counts = { frames: 0, lost: 0, doubled: 0, reordered: 0, damaged: 0 };
  readonly #random: () => number;
  #ends: End[] = [];

  private constructor(seed: number, faults: Faults) {
    const next = seededRandom(seed);
    this.#random = (): number => next() / 2 ** 32;
    this.faults = faults;
  }

  static async between(
    first: string,
    second: string,
    seed: number,
    faults: Faults = {},
  ): Promise<FaultyWire> {
    const wire = new FaultyWire(seed, faults);
    const a: End = await End.join(first, (frame) => {
      wire.#pass(frame, 1);
    });
    const b: End = await End.join(second, (frame) => {
      wire.#pass(frame, 0);
    });
    wire.#ends = [a, b];
    return wire;
  }

  leave(): void {
    for (const end of this.#ends) end.leave();
  }

  #happens(chance: number | undefined): boolean {
    return chance !== undefined && chance > 0 && this.#random() < chance;
  }

  #pass(frame: Buffer, to: 0 | 1): void {
    const { loss, duplication, reordering, corruption, delay = 0 } = this.faults;
    this.counts.frames++;
    if (this.isCut || this.#happens(loss)) {
      this.counts.lost++;
      return;
    }
    let passed = frame;
    if (this.#happens(corruption)) {
      this.counts.damaged++;
      passed = Buffer.from(frame);
      const at = 4 + Math.floor(this.#random() * (frame.length - 4));
      passed[at] = (passed[at] ?? 0) ^ (1 << Math.floor(this.#random() * 8));
    }
    const times = this.#happens(duplication) ? 2 : 1;
    if (times === 2) this.counts.doubled++;
    // Held back for a moment, it comes after those that follow it.
    const isLate = this.#happens(reordering);
    if (isLate) this.counts.reordered++;
    const wait = delay + (isLate ? 1 + Math.floor(this.#random() * 5) : 0);
    for (let count = 0; count < times; count++) {
      if (wait === 0) this.#ends[to]?.send(passed);
      else setTimeout(() => this.#ends[to]?.send(passed), wait);
    }
  }
}
