// SPDX-License-Identifier: Apache-2.0
// Surface × feature × client: the official clients, unmodified. The last test compares docs/compatibility.md with what was shown.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import Anthropic from "@anthropic-ai/sdk";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { GoogleGenAI } from "@google/genai";
import { ChatAnthropic } from "@langchain/anthropic";
import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOllama, OllamaEmbeddings } from "@langchain/ollama";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { embedMany, generateText, jsonSchema, Output, streamText, tool as aiTool } from "ai";
import { Ollama } from "ollama";
import OpenAI from "openai";
import { zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import { Agent, CARD, TOKEN, Vendors } from "./agent.mjs";
import { cell, checkPage, impossible, Refused } from "./matrix.mjs";
import { declareMedia } from "./media.mjs";

const TEXT = `my card is ${CARD}, thanks`;
const CALL = `call the tool with ${CARD}`;
const JSON_TEXT = JSON.stringify({ value: TEXT });
const SECRET = `use ${TOKEN}`;
const VECTOR = [1, -2.5, 0.5];
const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const schema = { type: "object", properties: { value: { type: "string" } }, required: ["value"], additionalProperties: false };
const shape = z.object({ value: z.string() });

let vendors, agent;
const world = {};

before(async () => {
  vendors = await new Vendors().start();
  agent = await new Agent(`${vendors.root}/v1`, vendors.providers).start();
  const { baseURL, root, token: apiKey } = agent;
  const headers = { Authorization: `Bearer ${apiKey}` };
  Object.assign(world, {
    agent, vendors,
    openai: new OpenAI({ baseURL, apiKey, maxRetries: 0 }),
    anthropic: new Anthropic({ baseURL: root, apiKey, maxRetries: 0 }),
    ollama: new Ollama({ host: root, headers }),
    google: new GoogleGenAI({ apiKey, httpOptions: { baseUrl: root } }),
    aiOpenai: createOpenAI({ baseURL, apiKey }),
    aiAnthropic: createAnthropic({ baseURL, apiKey }),
    lcOpenai: (model, more) => new ChatOpenAI({ model, apiKey, maxRetries: 0, configuration: { baseURL }, ...more }),
    lcAnthropic: (model) => new ChatAnthropic({ model, apiKey, anthropicApiUrl: root, maxRetries: 0, maxTokens: 100 }),
    lcOllama: (model) => new ChatOllama({ model, baseUrl: root, headers, maxRetries: 0 }),
    lcEmbedOpenai: (model) => new OpenAIEmbeddings({ model, apiKey, maxRetries: 0, configuration: { baseURL } }),
    lcEmbedOllama: (model) => new OllamaEmbeddings({ model, baseUrl: root, headers, maxRetries: 0 }),
  });
});

after(async () => {
  await agent?.stop();
  vendors?.stop();
});

const said = (content) => [{ role: "user", content }];
const last = async () => (await vendors.received()).at(-1);

async function joined(stream, pick) {
  let text = "";
  for await (const piece of await stream) text += pick(piece) ?? "";
  return text;
}

/** Redacted where it left; the client got it whole again. */
async function passes(ask, expected = TEXT) {
  assert.deepEqual(await ask, expected);
  const { body } = await last();
  assert.match(body, /\[\[CARD_/);
  assert.doesNotMatch(body, /4111/);
}

/** Rejected by the client's own error, and nothing left. */
async function rejects(ask, status = 403) {
  Promise.resolve(ask).catch(() => {}); // it may reject before anybody waits for it
  const before = (await vendors.received()).length;
  const statusOf = (error) => error?.status ?? error?.status_code ?? error?.statusCode ?? error?.lastError?.statusCode ?? error?.cause?.status_code;
  let caught;
  await assert.rejects(ask, (error) => { caught = error; return !String(error?.message).includes(TOKEN); });
  assert.equal(statusOf(caught), status, String(caught));
  assert.equal((await vendors.received()).length, before);
  return caught;
}

/** A 400 that says why this provider cannot be told so. */
async function refused(ask) {
  const error = await rejects(ask, 400);
  const reason = /This cannot be said to the model's provider: ([^."]+)/.exec(error.message)?.[1];
  assert.ok(reason, error.message);
  return new Refused(reason);
}

async function limited(ask) {
  await assert.rejects(ask, (error) => String(error?.message ?? error).includes("slow down") || String(error?.lastError?.message).includes("slow down"));
}

async function aborts(begin) {
  const before = (await vendors.received()).length, controller = new AbortController();
  const call = begin(controller.signal);
  call.catch(() => {});
  for (let i = 0; i < 200 && (await vendors.received()).length === before; i++) await sleep(50);
  controller.abort();
  await assert.rejects(call);
  for (let i = 0; i < 200 && !(await last()).left; i++) await sleep(50);
  assert.ok((await last()).left, "the provider was not left");
}

/** Leaves in the middle of a stream. Some clients end it then, others throw. */
async function abandons(begin) {
  const controller = new AbortController();
  let got = "";
  const reading = (async () => { for await (const piece of await begin(controller.signal)) got += JSON.stringify(piece); })();
  reading.catch(() => {});
  for (let i = 0; i < 400 && !got.includes("four"); i++) await sleep(25);
  assert.match(got, /four/);
  controller.abort();
  await reading.catch(() => {});
  for (let i = 0; i < 200 && !(await last()).left; i++) await sleep(50);
  assert.ok((await last()).left, "the provider was not left");
}

const stalls = (m) => m.replace("/any", "/stall");
const ABORT = "abort before the first byte", ABANDON = "abort in a stream";
const LONG = "four score and seven years ago ".repeat(8);
const anyTool = { description: "looks up", inputSchema: jsonSchema(schema) };
const lookup = tool(async () => "done", { name: "lookup", description: "looks up", schema: shape });

// How each client says each thing. A member that is missing is a cell that does not exist.
const chatTools = [{ type: "function", function: { name: "lookup", description: "looks up", parameters: schema } }];
const chat = (model, content, more) => world.openai.chat.completions.create({ model, messages: said(content), ...more });
const openaiChat = {
  "answer": async (m) => passes((await chat(m, TEXT)).choices[0].message.content),
  "stream": (m) => passes(joined(chat(m, TEXT, { stream: true }), (piece) => piece.choices[0]?.delta?.content)),
  "usage in a stream": async (m) => {
    let usage;
    for await (const piece of await chat(m, "hello", { stream: true, stream_options: { include_usage: true } })) usage = piece.usage ?? usage;
    assert.equal(usage.total_tokens, 18);
  },
  "tool call": async (m) => passes(JSON.parse((await chat(m, CALL, { tools: chatTools })).choices[0].message.tool_calls[0].function.arguments), { value: CALL }),
  "tool call, streamed": async (m) => passes(JSON.parse((await world.openai.chat.completions.stream({ model: m, messages: said(CALL), tools: chatTools })
    .finalChatCompletion()).choices[0].message.tool_calls[0].function.arguments), { value: CALL }),
  "tool with an odd name": async (m) => {
    const name = "files.read/" + "x".repeat(60);
    const tools = [{ type: "function", function: { ...chatTools[0].function, name } }];
    await chat(m, "call the tool", { tools });
    const sent = JSON.parse((await last()).body).tools[0];
    if (m.startsWith("openai/")) assert.equal(sent.function.name, name);
    else assert.match(sent.name, /^files_read_x{44}_[0-9a-f]{8}$/);
  },
  "tool result": async (m) => passes((await world.openai.chat.completions.create({ model: m, tools: chatTools, messages: [...said("go on"),
    { role: "assistant", content: null, tool_calls: [{ id: "call_1", type: "function", function: { name: "lookup", arguments: '{"value":"x"}' } }] },
    { role: "tool", tool_call_id: "call_1", content: TEXT }] })).choices[0].message.content),
  "structured output": async (m) => {
    await passes((await world.openai.chat.completions.parse({ model: m, messages: said(JSON_TEXT), response_format: zodResponseFormat(shape, "answer") })).choices[0].message.parsed, { value: TEXT });
    assert.match((await last()).body, /additionalProperties/);
  },
  "picture": async (m) => {
    await passes((await chat(m, [{ type: "image_url", image_url: { url: `data:image/png;base64,${PNG}` } }, { type: "text", text: TEXT }])).choices[0].message.content);
    assert.ok((await last()).body.includes(PNG));
  },
  "several choices": async (m) => (m.startsWith("openai/") ? passes((await chat(m, TEXT, { n: 2 })).choices[0].message.content) : refused(chat(m, TEXT, { n: 2 }))),
  "DLP refusal": (m) => rejects(chat(m, SECRET)),
  "provider's error": (m) => limited(chat(m.replace("/any", "/limited"), "hello")),
  [ABORT]: (m) => aborts((signal) => world.openai.chat.completions.create({ model: m.replace("/any", "/hang"), messages: said("hello") }, { signal })),
  [ABANDON]: (m) => abandons((signal) => world.openai.chat.completions.create({ model: stalls(m), messages: said(LONG), stream: true }, { signal })),
};

const lcTurns = () => [new HumanMessage("go on"), new AIMessage({ content: "", tool_calls: [{ id: "call_1", name: "lookup", args: { value: "x" } }] }),
  new ToolMessage({ content: TEXT, tool_call_id: "call_1" })];
async function lcStreamed(stream) {
  let all;
  for await (const piece of await stream) all = all === undefined ? piece : all.concat(piece);
  return all;
}

/** `method`: how that client asks for structured output. */
const langchain = (make, method) => ({
  "answer": async (m) => passes((await make(m).invoke(TEXT)).text),
  "stream": async (m) => passes(joined(make(m).stream(TEXT), (piece) => piece.text)),
  "tool call": async (m) => passes((await make(m).bindTools([lookup]).invoke(CALL)).tool_calls[0].args, { value: CALL }),
  "tool call, streamed": async (m) => passes((await lcStreamed(make(m).bindTools([lookup]).stream(CALL))).tool_calls[0].args, { value: CALL }),
  "tool result": async (m) => passes((await make(m).bindTools([lookup]).invoke(lcTurns())).text),
  "structured output": async (m) => {
    const value = method === "functionCalling" ? CALL : TEXT;
    await passes(make(m).withStructuredOutput(shape, { method }).invoke(method === "functionCalling" ? CALL : JSON_TEXT), { value });
  },
  "picture": async (m) => passes((await make(m).invoke([new HumanMessage({ content: [{ type: "image_url", image_url: { url: `data:image/png;base64,${PNG}` } }, { type: "text", text: TEXT }] })])).text),
  "DLP refusal": async (m) => { await assert.rejects(make(m).invoke(SECRET), (error) => !String(error).includes(TOKEN)); },
  "provider's error": (m) => limited(make(m.replace("/any", "/limited")).invoke("hello")),
  [ABORT]: (m) => aborts((signal) => make(m.replace("/any", "/hang")).invoke("hello", { signal })),
  [ABANDON]: (m) => abandons((signal) => make(stalls(m)).stream(LONG, { signal })),
});

const vercel = (of) => ({
  "answer": async (m) => passes((await generateText({ model: of(m), prompt: TEXT })).text),
  "stream": (m) => passes(streamText({ model: of(m), prompt: TEXT }).text),
  "tool call": async (m) => passes((await generateText({ model: of(m), prompt: CALL, tools: { lookup: aiTool(anyTool) } })).toolCalls[0].input, { value: CALL }),
  "tool call, streamed": async (m) => passes((await streamText({ model: of(m), prompt: CALL, tools: { lookup: aiTool(anyTool) } }).toolCalls)[0].input, { value: CALL }),
  "tool result": async (m) => passes((await generateText({ model: of(m), tools: { lookup: aiTool(anyTool) }, messages: [...said("go on"),
    { role: "assistant", content: [{ type: "tool-call", toolCallId: "call_1", toolName: "lookup", input: { value: "x" } }] },
    { role: "tool", content: [{ type: "tool-result", toolCallId: "call_1", toolName: "lookup", output: { type: "text", value: TEXT } }] }] })).text),
  "usage in a stream": async (m) => assert.equal((await streamText({ model: of(m), prompt: "hello" }).usage).outputTokens, 7),
  "picture": async (m) => passes((await generateText({ model: of(m), messages: [{ role: "user", content: [{ type: "image", image: PNG }, { type: "text", text: TEXT }] }] })).text),
  "structured output": async (m) => passes((await generateText({ model: of(m), prompt: JSON_TEXT, output: Output.object({ schema: jsonSchema(schema) }) })).output, { value: TEXT }),
  "DLP refusal": (m) => rejects(generateText({ model: of(m), prompt: SECRET, maxRetries: 0 })),
  "provider's error": (m) => limited(generateText({ model: of(m.replace("/any", "/limited")), prompt: "hello", maxRetries: 0 })),
  [ABORT]: (m) => aborts((abortSignal) => generateText({ model: of(m.replace("/any", "/hang")), prompt: "hello", maxRetries: 0, abortSignal })),
  [ABANDON]: (m) => abandons((abortSignal) => streamText({ model: of(stalls(m)), prompt: LONG, maxRetries: 0, abortSignal }).textStream),
});

const responseTools = [{ type: "function", name: "lookup", description: "looks up", parameters: schema, strict: true }];
const respond = (model, input, more) => world.openai.responses.create({ model, input, ...more });
const openaiResponses = {
  "answer": async (m) => passes((await respond(m, TEXT)).output_text),
  "stream": (m) => passes(joined(respond(m, TEXT, { stream: true }), (event) => (event.type === "response.output_text.delta" ? event.delta : ""))),
  "stream's last response": async (m) => passes((await world.openai.responses.stream({ model: m, input: TEXT }).finalResponse()).output_text),
  "tool call": async (m) => passes(JSON.parse((await respond(m, CALL, { tools: responseTools })).output[0].arguments), { value: CALL }),
  "tool call, streamed": async (m) => passes(JSON.parse((await world.openai.responses.stream({ model: m, input: CALL, tools: responseTools }).finalResponse()).output[0].arguments), { value: CALL }),
  "tool result": async (m) => passes((await respond(m, [{ role: "user", content: "go on" }, { type: "function_call", call_id: "c1", name: "lookup", arguments: '{"value":"x"}' },
    { type: "function_call_output", call_id: "c1", output: TEXT }])).output_text),
  "structured output": async (m) => passes((await world.openai.responses.parse({ model: m, input: JSON_TEXT, text: { format: zodTextFormat(shape, "answer") } })).output_parsed, { value: TEXT }),
  "picture": async (m) => passes((await respond(m, [{ role: "user", content: [{ type: "input_image", image_url: `data:image/png;base64,${PNG}`, detail: "auto" }, { type: "input_text", text: TEXT }] }])).output_text),
  "stored conversation": async (m) => (m.startsWith("openai/") ? passes((await respond(m, TEXT, { previous_response_id: "resp_1" })).output_text) : refused(respond(m, TEXT, { previous_response_id: "resp_1" }))),
  "DLP refusal": (m) => rejects(respond(m, SECRET)),
  "provider's error": (m) => limited(respond(m.replace("/any", "/limited"), "hello")),
  [ABORT]: (m) => aborts((signal) => world.openai.responses.create({ model: m.replace("/any", "/hang"), input: "hello" }, { signal })),
  [ABANDON]: (m) => abandons((signal) => world.openai.responses.create({ model: stalls(m), input: LONG, stream: true }, { signal })),
};

const complete = (model, prompt, more) => world.openai.completions.create({ model, prompt, ...more });
const openaiCompletions = {
  "answer": async (m) => passes((await complete(m, TEXT)).choices[0].text),
  "stream": (m) => passes(joined(complete(m, TEXT, { stream: true }), (piece) => piece.choices[0]?.text)),
  "prompt as tokens": async (m) => (m.startsWith("openai/") ? assert.ok((await complete(m, ["hello"])).choices) : refused(complete(m, [1, 2, 3]))),
  "DLP refusal": (m) => rejects(complete(m, SECRET)),
  "provider's error": (m) => limited(complete(m.replace("/any", "/limited"), "hello")),
  [ABORT]: (m) => aborts((signal) => world.openai.completions.create({ model: m.replace("/any", "/hang"), prompt: "hello" }, { signal })),
  [ABANDON]: (m) => abandons((signal) => world.openai.completions.create({ model: stalls(m), prompt: LONG, stream: true }, { signal })),
};

const message = (model, content, more) => world.anthropic.messages.create({ model, max_tokens: 100, messages: said(content), ...more });
const messageTools = [{ name: "lookup", description: "looks up", input_schema: schema }];
const anthropicMessages = {
  "answer": async (m) => passes((await message(m, TEXT)).content[0].text),
  "stream": (m) => passes(world.anthropic.messages.stream({ model: m, max_tokens: 100, messages: said(TEXT) }).finalText()),
  "usage in a stream": async (m) => assert.equal((await world.anthropic.messages.stream({ model: m, max_tokens: 100, messages: said("hello") }).finalMessage()).usage.output_tokens, 7),
  "tool call": async (m) => passes((await message(m, CALL, { tools: messageTools })).content.find((block) => block.type === "tool_use").input, { value: CALL }),
  "tool call, streamed": async (m) => passes((await world.anthropic.messages.stream({ model: m, max_tokens: 100, messages: said(CALL), tools: messageTools }).finalMessage())
    .content.find((block) => block.type === "tool_use").input, { value: CALL }),
  "tool result": async (m) => passes((await world.anthropic.messages.create({ model: m, max_tokens: 100, tools: messageTools, messages: [...said("go on"),
    { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "lookup", input: { value: "x" } }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: TEXT }] }] })).content[0].text),
  "structured output": async (m) => passes(JSON.parse((await message(m, JSON_TEXT, { output_config: { format: { type: "json_schema", schema } } })).content[0].text), { value: TEXT }),
  "picture": async (m) => passes((await message(m, [{ type: "image", source: { type: "base64", media_type: "image/png", data: PNG } }, { type: "text", text: TEXT }])).content[0].text),
  "DLP refusal": (m) => rejects(message(m, SECRET)),
  "provider's error": (m) => limited(message(m.replace("/any", "/limited"), "hello")),
  [ABORT]: (m) => aborts((signal) => world.anthropic.messages.create({ model: m.replace("/any", "/hang"), max_tokens: 5, messages: said("hello") }, { signal })),
  [ABANDON]: (m) => abandons((signal) => world.anthropic.messages.create({ model: stalls(m), max_tokens: 100, messages: said(LONG), stream: true }, { signal })),
};

