import { afterEach, describe, expect, it } from 'vitest'
import { node, systemErrorText } from '../../../sandbox/wechat/index.ts'
import type { PushExchange, Utterance, WechatSimulator } from '../../../sandbox/wechat/index.ts'
import { sealReply, textReply } from './fake-bot.ts'
import { bai, setStage, testAccount } from './stage.ts'
import type { Stage } from './stage.ts'

let stage: Stage
afterEach(() => stage.close())

const pushes = (simulator: WechatSimulator): readonly PushExchange[] =>
  simulator.trace().filter((exchange): exchange is PushExchange => exchange.kind === 'push')
const seen = (simulator: WechatSimulator): readonly string[] =>
  simulator
    .transcript(bai.openid)
    .filter((entry) => entry.source !== 'user')
    .map(({ source, content }) => `${source}: ${'text' in content ? content.text : content.kind}`)
const text = (words: string): Utterance => ({ kind: 'text', text: words })

describe.each(['plain', 'compatible', 'safe'] as const)('pushes in %s mode', (mode) => {
  it('are signed, numbered and understood by a callback with its own code', async () => {
    stage = await setStage({ mode })
    const outcome = await stage.simulator.push(bai.openid, text('大会员怎么退款 ]]> 😀'))
    expect(outcome.state).toBe('acknowledged')
    const [message] = stage.bot.received
    expect(message?.signatureOk).toBe(true)
    expect(message?.query['openid']).toBe(bai.openid)
    expect(message?.query['timestamp']).toBe(String(Math.floor(stage.clock.now().getTime() / 1000)))
    expect(message?.query['encrypt_type']).toBe(mode === 'plain' ? undefined : 'aes')
    expect(message?.rawBody.includes('FromUserName')).toBe(mode !== 'safe')
    expect(message?.xml).toContain('大会员怎么退款 ]]]]><![CDATA[> 😀')
    expect(message?.field('ToUserName')).toBe(testAccount.originalId)
    expect(BigInt(message?.field('MsgId') ?? 0) > 2n ** 53n).toBe(true)
  })

  it('show the passive reply to the user', async () => {
    stage = await setStage({ mode })
    stage.bot.answerWith((message) => {
      const plain = textReply(message, '您好\n第二行')
      return mode === 'safe' ? sealReply(stage.account, plain) : plain
    })
    const outcome = await stage.simulator.push(bai.openid, text('你好'))
    expect(outcome.state).toBe('answered')
    expect(seen(stage.simulator)).toEqual(['passive: 您好\n第二行'])
    expect(pushes(stage.simulator)[0]).toMatchObject({ result: 'answered', status: 200, problems: [] })
  })
})

