// SPDX-License-Identifier: Apache-2.0
// Pictures and sound through the official clients: cells of docs/compatibility.md.
import assert from "node:assert/strict";
import { experimental_transcribe as transcribe, generateImage } from "ai";
import { toFile } from "openai";
import { cell } from "./matrix.mjs";

const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
const WAVE = Buffer.concat([Buffer.from("RIFF\x24\x08\x00\x00WAVEfmt ", "latin1"), Buffer.from(Array.from({ length: 2048 }, (_, i) => i & 255))]);

const one = (surface, feature, client, run) => cell(surface, feature, client, ["openai", null], (kind) => run(`${kind}/any`));
const png = () => toFile(PNG, "cat.png", { type: "image/png" });
const wave = () => toFile(WAVE, "talk.wav", { type: "audio/wav" });

async function arrived(world, bytes) {
  const { body, headers } = (await world.vendors.received()).at(-1);
  assert.match(headers["content-type"], /^multipart\/form-data; boundary=gatehouse-form-/);
  assert.ok(body.includes(bytes.toString("utf8").slice(-12)), "the file did not arrive");
}

/** Declares the cells. Only those who speak this interface answer it: nothing is translated. */
export function declareMedia(world, tools) {
  declarePictures(world, tools);
  declareSound(world, tools);
}

function declarePictures(world, { passes, rejects, SECRET, TEXT }) {
  one("Pictures", "generate", "openai", async (model) => {
    const { data, usage } = await world.openai.images.generate({ model, prompt: TEXT });
    await passes(data[0].revised_prompt);
    assert.deepEqual(Buffer.from(data[0].b64_json, "base64"), PNG);
    assert.equal(usage.output_tokens, 7);
  });
  one("Pictures", "generate, streamed", "openai", async (model) => {
    const kinds = [];
    for await (const event of await world.openai.images.generate({ model, prompt: TEXT, stream: true, partial_images: 1 })) kinds.push(event.type);
    assert.deepEqual(kinds, ["image_generation.partial_image", "image_generation.completed"]);
    assert.doesNotMatch((await world.vendors.received()).at(-1).body, /4111/);
  });
  one("Pictures", "edit", "openai", async (model) => {
    await passes((await world.openai.images.edit({ model, prompt: TEXT, image: [await png(), await png()] })).data[0].revised_prompt);
    await arrived(world, PNG);
  });
  one("Pictures", "variation", "openai", async (model) => {
    assert.equal((await world.openai.images.createVariation({ model, image: await png() })).data.length, 1);
    await arrived(world, PNG);
  });
  one("Pictures", "DLP refusal", "openai", (model) => rejects(world.openai.images.generate({ model, prompt: SECRET })));
  one("Pictures", "generate", "ai", async (model) => {
    const { image } = await generateImage({ model: world.aiOpenai.image(model), prompt: TEXT });
    assert.deepEqual(Buffer.from(image.uint8Array), PNG);
    assert.match((await world.vendors.received()).at(-1).body, /\[\[CARD_/);
  });
}

function declareSound(world, { passes, rejects, SECRET, TEXT }) {
  const hear = async (model, more) => world.openai.audio.transcriptions.create({ model, file: await wave(), prompt: TEXT, ...more });
  one("Sound", "transcription", "openai", async (model) => {
    await passes((await hear(model)).text);
    await arrived(world, WAVE);
  });
  for (const response_format of ["text", "vtt", "verbose_json"]) {
    one("Sound", `transcription as ${response_format}`, "openai", async (model) => {
      const answer = await hear(model, { response_format });
      const text = response_format === "verbose_json" ? answer.segments[0].text : answer;
      await passes(text.includes(TEXT), true);
    });
  }
  one("Sound", "transcription, streamed", "openai", async (model) => {
    let text = "", whole = "";
    for await (const event of await hear(model, { stream: true })) {
      if (event.type === "transcript.text.delta") text += event.delta;
      else whole = event.text;
    }
    await passes([text, whole], [TEXT, TEXT]);
  });
  one("Sound", "translation", "openai", async (model) => passes((await world.openai.audio.translations.create({ model, file: await wave(), prompt: TEXT })).text));
  one("Sound", "speech", "openai", async (model) => {
    const answer = await world.openai.audio.speech.create({ model, voice: "alloy", input: TEXT });
    const sound = Buffer.from(await answer.arrayBuffer());
    assert.equal(sound.subarray(0, 3).toString(), "ID3");
    assert.equal(answer.headers.get("content-type"), "audio/mpeg");
    await passes(sound.length, 10 + 256 * 64);
  });
  one("Sound", "DLP refusal", "openai", async (model) => rejects(world.openai.audio.transcriptions.create({ model, file: await wave(), prompt: SECRET })));
  one("Sound", "transcription", "ai", async (model) => {
    const { text } = await transcribe({ model: world.aiOpenai.transcription(model), audio: WAVE, providerOptions: { openai: { prompt: TEXT } } });
    await passes(text);
  });
}
