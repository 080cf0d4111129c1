// SPDX-License-Identifier: Apache-2.0
// What the debugger of Chromium lets a test do that a script of a page cannot: look into closed shadow roots, make drags.
export class ChromiumHands {
  static async at(page) {
    const hands = new ChromiumHands();
    hands.page = page;
    hands.client = await page.createCDPSession();
    return hands;
  }
  // The whole document: {nodeType, localName, nodeValue, children, shadowRoots: [{shadowRootType, …}]}.
  async tree() {
    return (await this.client.send("DOM.getDocument", { depth: -1, pierce: true })).root;
  }
  async boxOf(node) {
    const { model } = await this.client.send("DOM.getBoxModel", { nodeId: node.nodeId });
    return { top: model.border[1], bottom: model.border[5] };
  }
  async centerOf(node) {
    const { model } = await this.client.send("DOM.getBoxModel", { nodeId: node.nodeId });
    const [x1, y1, , , x2, y2] = model.content;
    return { x: (x1 + x2) / 2, y: (y1 + y2) / 2 };
  }
  // A drag from outside of the page that ends at the point.
  async drop(point, data) {
    for (const type of ["dragEnter", "dragOver", "drop"]) {
      await this.client.send("Input.dispatchDragEvent", { type, ...point, data: { dragOperationsMask: 1, ...data } });
    }
  }
  // How many scripts the extension registered besides those of its manifest.
  async countScripts() {
    const target = await this.page.browser().waitForTarget((each) => each.type() === "service_worker");
    return (await target.worker()).evaluate("chrome.scripting.getRegisteredContentScripts().then((all) => all.length)");
  }
  // It stays awake while the debugger looks at it.
  isAsleep() {
    return true;
  }
}
