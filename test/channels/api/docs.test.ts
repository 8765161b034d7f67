import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { format } from 'prettier'
import { afterEach, describe, expect, it } from 'vitest'
import { api, outboundBody } from '../../../channels/api/index.ts'
import { apiSchemas } from '../../../src/app/api-schemas.ts'
import { createContractHost } from '../../contract/channel.ts'
import { serveChannel } from '../../support/channel-server.ts'
import type { ChannelServer } from '../../support/channel-server.ts'
import { secret } from './stage.ts'

const read = (file: string): string =>
  readFileSync(new URL(`../../../docs/channels/${file}`, import.meta.url), 'utf8')
const examples = (language: string): readonly string[] =>
  [...read('api.md').matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(
    ([, code = '']) => code,
  )

let server: ChannelServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

describe('the documentation', () => {
  it.each(Object.entries(apiSchemas()))('%s is what the code says', async (file, schema) => {
    expect(read(file)).toBe(await format(JSON.stringify(schema), { parser: 'json', printWidth: 110 }))
  })

  it('has examples that work as they stand', async () => {
    const host = createContractHost('forum')
    server = await serveChannel({
      inboxId: 'forum',
      create: () =>
        api.create(api.config.parse({ secret, webhookUrl: 'https://forum.example.com/tongda' }), host),
    })
    const [script = ''] = examples('bash')
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
      env: { ...process.env, FORUM_SECRET: secret, TONGDA: server.url, no_proxy: '*' },
    })
    expect(stdout.match(/"messageId"/g)).toHaveLength(3)
    expect(host.accepted.map(({ threadKey, wantsReply }) => [threadKey, wantsReply])).toEqual([
      ['member-1001|topic-48213', true],
      ['+8613800000001|call-7001', false],
      ['+8613800000001|call-7001', true],
    ])
  })

  it('shows a message of ours as it is', () => {
    const [example = '{}'] = examples('json')
    expect(outboundBody.safeParse(JSON.parse(example)).success).toBe(true)
  })
})
