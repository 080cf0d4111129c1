// SPDX-License-Identifier: Apache-2.0
// Real Firefox. The host's manifest lies in the person's home, which is a folder of the test; the site's names lead to the
// test server through a proxy, so that a page has the very origin it would have.
import { createServer } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import puppeteer from "puppeteer-core";
import { firstOf, kHosts, root, writeHostManifest } from "./browser.mjs";

const extension = join(root, "extension/dist/firefox");

const firefox = () =>
  firstOf([process.env.GATEHOUSE_FIREFOX, "/usr/bin/firefox-esr", "/usr/bin/firefox"], "Firefox: install the package firefox-esr, or set GATEHOUSE_FIREFOX");

// Tunnels to the test server, whatever port is asked for; any other host is not there.
async function startProxy(port) {
  const sockets = new Set();
  const proxy = createServer((_request, response) => response.writeHead(403).end());
  proxy.on("connect", (request, socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    if (!kHosts.includes(request.url.split(":")[0])) {
      socket.destroy();
      return;
    }
    const server = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      server.pipe(socket).pipe(server);
    });
    server.on("error", () => socket.destroy());
    socket.on("error", () => server.destroy());
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const close = () => {
    proxy.close();
    sockets.forEach((socket) => socket.destroy());
  };
  return { port: proxy.address().port, close };
}

// `isInstalled`: policy brings the extension. `idle`: milliseconds after which it may sleep. `wrap` gives the program that starts Firefox.
export async function open({ folder, port, socket, hasHost = true, isInstalled = false, idle = 30_000, wrap = (path) => path, others = [] }) {
  if (hasHost) {
    writeHostManifest(join(folder, ".mozilla/native-messaging-hosts"), "firefox");
  }
  const proxy = await startProxy(port);
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: wrap(firefox()),
    headless: true,
    protocolTimeout: 60_000,
    userDataDir: join(folder, "profile"),
    acceptInsecureCerts: true,
    env: { ...process.env, HOME: folder, GATEHOUSE_SOCKET: socket },
    args: ["--remote-allow-system-access"], // the tests look into closed shadow roots and make drags
    extraPrefsFirefox: {
      "dom.events.testing.asyncClipboard": true,
      "dom.file.createInChild": true,
      "extensions.background.idle.timeout": idle,
      "network.proxy.type": 1,
      "network.proxy.ssl": "127.0.0.1",
      "network.proxy.ssl_port": proxy.port,
    },
    defaultViewport: { width: 1000, height: 720 },
  });
  browser.once("disconnected", proxy.close);
  for (const other of others) {
    await browser.installExtension(other);
  }
  if (!isInstalled) {
    await browser.installExtension(extension);
  }
  return browser;
}
