/** What can be known of the brand's side without giving it a message. */
import type { Check } from '../../src/core/check.ts'
import { createOutgoing, tryCredential } from '../kit/index.ts'
import { callFailed } from './errors.ts'
import type { ApiConfig } from './manifest.ts'
import { sign, isSigned } from './signing.ts'
import { secretsOf } from './verify.ts'

/** A signature made and read with the secrets in force, as both sides do it. */
const checkSecret = (config: ApiConfig): Check => {
  const secrets = secretsOf(config)
  const probe = { id: 'check', seconds: 0, body: '{}' }
  return {
    title: '签名密钥 signing secret (secret)',
    passed: isSigned(secrets, probe, sign(secrets, probe)),
    fix: 'secret 不能用来签名：用 echo whsec_$(openssl rand -base64 32) 重新生成，双方填同一个 it cannot sign: make a new one and set it on both sides',
    remark: `对方须用同一个密钥，第一条消息时才能验证 your side must use the same; the first message proves it${config.previousSecret === undefined ? '' : '; previousSecret 仍有效 is still in force'}`,
  }
}

const place = 'webhookUrl 没有应答：检查地址、网络和防火墙，内网地址要列入 allowAddresses'

/** Checks the secret's form and that something answers at webhookUrl; a GET, so that nothing is delivered. */
export const checkCredentials = async (config: ApiConfig): Promise<readonly Check[]> => {
  const { allowAddresses: allow, allowLoopbackHttp: loopbackHttp, webhookUrl, timeoutMs } = config
  const outgoing = createOutgoing({ policy: { allow, loopbackHttp } })
  const faults = { temporary: place, needs_operator: place, permanent: place }
  const reached = await tryCredential('投递地址有应答 webhookUrl answers', faults, async () => {
    const limits = { timeoutMs, maxBytes: 1_048_576 }
    const { status } = await outgoing.call(webhookUrl, { method: 'GET' }, limits).catch((error: unknown) => {
      throw callFailed(error)
    })
    return `HTTP ${String(status)}; 投递用 POST，GET 被拒绝也没关系 deliveries are POST, a refused GET does not matter`
  })
  await outgoing.close()
  return [checkSecret(config), reached]
}
