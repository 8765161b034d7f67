import { describe, expect, it } from 'vitest'
import { decodeUtf8, readJson, readXml, Refusal } from '../../../channels/kit/index.ts'
import { decode } from '../../../channels/wechat/decode.ts'
import { createRandom, type Random } from '../../support/random.ts'
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
const pieces = [
  ...['<', '>', ']]>', '<![CDATA[', '&#0;', '&amp;', '<!DOCTYPE', '\0', '\uD800', '{', '}', 'null', '1e999'],
  ...['<MsgType>event</MsgType>', '<__proto__>1</__proto__>', '<Event>x</Event>', '"__proto__":{},'],
]

const mutate = (text: string, random: Random): string => {
  const at = random(text.length + 1)
  const piece = pieces[random(pieces.length)] ?? ''
  switch (random(4)) {
    case 0:
      return text.slice(0, at) + piece + text.slice(at)
    case 1:
      return text.slice(0, at) + text.slice(at + random(12))
    case 2:
      // The value of a field, as a whole: the document stays well-formed.
      return text.replace(/(?<=<!\[CDATA\[|<CreateTime>)[^\]<]*/, piece)
    default:
      return text.slice(0, at) + text.slice(random(text.length))
  }
}

describe('10 000 mutated pushes', () => {
  it('are each a message or a refusal, never a crash', () => {
    const random = createRandom(20_261_201)
    const outcomes = new Set<string>()
    for (let count = 0; count < 10_000; count += 1) {
      let text = seeds[random(seeds.length)] ?? ''
      for (let times = random(4); times >= 0; times -= 1) text = mutate(text, random)
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
