// SPDX-License-Identifier: Apache-2.0
// Packages are read back the way browsers read them, and twice the same input gives twice the same bytes.
import { execFileSync } from "node:child_process";
import { createHash, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { crx, idOf, publicHalf } from "../packing/crx.mjs";
import { packages as packagesOf } from "../packing/packages.mjs";
import { zip } from "../packing/zip.mjs";

const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const base = "https://updates.example/a&b";
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-pack-"));
  const manifest = { manifest_version: 3, name: "Gatehouse", version: "1.2.3" };
  const write = (path: string, content: object | string) => writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
  mkdirSync(join(folder, "chromium/icons"), { recursive: true });
  mkdirSync(join(folder, "firefox"));
  write("chromium/manifest.json", { ...manifest, key: publicHalf(key).toString("base64") });
  write("chromium/worker.js", "// ä 😀");
  write("chromium/icons/16.png", "\u0000\u0001");
  write("firefox/manifest.json", { ...manifest, browser_specific_settings: { gecko: { id: "gatehouse@gatehouse.example" } } });
});
afterAll(() => rmSync(folder, { recursive: true }));

const pack = (options = {}) => packagesOf({ dist: folder, base, key, ...options }) as { id: string; files: Map<string, Buffer> };
const text = (files: Map<string, Buffer>, name: string) => files.get(name)?.toString("utf8") ?? "";
// With a reader that is not ours.
function unzip(bytes: Uint8Array): Record<string, string> {
  const path = join(folder, "read.zip");
  writeFileSync(path, bytes);
  const code = "import sys,zipfile,json; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(json.dumps({n: z.read(n).decode('latin1') for n in z.namelist()}))";
  return JSON.parse(execFileSync("python3", ["-c", code, path], { encoding: "utf8" })) as Record<string, string>;
}

// The fields of a protobuf message that has fields of bytes alone.
function fieldsOf(bytes: Buffer): Map<number, Buffer> {
  const fields = new Map<number, Buffer>();
  let at = 0;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        return value;
      }
    }
  };
  while (at < bytes.length) {
    const tag = number();
    expect(tag & 7).toBe(2);
    const length = number();
    fields.set(tag >> 3, bytes.subarray(at, (at += length)));
  }
  return fields;
}

describe("a CRX3 package", () => {
  it("is signed by the key that names the extension", () => {
    const archive = zip(new Map([["manifest.json", Buffer.from("{}")]]));
    const bytes = crx(archive, key);
    expect(bytes.subarray(0, 4).toString()).toBe("Cr24");
    expect(bytes.readUInt32LE(4)).toBe(3);
    const end = 12 + bytes.readUInt32LE(8);
    expect(bytes.subarray(end)).toEqual(archive);
    const header = fieldsOf(bytes.subarray(12, end));
    const proof = fieldsOf(header.get(2) as Buffer);
    const signedData = header.get(10000) as Buffer;
    expect(proof.get(1)).toEqual(publicHalf(key));
    const id = fieldsOf(signedData).get(1) as Buffer;
    expect(id).toEqual(createHash("sha256").update(publicHalf(key)).digest().subarray(0, 16));
    expect(idOf(publicHalf(key))).toBe([...id.toString("hex")].map((digit) => "abcdefghijklmnop"[parseInt(digit, 16)]).join(""));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(signedData.length);
    const signed = Buffer.concat([Buffer.from("CRX3 SignedData\0"), length, signedData, archive]);
    const publicKey = createPublicKey({ key: proof.get(1) as Buffer, format: "der", type: "spki" });
    expect(verify("sha256", signed, publicKey, proof.get(2) as Buffer)).toBe(true);
    signed[signed.length - 1] = (signed[signed.length - 1] ?? 0) ^ 1;
    expect(verify("sha256", signed, publicKey, proof.get(2) as Buffer)).toBe(false);
  });
});

