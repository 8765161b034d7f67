/** What to do when a mail server refuses our login: which setting is wrong, and where a good value is made. */
import type { Login } from './login.ts'

/** Where each provider's console hands out what programs sign in with. */
const consoles: readonly (readonly [hosts: RegExp, where: string])[] = [
  [
    /(?:^|\.)exmail\.qq\.com$/i,
    '腾讯企业邮要客户端专用密码（授权码）：网页邮箱 → 设置 → 客户端设置 打开 IMAP/SMTP，再到 设置 → 微信绑定 → 安全登录 → 生成新密码 / exmail wants a client password: Settings → WeChat binding → Safe login → New password',
  ],
  [
    /(?:^|\.)(?:qq|foxmail)\.com$/i,
    'QQ 邮箱要授权码：设置 → 账号 → POP3/IMAP/SMTP 服务，开启后点「生成授权码」；改 QQ 密码会使旧码失效 / QQ Mail wants an authorisation code: Settings → Account → POP3/IMAP/SMTP; it ends when the QQ password changes',
  ],
  [
    /(?:^|\.)(?:163\.com|126\.com|yeah\.net|188\.com|netease\.com)$/i,
    '网易邮箱要授权密码（授权码）：设置 → POP3/SMTP/IMAP，开启 IMAP/SMTP 服务并「新增授权密码」，180 天后要续 / NetEase wants an authorisation password: Settings → POP3/SMTP/IMAP → add one',
  ],
  [
    /(?:^|\.)(?:gmail|googlemail)\.com$/i,
    'Gmail 要应用专用密码：Google 账号 → 安全 → 两步验证 → 应用专用密码 (myaccount.google.com/apppasswords) / Gmail wants an app password from there; it ends when the account password changes',
  ],
  [
    /(?:^|\.)(?:office365|outlook|office)\.(?:com|cn)$|partner\.outlook\.cn$/i,
    'Microsoft 365 不再接受密码，请用 oauth：Entra ID → 应用注册，并在 Exchange 管理中心允许该邮箱的 IMAP 与 SMTP AUTH / Microsoft 365 takes no passwords: use oauth (Entra ID → App registrations), and allow IMAP and SMTP AUTH for the mailbox',
  ],
]

const anywhere =
  'QQ、163、腾讯企业邮要授权码而不是登录密码（设置 → 账户 → POP3/IMAP/SMTP 服务），Gmail 要应用专用密码，Microsoft 365 要 oauth / QQ, 163 and exmail want an authorisation code, Gmail an app password, Microsoft 365 oauth'

const wrongSettings = (server: 'imap' | 'smtp', login: Login | undefined): string => {
  if (login !== undefined && 'accessToken' in login)
    return `${server} 登录被拒：检查 ${server}.user 与 oauth.refreshToken、oauth.scope / ${server} refuses the login: check ${server}.user, oauth.refreshToken and oauth.scope`
  return `${server} 登录被拒：检查 ${server}.user 与 ${server}.password，并确认已开启 ${server.toUpperCase()} 服务 / ${server} refuses the login: check ${server}.user and ${server}.password, and that ${server.toUpperCase()} is switched on`
}

/** The hint for a login that `host` refused. */
export const loginHint = (server: 'imap' | 'smtp', host: string, login: Login | undefined): string => {
  const where = consoles.find(([hosts]) => hosts.test(host))?.[1] ?? anywhere
  return `${wrongSettings(server, login)}。${where}`
}
