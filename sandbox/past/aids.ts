import type { MacroFacts } from '../../src/core/automation.ts'
import type { CannedVariant } from '../../src/core/canned.ts'

/** What the demo's team says often. */
export const pastReplies: readonly {
  readonly name: string
  readonly text: string
  readonly variants?: readonly CannedVariant[]
}[] = [
  {
    name: '问候接手',
    text: '{{contact.name}}您好，我是{{agent.name}}，接下来由我处理您的问题（工单 {{ticket.number}}）。',
  },
  {
    name: '正在查询',
    text: '您好，正在为您查询，大约需要五分钟，查到结果马上回复您，不用一直等在这里。',
  },
  {
    name: '退款到账时间',
    text: '退款已经提交，会按原支付方式退回，一般 1–3 个工作日到账，银行卡最长 7 个工作日。没有收到的话，回复 {{ticket.number}} 我们帮您查。',
    variants: [
      {
        channel: 'weibo',
        text: '退款已提交，原路退回，一般 1–3 个工作日到账。没收到请回复 {{ticket.number}}。',
      },
    ],
  },
  {
    name: '请补充订单号和截图',
    text: '您好，为了尽快核实，请补充：\n1. 订单号（我的—订单详情里可以复制）；\n2. 支付成功的截图；\n3. 账号 UID。\n收到后我们接着处理。',
  },
  {
    name: '稿件人工复核',
    text: '稿件已经提交人工复核，一般一个工作日内有结果，结果会在这里和「创作中心—稿件管理」里同时通知您。',
  },
  {
    name: '账号找回步骤',
    text: '请先用绑定的手机号或邮箱找回密码，再到「安全中心—登录设备」下线陌生设备。验证码只填在页面里，不要发给任何人，包括客服。',
  },
  {
    name: '版权材料清单',
    text: '请提供：\n1. 权利证明（原作链接、创作过程文件或登记证书）；\n2. 涉嫌侵权的视频链接；\n3. 您的联系方式。\n材料齐了由专员核实，处理结果会回复到这里。',
  },
  {
    name: '感谢建议',
    text: '谢谢您的建议，已经记下并转给产品同事评估。上线与否会综合考虑，有进展我们会通知您。',
  },
  {
    name: '结束语',
    text: '很高兴能帮到您。如果还有问题，直接回复就能找到我们；稍后会有一个一分钟的满意度小调查，期待您的评价。',
  },
]

/** What the demo's team does in one go. */
export const pastMacros: readonly MacroFacts[] = [
  {
    name: { zh: '退款已提交，等到账', en: 'Refund filed, wait for the money' },
    actions: [
      { do: 'add-tags', tags: ['退款'] },
      {
        do: 'reply',
        text: '{{contact}}您好，退款已经提交，会按原支付方式退回，一般 1–3 个工作日到账。工单 {{ticket}} 会保留到您收到为止。',
      },
      { do: 'hold', reason: '等退款到账', hours: 72 },
    ],
  },
  {
    name: { zh: '请补充材料', en: 'Ask for documents' },
    actions: [
      { do: 'add-tags', tags: ['待材料'] },
      {
        do: 'reply',
        text: '{{contact}}您好，我是{{agent}}。为了核实，请补充订单号、账号 UID 和相关截图，直接回复在这里就好。',
      },
    ],
  },
  {
    name: { zh: '升级为故障', en: 'Raise as an incident' },
    actions: [
      { do: 'set-kind', kind: 'incident-report' },
      { do: 'set-priority', priority: 'high' },
      { do: 'add-tags', tags: ['故障'] },
      { do: 'note', text: '疑似故障，已转技术值班；恢复后请在 {{ticket}} 里通知用户。' },
    ],
  },
]
