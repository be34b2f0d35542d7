/** What a compressed content is cut into: FORMAT.md, "Frames". */
export const PIECE_BYTES = 1_048_576;
/** In a frame's length: stored as it is. */
export const AS_IS = 0x8000_0000;
/** Pieces of one content in work at a time. */
export const PIECES_AHEAD = 3;

export function piecesOf(size: number): number {
  return Math.ceil(size / PIECE_BYTES);
}

/** Bytes of piece `index` of a content. */
export function pieceSize(size: number, index: number): number {
  return Math.min(PIECE_BYTES, size - index * PIECE_BYTES);
}
