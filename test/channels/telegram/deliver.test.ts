import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChoicesPart, Part } from '../../../src/core/message.ts'
import { createStillHost } from '../../support/still-host.ts'
import { setStage, userKey } from './stage.ts'
import type { Stage } from './stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await setStage()
})
afterEach(() => stage.close())

const text = (words: string): Part => ({ kind: 'text', text: words })
const calls = (method: string) => stage.simulator.exchanges().filter(({ title }) => title === method)
const refuse = (method: string, error_code: number, description: string, times = 1): void =>
  stage.simulator.faults.order(method, { error_code, description }, { times })
const add = (contentType: string, bytes = 8): { readonly mediaId: string } => ({
  mediaId: stage.host.media.add(contentType, new Uint8Array(bytes).fill(7)).mediaId,
})

describe('a text', () => {
  it('is HTML with everything escaped but our links', async () => {
    const words = 'a < b && c > "d" <u>粗</u> <a href="https://example.com/?a=1&b=2">帮助 & 支持</a>'
    await stage.send(text(words))
    expect(stage.shown()).toMatchObject([
      {
        text: 'a < b && c > "d" <u>粗</u> 帮助 & 支持',
        entities: [{ type: 'text_link', url: 'https://example.com/?a=1&b=2' }],
      },
    ])
  })

  it('is sent bare when Telegram cannot read the HTML', async () => {
    refuse('sendMessage', 400, "Bad Request: can't parse entities: nonsense at byte offset 3")
    await stage.send(text('看 <a href="https://example.com">这里</a>'))
    expect(stage.shown()).toMatchObject([{ text: '看 这里（https://example.com）', entities: [] }])
  })

  it('keeps the emphasis of our articles, and everything else as words', async () => {
    await stage.send(
      text('<b>七天内</b>可以<i>全额</i>退 &lt; <code>a ＜ b && c</code>\n<pre>npm start</pre> <u>不是</u>'),
    )
    expect(stage.shown()).toMatchObject([
      {
        text: '七天内可以全额退 &lt; a ＜ b && c\nnpm start <u>不是</u>',
        entities: [
          { type: 'bold', offset: 0, length: 3 },
          { type: 'italic', offset: 5, length: 2 },
          { type: 'code', offset: 14, length: 10 },
          { type: 'pre', offset: 25, length: 9 },
        ],
      },
    ])
  })

  it('whose tags Telegram refuses goes as bare words', async () => {
    await stage.send(text('<b>七天内</b>见<a href="https://example.com/a">这里'))
    await stage.send(text('</b>坏的 <i>标签'))
    expect(stage.shown().map(({ text: shown }) => shown)).toEqual([
      '七天内见<a href="https://example.com/a">这里',
      '坏的 标签',
    ])
  })

  it('comes with the id that Telegram gave it', async () => {
    const receipt = await stage.send(text('在'))
    const [sent] = stage.simulator.messages(userKey)
    expect(receipt).toEqual({ providerId: String(sent?.messageId) })
  })

  it('of 4096 units goes, and one more is refused as too long', async () => {
    expect(stage.channel.capabilities.text).toEqual({ max: 4_096, unit: 'characters', markup: 'styles' })
    await stage.send(text('😀'.repeat(2_048)))
    await expect(stage.send(text('😀'.repeat(2_048) + '.'))).rejects.toMatchObject({ code: 'too_long' })
  })
})