const generate = (model, contents, config) => world.google.models.generateContent({ model, contents, config });
const googleTools = { tools: [{ functionDeclarations: [{ name: "lookup", description: "looks up", parametersJsonSchema: schema }] }] };
const gemini = {
  "answer": async (m) => passes((await generate(m, TEXT)).text),
  "stream": (m) => passes(joined(world.google.models.generateContentStream({ model: m, contents: TEXT }), (piece) => piece.text)),
  "tool call": async (m) => passes((await generate(m, CALL, googleTools)).functionCalls[0].args, { value: CALL }),
  "tool result": async (m) => passes((await generate(m, [{ role: "user", parts: [{ text: "go on" }] }, { role: "model", parts: [{ functionCall: { name: "lookup", args: { value: "x" } } }] },
    { role: "user", parts: [{ functionResponse: { name: "lookup", response: { output: TEXT } } }] }])).text.replace(/^\{"output":"(.*)"\}$/, "$1")),
  "structured output": async (m) => passes(JSON.parse((await generate(m, JSON_TEXT, { responseMimeType: "application/json", responseJsonSchema: schema })).text), { value: TEXT }),
  "picture": async (m) => passes((await generate(m, [{ role: "user", parts: [{ inlineData: { mimeType: "image/png", data: PNG } }, { text: TEXT }] }])).text),
  "DLP refusal": (m) => rejects(generate(m, SECRET)),
  "provider's error": (m) => limited(generate(m.replace("/any", "/limited"), "hello")),
  "tool call, streamed": async (m) => {
    const calls = [];
    for await (const piece of await world.google.models.generateContentStream({ model: m, contents: CALL, config: googleTools })) calls.push(...(piece.functionCalls ?? []));
    await passes(calls[0].args, { value: CALL });
  },
  "usage in a stream": async (m) => {
    let usage;
    for await (const piece of await world.google.models.generateContentStream({ model: m, contents: "hello" })) usage = piece.usageMetadata ?? usage;
    assert.equal(usage.totalTokenCount, 18);
  },
  [ABORT]: (m) => aborts((abortSignal) => generate(m.replace("/any", "/hang"), "hello", { abortSignal })),
  [ABANDON]: (m) => abandons((abortSignal) => world.google.models.generateContentStream({ model: stalls(m), contents: LONG, config: { abortSignal } })),
};

