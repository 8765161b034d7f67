/** Small data of our own for the evaluation's tests: enough to learn from, not to judge a system by. */

const verbs = ['怎么', '如何', '能不能', '我想', '请问怎样', '麻烦帮我', '可以', '为什么不能']
const matters: Readonly<Record<string, readonly string[]>> = {
  refund: ['退款', '退钱', '把钱退回来', '申请退费'],
  address: ['修改收货地址', '换个地址', '改地址', '更改收件地址'],
  invoice: ['开发票', '补开发票', '要电子发票', '打印发票'],
  password: ['找回密码', '重设密码', '改密码', '重置登录密码'],
  parcel: ['查快递到哪了', '催一下快递', '查物流', '看包裹的物流'],
}
const foreign = [
  '今天天气怎么样',
  '讲个笑话',
  '推荐一部电影',
  '附近哪里有火锅',
  '明天会下雨吗',
  '你会唱歌吗',
  '股票会涨吗',
  '世界上最高的山',
  '晚上吃什么好',
  '给我写一首诗',
  '一加一等于几',
  '谁是球队的教练',
]

const lines = (rows: readonly { readonly text: string; readonly intent: string | null }[]): string =>
  `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`

const asked = (from: number, to: number) =>
  Object.entries(matters).flatMap(([intent, ways]) =>
    ways.flatMap((way) => verbs.slice(from, to).map((verb) => ({ text: `${verb}${way}`, intent }))),
  )

/** What is learned from. */
export const intentLines = ({ outOfScope }: { readonly outOfScope: boolean }): string =>
  lines([
    ...asked(0, 5),
    ...(outOfScope
      ? foreign.slice(0, 8).map((text, at) => ({ text, intent: at % 2 === 0 ? null : 'oos' }))
      : []),
  ])

/** What is measured: other wordings, and other foreign matters. */
export const testLines = lines([...asked(6, 8), ...foreign.slice(8).map((text) => ({ text, intent: null }))])

/** Training data as Rasa users have it, with all that says nothing about intents. */
export const rasaFile = `version: "3.1"
nlu:
${Object.entries(matters)
  .map(
    ([intent, ways]) =>
      `- intent: ${intent}\n  examples: |\n${ways.flatMap((way) => verbs.map((verb) => `    - ${verb}[${way}](matter)`)).join('\n')}`,
  )
  .join('\n')}
- synonym: 发票
  examples: |
    - 单据
- lookup: city
  examples: |
    - 上海
- regex: order
  examples: |
    - \\d{6}
`

/** A knowledge base with questions, some of which nothing answers. */
export const faqBase = ({ alternatives }: { readonly alternatives: boolean }) => ({
  kb: Object.entries(matters).map(([id, ways]) => ({
    id,
    question: `怎么${ways[0] ?? ''}`,
    ...(alternatives ? { alt: ways.flatMap((way) => verbs.slice(1, 6).map((verb) => `${verb}${way}`)) } : {}),
    answer: `${ways[0] ?? ''}请在订单页面里操作。`,
  })),
  queries: [
    ...Object.entries(matters).flatMap(([id, ways]) =>
      ways.map((way) => ({ text: `${verbs[7] ?? ''}${way}`, id: id })),
    ),
    ...foreign.map((text) => ({ text, id: null })),
  ],
})
