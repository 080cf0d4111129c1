// SPDX-License-Identifier: Apache-2.0
// A ZIP archive (PKWARE APPNOTE 6.3) whose bytes follow from names and contents alone: sorted, stored, without times.
import { crc32 } from "node:zlib";

const kDay = (1 << 5) | 1; // the earliest there is, 1980-01-01

function record(signature, fields) {
  const bytes = Buffer.alloc(4 + fields.reduce((sum, [size]) => sum + size, 0));
  bytes.writeUInt32LE(signature, 0);
  let offset = 4;
  for (const [size, value] of fields) {
    bytes.writeUIntLE(value, offset, size);
    offset += size;
  }
  return bytes;
}

// files: Map of name to Buffer. Not compressed, so that no version of a compressor changes the bytes.
export function zip(files) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const name of [...files.keys()].sort()) {
    const content = files.get(name);
    const bytes = Buffer.from(name, "utf8");
    // version 2.0, names in UTF-8, stored, time, date, crc, sizes, length of the name, no extra field
    const common = [[2, 20], [2, 0x0800], [2, 0], [2, 0], [2, kDay], [4, crc32(content)], [4, content.length], [4, content.length], [2, bytes.length], [2, 0]];
    const local = record(0x04034b50, common);
    directory.push(record(0x02014b50, [[2, 20], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]]), bytes);
    parts.push(local, bytes, content);
    offset += local.length + bytes.length + content.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = record(0x06054b50, [[2, 0], [2, 0], [2, files.size], [2, files.size], [4, size], [4, offset], [2, 0]]);
  return Buffer.concat([...parts, ...directory, end]);
}
