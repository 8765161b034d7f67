import type { Command } from 'commander'
import { createKeyRing, parseDays, parseScopes, type KeyRing } from '../app/key-ring.ts'
import { scopes, type ApiKey } from '../core/api-key.ts'
import { systemClock } from '../core/clock.ts'
import { createApiKeyStore } from '../store/index.ts'
import { loadConfig } from './settings.ts'
import { print } from './terminal.ts'
import { withStore } from '../app/with-store.ts'

const withKeys = <Result>(
  command: Command,
  work: (keys: KeyRing) => Promise<Result>,
  { reads = false } = {},
): Promise<Result> =>
  withStore(loadConfig(command), {
    reads,
    here: (database) => createKeyRing(createApiKeyStore(database), systemClock),
    there: ({ keys }) => keys,
    work,
  })

const stateOf = ({ revokedAt, expiresAt }: ApiKey): string => {
  if (revokedAt !== undefined) return '已吊销 revoked'
  if (expiresAt === undefined) return '长期 no end'
  const day = expiresAt.toISOString().slice(0, 10)
  return expiresAt <= systemClock.now() ? `已过期 expired ${day}` : `至 until ${day}`
}

const line = (key: ApiKey): string =>
  `${key.id}  ${key.prefix}…  ${stateOf(key)}  ${key.scopes.join(',')}  ${key.name}`

const addCreate = (key: Command): void => {
  key
    .command('create')
    .description('新建密钥，只显示这一次 make a key; it is shown this once')
    .requiredOption('-n, --name <name>', '用途 what it is for')
    .requiredOption('-s, --scope <scopes>', `逗号分隔 with commas: ${scopes.join(', ')}`)
    .option('-e, --expires <days>', '有效天数 days it lives, e.g. 90d; 默认长期 default: until revoked')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  npm run -s tongda -- key create --name warehouse --scope tickets:read,contacts:read --expires 90d',
    )
    .action(
      async (
        options: { name: string; scope: string; expires?: string; json?: boolean },
        command: Command,
      ) => {
        const wanted = {
          name: options.name,
          scopes: parseScopes(options.scope),
          ...(options.expires === undefined ? {} : { expiresInDays: parseDays(options.expires) }),
        }
        await withKeys(command, async (keys) => {
          const created = await keys.create(wanted)
          if (options.json === true) print(JSON.stringify(created))
          else print(`✓ ${line(created.key)}\n${created.token}`)
        })
      },
    )
}

/** Adds `tongda key`. */
export const addKey = (program: Command): void => {
  const key = program
    .command('key')
    .description('公共 API 的密钥 keys of the public API; 产品运行时也可用 works while the product runs')
  addCreate(key)
  key
    .command('list')
    .description('列出密钥 list the keys')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }, command: Command) => {
      const all = await withKeys(command, (keys) => keys.list(), { reads: true })
      if (options.json === true) print(JSON.stringify(all))
      else for (const each of all) print(line(each))
    })
  key
    .command('revoke <id>')
    .description('吊销密钥，立即生效 end a key at once and for good')
    .action(async (id: string, _options: unknown, command: Command) => {
      await withKeys(command, async (keys) => print(`✓ ${line(await keys.revoke(id))}`))
    })
}
