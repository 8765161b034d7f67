/** What can be known before anybody signs in: that the bridge, the puppet and its token are there. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Check } from '../../src/core/check.ts'
import { isBridgeInstalled } from './bridge-process.ts'
import type { WechatyConfig } from './manifest.ts'

/** Puppets that reach WeChat through a provider, which sells the token. */
const needToken: ReadonlySet<string> = new Set(['wechaty-puppet-service', 'wechaty-puppet-padlocal'])

/** Looks without starting anything: a sign-in needs a person with a phone. */
export const checkCredentials = ({
  bridgeDir,
  puppet,
  puppetOptions,
  token,
}: WechatyConfig): Promise<readonly Check[]> => {
  const hasToken = token !== undefined || typeof puppetOptions['token'] === 'string'
  return Promise.resolve([
    {
      title: `Wechaty 桥 bridge (${bridgeDir})`,
      passed: isBridgeInstalled(bridgeDir),
      fix: `桥没有安装 the bridge is not installed; 运行 run: npm ci --prefix ${bridgeDir} --ignore-scripts`,
    },
    {
      title: `Wechaty puppet ${puppet}`,
      passed: existsSync(join(bridgeDir, 'node_modules', puppet)),
      fix: `桥里没有这个 puppet，改正 puppet 或安装它 the bridge does not have it; correct puppet, or run: npm install --prefix ${bridgeDir} --ignore-scripts ${puppet}`,
    },
    {
      title: 'Wechaty 凭证 credentials (token)',
      passed: hasToken || !needToken.has(puppet),
      fix: `${puppet} 需要服务商的 token：在购买 puppet 服务的页面复制，填入 token ${puppet} needs the token of its provider: copy it from the page where the service was bought`,
      remark: '登录要用手机扫码，启动后见日志 signing in takes a phone; the log says where the code lies',
    },
  ])
}
