import type { Config } from '../config.ts'
import { reasonOf, type Check } from '../core/check.ts'
import { TongdaError } from '../core/errors.ts'
import {
  inspectSchema,
  lookAtEmbedded,
  lookAtPostgres,
  type Database,
  type SchemaState,
} from '../store/index.ts'
import { postgresRemark } from './postgres-version.ts'
import { findRunningProduct } from './running-product.ts'

/** The product that holds the embedded database is asked how it is; another holder is a fault. */
const checkHolder = async (folder: string, error: TongdaError): Promise<Check> => {
  const title = '内置数据库 embedded database'
  const running = findRunningProduct(folder, error.facts.pid)
  if (running === undefined) return { title, passed: false, fix: error.message }
  try {
    const { url, ready } = await running.status()
    return {
      title: `${title}: 产品正在运行 the product is running (${url}, pid ${String(running.pid)})`,
      passed: ready,
      fix: '它的数据库没有回应，见它的日志 its database does not answer; see its log',
    }
  } catch (failure) {
    return { title, passed: false, fix: reasonOf(failure) }
  }
}

/** What the next start does to the schema; whoever only looks leaves it as it is, for older nodes may run on it. */
const schemaRemark: Readonly<Record<SchemaState, string | undefined>> = {
  empty: '还没有表，首次启动时创建 has no tables yet; the first start makes them',
  behind:
    '表结构比本版本旧，下次启动时升级（先备份）its schema is older than this version; the next start brings it up to date, back it up first',
  current: undefined,
}

const remarked = (title: string, remarks: readonly (string | undefined)[]): Check => {
  const said = remarks.filter((remark) => remark !== undefined)
  return { title, passed: true, ...(said.length === 0 ? {} : { remark: said.join('; ') }) }
}

const checkEmbedded = async (folder: string): Promise<Check> => {
  const title = '内置数据库 embedded database'
  try {
    const state = await lookAtEmbedded(folder, inspectSchema)
    return remarked(title, [schemaRemark[state ?? 'empty']])
  } catch (error) {
    if (error instanceof TongdaError && error.code === 'data_folder_locked') return checkHolder(folder, error)
    return { title, passed: false, fix: reasonOf(error) }
  }
}

interface ServerFacts extends Record<string, unknown> {
  readonly version: number
  readonly may_create: boolean
}

const askServer = async ({ query }: Pick<Database, 'query'>) => {
  const [facts] = await query<ServerFacts>(
    `select current_setting('server_version_num')::int as version,
      has_database_privilege(current_database(), 'create') and coalesce(has_schema_privilege(current_schema(), 'create'), false) as may_create`,
  )
  return { facts, state: await inspectSchema(query) }
}

const checkPostgres = async (url: string): Promise<Check> => {
  const title = 'PostgreSQL'
  try {
    const { facts, state } = await lookAtPostgres(url, (query) => askServer({ query }))
    if (state !== 'current' && facts?.may_create !== true)
      return {
        title,
        passed: false,
        fix: '数据库用户无权建表：grant create on database 和 on schema public the role may not create tables: grant it create on the database and on the schema public',
      }
    return remarked(title, [schemaRemark[state], postgresRemark(facts?.version ?? 0)])
  } catch (error) {
    return { title, passed: false, fix: reasonOf(error) }
  }
}

/** Whether the database answers and what its schema is to this version; changes nothing. */
export const checkDatabase = ({ database, dataDir }: Config): Promise<Check> =>
  database.url === undefined ? checkEmbedded(dataDir) : checkPostgres(database.url)
