import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createTelegramAccount, createTelegramSimulator, textFields } from '../../../sandbox/index.ts'
import type { TelegramSimulator } from '../../../sandbox/index.ts'
import { createMovableClock } from '../../../src/core/clock.ts'
import type { MovableClock } from '../../../src/core/clock.ts'

const userKey = '5000000001'
const chatId = Number(userKey)
const Answer = z.record(z.string(), z.unknown())
let clock: MovableClock
let simulator: TelegramSimulator
const closing: (() => Promise<unknown>)[] = []

beforeEach(() => {
  // It stands still: what counts by the second does so however slow the machine is.
  const fixed = new Date('2026-11-23T04:00:00Z')
  clock = createMovableClock({ now: () => fixed })
  const users = [{ key: userKey, name: '小白' }]
  simulator = createTelegramSimulator({
    account: createTelegramAccount(),
    clock,
    users,
    timing: { retryDelayMs: 5 },
  })
})
afterEach(async () => {
  await simulator.close()
  for (const close of closing.splice(0)) await close()
})

const call = async (
  method: string,
  params: Record<string, unknown> = {},
  token = simulator.account.token,
) => {
  const response = await simulator.api.request(`/bot${token}/${method}`, {
    method: 'POST',
    body: JSON.stringify(params),
    headers: { 'content-type': 'application/json' },
  })
  return Answer.parse(await response.json())
}

