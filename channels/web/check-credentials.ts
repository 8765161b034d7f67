/** The web chat has no provider: its own address and the pages that may open it are what can be wrong. */
import type { Check } from '../../src/core/check.ts'
import type { WebConfig } from './manifest.ts'

const isSecure = (address: string): boolean => {
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

/** Looks at publicUrl and origins; calls nobody. */
export const checkCredentials = ({ publicUrl, origins, page }: WebConfig): Promise<readonly Check[]> => {
  const own = new URL(publicUrl).origin
  const listed = origins ?? [own]
  const insecure = listed.filter((origin) => !isSecure(origin))
  return Promise.resolve([
    {
      title: `网页聊天地址 web chat address (publicUrl ${publicUrl})`,
      passed: isSecure(publicUrl),
      fix: 'publicUrl 应为 https：https 页面里打不开 http 的聊天 make it https: a page served by https cannot open a chat over http',
    },
    {
      title: `可以打开聊天的网页 pages that may open the chat (origins): ${listed.join(', ')}`,
      passed: insecure.length === 0,
      fix: `origins 里这些不是 https these are not https: ${insecure.join(', ')}`,
      ...(page && !listed.includes(own)
        ? {
            remark: `${own} 不在 origins 里，自带的聊天页打不开 is not in origins: the inbox's own page does not work; list it, or set page: false`,
          }
        : {}),
    },
  ])
}
