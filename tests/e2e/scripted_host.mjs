// SPDX-License-Identifier: Apache-2.0
// Stands for native host and agent where a test needs an agent that knows the clipboard, which no browser without a desktop
// has: allows every text, and says of the clipboard what the file GATEHOUSE_SCRIPT says ({text, html, allowed}).
import { createHmac } from "node:crypto";
import { appendFileSync, readFileSync, watchFile } from "node:fs";

const script = process.env.GATEHOUSE_SCRIPT;
let key = "";

function send(message) {
  const body = Buffer.from(JSON.stringify({ v: 1, ...message }));
  const head = Buffer.alloc(4);
  head.writeUInt32LE(body.length);
  process.stdout.write(Buffer.concat([head, body]));
}
const digest = (text) => (text ? createHmac("sha256", key).update(text, "utf8").digest("hex") : "");
function tellClip() {
  if (key) {
    const { text, html = "", allowed = true } = JSON.parse(readFileSync(script, "utf8"));
    send({ type: "push", what: "clip", key, text: digest(text), html: digest(html), allowed });
    appendFileSync(`${script}.log`, "clip\n");
  }
}
watchFile(script, { interval: 50 }, tellClip);

const policy = { revision: "s#1", failMode: "closed", answers: "leave", unlisted: "ignore", aiHosts: [], fastPath: true, sites: [] };
const kAnswers = {
  hello: ({ id }) => send({ type: "hello_ok", id, agent: "up", agentVersion: "scripted", policy, limits: {} }),
  ping: ({ id }) => send({ type: "pong", id }),
  verdict: ({ id, kind, text }) => {
    appendFileSync(`${script}.log`, `verdict ${kind} ${text.length}\n`);
    send({ type: "verdict_ok", id, action: "allow", interaction: "01S", rule: "", message: "", findings: [], html: "keep" });
  },
  focus: ({ focused, key: fresh }) => {
    key = focused ? fresh : "";
    appendFileSync(`${script}.log`, `focus ${focused}\n`);
    tellClip();
  },
};

let buffer = Buffer.alloc(0);
process.stdin.on("data", (chunk) => {
  buffer = Buffer.concat([buffer, chunk]);
  while (buffer.length >= 4 && buffer.length >= 4 + buffer.readUInt32LE(0)) {
    const end = 4 + buffer.readUInt32LE(0);
    const message = JSON.parse(buffer.subarray(4, end).toString("utf8"));
    buffer = buffer.subarray(end);
    kAnswers[message.type]?.(message);
  }
});
process.stdin.on("end", () => process.exit(0));