const ollamaChat = {
  "answer": async (m) => passes((await world.ollama.chat({ model: m, messages: said(TEXT) })).message.content),
  "stream": (m) => passes(joined(world.ollama.chat({ model: m, messages: said(TEXT), stream: true }), (piece) => piece.message.content)),
  "tool call": async (m) => passes((await world.ollama.chat({ model: m, messages: said(CALL), tools: chatTools })).message.tool_calls[0].function.arguments, { value: CALL }),
  "tool result": async (m) => passes((await world.ollama.chat({ model: m, messages: [...said("go on"), { role: "assistant", content: "", tool_calls: [{ function: { name: "lookup", arguments: { value: "x" } } }] },
    { role: "tool", tool_name: "lookup", content: TEXT }] })).message.content),
  "structured output": async (m) => passes(JSON.parse((await world.ollama.chat({ model: m, messages: said(JSON_TEXT), format: schema })).message.content), { value: TEXT }),
  "picture": async (m) => passes((await world.ollama.chat({ model: m, messages: [{ role: "user", content: TEXT, images: [PNG] }] })).message.content),
  "DLP refusal": (m) => rejects(world.ollama.chat({ model: m, messages: said(SECRET) })),
  "tool call, streamed": async (m) => {
    const calls = [];
    for await (const piece of await world.ollama.chat({ model: m, messages: said(CALL), tools: chatTools, stream: true })) calls.push(...(piece.message.tool_calls ?? []));
    await passes(calls[0].function.arguments, { value: CALL });
  },
  "usage in a stream": async (m) => {
    let usage;
    for await (const piece of await world.ollama.chat({ model: m, messages: said("hello"), stream: true })) usage = piece.eval_count ?? usage;
    assert.equal(usage, 7);
  },
  "provider's error": (m) => limited(world.ollama.chat({ model: m.replace("/any", "/limited"), messages: said("hello") })),
  [ABANDON]: (m) => abandons((signal) => world.ollama.chat({ model: stalls(m), messages: said(LONG), stream: true }).then((stream) => {
    signal.addEventListener("abort", () => stream.abort());
    return stream;
  })),
};
const ollamaGenerate = {
  "answer": async (m) => passes((await world.ollama.generate({ model: m, prompt: TEXT })).response),
  "stream": (m) => passes(joined(world.ollama.generate({ model: m, prompt: TEXT, stream: true }), (piece) => piece.response)),
  "structured output": async (m) => passes(JSON.parse((await world.ollama.generate({ model: m, prompt: JSON_TEXT, format: schema })).response), { value: TEXT }),
  "DLP refusal": (m) => rejects(world.ollama.generate({ model: m, prompt: SECRET })),
  "provider's error": (m) => limited(world.ollama.generate({ model: m.replace("/any", "/limited"), prompt: "hello" })),
};

