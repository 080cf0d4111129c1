// SPDX-License-Identifier: Apache-2.0
// One paste for ./dev demo: DEMO_TEXT goes into the ProseMirror page under the name chatgpt.com; prints what the page got and
// leaves a picture of what the person sees in DEMO_SCREENSHOT. The agent behind GATEHOUSE_SOCKET decides.
import { makeFolder, openBrowser, openPage, remove } from "./browser.mjs";
import { Person, until } from "./person.mjs";
import { startServer } from "./server.mjs";

const { DEMO_TEXT: text, DEMO_SCREENSHOT: picture, GATEHOUSE_SOCKET: socket } = process.env;
const folder = makeFolder();
const server = await startServer(folder);
let browser;
try {
  browser = await openBrowser({ folder, port: server.port, socket });
  const person = await Person.at(await openPage(browser, "https://chatgpt.com/"));
  await person.paste("#prompt-textarea", text);
  await until(async () => (await person.editor()).trim() !== "", "the text in the editor");
  await person.sees("replaced before pasting");
  await person.page.screenshot({ path: picture });
  console.log((await person.editor()).replace(/\n+/g, "\n"));
  console.log(`\nnotice: ${(await person.notice()).replace(/\s*\n\s*/g, " · ")}`);
} finally {
  await browser?.close();
  server.close();
  remove(folder);
}
