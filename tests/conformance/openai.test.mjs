// SPDX-License-Identifier: Apache-2.0
// The official `openai` client, unmodified: only base URL and API key say that Gatehouse is there.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import OpenAI from "openai";
import { Agent, CARD, Provider, TOKEN } from "./agent.mjs";

let provider, agent, client;

before(async () => {
  provider = await new Provider().start();
  agent = await new Agent(provider.url).start();
  client = new OpenAI({ baseURL: agent.baseURL, apiKey: agent.token, maxRetries: 2, timeout: 60_000 });
});

after(async () => {
  await agent?.stop();
  provider?.stop();
});

const ask = (model, content, rest = {}) => client.chat.completions.create({ model, messages: [{ role: "user", content }], ...rest });

async function eventually(check) {
  for (let i = 0; i < 200 && !check(); i++) await sleep(100);
  assert.ok(check());
}

test("a completion is redacted on the way out and restored on the way back", async () => {
  const { data, response } = await ask("scripted/any", `card ${CARD}`).withResponse();
  assert.equal(data.choices[0].message.content, `card ${CARD}`);
  assert.equal(response.headers.get("x-gatehouse-decision"), "redact");
  assert.doesNotMatch(JSON.stringify(provider.requests.at(-1)), /4111/);
  assert.deepEqual(data.usage, { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 });
});

test("a stream is restored and ends, with its usage", async () => {
  const stream = await ask("scripted/any", `card ${CARD}.`, { stream: true, stream_options: { include_usage: true } });
  let text = "", usage = null;
  for await (const piece of stream) {
    text += piece.choices[0]?.delta?.content ?? "";
    usage = piece.usage ?? usage;
  }
  assert.equal(text, `card ${CARD}.`);
  assert.equal(usage?.total_tokens, 7);
});

test("tool-call arguments are restored as JSON", async () => {
  const data = await ask("scripted/tool", `card ${CARD}`);
  assert.deepEqual(JSON.parse(data.choices[0].message.tool_calls[0].function.arguments), { v: `card ${CARD}` });
});

test("a stream that the client aborts is cancelled at the provider", async () => {
  const before = provider.disconnects;
  const controller = new AbortController();
  const stream = await client.chat.completions.create(
    { model: "scripted/hang", stream: true, messages: [{ role: "user", content: "a beginning" }] }, { signal: controller.signal });
  for await (const piece of stream) {
    if (piece.choices[0].delta.content) break;
  }
  controller.abort();
  await eventually(() => provider.disconnects > before);
});

test("a call that the client aborts before the first byte is cancelled at the provider", async () => {
  const before = provider.disconnects, arrived = provider.requests.length;
  const controller = new AbortController();
  const call = client.chat.completions.create({ model: "scripted/hang", messages: [{ role: "user", content: "hi" }] },
    { signal: controller.signal });
  await eventually(() => provider.requests.length > arrived);
  controller.abort();
  await assert.rejects(call, OpenAI.APIUserAbortError);
  await eventually(() => provider.disconnects > before);
});

test("a refusal is a PermissionDeniedError and is asked once", async () => {
  const before = provider.requests.length, interactions = new Set();
  const counting = new OpenAI({ baseURL: agent.baseURL, apiKey: agent.token, maxRetries: 3,
    fetch: async (...call) => {
      const response = await fetch(...call);
      interactions.add(response.headers.get("x-gatehouse-interaction"));
      return response;
    } });
  await assert.rejects(counting.chat.completions.create({ model: "scripted/any", messages: [{ role: "user", content: `use ${TOKEN}` }] }),
    (error) => {
      assert.ok(error instanceof OpenAI.PermissionDeniedError, error.constructor.name);
      assert.equal(error.code, "dlp_blocked");
      assert.ok(!error.message.includes(TOKEN));
      return true;
    });
  assert.equal(interactions.size, 1, "the client asked again");
  assert.equal(provider.requests.length, before);
});

test("a wrong key is an AuthenticationError, an unknown model a NotFoundError", async () => {
  const stranger = new OpenAI({ baseURL: agent.baseURL, apiKey: "ghc_wrong", maxRetries: 0 });
  await assert.rejects(stranger.models.list(), OpenAI.AuthenticationError);
  await assert.rejects(ask("scripted/unheard-of", "hi"), OpenAI.NotFoundError);
});

test("a provider's failure reaches the client as an APIError", async () => {
  await assert.rejects(client.chat.completions.create({ model: "scripted/fail", messages: [{ role: "user", content: "hi" }] },
    { maxRetries: 0 }), OpenAI.APIError);
});

test("the models list has the preview, and the preview shows what would leave", async () => {
  const names = [];
  for await (const model of client.models.list()) names.push(model.id);
  assert.ok(names.includes("preview"), names.join());
  const data = await ask("preview", `card ${CARD}`);
  assert.match(data.choices[0].message.content, /\[\[[A-Z]+_\d+_[0-9A-Z]{2}\]\]/);
});

test("no header of the client that names it reaches the provider", () => {
  for (const { headers } of provider.requests) {
    assert.ok(!JSON.stringify(headers).includes(agent.token));
    assert.ok(!Object.keys(headers).some((name) => name.startsWith("x-stainless")), Object.keys(headers).join());
  }
});
