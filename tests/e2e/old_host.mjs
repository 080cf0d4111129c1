// SPDX-License-Identifier: Apache-2.0
// Stands for a native host and agent of another version of the protocol: answers everything, with an "allow" of its own version.
let buffer = Buffer.alloc(0);
process.stdin.on("data", (chunk) => {
  buffer = Buffer.concat([buffer, chunk]);
  while (buffer.length >= 4 && buffer.length >= 4 + buffer.readUInt32LE(0)) {
    const end = 4 + buffer.readUInt32LE(0);
    const { id, type } = JSON.parse(buffer.subarray(4, end).toString("utf8"));
    buffer = buffer.subarray(end);
    const policy = { revision: "old#1", failMode: "open", answers: "leave", unlisted: "ignore", aiHosts: [], fastPath: false, sites: [] };
    const answers = { hello: { type: "hello_ok", agent: "up", agentVersion: "old", policy, limits: {} }, verdict: { type: "verdict_ok", action: "allow", interaction: "01O", rule: "", message: "", findings: [], html: "keep" } };
    const body = Buffer.from(JSON.stringify({ v: 2, id, ...answers[type] }));
    const head = Buffer.alloc(4);
    head.writeUInt32LE(body.length);
    process.stdout.write(Buffer.concat([head, body]));
  }
});
process.stdin.on("end", () => process.exit(0));
