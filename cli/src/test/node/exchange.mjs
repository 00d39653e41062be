// The official OpenAI client for Node against a gateway: TIERWISE_URL, TIERWISE_KEY. Prints what it
// asks and what it gets; ends with 1 where that is not what it should be. Beginning with a request
// that it gives up once a line comes in on standard input.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import OpenAI from 'openai';
import { VERSION } from 'openai/version';

let calls = 0;
const counted = (...request) => {
  calls++;
  return fetch(...request);
};
const settings = { baseURL: `${process.env.TIERWISE_URL}/v1`, fetch: counted, maxRetries: 0 };
const client = new OpenAI({ ...settings, apiKey: process.env.TIERWISE_KEY });
const ask = (content, more = {}) => ({
  model: 'support',
  messages: [{ role: 'user', content }],
  ...more,
});
const say = (what, got) => console.log(`${what}\n    ${got}`);

async function refused(what, type, status, code, question) {
  const before = calls;
  await assert.rejects(question, (error) => {
    assert.ok(error instanceof type, `${what}: ${error.constructor.name}`);
    assert.equal(error.status, status);
    assert.equal(error.code, code);
    say(what, `${error.constructor.name} ${error.status} ${error.code} param=${error.param}: ${error.message}`);
    return true;
  });
  return calls - before;
}

say('client', `openai ${VERSION}, node ${process.version}`);

// Given up while it waits for the large model.
const waiting = new AbortController();
const held = client.chat.completions.create(ask('other', { stream: true }), { signal: waiting.signal });
const gone = assert.rejects(held, OpenAI.APIUserAbortError);
await once(process.stdin, 'data');
process.stdin.destroy();
waiting.abort();
await gone;
say('a stream given up while it waits', 'APIUserAbortError');

const models = await client.models.list();
assert.deepEqual(models.data.map((model) => model.id), ['support']);
say('models.list()', JSON.stringify(models.data));
assert.equal((await client.models.retrieve('support')).id, 'support');

const { data: plain, response } = await client.chat.completions.create(ask('refund')).withResponse();
assert.equal(plain.choices[0].message.content, 'refund');
assert.equal(plain.usage.total_tokens, 21);
assert.equal(response.headers.get('x-tierwise-tier'), 'large');
say('plain', `${plain.choices[0].message.content}, tier ${response.headers.get('x-tierwise-tier')}, usage ${JSON.stringify(plain.usage)}`);

const distribution = await client.chat.completions.create(ask('delivery', { logprobs: true, top_logprobs: 3 }));
const token = distribution.choices[0].logprobs.content[0];
assert.equal(token.token, 'delivery');
assert.equal(token.logprob, 0);
assert.equal(token.top_logprobs[0].token, 'delivery');
say('logprobs', token.top_logprobs.map((each) => `${each.token} ${each.logprob}`).join(', '));

const chunks = [];
const stream = await client.chat.completions.create(
  ask('refund', { stream: true, stream_options: { include_usage: true } }));
for await (const chunk of stream) {
  chunks.push(chunk);
}
assert.equal(chunks.map((chunk) => chunk.choices[0]?.delta?.content ?? '').join(''), 'refund');
assert.equal(chunks.at(-2).choices[0].finish_reason, 'stop');
assert.deepEqual(chunks.at(-1).choices, []);
assert.equal(typeof chunks.at(-1).usage.total_tokens, 'number');
say('streamed with usage', `${chunks.length} chunks, the last with ${JSON.stringify(chunks.at(-1).usage)}`);

const final = await client.chat.completions.stream(ask('delivery')).finalContent();
assert.equal(final, 'delivery');
say('stream().finalContent()', final);

const broken = await client.chat.completions.create(ask('refund', { stream: true }));
for await (const chunk of broken) {
  assert.equal(chunk.object, 'chat.completion.chunk');
  break;
}
assert.ok(broken.controller.signal.aborted);
say('a stream left after its first chunk', 'closed');

const stranger = new OpenAI({ ...settings, apiKey: 'tw_nobody_nothing' });
await refused('401', OpenAI.AuthenticationError, 401, 'invalid_api_key',
  () => stranger.chat.completions.create(ask('refund')));
await refused('400', OpenAI.BadRequestError, 400, 'unsupported_value',
  () => client.chat.completions.create(ask('refund', { n: 2 })));
await refused('404', OpenAI.NotFoundError, 404, 'model_not_found',
  () => client.chat.completions.create({ ...ask('refund'), model: 'gpt-4o' }));
await refused('503, streamed', OpenAI.InternalServerError, 503, 'large_unavailable',
  () => client.chat.completions.create(ask('no label of the task', { stream: true })));
const tries = await refused('503, with one retry', OpenAI.InternalServerError, 503, 'large_unavailable',
  () => client.chat.completions.create(ask('no label either'), { maxRetries: 1 }));
assert.equal(tries, 2);
say('calls made', tries);
const once503 = await refused('503 that no retry helps', OpenAI.InternalServerError, 503, 'no_cheap_candidate',
  () => client.chat.completions.create(ask('never asked'),
    { maxRetries: 5, headers: { 'x-tierwise-policy': 'cheap-only' } }));
assert.equal(once503, 1);
say('calls made', once503);

assert.equal((await client.chat.completions.create(ask('refund'))).choices[0].message.content, 'refund');
say('and after all that', 'refund');
