// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4), in one piece and at once: a browser that waits for our word on a request takes no promise.
const kRound = new Uint32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
  0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
  0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
  0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
  0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
  0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]); // prettier-ignore
const kStart = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
const words = new Uint32Array(64);
const at = (list: Uint32Array, index: number): number => list[index] as number;
const turn = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

function padded(bytes: Uint8Array): DataView {
  const length = ((bytes.length + 8) >> 6 << 6) + 64;
  const whole = new Uint8Array(length);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  const view = new DataView(whole.buffer);
  view.setUint32(length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(length - 4, bytes.length << 3);
  return view;
}

function expand(block: DataView, offset: number): void {
  for (let i = 0; i < 16; i += 1) {
    words[i] = block.getUint32(offset + i * 4);
  }
  for (let i = 16; i < 64; i += 1) {
    const [a, b] = [at(words, i - 15), at(words, i - 2)];
    const low = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
    const high = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
    words[i] = at(words, i - 16) + low + at(words, i - 7) + high;
  }
}

function compress(state: Uint32Array): void {
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i += 1) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + at(kRound, i) + at(words, i)) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] = at(state, i) + word));
}

function digest(bytes: Uint8Array): Uint32Array {
  const block = padded(bytes);
  const state = new Uint32Array(kStart);
  for (let offset = 0; offset < block.byteLength; offset += 64) {
    expand(block, offset);
    compress(state);
  }
  return state;
}

const hex = (state: Uint32Array): string => [...state].map((word) => word.toString(16).padStart(8, "0")).join("");
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

// Lower-case hexadecimal digits of the text's UTF-8 bytes.
export function sha256(text: string): string {
  return hex(digest(utf8(text)));
}

const kBlock = 64;

function withPad(key: Uint8Array, pad: number, rest: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(kBlock + rest.length).fill(pad, 0, kBlock);
  key.forEach((byte, i) => (bytes[i] = byte ^ pad));
  bytes.set(rest, kBlock);
  return bytes;
}

// HMAC-SHA-256 (RFC 2104) of the text under a key of at most 64 bytes, as hexadecimal digits.
export function hmacSha256(key: string, text: string): string {
  const inner = new DataView(new ArrayBuffer(32));
  digest(withPad(utf8(key), 0x36, utf8(text))).forEach((word, i) => inner.setUint32(i * 4, word));
  return hex(digest(withPad(utf8(key), 0x5c, new Uint8Array(inner.buffer))));
}
