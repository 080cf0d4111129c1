// SPDX-License-Identifier: Apache-2.0
// An https server on the loopback interface that stands for chatgpt.com and any other name. Its certificate is made anew.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { build } from "esbuild";

const here = import.meta.dirname;

export async function startServer(folder) {
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => join(folder, name));
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
    "-subj", "/CN=localhost", "-keyout", key, "-out", cert], { stdio: "ignore" }); // prettier-ignore
  const bundle = await build({ entryPoints: [join(here, "page.js")], bundle: true, write: false, format: "iife", logLevel: "error" });
  const files = {
    "/": ["text/html", readFileSync(join(here, "page.html"))],
    "/page.css": ["text/css", readFileSync(join(here, "page.css"))],
    "/page.bundle.js": ["text/javascript", bundle.outputFiles[0].contents],
  };
  const got = []; // what pages sent: {method, path, body}
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      if (request.method !== "GET") {
        got.push({ method: request.method, path: request.url, body: Buffer.concat(chunks).toString("utf8") });
      }
      const [type, body] = files[request.url] ?? ["text/plain", ""];
      response.writeHead(200, { "content-type": `${type}; charset=utf-8`, "cache-control": "no-store" });
      response.end(body);
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: server.address().port, got, close: () => server.close() };
}