describe('choices', () => {
  const part: ChoicesPart = {
    kind: 'choices',
    prompt: '您想问哪个？',
    choices: [
      {
        id: 'an-article-id-that-is-much-longer-than-the-sixty-four-bytes-of-a-telegram-button',
        label: '大会员退款',
      },
      { id: 'person', label: '转人工' },
    ],
    footer: '也可以直接输入',
  }

  const offer = async () => {
    stage.host.say(userKey, [part])
    await stage.send(part)
    const [line] = stage.simulator.client.lines(userKey).slice(-1)
    if (line?.choices === undefined) throw new Error('no buttons')
    return { line, choices: line.choices }
  }

  it('are an inline keyboard with short ids that say nothing', async () => {
    const { line, choices } = await offer()
    expect(line.text).toBe('您想问哪个？\n也可以直接输入')
    expect(choices.map(({ label }) => label)).toEqual(['大会员退款', '转人工'])
    for (const { id } of choices) expect(id).toMatch(/^[\w-]{16}$/)
  })

  it('come back as our choice, and the press is answered', async () => {
    const { line, choices } = await offer()
    stage.simulator.client.act(userKey, { kind: 'choice', lineId: line.id, choiceId: choices[0]?.id ?? '' })
    await stage.settle()
    expect(stage.host.accepted).toMatchObject([
      {
        parts: [
          { kind: 'event', name: 'choice', value: part.choices[0]?.id },
          { kind: 'text', text: '大会员退款' },
        ],
        mayContinue: false,
        wantsReply: true,
      },
    ])
    await expect.poll(() => calls('answerCallbackQuery').map(({ status }) => status)).toEqual(['200'])
  })

  it('still work after a restart', async () => {
    const { line, choices } = await offer()
    await stage.restart()
    stage.simulator.client.act(userKey, { kind: 'choice', lineId: line.id, choiceId: choices[1]?.id ?? '' })
    await stage.settle()
    expect(stage.host.accepted[0]?.parts[0]).toEqual({ kind: 'event', name: 'choice', value: 'person' })
  })

  it('that nobody offered are an unknown choice, and answered too', async () => {
    const { line } = await offer()
    stage.simulator.client.act(userKey, { kind: 'choice', lineId: line.id, choiceId: 'person' })
    await stage.settle()
    expect(stage.host.accepted[0]?.parts).toEqual([{ kind: 'event', name: 'choice', value: 'person' }])
    await expect.poll(() => calls('answerCallbackQuery')).toHaveLength(1)
  })

  it('whose answer comes too late harm nobody', async () => {
    const { line, choices } = await offer()
    refuse('answerCallbackQuery', 400, 'Bad Request: query is too old and response timeout expired')
    stage.simulator.client.act(userKey, { kind: 'choice', lineId: line.id, choiceId: choices[0]?.id ?? '' })
    await stage.settle()
    await expect.poll(() => stage.host.logged.map(({ event }) => event)).toContain('press not answered')
    expect(stage.host.accepted).toHaveLength(1)
  })
})

describe('files', () => {
  it.each([
    ['image/png', 'image', 'sendPhoto', 8],
    ['image/gif', 'image', 'sendAnimation', 8],
    ['image/svg+xml', 'image', 'sendDocument', 8],
    ['image/jpeg', 'image', 'sendDocument', 10_485_761],
    ['audio/ogg', 'audio', 'sendVoice', 8],
    ['audio/mpeg', 'audio', 'sendAudio', 8],
    ['audio/amr', 'audio', 'sendDocument', 8],
    ['video/mp4', 'video', 'sendVideo', 8],
    ['video/webm', 'video', 'sendDocument', 8],
  ] as const)('%s as %s goes by %s (%i bytes)', async (contentType, kind, method, bytes) => {
    await stage.send({ kind, media: add(contentType, bytes) })
    expect(calls(method).map(({ status }) => status)).toEqual(['200'])
  })

  it('keep their name, without paths', async () => {
    await stage.send({ kind: 'file', name: '../../etc/报告\r\n.pdf', media: add('application/pdf') })
    expect(stage.shown()).toMatchObject([{ document: { file_name: '.._.._etc_报告__.pdf' } }])
  })

  it('go up once, then by handle, and again when Telegram has forgotten them', async () => {
    const part: Part = { kind: 'image', media: add('image/png') }
    await stage.send(part)
    await stage.send(part)
    const uploads = () => calls('sendPhoto').filter(({ request }) => request.includes('attach://'))
    expect([uploads().length, calls('sendPhoto').length]).toEqual([1, 2])
    stage.simulator.files.forgetAll()
    await stage.send(part)
    expect([uploads().length, calls('sendPhoto').length]).toEqual([2, 4])
  })

  it('that are no photo to Telegram go as documents', async () => {
    refuse('sendPhoto', 400, 'Bad Request: PHOTO_INVALID_DIMENSIONS')
    await stage.send({ kind: 'image', media: add('image/png') })
    expect(calls('sendDocument').map(({ status }) => status)).toEqual(['200'])
  })

  it('over the limit, empty or gone are refused before the call, saying why', async () => {
    await stage.close()
    stage = await setStage({ section: { maxUploadBytes: 100 } })
    await expect(stage.send({ kind: 'image', media: add('image/png', 101) })).rejects.toMatchObject({
      code: 'permanent',
      facts: { hint: expect.stringContaining('100 bytes') },
    })
    await expect(stage.send({ kind: 'image', media: add('image/png', 0) })).rejects.toMatchObject({
      code: 'permanent',
    })
    await expect(stage.send({ kind: 'image', media: { mediaId: 'gone' } })).rejects.toMatchObject({
      code: 'permanent',
    })
    expect(calls('sendPhoto')).toHaveLength(0)
  })
})

