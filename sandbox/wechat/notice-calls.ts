// QR codes and notices: official-account documentation, "生成带参数二维码", "模板消息", "订阅通知".
import { z } from 'zod'
import { json, parseObject, refusal } from './api-calls.ts'
import type { ApiCall, ApiAnswer, ApiRoute, ApiState } from './api-calls.ts'
import { refuse } from './send-body.ts'
import type { Refusal } from './send-body.ts'

const noRight = refuse(48001, 'api unauthorized')

/** A call that only verified service accounts may make, its body parsed. */
const forServiceAccounts =
  (handle: (body: Readonly<Record<string, unknown>>, call: ApiCall, state: ApiState) => ApiAnswer) =>
  (call: ApiCall, state: ApiState): ApiAnswer => {
    if (state.account.kind !== 'service') return refusal(noRight)
    const body = parseObject(call.text)
    return body === undefined ? refusal(refuse(47001, 'data format error')) : handle(body, call, state)
  }

const qrShape = z.object({
  action_name: z.enum(['QR_STR_SCENE', 'QR_LIMIT_STR_SCENE']),
  expire_seconds: z.number().int().min(1).max(2_592_000).optional(),
  action_info: z.object({ scene: z.object({ scene_str: z.string().min(1).max(64) }) }),
})

const createCode = forServiceAccounts((body, _call, { desk }) => {
  const parsed = qrShape.safeParse(body)
  if (!parsed.success) return refusal(refuse(40053, 'invalid action info'))
  const { action_name: action, expire_seconds: given = 60, action_info: info } = parsed.data
  const seconds = action === 'QR_STR_SCENE' ? given : undefined
  const { ticket, url } = desk.makeCode(info.scene.scene_str, seconds)
  return json({ ticket, ...(seconds === undefined ? {} : { expire_seconds: seconds }), url })
})

const noticeShape = z.object({
  touser: z.string(),
  template_id: z.string(),
  data: z.record(z.string(), z.object({ value: z.string() })),
})
type NoticeBody = z.infer<typeof noticeShape>

/** Fields that the template has and the notice has not, or that hold more than they may. */
const fieldFault = (content: string, data: NoticeBody['data']): Refusal | undefined => {
  const names = [...content.matchAll(/\{\{(\w+)\.DATA\}\}/g)].flatMap(([, name]) => name ?? [])
  const wrong = names.find((name) => {
    const value = data[name]?.value ?? ''
    return value === '' || (name.startsWith('thing') && value.length > 20)
  })
  return wrong === undefined ? undefined : refuse(47003, `argument invalid! data.${wrong}.value invalid`)
}

const checkNotice = (body: unknown, { desk, directory }: ApiState): NoticeBody | Refusal => {
  const parsed = noticeShape.safeParse(body)
  if (!parsed.success) return refuse(40035, 'invalid parameter')
  const { touser, template_id: templateId, data } = parsed.data
  const user = directory.find(touser)
  if (user === undefined) return refuse(40003, 'invalid openid')
  const template = desk.templates.find((each) => each.templateId === templateId)
  if (template === undefined) return refuse(40037, 'invalid template_id')
  if (!user.followed) return refuse(43004, 'require subscribe')
  return fieldFault(template.content, data) ?? parsed.data
}

const show = (notice: NoticeBody, kind: string, { exchangeId }: ApiCall, state: ApiState): void => {
  const title = state.desk.templates.find((each) => each.templateId === notice.template_id)?.title ?? ''
  state.onSent(notice.touser, { kind: 'card', card: kind, title }, exchangeId)
}

const sendTemplate = forServiceAccounts((body, call, state) => {
  const notice = checkNotice(body, state)
  if ('errcode' in notice) return refusal(notice)
  show(notice, 'template', call, state)
  return json({ errcode: 0, errmsg: 'ok', msgid: state.desk.nextNotice() }, notice.touser)
})

const sendSubscription = forServiceAccounts((body, call, state) => {
  const notice = checkNotice(body, state)
  if ('errcode' in notice) return refusal(notice)
  if (!state.desk.hasAgreed(notice.touser, notice.template_id))
    return refusal(refuse(43101, 'user refuse to accept the msg'), notice.touser)
  show(notice, 'subscription', call, state)
  return json({ errcode: 0, errmsg: 'ok' }, notice.touser)
})

/** The calls of QR codes and notices. */
export const noticeRoutes: readonly ApiRoute[] = [
  {
    name: 'qrcode_create',
    method: 'POST',
    path: '/cgi-bin/qrcode/create',
    needsToken: true,
    handle: createCode,
  },
  {
    name: 'template_list',
    method: 'GET',
    path: '/cgi-bin/template/get_all_private_template',
    needsToken: true,
    handle: (_call, { account, desk }) =>
      account.kind === 'service'
        ? json({
            template_list: desk.templates.map(({ templateId, title, content }) => ({
              template_id: templateId,
              title,
              primary_industry: 'IT科技',
              deputy_industry: '互联网|电子商务',
              content,
              example: '',
            })),
          })
        : refusal(noRight),
  },
  {
    name: 'template_send',
    method: 'POST',
    path: '/cgi-bin/message/template/send',
    needsToken: true,
    handle: sendTemplate,
  },
  {
    name: 'subscribe_bizsend',
    method: 'POST',
    path: '/cgi-bin/message/subscribe/bizsend',
    needsToken: true,
    handle: sendSubscription,
  },
]