describe('kinds of pushes', () => {
  const cases: readonly [string, Utterance, Record<string, string>][] = [
    [
      'location',
      { kind: 'location', latitude: 23.1, longitude: 113.3, label: '广州' },
      { Location_X: '23.1' },
    ],
    [
      'link',
      { kind: 'link', title: '标题', description: '摘要', url: 'https://a.example' },
      { Title: '标题' },
    ],
    ['file', { kind: 'file', name: '对账单.xlsx', md5: 'd41d', bytes: 12345 }, { FileTotalLen: '12345' }],
    [
      'menu choice',
      { kind: 'menu-choice', id: '101', label: '满意' },
      { bizmsgmenuid: '101', Content: '满意' },
    ],
    ['subscribe', { kind: 'subscribe' }, { Event: 'subscribe', EventKey: '' }],
    [
      'subscribe by code',
      { kind: 'subscribe', scene: 's1' },
      { EventKey: 'qrscene_s1', Ticket: 'ticket_s1' },
    ],
    ['unsubscribe', { kind: 'unsubscribe' }, { Event: 'unsubscribe' }],
    ['scan', { kind: 'scan', scene: 's1' }, { Event: 'SCAN', EventKey: 's1' }],
    [
      'click',
      { kind: 'click', key: 'MENU_TALK_TO_HUMAN' },
      { Event: 'CLICK', EventKey: 'MENU_TALK_TO_HUMAN' },
    ],
    ['view', { kind: 'view', url: 'https://a.example' }, { Event: 'VIEW', MenuId: '4000001' }],
    ['position', { kind: 'report-location', latitude: 1.5, longitude: 2.5 }, { Latitude: '1.5' }],
    [
      'a nested event',
      {
        kind: 'event',
        event: 'scancode_waitmsg',
        fields: [node('EventKey', 'k'), node('ScanCodeInfo', [node('ScanResult', 'r')])],
      },
      { ScanResult: 'r' },
    ],
    ['an unknown type', { kind: 'message', type: 'hologram', fields: [node('Depth', 3)] }, { Depth: '3' }],
  ]

  it.each(cases)('%s carries its documented fields', async (_name, utterance, fields) => {
    stage = await setStage()
    await stage.simulator.push(bai.openid, utterance)
    const [message] = stage.bot.received
    for (const [name, value] of Object.entries(fields)) expect(message?.field(name)).toBe(value)
    const isEvent = message?.field('MsgType') === 'event'
    expect(message?.field('MsgId') === undefined).toBe(isEvent)
  })

  it('media carry ids of the simulator’s own store', async () => {
    stage = await setStage()
    const amr = Buffer.from('#!AMR\n')
    const [voice, better] = [stage.simulator.upload('voice', amr), stage.simulator.upload('voice', amr)]
    const picture = stage.simulator.upload('image', Buffer.from('\u0089PNG', 'latin1'))
    await stage.simulator.push(bai.openid, { kind: 'image', mediaId: picture.mediaId })
    await stage.simulator.push(bai.openid, {
      kind: 'voice',
      mediaId: voice.mediaId,
      mediaId16k: better.mediaId,
      recognition: '我要找人工',
    })
    await stage.simulator.push(bai.openid, {
      kind: 'video',
      mediaId: 'V',
      thumbMediaId: 'T',
      short: true,
    })
    const [image, spoken, video] = stage.bot.received
    expect(image?.field('PicUrl')).toBe(`http://api.test/mmbiz/${picture.mediaId}/0`)
    expect(spoken?.field('MediaId16K')).toBe(better.mediaId)
    expect(spoken?.field('Recognition')).toBe('我要找人工')
    expect(video?.field('MsgType')).toBe('shortvideo')
    const publicPicture = await stage.simulator.api.request(`/mmbiz/${picture.mediaId}/0`)
    expect(publicPicture.headers.get('content-type')).toBe('image/png')
  })

  it('MsgIds grow, also when the clock stands still or is set back', async () => {
    stage = await setStage()
    const ids: bigint[] = []
    for (const ms of [0, 0, -60_000, 60_000]) {
      stage.clock.advance(ms)
      await stage.simulator.push(bai.openid, text('x'))
      ids.push(BigInt(stage.bot.received.at(-1)?.field('MsgId') ?? 0))
    }
    expect(ids).toEqual([...new Set(ids)].sort((one, other) => (one < other ? -1 : 1)))
  })

  it('an answer to an event nobody waits for is not shown', async () => {
    stage = await setStage({ mode: 'plain' })
    stage.bot.answerWith((message) => textReply(message, '再见'))
    const outcome = await stage.simulator.push(bai.openid, { kind: 'unsubscribe' })
    expect(outcome.state).toBe('acknowledged')
    expect(seen(stage.simulator)).toEqual([])
    expect(pushes(stage.simulator)[0]?.problems).toEqual(['nobody sees an answer to this event'])
  })
})