describe("the packages", () => {
  it("are the same bytes for the same input", () => {
    const first = pack().files;
    const second = pack().files;
    expect([...first.keys()]).toEqual(["gatehouse-1.2.3.crx", "gatehouse-1.2.3.xpi", "gatehouse-1.2.3-store.zip", "update.xml", "updates.json"]);
    for (const [name, bytes] of first) {
      expect(second.get(name)?.equals(bytes), name).toBe(true);
    }
  });
  it("do not depend on the order in which files are found", () => {
    const files: [string, Buffer][] = [["b", Buffer.from("2")], ["a/c", Buffer.from("1")]];
    expect(zip(new Map(files))).toEqual(zip(new Map(files.toReversed())));
  });
  it("have every file, and say where updates are", () => {
    const { files } = pack();
    const crxBytes = files.get("gatehouse-1.2.3.crx") as Buffer;
    const chromium = unzip(crxBytes.subarray(12 + crxBytes.readUInt32LE(8)));
    expect(Object.keys(chromium)).toEqual(["icons/16.png", "manifest.json", "worker.js"]);
    expect(JSON.parse(chromium["manifest.json"] ?? "")).toMatchObject({ version: "1.2.3", update_url: `${base}/update.xml`, key: publicHalf(key).toString("base64") });
    const firefox = unzip(files.get("gatehouse-1.2.3.xpi") as Buffer);
    expect(JSON.parse(firefox["manifest.json"] ?? "")).toMatchObject({ browser_specific_settings: { gecko: { id: "gatehouse@gatehouse.example", update_url: `${base}/updates.json` } } });
    expect(JSON.parse(unzip(files.get("gatehouse-1.2.3-store.zip") as Buffer)["manifest.json"] ?? "")).not.toHaveProperty("key");
  });
  it("come with update manifests that name them", () => {
    const { id, files } = pack();
    expect(text(files, "update.xml")).toContain(`<app appid='${id}'>`);
    expect(text(files, "update.xml")).toContain("codebase='https://updates.example/a&amp;b/gatehouse-1.2.3.crx' version='1.2.3'");
    const updates = JSON.parse(text(files, "updates.json")) as { addons: Record<string, { updates: Record<string, string>[] }> };
    expect(updates.addons["gatehouse@gatehouse.example"]?.updates[0]).toEqual({
      version: "1.2.3",
      update_link: `${base}/gatehouse-1.2.3.xpi`,
      update_hash: `sha256:${createHash("sha256").update(files.get("gatehouse-1.2.3.xpi") as Buffer).digest("hex")}`,
    });
  });
  it("are not made with another key by accident", () => {
    const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    expect(() => pack({ key: other })).toThrow("another id");
    const own = pack({ key: other, isOwnKey: true });
    expect(own.id).toBe(idOf(publicHalf(other)));
    const bytes = own.files.get("gatehouse-1.2.3.crx") as Buffer;
    expect(JSON.parse(unzip(bytes.subarray(12 + bytes.readUInt32LE(8)))["manifest.json"] ?? "")).toMatchObject({ key: publicHalf(other).toString("base64") });
  });
});

it("the same sources make the same packages, wherever and whenever they are built", () => {
  const script = fileURLToPath(new URL("../build.mjs", import.meta.url));
  const packed = ["first", "second/deeper"].map((place) => {
    const dist = join(folder, place);
    execFileSync(process.execPath, [script, dist], { cwd: tmpdir() });
    return (packagesOf({ dist, base, key, isOwnKey: true }) as { files: Map<string, Buffer> }).files;
  });
  const [first, second] = packed;
  expect([...(first?.keys() ?? [])].length).toBe(5);
  for (const [name, bytes] of first ?? []) {
    expect(second?.get(name)?.equals(bytes), name).toBe(true);
  }
});

it("the scripts read no clock and no chance", () => {
  for (const name of ["zip", "crx", "updates", "packages"]) {
    expect(readFileSync(new URL(`../packing/${name}.mjs`, import.meta.url), "utf8")).not.toMatch(/Date\b(?!\))|random|mtime/);
  }
});
