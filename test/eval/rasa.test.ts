import { describe, expect, it } from 'vitest'
import { readRasa } from '../../intents/index.ts'

const read = (text: string) => readRasa({ file: 'nlu.yml', text })
const texts = (text: string) => read(text).examples.map(({ text: said, intent }) => [intent, said])

describe('a Rasa file', () => {
  it('gives the examples of every intent without entity markup', () => {
    expect(
      texts(
        [
          'version: "3.1"',
          'nlu:',
          '- intent: order/status',
          '  examples: |',
          '    - 订单[20231111](order)到哪了',
          '    - 寄到[上海]{"entity": "city", "role": "to"}的呢',
          '    - [明天](time:tomorrow)送吗',
          '    - [[红](color)色大号][{"group": "1"}]有吗',
          '    - 方括号[不是实体]留着',
          '    -    ',
          '- intent: greet',
          '  examples:',
          '  - text: |',
          '      你好[小通](name)',
          '    metadata: { sentiment: happy }',
          '- synonym: 上海',
          '  examples: |',
          '    - 沪',
        ].join('\n'),
      ),
    ).toEqual([
      ['order/status', '订单20231111到哪了'],
      ['order/status', '寄到上海的呢'],
      ['order/status', '明天送吗'],
      ['order/status', '红色大号有吗'],
      ['order/status', '方括号[不是实体]留着'],
      ['greet', '你好小通'],
    ])
  })

  it('names the line of what it cannot read, and keeps the rest', () => {
    const { examples, faults } = read(
      'nlu:\n- intent: a\n  examples: |\n    - 一\n    二\n- intent: b\n- intent: c\n  examples: |\n    - 三\n',
    )
    expect(examples.map(({ text, line }) => [text, line])).toEqual([
      ['一', 4],
      ['三', 9],
    ])
    expect(faults.map(({ line }) => line)).toEqual([5, 6])
    expect(faults.every(({ file, fix }) => file === 'nlu.yml' && fix !== '')).toBe(true)
    expect(read('stories: []').faults[0]?.problem).toContain('nlu')
  })

  it('reads hostile markup in time that grows with the text', () => {
    for (const text of ['['.repeat(20_000), '[a]('.repeat(5_000), '[a]{'.repeat(5_000), '[]('.repeat(5_000)])
      expect(read(`nlu:\n- intent: a\n  examples: |\n    - ${text}\n`).examples).toHaveLength(1)
  })
})