describe('patience', () => {
  it('a callback that never answers is tried three times with the same MsgId', async () => {
    stage = await setStage({}, { timing: { attemptTimeoutMs: 1_000, attempts: 3 } })
    stage.bot.answerWith(() => ({ waitMs: 60_000, then: 'success' }))
    const outcome = await stage.simulator.push(bai.openid, text('在吗'))
    expect(outcome.state).toBe('failed')
    expect(pushes(stage.simulator).map(({ result, attempt }) => `${attempt} ${result}`)).toEqual([
      '1 timeout',
      '2 timeout',
      '3 timeout',
    ])
    expect(new Set(stage.bot.received.map((message) => message.field('MsgId'))).size).toBe(1)
    expect(new Set(stage.bot.received.map((message) => message.query['nonce'])).size).toBe(3)
    expect(seen(stage.simulator)).toEqual([`platform: ${systemErrorText}`])
  })

  it('retries can repeat the very same bytes', async () => {
    stage = await setStage({}, { timing: { retries: 'identical' } })
    stage.bot.answerWith((_message, count) => (count === 1 ? { status: 500 } : 'success'))
    await stage.simulator.push(bai.openid, text('在吗'))
    const [first, second] = stage.bot.received
    expect(second?.query).toEqual(first?.query)
    expect(second?.rawBody).toBe(first?.rawBody)
  })

  it('an answer that comes late is lost, the answer to the retry is shown', async () => {
    stage = await setStage({ mode: 'plain' }, { timing: { attemptTimeoutMs: 2_000 } })
    stage.bot.answerWith((message, count) =>
      count === 1 ? { waitMs: 60_000, then: textReply(message, '太晚') } : textReply(message, '及时'),
    )
    await stage.simulator.push(bai.openid, text('在吗'))
    expect(seen(stage.simulator)).toEqual(['passive: 及时'])
    expect(pushes(stage.simulator).map(({ result }) => result)).toEqual(['timeout', 'answered'])
  })

  it.each([
    ['a broken connection', { cut: true } as const, 'refused'],
    ['an HTTP error', { status: 500 }, 'http-error'],
  ])('%s is tried again', async (_name, behaviour, result) => {
    stage = await setStage()
    stage.bot.answerWith((_message, count) => (count < 3 ? behaviour : 'success'))
    const outcome = await stage.simulator.push(bai.openid, text('在吗'))
    expect(outcome.state).toBe('acknowledged')
    expect(pushes(stage.simulator).map((exchange) => exchange.result)).toEqual([
      result,
      result,
      'acknowledged',
    ])
  })

  it('a callback that is not there makes a system error', async () => {
    stage = await setStage({}, { callbackUrl: () => 'http://127.0.0.1:9/callback' })
    expect((await stage.simulator.push(bai.openid, text('在吗'))).state).toBe('failed')
    expect(pushes(stage.simulator).at(-1)).toMatchObject({ result: 'refused', problems: ['ECONNREFUSED'] })
    expect(seen(stage.simulator)).toEqual([`platform: ${systemErrorText}`])
  })

  it('closing the simulator breaks off what is in flight, without a word to the user', async () => {
    stage = await setStage({}, { timing: { attemptTimeoutMs: 60_000 } })
    stage.bot.answerWith(() => ({ waitMs: 60_000, then: 'success' }))
    const outcome = stage.simulator.push(bai.openid, text('在吗'))
    await expect.poll(() => stage.bot.received.length).toBe(1)
    stage.simulator.close()
    expect((await outcome).state).toBe('failed')
    expect(seen(stage.simulator)).toEqual([])
  })
})

