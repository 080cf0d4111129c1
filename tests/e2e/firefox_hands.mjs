// SPDX-License-Identifier: Apache-2.0
// The same for Firefox: nodes by WebDriver BiDi, drags by a script with the browser's own rights beside the page.

const kExtension = "gatehouse@gatehouse.example";

// Runs beside the page. Its events are trusted, as those of a person are; the page reads what they carry as ever.
function dropBesidePage() {
  const drop = async ({ x, y, data }) => {
    const { content } = this;
    // Put in by the page itself, in effect: what the system puts in, the page cannot read.
    const sandbox = new Cu.Sandbox(content, { sandboxPrototype: content, wantXrays: false });
    const files = await Promise.all((data.files ?? []).map((path) => content.File.createFromFileName(path)));
    Object.assign(sandbox, { items: JSON.stringify(data.items), files: Cu.cloneInto(files, sandbox, { wrapReflectors: true }) });
    const fill = "const transfer = new DataTransfer(); JSON.parse(items).forEach((each) => transfer.setData(each.mimeType, each.data)); files.forEach((file) => transfer.items.add(file)); transfer";
    const dataTransfer = Cu.evalInSandbox(fill, sandbox);
    const target = content.windowUtils.elementFromPoint(x, y, false, true);
    const place = { screenX: x + content.mozInnerScreenX, screenY: y + content.mozInnerScreenY };
    for (const type of ["dragenter", "dragover", "drop"]) {
      const event = new content.DragEvent(type, { bubbles: true, cancelable: true, composed: true, dataTransfer, ...place });
      content.windowUtils.dispatchDOMEventViaPresShellForTesting(target, event);
    }
  };
  this.addMessageListener("test:drop", (message) => {
    drop(message.data).then(
      () => this.sendAsyncMessage("test:dropped", ""),
      (error) => this.sendAsyncMessage("test:dropped", String(error)),
    );
  });
}

export class FirefoxHands {
  static async at(page) {
    const hands = new FirefoxHands();
    hands.page = page;
    hands.connection = page.browser().connection;
    return hands;
  }
  async #evaluate(method, context, what) {
    const { result } = await this.connection.send(`script.${method}`, { target: { context }, awaitPromise: true, resultOwnership: "none", ...what });
    if (result.type === "exception") {
      throw new Error(result.exceptionDetails.text);
    }
    return result.result;
  }
  async tree() {
    const serializationOptions = { maxDomDepth: null, includeShadowTree: "all" };
    const root = await this.#evaluate("evaluate", this.page.mainFrame()._id, { expression: "document.documentElement", serializationOptions });
    const plain = ({ sharedId, value }) => ({
      ...value,
      attributes: Object.entries(value.attributes ?? {}).flat(), // as Chromium says it: name, value, name, value
      sharedId,
      children: (value.children ?? []).map(plain),
      shadowRoots: value.shadowRoot ? [{ ...plain(value.shadowRoot), shadowRootType: value.shadowRoot.value.mode }] : [],
    });
    return plain(root);
  }
  async boxOf(node) {
    const box = await this.#evaluate("callFunction", this.page.mainFrame()._id, {
      functionDeclaration: "(element) => JSON.stringify(element.getBoundingClientRect())",
      arguments: [{ sharedId: node.sharedId }],
    });
    return JSON.parse(box.value);
  }
  async centerOf(node) {
    const { x, y, width, height } = await this.boxOf(node);
    return { x: x + width / 2, y: y + height / 2 };
  }
  // Runs `run` with the browser's own rights; takes and gives texts.
  async #inBrowser(run, ...texts) {
    const { result } = await this.connection.send("browsingContext.getTree", { maxDepth: 0, "moz:scope": "chrome" });
    const list = texts.map((value) => ({ type: "string", value }));
    return (await this.#evaluate("callFunction", result.contexts[0].context, { functionDeclaration: run.toString(), arguments: list })).value;
  }
  // How many scripts the extension registered besides those of its manifest.
  countScripts() {
    return this.#inBrowser((id) => {
      const { ExtensionParent } = ChromeUtils.importESModule("resource://gre/modules/ExtensionParent.sys.mjs");
      return ExtensionParent.GlobalManager.getExtension(id).registeredContentScripts.size;
    }, kExtension);
  }
  isAsleep() {
    return this.#inBrowser((id) => {
      const { ExtensionParent } = ChromeUtils.importESModule("resource://gre/modules/ExtensionParent.sys.mjs");
      return ExtensionParent.GlobalManager.getExtension(id).backgroundState === "stopped";
    }, kExtension);
  }
  async drop({ x, y }, data) {
    const script = `data:application/javascript;charset=utf-8,${encodeURIComponent(`(${dropBesidePage}).call(this)`)}`;
    const run = (code, message) => {
      const { selectedBrowser } = gBrowser;
      const { messageManager } = selectedBrowser;
      if (!selectedBrowser.isReadyForDrops) {
        messageManager.loadFrameScript(code, false);
        selectedBrowser.isReadyForDrops = true;
      }
      return new Promise((resolve) => {
        messageManager.addMessageListener("test:dropped", function done(answer) {
          messageManager.removeMessageListener("test:dropped", done);
          resolve(answer.data);
        });
        messageManager.sendAsyncMessage("test:drop", JSON.parse(message));
      });
    };
    const error = await this.#inBrowser(run, script, JSON.stringify({ x, y, data }));
    if (error) {
      throw new Error(error);
    }
  }
}
