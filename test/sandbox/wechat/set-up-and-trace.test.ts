import { afterEach, describe, expect, it } from 'vitest'
import type { PushExchange, Utterance, WechatSimulator } from '../../../sandbox/wechat/index.ts'
import { bai, setStage, testAccount } from './stage.ts'
import type { Stage } from './stage.ts'

let stage: Stage
afterEach(() => stage.close())

const pushes = (simulator: WechatSimulator): readonly PushExchange[] =>
  simulator.trace().filter((exchange): exchange is PushExchange => exchange.kind === 'push')
const text = (words: string): Utterance => ({ kind: 'text', text: words })

describe('set-up check and trace', () => {
  it('accepts a callback that returns echostr, and says what is wrong otherwise', async () => {
    stage = await setStage()
    expect(await stage.simulator.checkCallback()).toEqual({ ok: true, problem: '' })
    const other = await setStage(
      {},
      { callbackUrl: () => stage.bot.url, account: { ...testAccount, token: 'x' } },
    )
    expect(await other.simulator.checkCallback()).toEqual({ ok: false, problem: 'HTTP status 401' })
    await other.close()
  })

  it('the trace holds the request as curl, before and after encryption, and tells listeners', async () => {
    stage = await setStage()
    const heard: string[] = []
    const stop = stage.simulator.onEvent((event) =>
      heard.push(
        event.kind === 'exchange'
          ? `exchange ${'result' in event.exchange ? event.exchange.result : ''}`
          : 'line',
      ),
    )
    await stage.simulator.push(bai.openid, text("it's"))
    stop()
    await stage.simulator.push(bai.openid, text('unheard'))
    expect(heard).toEqual(['line', 'line', 'exchange pending', 'exchange acknowledged', 'line'])
    const [exchange] = pushes(stage.simulator)
    expect(exchange?.plainBody).toContain("it's")
    expect(exchange?.sentBody).toContain('<Encrypt>')
    expect(exchange?.curl).toMatch(/^curl -i -X POST 'http:\/\/127\.0\.0\.1:\d+\/callback\?signature=/)
    expect(exchange?.durationMs).toBeGreaterThan(0)
  })

  it('keeps the last exchanges only', async () => {
    stage = await setStage({}, { traceSize: 3 })
    for (const words of ['1', '2', '3', '4', '5']) await stage.simulator.push(bai.openid, text(words))
    expect(stage.simulator.trace().length).toBe(3)
    expect(pushes(stage.simulator).map(({ plainBody }) => /CDATA\[(\d)\]/.exec(plainBody)?.[1])).toEqual([
      '3',
      '4',
      '5',
    ])
  })

  it('an unknown openid is a mistake of the caller', async () => {
    stage = await setStage()
    await expect(stage.simulator.push('nobody', text('x'))).rejects.toMatchObject({ code: 'not_found' })
  })
})