describe('strict reading of replies', () => {
  const plain = (changes: (xml: string) => string) => (xml: string) => changes(xml)
  const bad: readonly [string, (xml: string) => string, RegExp][] = [
    ['an error page', () => '<html><body>502</body></html>', /not the sender|root/],
    ['JSON', () => '{"ok":true}', /not an XML/],
    ['"success" with a space', () => 'success ', /not an XML/],
    ['quotes around it', () => '"success"', /not an XML/],
    ['a byte order mark', () => '\ufeffsuccess', /not an XML/],
    ['To and From not swapped', plain((xml) => xml.replace(bai.openid, 'gh_x')), /ToUserName/],
    ['another account', plain((xml) => xml.replace(testAccount.originalId, 'gh_x')), /FromUserName/],
    ['empty content', plain((xml) => xml.replace('<![CDATA[OK]]>', '')), /empty/],
    ['2049 bytes', plain((xml) => xml.replace('OK', 'x'.repeat(2049))), /2049 bytes/],
    ['an unknown MsgType', plain((xml) => xml.replace('[text]', '[constructor]')), /cannot be a reply/],
    ['no CreateTime', plain((xml) => xml.replace('1767225600', 'now')), /CreateTime/],
    ['an unknown picture', plain((xml) => xml.replace('[text]', '[image]')), /Image/],
    ['a doubled field', plain((xml) => xml.replace('<MsgType>', '<MsgType>a</MsgType><MsgType>')), /MsgType/],
  ]

  it.each(bad)('%s is a system error at once', async (_name, spoil, problem) => {
    stage = await setStage({ mode: 'plain' })
    stage.bot.answerWith((message) => spoil(textReply(message, 'OK')))
    const outcome = await stage.simulator.push(bai.openid, text('在吗'))
    expect(outcome.state).toBe('failed')
    expect(stage.bot.received.length).toBe(1)
    expect(pushes(stage.simulator)[0]?.problems.join()).toMatch(problem)
    expect(seen(stage.simulator)).toEqual([`platform: ${systemErrorText}`])
  })

  it.each([
    ['plain', (xml: string) => xml, /safe mode/],
    ['signed wrongly', (xml: string) => sealReply(testAccount, xml, { signature: '0'.repeat(40) }), /-40001/],
    ['for another AppID', (xml: string) => sealReply(testAccount, xml, { appId: 'wx000' }), /-40005/],
    [
      'with a field too many',
      (xml: string) => sealReply(testAccount, xml).replace('</xml>', '<A>1</A></xml>'),
      /exactly/,
    ],
  ])('in safe mode a reply that is %s is refused', async (_name, seal, problem) => {
    stage = await setStage({ mode: 'safe' })
    stage.bot.answerWith((message) => seal(textReply(message, 'OK')))
    expect((await stage.simulator.push(bai.openid, text('在吗'))).state).toBe('failed')
    expect(pushes(stage.simulator)[0]?.problems.join()).toMatch(problem)
  })

  it('in plain mode an encrypted reply is refused', async () => {
    stage = await setStage({ mode: 'plain' })
    stage.bot.answerWith((message) => sealReply(testAccount, textReply(message, 'OK')))
    expect((await stage.simulator.push(bai.openid, text('在吗'))).state).toBe('failed')
  })

  it('one article answers a message, more only an event', async () => {
    const item = '<item><Title>T</Title><Description>D</Description><PicUrl>P</PicUrl><Url>U</Url></item>'
    stage = await setStage({ mode: 'plain' })
    stage.bot.answerWith((message) =>
      textReply(message, 'OK')
        .replace('[text]', '[news]')
        .replace(
          '<Content><![CDATA[OK]]></Content>',
          `<ArticleCount>2</ArticleCount><Articles>${item}${item}</Articles>`,
        ),
    )
    expect((await stage.simulator.push(bai.openid, text('在吗'))).state).toBe('failed')
    expect((await stage.simulator.push(bai.openid, { kind: 'click', key: 'K' })).state).toBe('answered')
  })

  it('a strange field is forgiven and noted', async () => {
    stage = await setStage({ mode: 'plain' })
    stage.bot.answerWith((message) =>
      textReply(message, 'OK').replace('</xml>', '<FuncFlag>0</FuncFlag></xml>'),
    )
    expect((await stage.simulator.push(bai.openid, text('在吗'))).state).toBe('answered')
    expect(pushes(stage.simulator)[0]?.problems).toEqual(['<FuncFlag> does not belong into a text reply'])
  })
})

