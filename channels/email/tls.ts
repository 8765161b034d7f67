/**
 * Protection of the connections to mail servers: whose certificates are believed, and what is wrong when one is not.
 * Sources: RFC 8314 (TLS for mail), RFC 9525 (names in certificates).
 */
import { readFile } from 'node:fs/promises'
import { ChannelError } from '../../src/core/errors.ts'

/** A mail server of the configuration. */
export interface ServerName {
  readonly server: 'imap' | 'smtp'
  readonly host: string
  readonly port: number
  readonly caFile?: string | undefined
}

/** The settings of a TLS client. TLS 1.2 is the least; certificates are always checked. */
export interface TlsOptions {
  readonly minVersion: 'TLSv1.2'
  readonly rejectUnauthorized: true
  readonly ca?: string
}

const refused = ({ server }: Pick<ServerName, 'server'>, what: string, hint: string): ChannelError =>
  new ChannelError('email', 'needs_operator', `${server}: ${what}`, { hint })

/** Reads the file a setting names. Throws what to do when it cannot be read or holds no `kind`. */
export const readPem = async (path: string, setting: string, kind: RegExp): Promise<string> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new ChannelError(
      'email',
      'needs_operator',
      `tls: the file of ${setting} cannot be read (${code})`,
      {
        hint: `${setting} 指的文件读不了（${code}）：检查路径与权限 / the file of ${setting} cannot be read (${code}): check its path and rights`,
      },
    )
  })
  if (kind.test(text)) return text
  throw new ChannelError(
    'email',
    'needs_operator',
    `tls: the file of ${setting} is not PEM of the right kind`,
    {
      hint: `${setting} 要 PEM 格式（-----BEGIN …-----） / ${setting} must name a PEM file (-----BEGIN …-----)`,
    },
  )
}

export const certificatePem = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----/
export const privateKeyPem = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/

/** How we connect: with a `caFile`, its certificates alone are believed. Read each time, so that a renewed one counts. */
export const tlsOptionsOf = async ({ server, caFile }: ServerName): Promise<TlsOptions> => ({
  minVersion: 'TLSv1.2',
  rejectUnauthorized: true,
  ...(caFile === undefined ? {} : { ca: await readPem(caFile, `${server}.caFile`, certificatePem) }),
})

const field = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined

/** The names a refused certificate was made for. */
const namesIn = (error: unknown): string => {
  const said = field(field(error, 'cert'), 'subjectaltname')
  if (typeof said !== 'string') return ''
  const names = said
    .split(/,\s*/)
    .map((name) => name.replace(/^[^:]*:/, ''))
    .filter((name) => /^[\w.*:-]{1,100}$/.test(name))
    .slice(0, 3)
  return names.length === 0 ? '' : ` (${names.join(', ')})`
}

interface Fault {
  readonly sign: RegExp
  readonly what: string
  readonly hint: (name: ServerName, error: unknown) => string
}

const unknownIssuer = ({ server, caFile }: ServerName): string =>
  caFile === undefined
    ? `私有 CA 或自签证书：把 CA 的证书存成 PEM 文件并设 ${server}.caFile；公共邮箱请检查 ${server}.host / a private CA: put its certificate into a PEM file and set ${server}.caFile; at a public provider check ${server}.host`
    : `证书不是 ${server}.caFile 里的 CA 签发的：换成签发它的 CA（或该自签证书本身） / not signed by a certificate in ${server}.caFile: put the CA that signed it there`

/** Known faults; the first whose sign stands in the error's code or words. */
const faults: readonly Fault[] = [
  {
    sign: /CERT_HAS_EXPIRED|certificate has expired/i,
    what: 'the server’s certificate has expired',
    hint: ({ host }) =>
      `${host} 的证书已过期：让服务器管理员续期，并检查本机时间 / the certificate of ${host} has expired: have it renewed, and check this machine’s clock`,
  },
  {
    sign: /CERT_NOT_YET_VALID|not yet valid/i,
    what: 'the server’s certificate is not valid yet',
    hint: () => '证书尚未生效：检查本机时间 / the certificate is not valid yet: check this machine’s clock',
  },
  {
    sign: /ALTNAME|altnames/i,
    what: 'the server’s certificate is for another name',
    hint: ({ server, host }, error) =>
      `证书不是给 ${host} 的${namesIn(error)}：把 ${server}.host 写成证书上的名字 / the certificate is not for ${host}${namesIn(error)}: set ${server}.host to a name in it`,
  },
  {
    sign: /DEPTH_ZERO_SELF_SIGNED|^self-signed certificate$/i,
    what: 'the server’s certificate is self-signed',
    hint: unknownIssuer,
  },
  {
    sign: /SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|issuer certificate|first certificate|certificate chain|CERT_UNTRUSTED|INVALID_CA/i,
    what: 'the server’s certificate is from an unknown issuer',
    hint: unknownIssuer,
  },
  {
    sign: /WRONG_VERSION_NUMBER|wrong version number|packet length too long|http request/i,
    what: 'the server speaks no TLS from the start on this port',
    hint: ({ server, port }) =>
      `${server}.port ${port} 不是一开始就加密的端口：设 ${server}.tls: starttls，或改用 ${server === 'imap' ? 993 : 465} / port ${port} does not begin with TLS: set ${server}.tls: starttls, or use ${server === 'imap' ? 993 : 465}`,
  },
  {
    // By its words: a line that breaks on the way to TLS has the same code.
    sign: /\bSTARTTLS\b/i,
    what: 'the server offers no STARTTLS',
    hint: ({ server, port }) =>
      `服务器在端口 ${port} 不提供 STARTTLS：改用 ${server === 'imap' ? 993 : 465} 与 ${server}.tls: implicit / the server offers no STARTTLS on port ${port}: use ${server === 'imap' ? 993 : 465} with ${server}.tls: implicit`,
  },
  {
    sign: /ERR_SSL|ERR_TLS|EPROTO|SSL routines|certificate|handshake|unsupported protocol|alert/i,
    what: 'no TLS that holds',
    hint: ({ server }) =>
      `TLS 握手失败（至少要 TLS 1.2）：检查 ${server}.host、${server}.port 与服务器证书 / the TLS handshake failed (TLS 1.2 is the least): check ${server}.host, ${server}.port and the server’s certificate`,
  },
]

/** What a failed connection says about TLS; undefined: nothing. */
export const tlsError = (name: ServerName, error: unknown): ChannelError | undefined => {
  const said = ['code', 'reason', 'message'].map((each) => field(error, each))
  const words = said.filter((each) => typeof each === 'string')
  for (const { sign, what, hint } of faults)
    if (words.some((each) => sign.test(each))) return refused(name, what, hint(name, error))
  return undefined
}
