// SPDX-License-Identifier: BSD-2-Clause
// contents.ts: the bytes of a file of the model: pieces, because a file may have gigabytes of nothing in it.
const pieceBytes = 65_536;

/** What is in a file; what was never written is zero. */
export class Contents {
  readonly #pieces = new Map<number, Buffer>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** How many bytes are really kept. */
  get keptBytes(): number {
    return this.#pieces.size * pieceBytes;
  }

  /** Where there is something: start and length of each piece. */
  extents(): [number, number][] {
    return [...this.#pieces.keys()].map((index) => [
      index * pieceBytes,
      Math.min(pieceBytes, this.#size - index * pieceBytes),
    ]);
  }

  read(at: number, length: number): Buffer {
    const result = Buffer.alloc(Math.max(0, Math.min(length, this.#size - at)));
    eachPiece(at, result.length, (index, within, start, count) => {
      this.#pieces.get(index)?.copy(result, start, within, within + count);
    });
    return result;
  }

  write(at: number, bytes: Buffer): void {
    eachPiece(at, bytes.length, (index, within, start, count) => {
      const piece = this.#pieces.get(index) ?? Buffer.alloc(pieceBytes);
      bytes.copy(piece, within, start, start + count);
      this.#pieces.set(index, piece);
    });
    this.#size = Math.max(this.#size, at + bytes.length);
  }

  /** What is cut off is zero if the file grows again. */
  truncate(size: number): void {
    for (const [index, piece] of this.#pieces) {
      const kept = size - index * pieceBytes;
      if (kept <= 0) this.#pieces.delete(index);
      else if (kept < pieceBytes) piece.fill(0, kept);
    }
    this.#size = size;
  }
}

type PieceVisitor = (index: number, within: number, start: number, count: number) => void;

function eachPiece(at: number, length: number, visit: PieceVisitor): void {
  for (let start = 0; start < length;) {
    const within = (at + start) % pieceBytes;
    const count = Math.min(pieceBytes - within, length - start);
    visit(Math.floor((at + start) / pieceBytes), within, start, count);
    start += count;
  }
}
