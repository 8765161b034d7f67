import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { createMovableClock } from '../../../src/core/clock.ts'
import type { MovableClock } from '../../../src/core/clock.ts'
import type { DecisionRecord, Message } from '../../../src/core/conversation.ts'
import { createSandbox, createWechatSimulator, demoUsers } from '../../../sandbox/index.ts'
import type { SandboxOptions, WechatSimulator } from '../../../sandbox/index.ts'
import { sealReply, startFakeBot, textReply } from '../wechat/fake-bot.ts'
import type { FakeBot, Received } from '../wechat/fake-bot.ts'
import { testAccount } from '../wechat/stage.ts'

export interface PageStage {
  /** `http://127.0.0.1:<port>`, also the page's own origin. */
  readonly origin: string
  readonly simulator: WechatSimulator
  readonly bot: FakeBot
  readonly clock: MovableClock
  /** What the fake bot "stored", for the page's second tab. */
  readonly messages: Message[]
  readonly signIn: { url: string | undefined }
  /** A change as the page makes it. */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>
  get(path: string, headers?: Record<string, string>): Promise<Response>
  close(): Promise<void>
}

const webChat = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>chat</title>
<body style="font-family:system-ui,'Noto Sans CJK SC';padding:16px;color:#18212b;background:#fff">小通客服 · 网页聊天测试页
<script>parent.postMessage({ type: 'tongda:visitor', contactKey: 'visitor-1' }, location.origin)</script></body></html>`

/** The sandbox page over a fake bot, served on a loopback port together with the simulator's API. */
export const setPageStage = async (options: Partial<SandboxOptions> = {}): Promise<PageStage> => {
  const clock = createMovableClock()
  const messages: Message[] = []
  const signIn = { url: undefined as string | undefined }
  const bot = await startFakeBot(testAccount)
  bot.answerWith((message) => sealReply(testAccount, textReply(message, record(message, messages, clock))))
  let origin = ''
  const simulator = createWechatSimulator({
    account: { ...testAccount, name: '通答演示' },
    callbackUrl: () => bot.url,
    apiUrl: () => `${origin}/wechat-api`,
    clock,
    users: demoUsers,
    timing: { attemptTimeoutMs: 60_000, retryDelayMs: 10 },
  })
  const sandbox = createSandbox({
    simulators: { wechat: simulator },
    inboxes: { wechat: 'wechat-demo', web: 'web-demo' },
    clock,
    trace: (inboxId) => Promise.resolve(inboxId === 'wechat-demo' ? messages : []),
    webChatUrl: '/web-chat',
    deskUrl: '/desk',
    signInUrl: () => signIn.url,
    demoData: {
      count: () =>
        Promise.resolve({
          conversations: 1,
          messages: messages.length,
          tickets: 0,
          files: 0,
          cannedReplies: 2,
          macros: 1,
        }),
      clear: () => Promise.resolve(void messages.splice(0)),
    },
    ...options,
  })
  const app = new Hono()
  app.route('/sandbox', sandbox.app)
  app.route('/wechat-api', simulator.api)
  app.get('/web-chat', (c) => c.html(webChat))
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ...{ simulator, bot, clock, messages, signIn },
    get origin() {
      return origin
    },
    get: (path, headers) => fetch(`${origin}/sandbox/${path}`, { headers: headers ?? {} }),
    post: (path, body, headers = { origin, 'content-type': 'application/json' }) =>
      fetch(`${origin}/sandbox/${path}`, { method: 'POST', headers, body: JSON.stringify(body) }),
    close: async () => {
      sandbox.close()
      simulator.close()
      await bot.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const decision = (text: string): DecisionRecord => ({
  kind: text.includes('人工') ? 'escalate' : 'answer',
  rule: text.includes('人工') ? 'asked-for-person' : 'confident-answer',
  reasons: ['最佳候选 0.81，高于阈值 0.62', '与第二名相差 0.34'],
  articleId: 'vip-refund-how',
  thresholds: { answer: 0.62, clarify: 0.35 },
  thinkingMs: 6.4,
  classification: {
    text,
    language: 'zh',
    intent: 'ask-refund',
    topic: 'vip-refund',
    handling: 'faq',
    confidence: 0.81,
    candidates: [
      { articleId: 'vip-refund-how', topic: 'vip-refund', question: '大会员怎么申请退款？', score: 0.81 },
      { articleId: 'vip-double', topic: 'vip-refund', question: '大会员被重复扣款怎么办？', score: 0.47 },
      { articleId: 'vip-renew-stop', topic: 'vip-auto-renew', question: '怎么关闭自动续费？', score: 0.22 },
      { articleId: 'vip-late', topic: 'vip-not-credited', question: '付了款大会员没到账', score: 0.11 },
      { articleId: 'minor', topic: 'minor-refund', question: '孩子误充值可以退吗？', score: 0.06 },
    ],
    outOfScope: 0.03,
    urgency: text.includes('投诉') ? 'high' : 'normal',
    emotion: text.includes('投诉') ? 'angry' : 'neutral',
    emotionStrength: text.includes('投诉') ? 2 : 0,
    asksForPerson: text.includes('人工'),
    reasons: [],
    knowledgeVersion: 'k1',
  },
})

/** "Stores" what came in and what goes out; returns the answer's text. */
const record = (message: Received, messages: Message[], clock: MovableClock): string => {
  const said = message.field('Content') ?? message.field('Recognition') ?? ''
  const event = message.field('Event')
  const answer = said.includes('步骤')
    ? '开启方法：\n1. 打开设置\n2. 打开青少年模式\n改完立即生效。'
    : said.includes('人工')
      ? '已为你转接人工客服，工单 T-1042，预计 5 分钟内回复。\n紧急情况请拨打 400-000-0000。'
      : event === undefined
        ? '大会员退款看这三点，想了解哪一点？\n1. 购买 7 天内且未使用权益\n2. 自动续费误扣可在 48 小时内申请\n3. 未成年人消费走专门通道\n查看 <a href="https://www.example.com/help">完整说明</a>，或 <a href="weixin://bizmsgmenu?msgmenucontent=没帮助&msgmenuid=102">没帮助</a>'
        : '欢迎关注通答演示！'
  const now = clock.now()
  const base = { conversationId: 'c1', createdAt: now }
  messages.push(
    {
      ...base,
      id: `in-${messages.length}`,
      seq: messages.length + 1,
      direction: 'in',
      author: 'contact',
      parts: [
        event === undefined ? { kind: 'text', text: said } : { kind: 'event', name: 'menu', value: event },
      ],
      decision: decision(said),
    },
    {
      ...base,
      id: `out-${messages.length}`,
      seq: messages.length + 2,
      direction: 'out',
      author: 'bot',
      parts: [{ kind: 'text', text: answer.replace(/<[^>]+>/g, '') }],
      delivery: { status: 'sent', attempts: 1, via: 'passive', repeated: false },
    },
  )
  return answer
}
