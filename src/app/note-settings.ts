import { createHash } from 'node:crypto'
import { z } from 'zod'
import { maskConfig, type Config } from '../config.ts'
import type { AuditLog } from '../core/audit.ts'

/** Each node may have a role of its own; that nodes differ in it is no change. */
const alikeOnAllNodes = (config: Config): Config => ({ ...config, server: { ...config.server, role: 'all' } })

/** The digest of every section, secrets left out. */
const digestsOf = (config: Config): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(maskConfig(alikeOnAllNodes(config))).map(([section, value]) => [
      section,
      createHash('sha256')
        .update(JSON.stringify([value]))
        .digest('base64url')
        .slice(0, 16),
    ]),
  )

const Noted = z.object({ sections: z.record(z.string(), z.string()) })

/** Writes down at start which sections of the configuration are not as they were at the last one. */
export const noteSettings = async (
  config: Config,
  audit: Pick<AuditLog, 'list' | 'record'>,
): Promise<void> => {
  const sections = digestsOf(config)
  const [last] = await audit.list({ act: 'settings.changed' }, { limit: 1 })
  const before = Noted.safeParse(last?.detail).data?.sections ?? {}
  const names = new Set([...Object.keys(before), ...Object.keys(sections)])
  const changed = [...names].filter((name) => before[name] !== sections[name])
  if (changed.length > 0) await audit.record({ act: 'settings.changed', detail: { changed, sections } })
}
