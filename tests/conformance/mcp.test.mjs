// SPDX-License-Identifier: Apache-2.0
// The official SDK of the Model Context Protocol on both sides of the agent: its client in front, a server made with it behind.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { LoggingMessageNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { Agent, CARD, TOKEN } from "./agent.mjs";

const sessions = new Map();
const calls = [];
let http, agent, isJson = false;

function makeServer() {
  const server = new McpServer({ name: "tools", version: "1.0.0" }, { capabilities: { logging: {} } });
  server.registerTool("echo", { description: "Says it again.", inputSchema: { text: z.string() } }, async ({ text }, extra) => {
    calls.push(text);
    await extra.sendNotification({ method: "notifications/message", params: { level: "info", data: `about to say ${text}` } });
    return { content: [{ type: "text", text }] };
  });
  server.registerTool("leak", { description: "Says what it should not." }, async () => ({ content: [{ type: "text", text: `the token is ${TOKEN}` }] }));
  return server;
}

async function serve(request, response) {
  const id = request.headers["mcp-session-id"];
  let transport = sessions.get(id);
  if (!transport) {
    if (id) return response.writeHead(404).end();
    transport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID, enableJsonResponse: isJson,
      onsessioninitialized: (name) => sessions.set(name, transport), onsessionclosed: (name) => sessions.delete(name) });
    await makeServer().connect(transport);
  }
  await transport.handleRequest(request, response);
}

before(async () => {
  http = createServer((request, response) => serve(request, response).catch(() => response.writeHead(500).end()));
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const url = `http://127.0.0.1:${http.address().port}/mcp`;
  agent = await new Agent("http://127.0.0.1:9/v1", {}, { mcp: { tools: { url, trust: "approved" } } }).start();
});

after(async () => {
  await agent?.stop();
  http?.closeAllConnections();
  http?.close();
});

async function connected() {
  const client = new Client({ name: "conformance", version: "1.0.0" });
  const transport = new StreamableHTTPClientTransport(new URL(`${agent.root}/mcp/tools`),
    { requestInit: { headers: { Authorization: `Bearer ${agent.token}` } } });
  await client.connect(transport);
  return { client, transport };
}

for (const kind of ["events", "json"]) {
  test(`tools are listed and called; the server answers in ${kind}`, async () => {
    isJson = kind === "json";
    const { client, transport } = await connected();
    const { tools } = await client.listTools();
    assert.deepEqual(tools.map((tool) => tool.name), ["echo", "leak"]);
    const said = await client.callTool({ name: "echo", arguments: { text: `my card is ${CARD}` } });
    assert.equal(said.content[0].text, `my card is ${CARD}`);
    assert.ok(!calls.at(-1).includes("4111"), calls.at(-1));
    assert.match(calls.at(-1), /\[\[CARD_/);
    assert.ok(![...sessions.keys()].includes(transport.sessionId)); // a session's own name stays with its server
    await transport.terminateSession();
    await client.close();
    assert.equal(sessions.size, 0);
  });

  test(`what policy blocks rejects the call; the server answers in ${kind}`, async () => {
    isJson = kind === "json";
    const { client, transport } = await connected();
    const before = calls.length;
    await assert.rejects(client.callTool({ name: "echo", arguments: { text: `use ${TOKEN}` } }), /dlp_blocked|not sent/);
    assert.equal(calls.length, before);
    await assert.rejects(client.callTool({ name: "leak", arguments: {} }), (error) => !String(error).includes(TOKEN));
    assert.equal((await client.callTool({ name: "echo", arguments: { text: "still here" } })).content[0].text, "still here");
    await transport.terminateSession();
    await client.close();
  });
}

test("notifications on the way arrive restored", async () => {
  isJson = false;
  const { client, transport } = await connected();
  const told = [];
  client.setNotificationHandler(LoggingMessageNotificationSchema, (message) => { told.push(message.params.data); });
  await client.callTool({ name: "echo", arguments: { text: `card ${CARD}` } });
  assert.deepEqual(told, [`about to say card ${CARD}`]);
  await transport.terminateSession();
  await client.close();
});

test("a server that policy does not name cannot be connected to", async () => {
  const client = new Client({ name: "conformance", version: "1.0.0" });
  const transport = new StreamableHTTPClientTransport(new URL(`${agent.root}/mcp/other`),
    { requestInit: { headers: { Authorization: `Bearer ${agent.token}` } } });
  await assert.rejects(client.connect(transport), /Policy names no server/);
});