it('a place goes as location, a named one as venue', async () => {
  await stage.send({ kind: 'location', latitude: 31.2, longitude: 121.5 })
  await stage.send({ kind: 'location', latitude: 31.2, longitude: 121.5, label: '国正中心' })
  expect(stage.shown()).toMatchObject([{ location: { latitude: 31.2 } }, { venue: { title: '国正中心' } }])
})

it('typing is shown at most once in its time', async () => {
  await stage.close()
  stage = await setStage({ host: createStillHost() })
  await stage.channel.showTyping(userKey, true)
  await stage.channel.showTyping(userKey, true)
  await stage.channel.showTyping(userKey, false)
  expect(stage.simulator.typed()).toEqual([Number(userKey)])
})

describe('a refusal', () => {
  it.each([
    [403, 'Forbidden: bot was blocked by the user', 'unreachable'],
    [403, 'Forbidden: user is deactivated', 'unreachable'],
    [403, "Forbidden: bot can't initiate conversation with a user", 'unreachable'],
    [400, 'Bad Request: chat not found', 'unreachable'],
    [400, 'Bad Request: PEER_ID_INVALID', 'unreachable'],
    [400, 'Bad Request: message is too long', 'too_long'],
    [400, 'Bad Request: have no rights to send a message', 'no_permission'],
    [400, 'Bad Request: something new', 'permanent'],
    [401, 'Unauthorized', 'needs_operator'],
    [404, 'Not Found', 'needs_operator'],
    [413, 'Request Entity Too Large', 'permanent'],
    [500, 'Internal Server Error', 'temporary'],
    [502, 'Bad Gateway', 'temporary'],
  ] as const)('%i %s means %s', async (number, description, code) => {
    refuse('sendMessage', number, description, 2)
    await expect(stage.send(text('在'))).rejects.toMatchObject({ code })
  })

  it('says where the token is found', async () => {
    stage.simulator.client.setFault('token-expired', true)
    await expect(stage.send(text('在'))).rejects.toMatchObject({
      code: 'needs_operator',
      facts: { hint: expect.stringContaining('@BotFather') },
    })
  })

  it('for speed names the wait', async () => {
    const parameters = { retry_after: 17 }
    stage.simulator.faults.order('sendMessage', {
      error_code: 429,
      description: 'Too Many Requests',
      parameters,
    })
    await expect(stage.send(text('在'))).rejects.toMatchObject({
      code: 'rate_limited',
      facts: { retryAfterMs: 17_000 },
    })
  })

  it.each(['cut', 'half', 'html'] as const)(
    'that is none (%s) is tried once more, then given up',
    async (fault) => {
      stage.simulator.faults.order('sendMessage', fault, { times: 2 })
      await expect(stage.send(text('在'), { id: 'one' })).rejects.toMatchObject({ code: 'temporary' })
      await expect(stage.send(text('在'), { id: 'one' })).rejects.toMatchObject({
        code: 'permanent',
        facts: { hint: expect.stringContaining('ask the contact') },
      })
      await stage.send(text('在'), { id: 'two' })
    },
  )

  it('never holds the token, the address or the words', async () => {
    const words = '我的密码是 hunter2'
    const errors: unknown[] = []
    const collect = async (): Promise<void> => {
      errors.push(await stage.send(text(words)).catch((error: unknown) => error))
    }
    for (const fault of ['cut', 'half', 'html'] as const) {
      stage.simulator.faults.order('sendMessage', fault)
      await collect()
    }
    refuse('sendMessage', 400, `Bad Request: ${words}`)
    await collect()
    const download = { voice: { file_id: 'gone', file_unique_id: 'g' } }
    stage.simulator.people.send(userKey, download)
    await stage.settle()
    const dump = errors.map((error) => {
      if (!(error instanceof Error)) return ''
      return [error.message, error.stack, JSON.stringify(error), String(error.cause)].join('\n')
    })
    const everything = dump.join('\n') + JSON.stringify(stage.host.logged)
    expect(errors.every((error) => error instanceof Error)).toBe(true)
    expect(everything).not.toContain(stage.account.token.slice(12))
    expect(everything).not.toContain('hunter2')
    expect(everything).not.toContain(userKey)
  })
})
