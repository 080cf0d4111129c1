// SPDX-License-Identifier: Apache-2.0
// LangChain's clients, unmodified, against each vendor's interface behind the agent.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ChatAnthropic } from "@langchain/anthropic";
import { tool } from "@langchain/core/tools";
import { ChatOllama, OllamaEmbeddings } from "@langchain/ollama";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { z } from "zod";
import { Agent, CARD, TOKEN, Vendors } from "./agent.mjs";

const KINDS = ["compatible", "openai", "anthropic", "ollama", "gemini", "bedrock"];
const TEXT = `my card is ${CARD}, thanks`;
const CALL = `call the tool with ${CARD}`;
const VECTOR = [1, -2.5, 0.5];

let vendors, agent;

before(async () => {
  vendors = await new Vendors().start();
  agent = await new Agent(`${vendors.root}/v1`, vendors.providers).start();
});

after(async () => {
  await agent?.stop();
  vendors?.stop();
});

const CLIENTS = {
  openai: (model) => new ChatOpenAI({ model, apiKey: agent.token, maxRetries: 0, configuration: { baseURL: agent.baseURL } }),
  anthropic: (model) => new ChatAnthropic({ model, apiKey: agent.token, anthropicApiUrl: agent.root, maxRetries: 0, maxTokens: 100 }),
  ollama: (model) => new ChatOllama({ model, baseUrl: agent.root, headers: { Authorization: `Bearer ${agent.token}` }, maxRetries: 0 }),
};

const lookup = tool(async () => "done", { name: "lookup", description: "looks up", schema: z.object({ value: z.string() }) });

for (const [name, make] of Object.entries(CLIENTS)) {
  for (const kind of KINDS) {
    describe(`langchain ${name}, behind it ${kind}`, () => {
      test("whole and streamed", async () => {
        const client = make(`${kind}/any`);
        assert.equal((await client.invoke(TEXT)).text, TEXT);
        let text = "";
        for await (const piece of await client.stream(TEXT)) text += piece.text;
        assert.equal(text, TEXT);
      });

      test("with a tool", async () => {
        const { tool_calls: calls } = await make(`${kind}/any`).bindTools([lookup]).invoke(CALL);
        assert.deepEqual(calls.map((call) => [call.name, call.args]), [["lookup", { value: CALL }]]);
      });

      test("a secret rejects", async () => {
        const before = (await vendors.received()).length;
        await assert.rejects(make(`${kind}/any`).invoke(`use ${TOKEN}`), (error) => !String(error).includes(TOKEN));
        assert.equal((await vendors.received()).length, before);
      });
    });
  }
}

const EMBEDDERS = {
  openai: (model) => new OpenAIEmbeddings({ model, apiKey: agent.token, maxRetries: 0, configuration: { baseURL: agent.baseURL } }),
  ollama: (model) => new OllamaEmbeddings({ model, baseUrl: agent.root, headers: { Authorization: `Bearer ${agent.token}` }, maxRetries: 0 }),
};

for (const [name, make] of Object.entries(EMBEDDERS)) {
  for (const kind of ["compatible", "openai", "ollama", "gemini"]) {
    test(`langchain ${name}: embeddings, behind it ${kind}`, async () => {
      assert.deepEqual(await make(`${kind}/any`).embedDocuments([TEXT, "plain"]), [VECTOR, VECTOR]);
      assert.ok(!(await vendors.received()).at(-1).body.includes("4111"));
    });
  }
}
