/** Whether the mail servers let us in: IMAP for reading, SMTP for sending, each by itself. */
import type { CredentialHost } from '../../src/core/channel.ts'
import type { Check } from '../../src/core/check.ts'
import { tryCredential, type CredentialFaults } from '../kit/index.ts'
import { trySmtp } from './client.ts'
import { openMailbox, type ImapConfig } from './imap-client.ts'
import { createLogins, type Logins } from './login.ts'
import type { EmailConfig } from './manifest.ts'

const code = '网页邮箱 → 设置 → 账户 → POP3/IMAP/SMTP 服务 → 生成授权码'
const oauth = 'OAuth 登录被拒绝：核对 oauth.clientId、oauth.clientSecret、oauth.refreshToken，或重新授权'

const imapFaults: CredentialFaults = {
  AUTHENTICATIONFAILED: `IMAP 用户名或密码不对，或没有开启 IMAP：到 ${code}，填入 imap.password（用户名 imap.user 一般是完整地址）`,
  TLS: 'IMAP 加密连接不成立：核对 imap.host、imap.port、imap.tls',
  NONEXISTENT: '没有这个邮箱文件夹：核对 imap.mailbox',
  OAUTH: oauth,
  temporary: 'IMAP 服务器没有应答：核对 imap.host、imap.port 和网络',
}

const smtpLogin = `SMTP 用户名或密码不对，或没有开启 SMTP：到 ${code}，填入 smtp.password（用户名 smtp.user 一般是完整地址）`

const smtpFaults: CredentialFaults = {
  '530': 'SMTP 服务器要先登录：填 smtp.user 和 smtp.password',
  '534': smtpLogin,
  '535': smtpLogin,
  '538': smtpLogin,
  OAUTH: oauth,
  needs_operator: 'SMTP 加密或登录方式不对：核对 smtp.host、smtp.port、smtp.tls',
  temporary: 'SMTP 服务器没有应答：核对 smtp.host、smtp.port 和网络',
}

const tryImap = async (imap: ImapConfig, logins: Logins): Promise<string> => {
  const mailbox = await openMailbox({
    ...{ imap, logins, maxBytes: 0 },
    onNews: () => undefined,
    signal: new AbortController().signal,
  })
  mailbox.close()
  return imap.mailbox
}

/** Signs in to both servers; reads and sends no mail. */
export const checkCredentials = async (
  config: EmailConfig,
  host: CredentialHost,
): Promise<readonly Check[]> => {
  const logins = createLogins(config, host)
  const { imap } = config
  const reading =
    imap === undefined
      ? []
      : [
          tryCredential('收信 IMAP 登录 login (imap.user, imap.password)', imapFaults, () =>
            tryImap(imap, logins),
          ),
        ]
  const sending = tryCredential('发信 SMTP 登录 login (smtp.user, smtp.password)', smtpFaults, async () => {
    await trySmtp(config, logins)
    return undefined
  })
  return Promise.all([...reading, sending])
}
