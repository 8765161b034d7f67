import { existsSync } from 'node:fs'
import type { Config } from '../config.ts'
import { TongdaError } from '../core/errors.ts'
import type { InboxStatus, InboxTraffic } from '../core/inbox.ts'
import { silentLog } from '../core/log.ts'
import { lockDataFolder } from '../store/data-folder-lock.ts'
import { createInboxPauses, createInboxTraffic, createNodeBoard, type Database } from '../store/index.ts'
import { controlFile, type InboxesAnswer } from './control-protocol.ts'
import { silentAfterMs } from './node-reports.ts'
import { findRunningProduct, type RunningProduct } from './running-product.ts'
import { openStoreAsItIs } from './store.ts'

/** An inbox of the running product; `node` where several may run. */
export type RunningInbox = Omit<InboxesAnswer[number], 'channel'> &
  Pick<InboxStatus, 'pause'> & { readonly channel: string; readonly node?: string }

/** The running product as the command line sees it from another process. */
export interface Outlook {
  /** Each inbox on each node; empty: nothing runs, or nothing that is reached from here. */
  inboxes(): Promise<readonly RunningInbox[]>
  traffic(inboxId: string): Promise<InboxTraffic>
}

/** The product that holds the data folder with the embedded database; undefined: none. */
const findHolder = async ({ dataDir }: Config): Promise<RunningProduct | undefined> => {
  if (!existsSync(controlFile(dataDir))) return undefined
  try {
    const unlock = await lockDataFolder(dataDir)
    unlock()
    return undefined
  } catch (error) {
    if (error instanceof TongdaError && error.code === 'data_folder_locked')
      return findRunningProduct(dataDir, error.facts.pid)
    throw error
  }
}

/** Gives `otherwise` where there is no database yet; whoever looks makes none. */
const onDatabase = async <Result>(
  config: Config,
  work: (database: Database) => Promise<Result>,
  otherwise: Result,
): Promise<Result> => {
  const database = await openStoreAsItIs(config, silentLog).catch((error: unknown) => {
    if (error instanceof TongdaError && error.code === 'not_found') return undefined
    throw error
  })
  if (database === undefined) return otherwise
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

const sharedInboxes = async (database: Database): Promise<readonly RunningInbox[]> => {
  const [inboxes, pauses] = await Promise.all([
    createNodeBoard(database).list(silentAfterMs),
    createInboxPauses(database).list(new Date()),
  ])
  return inboxes.map((inbox) => {
    const pause = pauses.get(inbox.inboxId)
    return pause === undefined ? inbox : { ...inbox, pause }
  })
}

/** Beside the embedded database the process that holds it is asked; in PostgreSQL every node reports. */
export const openOutlook = async (config: Config): Promise<Outlook> => {
  const traffic = (inboxId: string): Promise<InboxTraffic> =>
    onDatabase(config, (database) => createInboxTraffic(database)(inboxId), {})
  if (config.database.url !== undefined)
    return { inboxes: () => onDatabase(config, sharedInboxes, []), traffic }
  const holder = await findHolder(config)
  return holder ?? { inboxes: () => Promise.resolve([]), traffic }
}
