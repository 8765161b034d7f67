/**
 * Notices outside the reply window: template messages (模板消息, service accounts) and subscription notices
 * (订阅通知, which the contact agreed to). Source: developers.weixin.qq.com 发送模板消息, 获取模板列表, 发送订阅通知.
 */
import { z } from 'zod'
import { ChannelError } from '../../src/core/errors.ts'
import type { CallApi } from './client.ts'

/** A notice to one contact. `fields` are the template's, by name. */
export interface Notice {
  readonly contactKey: string
  readonly templateId: string
  readonly fields: Readonly<Record<string, string>>
  /** The page that a tap opens. */
  readonly url?: string
  readonly kind: 'template' | 'subscription'
}

/** A template of the account. `content` names the fields, as `{{thing1.DATA}}`. */
export interface NoticeTemplate {
  readonly templateId: string
  readonly title: string
  readonly content: string
}

const calls = {
  template: { path: '/cgi-bin/message/template/send', pageName: 'url' },
  subscription: { path: '/cgi-bin/message/subscribe/bizsend', pageName: 'page' },
} as const

/** Sends a notice; its number, where WeChat gives one. Throws `ChannelError`. */
export const sendNotice = async (callApi: CallApi, notice: Notice): Promise<string | undefined> => {
  const { path, pageName } = calls[notice.kind]
  const data = Object.fromEntries(Object.entries(notice.fields).map(([name, value]) => [name, { value }]))
  const answer = await callApi({
    action: `send ${notice.kind} notice`,
    path,
    body: JSON.stringify({
      touser: notice.contactKey,
      template_id: notice.templateId,
      ...(notice.url === undefined ? {} : { [pageName]: notice.url }),
      data,
    }),
    speaks: true,
  })
  const id = answer.kind === 'json' ? answer.data['msgid'] : undefined
  return typeof id === 'number' || typeof id === 'string' ? String(id) : undefined
}

const Templates = z.object({
  template_list: z.array(
    z.object({ template_id: z.string(), title: z.string(), content: z.string().default('') }),
  ),
})

/** The account's templates. Throws `ChannelError`. */
export const listTemplates = async (callApi: CallApi): Promise<readonly NoticeTemplate[]> => {
  const answer = await callApi({
    action: 'list templates',
    path: '/cgi-bin/template/get_all_private_template',
  })
  const listed = Templates.safeParse(answer.kind === 'json' ? answer.data : {})
  if (!listed.success)
    throw new ChannelError('wechat', 'temporary', 'list templates: the answer holds no list')
  return listed.data.template_list.map(({ template_id: templateId, title, content }) => ({
    templateId,
    title,
    content,
  }))
}
