import { describe, expect, it } from 'vitest'
import { createMutate } from '../../../bench/mutate.ts'
import { decodeUtf8, readJson, readXml, Refusal } from '../../../channels/kit/index.ts'
import { decode } from '../../../channels/wechat/decode.ts'
import { messageXml } from './account.ts'

const seeds = [
  messageXml({ MsgType: 'text', Content: '我的订单到哪了 😀', MsgId: '24500000000000001' }),
  messageXml({ MsgType: 'text', Content: '满意', MsgId: '2', bizmsgmenuid: '101' }),
  messageXml({ MsgType: 'image', PicUrl: 'http://mmbiz.qpic.cn/x/0', MediaId: 'M', MsgId: '3' }),
  messageXml({ MsgType: 'location', Location_X: '23.1', Location_Y: '113.3', Label: 'x', MsgId: '4' }),
  messageXml({ MsgType: 'event', Event: 'subscribe', EventKey: 'qrscene_1' }),
  messageXml({ MsgType: 'event', Event: 'CLICK', EventKey: 'help' }),
  '{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":1,"MsgType":"text","Content":"a","MsgId":1}',
]
describe('10 000 mutated pushes', () => {
  it('are each a message or a refusal, never a crash', () => {
    const mutate = createMutate(20_261_201)
    const outcomes = new Set<string>()
    for (let count = 0; count < 10_000; count += 1) {
      const text = mutate(seeds[count % seeds.length] ?? '')
      try {
        const read = text.startsWith('{') ? readJson : readXml
        const message = decode(read(decodeUtf8(Buffer.from(text))), {
          inboxId: 'inbox-1',
          passiveBudgetMs: 0,
        })
        outcomes.add('message')
        expect(Number.isNaN(message.sentAt.getTime()), text).toBe(false)
      } catch (error) {
        outcomes.add('refused')
        expect(error, text).toBeInstanceOf(Refusal)
      }
    }
    expect([...outcomes].sort()).toEqual(['message', 'refused'])
  })
})
