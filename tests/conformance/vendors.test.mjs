// SPDX-License-Identifier: Apache-2.0
// Each vendor's official client, unmodified, against each vendor's interface behind the agent.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { GoogleGenAI, Type } from "@google/genai";
import { generateText, streamText } from "ai";
import { Ollama } from "ollama";
import OpenAI from "openai";
import { Agent, CARD, TOKEN, Vendors } from "./agent.mjs";

const KINDS = ["compatible", "openai", "anthropic", "ollama", "gemini", "bedrock"];
const TEXT = `my card is ${CARD}, thanks`;
const CALL = `call the tool with ${CARD}`;

let vendors, agent, openai, anthropic, ollama, google;

before(async () => {
  vendors = await new Vendors().start();
  agent = await new Agent(`${vendors.root}/v1`, vendors.providers).start();
  openai = new OpenAI({ baseURL: agent.baseURL, apiKey: agent.token });
  anthropic = new Anthropic({ baseURL: agent.root, apiKey: agent.token });
  ollama = new Ollama({ host: agent.root, headers: { Authorization: `Bearer ${agent.token}` } });
  google = new GoogleGenAI({ apiKey: agent.token, httpOptions: { baseUrl: agent.root } });
});

after(async () => {
  await agent?.stop();
  vendors?.stop();
});

async function joined(stream, pick) {
  let text = "";
  for await (const piece of stream) text += pick(piece) ?? "";
  return text;
}

const schema = { type: "object", properties: { value: { type: "string" } } };
const said = (content) => [{ role: "user", content }];

for (const kind of KINDS) {
  const model = `${kind}/any`;
  describe(`behind it ${kind}`, () => {
    test("openai: responses, whole and streamed", async () => {
      const response = await openai.responses.create({ model, input: TEXT });
      assert.equal(response.output_text, TEXT);
      assert.equal(response.usage.input_tokens, 11);
      const stream = openai.responses.stream({ model, input: TEXT });
      assert.equal(await joined(stream, (event) => (event.type === "response.output_text.delta" ? event.delta : "")), TEXT);
      assert.equal((await stream.finalResponse()).output_text, TEXT);
    });

    test("openai: chat, streamed, with a tool", async () => {
      const stream = openai.chat.completions.stream({ model, messages: said(CALL),
        tools: [{ type: "function", function: { name: "lookup", description: "looks up", parameters: schema } }] });
      const { choices } = await stream.finalChatCompletion();
      assert.deepEqual(JSON.parse(choices[0].message.tool_calls[0].function.arguments), { value: CALL });
      assert.equal(choices[0].finish_reason, "tool_calls");
    });

    test("anthropic: messages, whole and streamed, with a tool", async () => {
      const message = await anthropic.messages.create({ model, max_tokens: 50, messages: said(TEXT) });
      assert.equal(message.content[0].text, TEXT);
      assert.equal(message.stop_reason, "end_turn");
      const stream = anthropic.messages.stream({ model, max_tokens: 50, messages: said(TEXT) });
      assert.equal(await stream.finalText(), TEXT);
      const call = await anthropic.messages.stream({ model, max_tokens: 50, messages: said(CALL),
        tools: [{ name: "lookup", input_schema: schema }] }).finalMessage();
      assert.deepEqual(call.content.find((block) => block.type === "tool_use").input, { value: CALL });
      assert.equal(call.stop_reason, "tool_use");
    });

    test("ollama: chat, whole and streamed, generate, with a tool", async () => {
      const whole = await ollama.chat({ model, messages: said(TEXT) });
      assert.equal(whole.message.content, TEXT);
      assert.equal(await joined(await ollama.chat({ model, messages: said(TEXT), stream: true }), (piece) => piece.message.content), TEXT);
      assert.equal(await joined(await ollama.generate({ model, prompt: TEXT, stream: true }), (piece) => piece.response), TEXT);
      const call = await ollama.chat({ model, messages: said(CALL),
        tools: [{ type: "function", function: { name: "lookup", description: "looks up", parameters: schema } }] });
      assert.deepEqual(call.message.tool_calls[0].function.arguments, { value: CALL });
    });

    test("google: generateContent, whole and streamed, with a tool", async () => {
      assert.equal((await google.models.generateContent({ model, contents: TEXT })).text, TEXT);
      assert.equal(await joined(await google.models.generateContentStream({ model, contents: TEXT }), (piece) => piece.text), TEXT);
      const call = await google.models.generateContent({ model, contents: CALL, config: { tools: [{ functionDeclarations: [
        { name: "lookup", parameters: { type: Type.OBJECT, properties: { value: { type: Type.STRING } } } }] }] } });
      assert.deepEqual(call.functionCalls[0].args, { value: CALL });
    });

    test("Vercel's AI SDK: OpenAI's and Anthropic's providers", async () => {
      for (const provider of [createOpenAI({ baseURL: agent.baseURL, apiKey: agent.token }),
        createAnthropic({ baseURL: agent.baseURL, apiKey: agent.token })]) {
        assert.equal((await generateText({ model: provider(model), prompt: TEXT })).text, TEXT);
        assert.equal(await streamText({ model: provider(model), prompt: TEXT }).text, TEXT);
      }
    });

    test("every client is refused in words that it understands, and asks once", async () => {
      const before = (await vendors.received()).length;
      const secret = `use ${TOKEN}`;
      await assert.rejects(openai.responses.create({ model, input: secret }), OpenAI.PermissionDeniedError);
      await assert.rejects(anthropic.messages.create({ model, max_tokens: 5, messages: said(secret) }), Anthropic.PermissionDeniedError);
      await assert.rejects(ollama.chat({ model, messages: said(secret) }), (error) => error.status_code === 403 && !error.message.includes(TOKEN));
      await assert.rejects(google.models.generateContent({ model, contents: secret }), (error) => error.status === 403);
      assert.equal((await vendors.received()).length, before);
    });
  });
}

test("tokens are counted, models are listed", async () => {
  const counted = await anthropic.messages.countTokens({ model: "compatible/any", messages: said(TEXT) });
  assert.ok(counted.input_tokens > 3);
  assert.ok((await google.models.countTokens({ model: "compatible/any", contents: TEXT })).totalTokens > 3);
  const names = [];
  for await (const model of anthropic.models.list()) names.push(model.id);
  assert.ok(names.includes("preview"), names.join());
  assert.ok((await ollama.list()).models.some((each) => each.name === "preview"));
});

test("no value and no token ever reached a provider", async () => {
  const everything = JSON.stringify(await vendors.received());
  assert.ok(everything.includes("[[CARD_"));
  for (const value of ["4111", TOKEN, agent.token]) assert.ok(!everything.includes(value), value);
});
