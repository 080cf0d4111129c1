// SPDX-License-Identifier: Apache-2.0
// CRX3, the signed package of Chromium (components/crx_file/crx3.proto): docs/formats/extension-packages.md.
import { createHash, createPublicKey, sign } from "node:crypto";

const u32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
function varint(value) {
  const bytes = [];
  for (let rest = value; ; rest >>>= 7) {
    bytes.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
    if (rest <= 0x7f) {
      return Buffer.from(bytes);
    }
  }
}
// A field of bytes (protobuf wire type 2).
const field = (number, bytes) => Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);

// key: private or public, PEM or KeyObject. The DER of its public half is what names the extension.
export const publicHalf = (key) => createPublicKey(key).export({ type: "spki", format: "der" });

const idBytes = (spki) => createHash("sha256").update(spki).digest().subarray(0, 16);

// One letter a–p for each nibble.
export const idOf = (spki) => [...idBytes(spki).toString("hex")].map((digit) => String.fromCharCode(97 + parseInt(digit, 16))).join("");

// key: an RSA private key; its signature (RSASSA-PKCS1-v1_5 with SHA-256) is the same each time.
export function crx(archive, key) {
  const spki = publicHalf(key);
  const signedData = field(1, idBytes(spki));
  const signature = sign("sha256", Buffer.concat([Buffer.from("CRX3 SignedData\0"), u32(signedData.length), signedData, archive]), key);
  const header = Buffer.concat([field(2, Buffer.concat([field(1, spki), field(2, signature)])), field(10000, signedData)]);
  return Buffer.concat([Buffer.from("Cr24"), u32(3), u32(header.length), header, archive]);
}