describe('faults of pushing', () => {
  it.each([
    ['a bad signature', { badSignature: true }, 'bad-signature'],
    ['plaintext to an encrypted account', { plaintext: true }, 'plaintext'],
    ['an old timestamp', { staleBySeconds: 3600 }, 'stale-timestamp'],
    ['a foreign key', { wrongKey: true }, 'wrong-key'],
  ] as const)('%s', async (_name, options, fault) => {
    stage = await setStage()
    await stage.simulator.push(bai.openid, text('在吗'), options)
    const [message] = stage.bot.received
    expect(pushes(stage.simulator)[0]?.faults).toEqual([fault])
    expect(message?.signatureOk).toBe(fault !== 'bad-signature')
    const seconds = Math.floor(stage.clock.now().getTime() / 1000)
    expect(message?.query['timestamp']).toBe(String(seconds - (fault === 'stale-timestamp' ? 3600 : 0)))
    expect(message?.query['encrypt_type']).toBe(fault === 'plaintext' ? undefined : 'aes')
    expect(message?.xml.includes('在吗')).toBe(fault === 'stale-timestamp' || fault === 'plaintext')
  })

  it('three copies at once: the user sees one answer, a different second one is a problem', async () => {
    stage = await setStage({ mode: 'plain' })
    stage.bot.answerWith((message, count) => textReply(message, `第 ${count} 次`))
    await stage.simulator.push(bai.openid, text('在吗'), { copies: 3 })
    expect(stage.bot.received.length).toBe(3)
    expect(new Set(stage.bot.received.map((message) => message.field('MsgId'))).size).toBe(1)
    expect(seen(stage.simulator).length).toBe(1)
    const differing = pushes(stage.simulator).filter((exchange) => exchange.problems.length > 0)
    expect(differing.length).toBe(2)
    expect(differing[0]?.comparison?.samePlaintext).toBe(false)
  })

  it('a lost answer is asked for again and compared byte by byte', async () => {
    stage = await setStage({ mode: 'plain' })
    stage.bot.answerWith((message) => textReply(message, '同一个答案'))
    await stage.simulator.push(bai.openid, text('在吗'), { loseAnswers: 2 })
    expect(pushes(stage.simulator).map(({ result }) => result)).toEqual(['lost', 'lost', 'answered'])
    expect(pushes(stage.simulator)[2]?.comparison).toMatchObject({ sameBytes: true, samePlaintext: true })
    expect(seen(stage.simulator)).toEqual(['passive: 同一个答案'])
  })

  it('out of order: the later message arrives first', async () => {
    stage = await setStage()
    await stage.simulator.pushOutOfOrder(bai.openid, [text('先说的'), text('后说的')])
    const [first, second] = stage.bot.received
    expect([first?.field('Content'), second?.field('Content')]).toEqual(['后说的', '先说的'])
    expect(BigInt(first?.field('MsgId') ?? 0) > BigInt(second?.field('MsgId') ?? 0)).toBe(true)
  })

  it('a replay sends the same bytes and shows the user nothing', async () => {
    stage = await setStage({ mode: 'plain' })
    stage.bot.answerWith((message) => textReply(message, '您好'))
    await stage.simulator.push(bai.openid, text('在吗'))
    const replayed = await stage.simulator.replay(pushes(stage.simulator)[0]?.id ?? 0)
    expect(stage.bot.received[1]).toMatchObject({
      rawBody: stage.bot.received[0]?.rawBody,
      query: stage.bot.received[0]?.query,
    })
    expect(replayed.faults).toEqual(['replay'])
    expect(replayed.comparison?.sameBytes).toBe(true)
    expect(seen(stage.simulator)).toEqual(['passive: 您好'])
    await expect(stage.simulator.replay(999)).rejects.toThrow(/no push/)
  })
})

it('waits with many messages at once for the next attempt, and warns of nothing', async () => {
  stage = await setStage(
    {},
    { timing: { attempts: 2, retryDelayMs: 50 }, callbackUrl: () => 'http://127.0.0.1:1' },
  )
  const warnings: string[] = []
  const note = ({ name }: Error): void => void warnings.push(name)
  process.on('warning', note)
  try {
    const asked = Array.from({ length: 12 }, (_, n) => stage.simulator.push(bai.openid, text(String(n))))
    const states = (await Promise.all(asked)).map(({ state }) => state)
    expect(states).toEqual(states.map(() => 'failed'))
    expect(warnings).not.toContain('MaxListenersExceededWarning')
  } finally {
    process.off('warning', note)
  }
})