const embed = (model, input, more) => world.openai.embeddings.create({ model, input, ...more });
const vectorsOf = (reply) => reply.data.map((each) => [...each.embedding]);
const embeddings = {
  "several texts": async (m) => passes(vectorsOf(await embed(m, [TEXT, "plain"], { encoding_format: "float" })), [VECTOR, VECTOR]),
  "tokens": async (m) => (m.startsWith("openai/") ? assert.ok((await embed(m, "hello", { encoding_format: "float" })).data) : refused(embed(m, [1, 2, 3]))),
  "DLP refusal": (m) => rejects(embed(m, SECRET)),
};

const TABLES = [
  ["OpenAI chat completions", ["openai", "anthropic"], { openai: openaiChat, ai: vercel((m) => world.aiOpenai.chat(m)), "@langchain/openai": langchain((m) => world.lcOpenai(m), "jsonSchema") }],
  ["OpenAI responses", ["openai", "gemini"], { openai: openaiResponses, ai: vercel((m) => world.aiOpenai.responses(m)), "@langchain/openai": langchain((m) => world.lcOpenai(m, { useResponsesApi: true }), "jsonSchema") }],
  ["OpenAI completions", ["openai", "anthropic"], { openai: openaiCompletions }],
  ["OpenAI embeddings", ["openai", "gemini"], { openai: embeddings,
    ai: { "several texts": async (m) => passes((await embedMany({ model: world.aiOpenai.embedding(m), values: [TEXT, "plain"] })).embeddings, [VECTOR, VECTOR]) },
    "@langchain/openai": { "several texts": (m) => passes(world.lcEmbedOpenai(m).embedDocuments([TEXT, "plain"]), [VECTOR, VECTOR]) } }],
  ["Anthropic messages", ["anthropic", "openai"], { "@anthropic-ai/sdk": anthropicMessages, ai: vercel((m) => world.aiAnthropic(m)), "@langchain/anthropic": langchain((m) => world.lcAnthropic(m), "functionCalling") }],
  ["Gemini generateContent", ["gemini", "bedrock"], { "@google/genai": gemini }],
  ["Gemini embedContent", ["gemini", "ollama"], { "@google/genai": {
    "several texts": async (m) => passes((await world.google.models.embedContent({ model: m, contents: [TEXT, "plain"] })).embeddings.map((each) => each.values), [VECTOR, VECTOR]) } }],
  ["Ollama chat", ["ollama", "anthropic"], { ollama: ollamaChat, "@langchain/ollama": langchain((m) => world.lcOllama(m), "jsonSchema") }],
  ["Ollama generate", ["ollama", "openai"], { ollama: ollamaGenerate }],
  ["Ollama embed", ["ollama", "openai"], { ollama: { "several texts": async (m) => passes((await world.ollama.embed({ model: m, input: [TEXT, "plain"] })).embeddings, [VECTOR, VECTOR]) },
    "@langchain/ollama": { "several texts": (m) => passes(world.lcEmbedOllama(m).embedDocuments([TEXT, "plain"]), [VECTOR, VECTOR]) } }],
];
const NO_SIGNAL = { ollama: "the client takes no signal for a request without a stream", "@langchain/ollama": "the client does not give its signal to the request" };
for (const [surface, kinds, clients] of TABLES) {
  for (const [client, features] of Object.entries(clients)) {
    for (const [feature, run] of Object.entries(features)) {
      if ((feature === ABORT && NO_SIGNAL[client]) || (feature === ABANDON && client === "@langchain/ollama")) continue;
      cell(surface, feature, client, kinds, (kind) => run(`${kind}/any`));
    }
    if (surface === "Ollama chat") impossible(surface, ABORT, client, NO_SIGNAL[client]);
    if (client === "@langchain/ollama" && surface === "Ollama chat") impossible(surface, ABANDON, client, NO_SIGNAL[client]);
  }
}

const counts = async (number) => assert.ok((await number) > 3);
cell("Counting tokens", "number, or an estimate where the provider counts none", "@anthropic-ai/sdk", ["openai", null], async (kind) =>
  counts((await world.anthropic.messages.countTokens({ model: `${kind}/any`, messages: said(TEXT) })).input_tokens));
cell("Counting tokens", "number, or an estimate where the provider counts none", "@google/genai", ["openai", null], async (kind) =>
  counts((await world.google.models.countTokens({ model: `${kind}/any`, contents: TEXT })).totalTokens));
for (const [client, list] of Object.entries({ openai: async () => (await world.openai.models.list()).data.map((each) => each.id),
  "@anthropic-ai/sdk": async () => (await world.anthropic.models.list()).data.map((each) => each.id),
  "@google/genai": async () => (await world.google.models.list()).page.map((each) => each.name.replace("models/", "")),
  ollama: async () => (await world.ollama.list()).models.map((each) => each.name) })) {
  cell("Models", "list, answered by Gatehouse", client, ["openai", null], async () => assert.ok((await list()).includes("preview")));
}
declareMedia(world, { passes, rejects, CARD, SECRET, TEXT });

test("docs/compatibility.md is what these tests show", checkPage);
