// The official OpenAI client for Node, chatting through a gateway: TIERWISE_URL, TIERWISE_KEY. The
// model behind it answers by what is asked; its answers are in ANSWERS, a JSON object of texts, so
// that they can be compared byte for byte. Prints what it gets; ends with 1 where that is not what
// it should be.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import { VERSION } from 'openai/version';

const answers = JSON.parse(process.env.ANSWERS);
const client = new OpenAI({
  baseURL: `${process.env.TIERWISE_URL}/v1`,
  apiKey: process.env.TIERWISE_KEY,
  maxRetries: 0,
});
const ask = (content, more = {}) => ({
  model: 'assistant',
  messages: [{ role: 'user', content }],
  ...more,
});
const say = (what, got) => console.log(`${what}\n    ${got}`);

say('client', `openai ${VERSION}, node ${process.version}`);

const models = await client.models.list();
assert.deepEqual(models.data.map((model) => model.id), ['support', 'auto', 'assistant']);
say('models.list()', models.data.map((model) => model.id).join(', '));

const raw = await client.chat.completions.create(ask('plain')).asResponse();
assert.equal(await raw.text(), answers.plain);
assert.equal(raw.headers.get('x-tierwise-tier'), 'large');
say('an answer byte for byte', answers.plain);

const tools = [{
  type: 'function',
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
}];
const called = await client.chat.completions.create(ask('tools', { tools, tool_choice: 'required' }));
assert.equal(called.choices[0].finish_reason, 'tool_calls');
assert.deepEqual(JSON.parse(called.choices[0].message.tool_calls[0].function.arguments), { city: 'Bern' });
say('a tool is called', JSON.stringify(called.choices[0].message.tool_calls));

const runner = client.chat.completions.runTools(ask('run tools', {
  tools: [{
    type: 'function',
    function: {
      name: 'weather',
      parse: JSON.parse,
      function: ({ city }) => `sunny in ${city}`,
      parameters: tools[0].function.parameters,
    },
  }],
}));
assert.equal(await runner.finalContent(), 'It is sunny in Bern.');
say('runTools()', 'It is sunny in Bern.');

const schema = {
  type: 'json_schema',
  json_schema: {
    name: 'number',
    strict: true,
    schema: { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'], additionalProperties: false },
  },
};
const structured = await client.chat.completions.parse(ask('structured', { response_format: schema }));
assert.deepEqual(JSON.parse(structured.choices[0].message.content), { n: 1 });
say('a structured answer', structured.choices[0].message.content);

const chunks = [];
const stream = await client.chat.completions.create(
  ask('stream', { stream: true, stream_options: { include_usage: true } }));
for await (const chunk of stream) {
  chunks.push(chunk);
}
assert.equal(chunks.map((chunk) => chunk.choices[0]?.delta?.content ?? '').join(''), 'Good day');
assert.equal(chunks.at(-1).usage.total_tokens, 11);
say('streamed with usage', `${chunks.length} chunks, ${JSON.stringify(chunks.at(-1).usage)}`);

const bytes = await client.chat.completions.create(ask('stream', { stream: true })).asResponse();
assert.equal(await bytes.text(), answers.stream);
say('a stream byte for byte', `${answers.stream.length} characters`);

const tool = await client.chat.completions.stream(ask('stream tools', { tools })).finalChatCompletion();
assert.equal(tool.choices[0].message.tool_calls[0].function.arguments, '{"city":"Bern"}');
say('a tool called in a stream', tool.choices[0].message.tool_calls[0].function.arguments);

async function refused(what, type, status, code, question) {
  await assert.rejects(question, (error) => {
    assert.ok(error instanceof type, `${what}: ${error.constructor.name}: ${error.message}`);
    assert.equal(error.status, status);
    assert.equal(error.code, code);
    say(what, `${error.constructor.name} ${error.status} ${error.code}: ${error.message}`);
    return true;
  });
}
await refused('the caller\'s mistake', OpenAI.BadRequestError, 400, 'context_length_exceeded',
  () => client.chat.completions.create(ask('too long')));
await refused('an upstream that fails', OpenAI.InternalServerError, 503, 'large_unavailable',
  () => client.chat.completions.create(ask('fails')));
await refused('an upstream that fails, streamed', OpenAI.InternalServerError, 503, 'large_unavailable',
  () => client.chat.completions.create(ask('fails', { stream: true })));
await refused('no such mode', OpenAI.NotFoundError, 404, 'model_not_found',
  () => client.chat.completions.create({ ...ask('plain'), model: 'assistant:best' }));

const broken = await client.chat.completions.create(ask('breaks off', { stream: true }));
await assert.rejects(async () => {
  for await (const chunk of broken) {
    assert.equal(chunk.choices[0].delta.content, 'Good ');
  }
}, (error) => {
  assert.ok(error instanceof OpenAI.APIError, error.constructor.name);
  assert.equal(error.code, 'stream_truncated');
  say('a stream that breaks off', `${error.constructor.name} ${error.code}`);
  return true;
});

const endless = await client.chat.completions.create(ask('endless', { stream: true }));
for await (const chunk of endless) {
  assert.equal(chunk.object, 'chat.completion.chunk');
  break;
}
assert.ok(endless.controller.signal.aborted);
say('a stream left after its first chunk', 'closed');
