// SPDX-License-Identifier: Apache-2.0
// Streams one chat completion with the official client; request on stdin, text on stdout. Part of ./dev demo.
import { text } from "node:stream/consumers";
import OpenAI from "openai";

const request = JSON.parse(await text(process.stdin));
const stream = await new OpenAI().chat.completions.create({ ...request, stream: true });
let pieces = 0;
for await (const piece of stream) {
  process.stdout.write(piece.choices[0]?.delta?.content ?? "");
  pieces++;
}
process.stdout.write(`\n(${pieces} events)\n`);
