// SPDX-License-Identifier: Apache-2.0
// What traffic with a language model looks like, whoever serves it: the request formats of the public model interfaces
// (OpenAI, Anthropic, Gemini, Ollama), and what chat pages make of them.
const kPaths = /\/(chat\/completions|v\d+\/(completions|responses|messages)|api\/(generate|chat)|[\w.-]+:(streamGenerateContent|generateContent)|model\/[\w.:-]+\/(converse|invoke)(-stream|-with-response-stream)?)$/;
const kRoles = new Set(["user", "assistant", "system", "developer", "tool", "model", "human", "bot"]);
const kReadLimit = 256 * 1024;

export type Likeness = "certain" | "maybe" | "none";

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === "string" && value.length > 0;

const isMessage = (value: unknown): boolean =>
  isFields(value) && [value.role, value.author, value.sender].some((role) => (typeof role === "string" && kRoles.has(role.toLowerCase())) || (isFields(role) && kRoles.has(String(role.role)))) && ["content", "text", "parts", "message"].some((name) => name in value);

const isContent = (value: unknown): boolean => isFields(value) && Array.isArray(value.parts) && value.parts.some((part) => isFields(part) && isText(part.text));

// Looked for a little way down: pages wrap what they send.
function holdsPrompt(value: unknown, depth: number): boolean {
  if (!isFields(value) || depth > 3) {
    return Array.isArray(value) && depth <= 3 && value.some((each) => holdsPrompt(each, depth + 1));
  }
  const { messages, contents, model, prompt, input } = value;
  if ((Array.isArray(messages) && messages.some(isMessage)) || (Array.isArray(contents) && contents.some(isContent))) {
    return true;
  }
  if (isText(model) && (isText(prompt) || isText(input) || isText(value.query) || isText(value.question))) {
    return true;
  }
  return Object.values(value).some((each) => typeof each === "object" && holdsPrompt(each, depth + 1));
}

const isSentence = (value: unknown): boolean => typeof value === "string" && /\p{L}+\s+\p{L}+\s+\p{L}+/u.test(value);

function holdsSentence(value: unknown, depth: number): boolean {
  return isSentence(value) || (depth < 4 && typeof value === "object" && value !== null && Object.values(value).some((each) => holdsSentence(each, depth + 1)));
}

// maybe: a sentence that is sent; certain when the answer comes as a stream of events.
export function likenessOf(address: string, method: string, body: string): Likeness {
  if (method !== "POST" || !URL.canParse(address)) {
    return "none";
  }
  let value: unknown;
  try {
    value = body.length <= kReadLimit ? (JSON.parse(body) as unknown) : undefined;
  } catch {
    value = undefined;
  }
  if (kPaths.test(new URL(address).pathname) && (value !== undefined || body.length > kReadLimit)) {
    return "certain";
  }
  return holdsPrompt(value, 0) ? "certain" : holdsSentence(value, 0) ? "maybe" : "none";
}

export const isEventStream = (type: string): boolean => /^text\/event-stream\b/i.test(type);
