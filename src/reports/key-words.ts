import type { DeskLanguage } from '../core/reason.ts'
import type { Dimension } from './fact.ts'

type Words = Readonly<Record<string, string>>

const channels: Readonly<Record<DeskLanguage, Words>> = {
  zh: {
    ...{ wechat: '微信', wecom: '企业微信', weibo: '微博', email: '邮件', web: '网页', telegram: 'Telegram' },
    ...{ botframework: 'Bot Framework', wechaty: '个人微信', api: '接口' },
  },
  en: {
    ...{ wechat: 'WeChat', wecom: 'WeCom', weibo: 'Weibo', email: 'Mail', web: 'Web', telegram: 'Telegram' },
    ...{ botframework: 'Bot Framework', wechaty: 'Personal WeChat', api: 'API' },
  },
}

const codes: Readonly<Record<DeskLanguage, Words>> = {
  zh: {
    window_closed: '回复窗口已关',
    quota_exhausted: '回复条数用完',
    expired: '等到过期',
    daily_quota: '当天额度用完',
    unreachable: '用户取消关注或拒收',
    rate_limited: '平台要求放慢',
    temporary: '平台没有应答',
    provider_down: '平台连不上',
    token_expired: '平台凭证过期',
    media_expired: '文件在平台上过期',
    too_long: '内容太长',
    no_permission: '没有接口权限',
    rejected_content: '平台认为内容违规',
    needs_operator: '账号设置要处理',
    permanent: '平台拒收',
  },
  en: {
    window_closed: 'Reply window closed',
    quota_exhausted: 'No replies left',
    expired: 'Waited too long',
    daily_quota: 'Quota of the day used up',
    unreachable: 'Contact left or blocks',
    rate_limited: 'Asked to slow down',
    temporary: 'Platform did not answer',
    provider_down: 'Platform not reached',
    token_expired: 'Credential expired',
    media_expired: 'File expired',
    too_long: 'Too long',
    no_permission: 'Not permitted',
    rejected_content: 'Content refused',
    needs_operator: 'Account needs an operator',
    permanent: 'Refused',
  },
}

const kinds: Readonly<Record<DeskLanguage, Words>> = {
  zh: {
    copyright: '著作权',
    'personality-rights': '人格权',
    harassment: '骚扰',
    privacy: '隐私',
    fraud: '诈骗',
    minors: '未成年人',
    'illegal-content': '违法内容',
    other: '其他',
  },
  en: {
    copyright: 'Copyright',
    'personality-rights': 'Personality rights',
    harassment: 'Harassment',
    privacy: 'Privacy',
    fraud: 'Fraud',
    minors: 'Minors',
    'illegal-content': 'Illegal content',
    other: 'Other',
  },
}

const verdicts: Readonly<Record<DeskLanguage, Words>> = {
  zh: {
    takedown: '下架',
    restrict: '限制',
    warn: '警告',
    mute: '禁言',
    'ban-temporary': '暂时封禁',
    'ban-permanent': '永久封禁',
    'no-violation': '不违规',
    'need-more-evidence': '证据不足',
  },
  en: {
    takedown: 'Taken down',
    restrict: 'Restricted',
    warn: 'Warned',
    mute: 'Muted',
    'ban-temporary': 'Banned for a time',
    'ban-permanent': 'Banned',
    'no-violation': 'No violation',
    'need-more-evidence': 'More evidence needed',
  },
}

const weekdays: Readonly<Record<DeskLanguage, readonly string[]>> = {
  zh: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
  en: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
}

const hourWord = (key: string, language: DeskLanguage): string => {
  const [day = '', hour = ''] = key.split('-')
  return `${weekdays[language][Number(day) - 1] ?? day} ${hour}:00`
}

const byDimension: Readonly<Partial<Record<Dimension, Readonly<Record<DeskLanguage, Words>>>>> = {
  ...{ channel: channels, code: codes, 'case-kind': kinds, verdict: verdicts },
}

/** What people call a value of a dimension; those of brand and people are `named`. */
export const keyName = (
  dimension: Dimension,
  key: string,
  { language, named }: { readonly language: DeskLanguage; readonly named: ReadonlyMap<string, string> },
): string =>
  dimension === 'hour'
    ? hourWord(key, language)
    : (byDimension[dimension]?.[language][key] ?? named.get(key) ?? key)
