// SPDX-License-Identifier: Apache-2.0
// What most files of tests begin with: a server for the sites, the agent, the browser with a page, and a person in front of it;
// all of it ends with the file. `isReady` gets the members once they are there: hooks of one level do not wait for each other.
import { after, before, beforeEach } from "node:test";
import { policy as usualPolicy, socketOf, startAgent } from "./agent.mjs";
import { makeFolder, openBrowser, openPage, remove } from "./browser.mjs";
import { Person } from "./person.mjs";
import { startServer } from "./server.mjs";

export function setStage(isReady, { policy = usualPolicy, clearsEditor = true, ...browserOptions } = {}) {
  const stage = { folder: makeFolder() };
  before(async () => {
    stage.server = await startServer(stage.folder);
    stage.agent = await startAgent(stage.folder, policy);
    stage.browser = await openBrowser({
      folder: stage.folder,
      port: stage.server.port,
      socket: socketOf(stage.folder),
      ...browserOptions,
    });
    stage.person = await Person.at(await openPage(stage.browser, "https://chatgpt.com/"));
    isReady(stage);
  });
  after(async () => {
    await stage.browser?.close();
    await stage.agent?.stop();
    stage.server?.close();
    remove(stage.folder);
  });
  beforeEach(async () => {
    await stage.person.closeNotice();
    if (clearsEditor) await stage.person.clear();
    stage.server.got.length = 0;
  });
  return stage;
}
