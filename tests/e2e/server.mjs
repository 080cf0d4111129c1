// SPDX-License-Identifier: Apache-2.0
// An https server on the loopback interface that stands for chatgpt.com and any other name. Its certificate is made anew.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;

// Just enough of a WebSocket (RFC 6455): keeps what comes, in frames of less than 64 KiB.
function welcome(request, socket, got) {
  const accept = createHash("sha1").update(request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  let buffer = Buffer.alloc(0);
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    while (buffer.length >= 6) {
      const short = buffer[1] & 0x7f;
      const start = short === 126 ? 4 : 2;
      const length = short === 126 ? buffer.readUInt16BE(2) : short;
      if (buffer.length < start + 4 + length) {
        return;
      }
      const mask = buffer.subarray(start, start + 4);
      const body = Buffer.from(buffer.subarray(start + 4, start + 4 + length)).map((byte, i) => byte ^ mask[i % 4]);
      const kind = buffer[0] & 0x0f;
      if (kind === 1 || kind === 2) {
        got.push({ method: "WEBSOCKET", path: request.url, body: body.toString("utf8") });
      } else if (kind === 8) {
        socket.end();
      }
      buffer = buffer.subarray(start + 4 + length);
    }
  });
}

// `hasEditors`: with the page of the matrix, too. `more`: further files, {path: [type, text]}.
export async function startServer(folder, hasEditors = false, more = {}) {
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => join(folder, name));
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
    "-subj", "/CN=localhost", "-keyout", key, "-out", cert], { stdio: "ignore" }); // prettier-ignore
  const bundleOf = async (file) =>
    (await build({ entryPoints: [join(here, file)], bundle: true, write: false, format: "iife", logLevel: "error", define: { "process.env.NODE_ENV": '"production"' } })).outputFiles[0].contents;
  const files = {
    "/": ["text/html", readFileSync(join(here, "page.html"))],
    "/page.css": ["text/css", readFileSync(join(here, "page.css"))],
    "/page.bundle.js": ["text/javascript", await bundleOf("page.js")],
    ...(hasEditors ? { "/editors": ["text/html", readFileSync(join(here, "editors.html"))], "/editors.bundle.js": ["text/javascript", await bundleOf("editors.js")] } : {}),
    ...more,
    "/worker.js": ["text/javascript", "onmessage = ({ data }) => fetch(data.path, { method: 'POST', body: data.body }).then(() => postMessage('sent'), () => postMessage('refused'));"],
  };
  const got = []; // what pages sent: {method, path, body}
  const asked = []; // addresses that were read
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      if (request.method === "GET") {
        asked.push(request.url);
      } else {
        got.push({ method: request.method, path: request.url, body: Buffer.concat(chunks).toString("utf8") });
      }
      const [type, body] = files[request.url] ?? (request.headers["sec-fetch-dest"] === "document" ? files["/"] : ["text/plain", ""]);
      response.writeHead(200, { "content-type": `${type}; charset=utf-8`, "cache-control": "no-store" });
      response.end(body);
    });
  });
  server.on("upgrade", (request, socket) => welcome(request, socket, got));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: server.address().port, got, asked, close: () => server.close() };
}
