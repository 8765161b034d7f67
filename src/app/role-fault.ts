import type { Config } from '../config.ts'
import { isDemo } from './open-demo.ts'

/** Why the configured role cannot be played, with what to do; undefined: it can. */
export const roleFault = (config: Config): string | undefined => {
  const { role } = config.server
  if (role === 'all') return undefined
  if (config.database.url === undefined)
    return `server.role ${role} 需要 PostgreSQL：内置数据库只属于一个节点；设置 DATABASE_URL，或去掉 server.role / needs PostgreSQL, the embedded database belongs to a single node; set DATABASE_URL, or leave server.role out`
  if (isDemo(config))
    return `server.role ${role} 不能带沙盒：在 inboxes 下加一节或设 production: true，或去掉 server.role / goes without the sandbox; add a section under inboxes or set production: true, or leave server.role out`
  return undefined
}