/** A webhook that notes what it gets and answers with `statuses` in turn, then 200. */
const startWebhook = async (...statuses: number[]) => {
  const got: { secret: unknown; body: string }[] = []
  const read = async (request: IncomingMessage): Promise<string> => {
    const chunks: Buffer[] = []
    for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
    return Buffer.concat(chunks).toString('utf8')
  }
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      got.push({ secret: request.headers['x-telegram-bot-api-secret-token'], body })
      response.statusCode = statuses.shift() ?? 200
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  const address = server.address()
  return {
    got,
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/hook`,
  }
}

describe('the Bot API', () => {
  it('knows its token and its methods', async () => {
    expect(await call('getMe')).toMatchObject({
      ok: true,
      result: { is_bot: true, id: simulator.account.botId },
    })
    expect(await call('getMe', {}, '1:wrong')).toMatchObject({ ok: false, error_code: 401 })
    expect(await call('doMagic')).toMatchObject({ ok: false, error_code: 404 })
  })

  it.each([
    ['', 'message text is empty'],
    ['字'.repeat(4_097), 'message is too long'],
  ])('refuses the text %#', async (text, words) => {
    expect(await call('sendMessage', { chat_id: chatId, text })).toMatchObject({
      error_code: 400,
      description: `Bad Request: ${words}`,
    })
  })

  it.each([
    ['<b>open', "can't find end tag"],
    ['<b><i>crossed</b></i>', 'unmatched end tag'],
    ['<marquee>x</marquee>', 'unsupported start tag'],
    ['1 < 2', 'unsupported start tag'],
  ])('refuses the HTML %s', async (text, words) => {
    const answer = await call('sendMessage', { chat_id: chatId, text, parse_mode: 'HTML' })
    expect(answer).toMatchObject({ error_code: 400 })
    expect(String(answer['description'])).toContain(words)
  })

  it('reads HTML into words and entities, counted in UTF-16 units', async () => {
    const text = '😀<b>粗</b> &lt;x&gt; <a href="https://e.com/?a=1&amp;b=2">去</a>'
    expect(await call('sendMessage', { chat_id: chatId, text, parse_mode: 'HTML' })).toMatchObject({
      result: {
        text: '😀粗 <x> 去',
        entities: [
          { type: 'bold', offset: 2, length: 1 },
          { type: 'text_link', offset: 8, length: 1, url: 'https://e.com/?a=1&b=2' },
        ],
      },
    })
  })

  it.each([0, 65])('refuses a button with %i bytes of data', async (bytes) => {
    const button = { text: 'x', callback_data: 'a'.repeat(bytes) }
    const reply_markup = { inline_keyboard: [[button]] }
    expect(await call('sendMessage', { chat_id: chatId, text: 'x', reply_markup })).toMatchObject({
      description: 'Bad Request: BUTTON_DATA_INVALID',
    })
  })

  it('lets nobody be written to who never started, or has blocked', async () => {
    simulator.addUser('6', '生人', false)
    expect(await call('sendMessage', { chat_id: 6, text: 'x' })).toMatchObject({ error_code: 403 })
    expect(await call('sendMessage', { chat_id: 7, text: 'x' })).toMatchObject({
      description: 'Bad Request: chat not found',
    })
    simulator.people.block(userKey)
    expect(await call('sendMessage', { chat_id: chatId, text: 'x' })).toMatchObject({
      description: 'Forbidden: bot was blocked by the user',
    })
    simulator.client.act(userKey, { kind: 'follow' })
    expect(await call('sendMessage', { chat_id: chatId, text: 'x' })).toMatchObject({ ok: true })
  })

  it('counts messages a second and a group minute', async () => {
    for (let count = 0; count < 30; count += 1) await call('sendMessage', { chat_id: chatId, text: 'x' })
    expect(await call('sendMessage', { chat_id: chatId, text: 'x' })).toMatchObject({
      error_code: 429,
      parameters: { retry_after: 1 },
    })
    clock.advance(1_000)
    expect(await call('sendMessage', { chat_id: chatId, text: 'x' })).toMatchObject({ ok: true })
  })

  it('forgets a press after fifteen seconds', async () => {
    await call('sendMessage', { chat_id: chatId, text: 'x' })
    const messageId = simulator.messages(userKey)[0]?.messageId ?? 0
    const early = simulator.people.press(userKey, { chatId, messageId }, 'a')
    expect(await call('answerCallbackQuery', { callback_query_id: early })).toMatchObject({ ok: true })
    const late = simulator.people.press(userKey, { chatId, messageId }, 'a')
    clock.advance(16_000)
    expect(await call('answerCallbackQuery', { callback_query_id: late })).toMatchObject({ error_code: 400 })
  })

  it('fails as ordered', async () => {
    for (const [name, code] of [
      ['api-500', 500],
      ['api-429', 429],
      ['token-expired', 401],
    ] as const) {
      simulator.client.setFault(name, true)
      expect(await call('getMe')).toMatchObject({ error_code: code })
      simulator.client.setFault(name, false)
    }
    expect(() => simulator.client.setFault('no-such-fault', true)).toThrow(/no fault/)
  })
})

describe('updates', () => {
  it.each([
    ['http://example.com/hook', 'HTTPS'],
    ['https://example.com:9000/hook', 'ports'],
    ['nonsense', 'invalid'],
  ])('are not brought to %s', async (url, word) => {
    expect(String((await call('setWebhook', { url }))['description'])).toContain(word)
  })

  it('come with the secret, again until they are taken, in the order of the chat', async () => {
    const { url, got } = await startWebhook(500, 503)
    await call('setWebhook', { url, secret_token: 'abc' })
    simulator.people.send(userKey, textFields('一'))
    simulator.people.send(userKey, textFields('二'))
    await expect.poll(() => simulator.pendingUpdates()).toBe(0)
    expect(got.map(({ body }) => /"text":"(.)"/.exec(body)?.[1])).toEqual(['一', '一', '一', '二'])
    expect(got.every(({ secret }) => secret === 'abc')).toBe(true)
  })

  it('wait a day, no longer', async () => {
    const { url, got } = await startWebhook(...Array.from({ length: 1_000 }, () => 500))
    await call('setWebhook', { url })
    simulator.people.send(userKey, textFields('一'))
    await expect.poll(() => got.length).toBeGreaterThan(0)
    clock.advance(25 * 3_600_000)
    await expect.poll(() => simulator.client.lines(userKey).at(-1)?.state).toBe('failed')
  })

  it('are not handed out while there is a webhook, nor to two at once', async () => {
    const { url } = await startWebhook()
    await call('setWebhook', { url })
    expect(await call('getUpdates')).toMatchObject({ error_code: 409 })
    await call('deleteWebhook')
    // Whichever comes second ends the other's wait, and gets what comes next.
    const polls = [call('getUpdates', { timeout: 50 }), call('getUpdates', { timeout: 50 })]
    expect(await Promise.race(polls)).toMatchObject({ error_code: 409 })
    simulator.people.send(userKey, textFields('一'))
    expect(await Promise.all(polls)).toContainEqual(
      expect.objectContaining({ ok: true, result: [expect.anything()] }),
    )
  })

  it('are handed out until they are confirmed', async () => {
    simulator.people.send(userKey, textFields('一'))
    const { result } = await call('getUpdates')
    expect(await call('getUpdates')).toEqual({ ok: true, result })
    const [first] = Array.isArray(result) ? result : []
    const offset = Number(Reflect.get(Object(first), 'update_id')) + 1
    expect(await call('getUpdates', { offset })).toEqual({ ok: true, result: [] })
  })
})

it('shows on the client what was said, with buttons, pictures and files', async () => {
  simulator.client.act(userKey, { kind: 'text', text: '在吗' })
  simulator.client.act(userKey, { kind: 'image', bytes: new Uint8Array([1, 2, 3]) })
  simulator.client.act(userKey, { kind: 'file', name: 'a.txt', bytes: new Uint8Array([1]) })
  const reply_markup = { inline_keyboard: [[{ text: '是', callback_data: 'y' }]] }
  await call('sendMessage', { chat_id: chatId, text: '您好', reply_markup })
  const lines = simulator.client.lines(userKey)
  expect(lines).toMatchObject([
    { from: 'user', text: '在吗' },
    { from: 'user', picturePath: expect.stringMatching(/^\/media\//) },
    { from: 'user', fileName: 'a.txt' },
    { from: 'account', text: '您好', choices: [{ id: 'y', label: '是' }] },
  ])
  const picture = await simulator.api.request(lines[1]?.picturePath ?? '')
  expect(new Uint8Array(await picture.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]))
  expect(simulator.client.exchanges(userKey)[0]).toMatchObject({
    kind: 'api',
    title: 'sendMessage',
    status: '200',
  })
})
